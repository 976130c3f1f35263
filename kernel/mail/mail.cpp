#include "kernel/mail/mail.hpp"

#include "kernel/base/random.hpp"
#include "kernel/base/text.hpp"
#include "kernel/mail/mime.hpp"
#include "kernel/outbox/effect.hpp"

#include <concejo/error.hpp>

#include <algorithm>

namespace kernel::mail {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;

namespace {

constexpr std::size_t most_recipients = 100, longest_subject = 500, most_text = 1 << 20;

Json list_of(const std::vector<Address>& addresses) {
    Json list = Json::array();
    for (const auto& one : addresses)
        list.push_back(Json::object({{"name", one.name}, {"address", one.address}}));
    return list;
}

/// As it may stand between "<" and ">" in one line of a header.
bool good_unsubscribe(std::string_view url) {
    if (url.empty()) return true;
    const bool web = url.starts_with("https://") || url.starts_with("http://");
    return web && url.size() <= 900 && std::all_of(url.begin(), url.end(), [](char c) {
               return c > 0x20 && c < 0x7f && c != '<' && c != '>' && c != ',';
           });
}

void check(const Draft& draft) {
    const auto wrong = [](const char* why) { throw Error(ErrorKind::invalid, why); };
    if (draft.to.empty()) wrong("el correo no tiene destinatario");
    if (draft.to.size() + draft.cc.size() > most_recipients)
        wrong("el correo tiene más de 100 destinatarios");
    if (draft.subject.empty() || draft.subject.size() > longest_subject)
        wrong("el asunto del correo falta o pasa de 500 bytes");
    if (draft.text.size() + draft.html.size() > most_text) wrong("el texto del correo pasa de 1 MiB");
    if (!base::utf8_valid(draft.text) || !base::utf8_valid(draft.html))
        wrong("el texto del correo no es UTF-8");
    if (draft.text.find('\0') != draft.text.npos || draft.html.find('\0') != draft.html.npos)
        wrong("el texto del correo tiene caracteres nulos");
    refuse_control("el asunto", draft.subject);
    refuse_control("el nombre de quien envía", draft.from_name);
    refuse_control("el idioma", draft.language);
    if (!good_unsubscribe(draft.unsubscribe))
        wrong("la dirección para dejar de recibir no es una dirección web");
    for (const auto& file : draft.files) refuse_control("el nombre de un archivo adjunto", file.name);
}

std::vector<std::string> recipients_of(const Draft& draft) {
    std::vector<std::string> all;
    for (const auto* list : {&draft.to, &draft.cc}) {
        for (const auto& one : *list) {
            if (std::find(all.begin(), all.end(), one.address) == all.end()) all.push_back(one.address);
        }
    }
    return all;
}

}  // namespace

Queued queue(db::Transaction& tx, const Draft& draft) {
    check(draft);
    const auto& tenant = tx.tenant().id;
    Queued queued;
    queued.key = draft.key.empty() ? base::random_uuid() : draft.key;
    queued.message_id = message_id(tenant, draft.plugin, queued.key, draft.host);
    Json files = Json::array();
    for (const auto& file : draft.files)
        files.push_back(
            Json::object({{"blob", file.blob}, {"name", file.name}, {"media_type", file.media_type}}));
    auto payload = Json::object({{"message_id", queued.message_id},
                                 {"from_name", draft.from_name},
                                 {"to", list_of(draft.to)},
                                 {"cc", list_of(draft.cc)},
                                 {"reply_to", draft.reply_to ? list_of({*draft.reply_to}) : Json::array()},
                                 {"subject", draft.subject},
                                 {"text", draft.text},
                                 {"html", draft.html},
                                 {"language", draft.language},
                                 {"files", std::move(files)},
                                 {"unsubscribe", draft.unsubscribe},
                                 {"forget", draft.forget}});
    for (const auto& recipient : recipients_of(draft)) {
        const auto noted = draft.forget ? std::to_string(queued.recipients + 1) : recipient;
        payload["recipient"] = recipient;
        payload["noted_as"] = noted;
        outbox::Effect effect;
        effect.plugin = "concejo";
        effect.kind = effect_kind;
        effect.payload = payload;
        effect.key = queued.message_id + " " + noted.substr(0, 120);
        effect.at = draft.at;
        queued.fresh = outbox::put(tx, effect).fresh && queued.fresh;
        tx.exec_kernel(
            "insert into concejo.mail (tenant, message_id, recipient, plugin) values ($1, $2, $3, $4) on "
            "conflict do nothing",
            db::Params(tenant, queued.message_id, noted, draft.plugin));
        ++queued.recipients;
    }
    return queued;
}

std::vector<RecipientState> state(db::Pool& pool, const std::string& tenant, const std::string& message_id) {
    auto tx = pool.begin_kernel(tenant);
    const auto rows = tx.exec(
        "select recipient, state, detail, to_char(changed_at at time zone 'UTC', "
        "'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') from concejo.mail "
        "where tenant = $1 and message_id = $2 order by recipient",
        db::Params(tenant, message_id));
    std::vector<RecipientState> all;
    for (std::size_t i = 0; i < rows.rows(); ++i)
        all.push_back({rows.text(i, 0), rows.text(i, 1), rows.text(i, 2), rows.text(i, 3)});
    return all;
}

bool mark(db::Pool& pool, const std::string& tenant, const std::string& message_id,
          const std::string& recipient, const std::string& state, const std::string& raw_detail) {
    auto detail = raw_detail.substr(0, 1000);
    detail.resize(base::utf8_invalid_at(detail));
    std::replace(detail.begin(), detail.end(), '\0', ' ');
    auto tx = pool.begin_kernel(tenant);
    const auto done = tx.exec(
                            "update concejo.mail set state = case when state in ('bounced', 'delivered') and "
                            "$4 in ('sent', 'delayed') then state else $4 end, "
                            "detail = case when state in ('bounced', 'delivered') and $4 in ('sent', "
                            "'delayed') then detail else $5 end, "
                            "changed_at = clock_timestamp() where tenant = $1 and message_id = $2 and "
                            "lower(recipient) = lower($3)",
                            db::Params(tenant, message_id, recipient, state, detail))
                          .affected();
    tx.commit();
    return done > 0;
}

namespace {

const char* state_for(const std::string& action) {
    if (action == "failed") return "bounced";
    if (action == "delayed") return "delayed";
    return action == "delivered" ? "delivered" : nullptr;
}

}  // namespace

std::vector<NotedBounce> note_bounce(db::Pool& pool, const Bounce& bounce) {
    std::vector<NotedBounce> noted;
    if (bounce.message_id.empty() || bounce.message_id.find('\0') != std::string::npos ||
        !base::utf8_valid(bounce.message_id))
        return noted;
    std::vector<std::pair<std::string, std::string>> known;  // tenant, recipient
    {
        auto tx = pool.begin_kernel();
        const auto rows = tx.exec("select tenant, recipient from concejo.mail where message_id = $1",
                                  db::Params(bounce.message_id));
        for (std::size_t i = 0; i < rows.rows(); ++i) known.emplace_back(rows.text(i, 0), rows.text(i, 1));
    }
    for (const auto& one : bounce.recipients) {
        const char* state = state_for(one.action);
        if (!state) continue;
        for (const auto& [tenant, recipient] : known) {
            const auto wanted = base::lower_ascii(recipient);
            const bool named =
                base::lower_ascii(one.address) == wanted || base::lower_ascii(one.original) == wanted;
            // Forwarded before it failed: the notification names an address that we never wrote to.
            if (!named && !(known.size() == 1 && bounce.recipients.size() == 1)) continue;
            if (mark(pool, tenant, bounce.message_id, recipient, state, one.status + " " + one.diagnostic))
                noted.push_back({tenant, recipient, state});
        }
    }
    return noted;
}

void remove_old(db::Pool& pool) {
    auto tx = pool.begin_kernel();
    tx.exec(
        "delete from concejo.mail where ctid = any(array(select ctid from concejo.mail where created_at < "
        "now() - interval '2 years' limit 5000))");
    tx.commit();
}

}  // namespace kernel::mail
