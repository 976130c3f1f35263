// The fake kernel's http_client/1, outbox/1 and mail/1: nothing leaves the test program.
#pragma once

#include <concejo/testing/pages_tables.hpp>

namespace concejo::inline v1::testing::detail {

inline void refuse_inside_transaction(const Call& call, const char* what) {
    const bool not_begun = call.joined && !call.joined->begun;
    if (call.world->open_transactions - (not_begun ? 1 : 0) > 0)
        throw Error(ErrorKind::invalid, std::string(what) +
                                            " no puede hacerse con una transacción abierta: hágala antes, o "
                                            "deje un efecto en la bandeja de salida (outbox)");
}

inline OutsideRequest outside_request(const Json& json, std::string_view body) {
    OutsideRequest request{
        json.string_or("method", "GET"), json.at("url").as_string(), {}, std::string(body), json};
    if (const auto* fields = json.find("headers")) {
        for (const auto& field : fields->as_array())
            request.headers.emplace_back(field.as_array().at(0).as_string(),
                                         field.as_array().at(1).as_string());
    }
    return request;
}

/// On disk for as long as the call, as the kernel leaves it.
inline std::filesystem::path answered_file(const World& world, const std::string& bytes) {
    const auto folder = world.scratch / "respuestas";
    std::filesystem::create_directories(folder);
    const auto file = folder / std::to_string(world.asked.size());
    std::ofstream(file, std::ios::binary) << bytes;
    return file;
}

inline const concejo_http_client_1& http_client_table() {
    static const concejo_http_client_1 table = [] {
        concejo_http_client_1 t{};
        t.size = sizeof t;
        t.send = [](concejo_call* raw, concejo_str text, concejo_str body, concejo_sink head,
                    void* head_context, concejo_sink content, void* content_context) {
            return answer([&] {
                auto& call = call_of(raw);
                auto& world = *call.world;
                refuse_inside_transaction(call, "una petición a otro servidor");
                const auto request = outside_request(Json::parse(cpp(text)), cpp(body));
                world.asked.push_back(request);
                const auto known = world.answers.find({request.method, request.url});
                if (known == world.answers.end())
                    throw Error(ErrorKind::unavailable, "la prueba no ha dicho qué contesta " +
                                                            request.method + " " + request.url +
                                                            ": «kernel.answers(\"" + request.method +
                                                            "\", \"" + request.url + "\", 200, …)»");
                const auto said = known->second(request);
                const bool to_file = request.json.bool_or("to_file", false);
                Json fields = Json::array();
                for (const auto& [name, value] : said.headers)
                    fields.push_back(Json::array({Json(name), Json(value)}));
                give(head, head_context,
                     Json::object({{"status", said.status},
                                   {"url", request.url},
                                   {"headers", fields},
                                   {"bytes", static_cast<std::int64_t>(said.body.size())},
                                   {"sha256", sha256_hex(said.body)},
                                   {"from_cache", false},
                                   {"file", to_file ? answered_file(world, said.body).string() : ""}})
                         .dump());
                if (!to_file && content && !said.body.empty()) give(content, content_context, said.body);
            });
        };
        return t;
    }();
    return table;
}

/// What a concejo_effect* is.
struct Attempt {
    Effect& effect;
    bool sent = false;  ///< the other side may have acted on it
    std::string note{};
};
inline Attempt& attempt_of(concejo_effect* raw) { return *reinterpret_cast<Attempt*>(raw); }

inline const EffectKind* effect_kind(const World& world, std::string_view kind) {
    for (const auto& known : world.effect_kinds)
        if (known.declaration.string_or("kind", "") == kind) return &known;
    return nullptr;
}

inline EffectKind effect_kind_from(Json json, concejo_effect_handler deliver, concejo_provider reconcile,
                                   void* context) {
    const auto start = "el efecto «" + json.at("kind").as_string() + "»: ";
    const auto unknown = json.string_or("unknown", "ask");
    if (unknown != "ask" && unknown != "retry" && unknown != "assume_done" && unknown != "reconcile")
        throw Error(ErrorKind::invalid, start + "«unknown» es ask, retry, assume_done o reconcile");
    if ((unknown == "reconcile") != (reconcile != nullptr))
        throw Error(ErrorKind::invalid, start + "«reconcile» necesita su función, y las demás no la llevan");
    return {std::move(json), deliver, reconcile, context};
}

inline Effect effect_from(World& world, const Json& json) {
    Effect effect;
    effect.kind = json.at("kind").as_string();
    if (!effect_kind(world, effect.kind))
        throw Error(ErrorKind::internal, "nadie ha declarado cómo se entrega «" + effect.kind + "»");
    if (const auto* payload = json.find("payload")) effect.payload = *payload;
    effect.id = ++world.last_id;
    effect.key = json.string_or("key", "");
    if (effect.key.empty()) effect.key = "efecto-" + std::to_string(effect.id);
    effect.order = json.string_or("order", "");
    if (effect.key.size() > 200 || effect.order.size() > 200)
        throw Error(ErrorKind::invalid, "la clave de un efecto pasa de 200 caracteres");
    effect.at = json.int_or("at", 0);
    effect.created_at = world.now;
    return effect;
}

inline const concejo_outbox_1& outbox_table() {
    static const concejo_outbox_1 table = [] {
        concejo_outbox_1 t{};
        t.size = sizeof t;
        t.handler = [](const concejo_host* host, concejo_str raw, concejo_effect_handler deliver,
                       concejo_provider reconcile, void* context) {
            return answer([&] {
                registering(host, "un efecto")
                    .effect_kinds.push_back(
                        effect_kind_from(Json::parse(cpp(raw)), deliver, reconcile, context));
            });
        };
        t.send = [](concejo_tx* tx, concejo_str raw, concejo_sink sink, void* context) {
            return answer([&] {
                auto& on = transaction_of(tx);
                auto& world = *on.call->world;
                auto effect = effect_from(world, Json::parse(cpp(raw)));
                bool fresh = true;
                const auto look = [&](const auto& list) {
                    for (const auto& other : list) {
                        if (!fresh || other.kind != effect.kind || other.key != effect.key) continue;
                        fresh = false;
                        effect.id = other.id;
                    }
                };
                look(world.effects);
                look(on.noted(&Transaction::effects));
                if (fresh) on.effects.push_back(effect);
                give(sink, context,
                     Json::object({{"id", effect.id}, {"key", effect.key}, {"fresh", fresh}}).dump());
            });
        };
        t.sending = [](concejo_effect* raw) { return answer([&] { attempt_of(raw).sent = true; }); };
        t.not_done = [](concejo_effect* raw) { attempt_of(raw).sent = false; };
        t.note = [](concejo_effect* raw, concejo_str text) { attempt_of(raw).note = cpp(text); };
        t.state = [](concejo_call* call, concejo_str kind, concejo_str key, concejo_sink sink,
                     void* context) {
            return answer([&] {
                for (const auto& effect : call_of(call).world->effects) {
                    if (effect.kind != cpp(kind) || effect.key != cpp(key)) continue;
                    return give(sink, context,
                                Json::object({{"state", effect.state},
                                              {"attempts", effect.attempts},
                                              {"note", effect.note},
                                              {"error", effect.error}})
                                    .dump());
                }
                throw Error(ErrorKind::not_found, "no hay ningún envío con esa clave");
            });
        };
        return t;
    }();
    return table;
}

/// "a@b.es" of "Ana <a@b.es>".
inline std::string mail_address(const std::string& given) {
    auto address = given;
    if (const auto open = given.rfind('<'); open != given.npos && given.back() == '>')
        address = given.substr(open + 1, given.size() - open - 2);
    const auto at = address.find('@');
    if (at == 0 || at == address.npos || at + 1 == address.size() ||
        address.find_first_of(std::string_view(" <>,\r\n\0", 7)) != address.npos)
        throw Error(ErrorKind::invalid, "«" + given + "» no es una dirección de correo");
    return address;
}

inline std::vector<std::string> addresses(const Json& json, const char* name) {
    const auto* list = json.find(name);
    std::vector<std::string> all;
    if (!list || list->is_null()) return all;
    if (list->is_string()) return {list->as_string()};
    for (const auto& one : list->as_array()) all.push_back(one.as_string());
    return all;
}

inline Mail mail_from(const Call& call, const Json& json) {
    auto& world = *call.world;
    Mail mail;
    mail.key = json.string_or("key", "");
    if (mail.key.empty()) mail.key = "correo-" + std::to_string(++world.last_id);
    mail.message_id =
        "<" + world.id + "." + mail.key + "@" + world.municipality.string_or("id", "") + ".invalid>";
    mail.to = addresses(json, "to");
    mail.cc = addresses(json, "cc");
    mail.reply_to = json.string_or("reply_to", "");
    mail.subject = json.string_or("subject", "");
    mail.text = json.string_or("text", "");
    mail.html = json.string_or("html", "");
    mail.language = json.string_or("language", call.language);
    mail.template_name = json.string_or("template", "");
    mail.html_template = json.string_or("html_template", "");
    if (const auto* view = json.find("view")) mail.view = *view;
    if (const auto* files = json.find("attachments")) mail.attachments = *files;
    mail.at = json.int_or("at", 0);
    mail.unsubscribe = json.string_or("unsubscribe", "");
    mail.forget = json.bool_or("forget", false);
    if (mail.to.empty()) throw Error(ErrorKind::invalid, "el correo no tiene destinatario");
    // A template's first line is its subject.
    if ((mail.subject.empty() && mail.template_name.empty()) || mail.subject.size() > 500)
        throw Error(ErrorKind::invalid, "el asunto del correo falta o pasa de 500 bytes");
    if (mail.subject.find_first_of(std::string_view("\r\n\0", 3)) != mail.subject.npos)
        throw Error(ErrorKind::invalid, "el asunto no puede llevar saltos de línea ni caracteres nulos");
    for (const auto* name : {&mail.template_name, &mail.html_template})
        if (!name->empty()) require_template(world, *name);
    for (const auto& file : mail.attachments.as_array()) {
        (void)blob_file(world, file.at("blob").as_string());
        (void)file.at("name").as_string();
    }
    if (!mail.reply_to.empty()) (void)mail_address(mail.reply_to);
    for (const auto* list : {&mail.to, &mail.cc}) {
        for (const auto& given : *list) {
            const auto address = mail_address(given);
            if (std::none_of(mail.states.begin(), mail.states.end(),
                             [&](const auto& known) { return known.recipient == address; }))
                mail.states.push_back({address, "queued", "", world.now});
        }
    }
    for (std::size_t n = 0; mail.forget && n < mail.states.size(); ++n)
        mail.states[n].recipient = std::to_string(n + 1);
    return mail;
}

inline const concejo_mail_1& mail_table() {
    static const concejo_mail_1 table = [] {
        concejo_mail_1 t{};
        t.size = sizeof t;
        t.send = [](concejo_call* raw_call, concejo_tx* tx, concejo_str raw, concejo_sink sink,
                    void* context) {
            return answer([&] {
                const auto& call = call_of(raw_call);
                auto& on = transaction_of(tx);
                const auto mail = mail_from(call, Json::parse(cpp(raw)));
                const auto same = [&](const auto& other) { return other.key == mail.key; };
                const auto noted = on.noted(&Transaction::mails);
                const auto& sent = call.world->mails;
                const bool fresh = std::none_of(noted.begin(), noted.end(), same) &&
                                   std::none_of(sent.begin(), sent.end(), same);
                if (fresh) on.mails.push_back(mail);
                give(sink, context,
                     Json::object({{"key", mail.key},
                                   {"message_id", mail.message_id},
                                   {"recipients", static_cast<std::int64_t>(mail.states.size())},
                                   {"fresh", fresh}})
                         .dump());
            });
        };
        t.state = [](concejo_call* call, concejo_str key, concejo_sink sink, void* context) {
            return answer([&] {
                for (const auto& mail : call_of(call).world->mails) {
                    if (mail.key != cpp(key)) continue;
                    Json list = Json::array();
                    for (const auto& one : mail.states)
                        list.push_back(Json::object({{"recipient", one.recipient},
                                                     {"state", one.state},
                                                     {"detail", one.detail},
                                                     {"changed_at", utc(one.changed_at)}}));
                    return give(sink, context, list.dump());
                }
                throw Error(ErrorKind::not_found, "no hay ningún correo con esa clave");
            });
        };
        return t;
    }();
    return table;
}

}  // namespace concejo::inline v1::testing::detail
