#include "kernel/blobs/store.hpp"
#include "kernel/mail/mail.hpp"
#include "kernel/mail/mime.hpp"
#include "kernel/plugins/tables.hpp"
#include "kernel/plugins/transaction.hpp"

namespace kernel::plugins {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;

std::vector<mail::Address> addresses(const Json& json, const char* name) {
    std::vector<mail::Address> all;
    const auto* list = json.find(name);
    if (!list || list->is_null()) return all;
    if (list->is_string()) return {mail::Address::parse(list->as_string())};
    for (const auto& one : list->as_array()) all.push_back(mail::Address::parse(one.as_string()));
    return all;
}

std::string host_of(const config::MunicipioConfig& config) {
    const auto& host = config.domains.front();
    return host.find('.') == host.npos ? host + ".invalid" : host;
}

/// The text of a template, and from its first line the subject, unless there is one.
void fill_from_templates(concejo_call& call, const Json& json, mail::Draft& draft) {
    auto scope = *call.scope;
    scope.language = draft.language;
    scope.request = nullptr;
    const Json none = Json::object({});
    const auto* view = json.find("view");
    if (const auto name = json.string_or("template", ""); !name.empty()) {
        draft.text = call.services->renderer.render_plain(scope, name, view ? *view : none);
        if (draft.subject.empty()) {
            const auto end = draft.text.find('\n');
            draft.subject = draft.text.substr(0, end);
            draft.text = end == draft.text.npos
                             ? std::string()
                             : draft.text.substr(draft.text.find_first_not_of("\r\n", end) == draft.text.npos
                                                     ? end
                                                     : draft.text.find_first_not_of("\r\n", end));
            while (!draft.subject.empty() && (draft.subject.back() == '\r' || draft.subject.back() == ' '))
                draft.subject.pop_back();
        }
    }
    if (const auto name = json.string_or("html_template", ""); !name.empty())
        draft.html = call.services->renderer.render(scope, name, view ? *view : none, false);
}

mail::Draft draft_of(concejo_call& call, const Json& json) {
    const auto& config = call.tenant().config;
    mail::Draft draft;
    draft.plugin = call.plugin->id;
    draft.key = json.string_or("key", "");
    draft.host = host_of(config);
    draft.from_name = config.name;
    draft.to = addresses(json, "to");
    draft.cc = addresses(json, "cc");
    if (const auto reply = json.string_or("reply_to", config.contact.email); !reply.empty())
        draft.reply_to = mail::Address::parse(reply);
    draft.subject = json.string_or("subject", "");
    draft.text = json.string_or("text", "");
    draft.html = json.string_or("html", "");
    draft.language = json.string_or("language", call.scope->language);
    draft.at = json.int_or("at", 0);
    draft.unsubscribe = json.string_or("unsubscribe", "");
    draft.forget = json.bool_or("forget", false);
    fill_from_templates(call, json, draft);
    if (const auto* files = json.find("attachments")) {
        for (const auto& file : files->as_array()) {
            const auto& blob = file.at("blob").as_string();
            call.services->blobs.open(db::Tenant::of(call.tenant().id),
                                      blob);  // said now, not when it is too late
            draft.files.push_back({blob, file.at("name").as_string(), file.string_or("media_type", "")});
        }
    }
    return draft;
}

concejo_status send(concejo_call* call, concejo_tx* tx, concejo_str raw, concejo_sink sink, void* context) {
    return host_guard([&] {
        const auto queued = mail::queue(transaction_of(tx), draft_of(*call, Json::parse(view(raw))));
        sink(context, c_str(Json::object({{"key", queued.key},
                                          {"message_id", queued.message_id},
                                          {"recipients", static_cast<std::int64_t>(queued.recipients)},
                                          {"fresh", queued.fresh}})
                                .dump()));
    });
}

concejo_status state(concejo_call* call, concejo_str key, concejo_sink sink, void* context) {
    return host_guard([&] {
        const auto& tenant = call->tenant();
        const auto id = mail::message_id(tenant.id, call->plugin->id, string(key), host_of(tenant.config));
        Json list = Json::array();
        for (const auto& one : mail::state(call->services->databases.of(tenant), tenant.id, id))
            list.push_back(Json::object({{"recipient", one.recipient},
                                         {"state", one.state},
                                         {"detail", one.detail},
                                         {"changed_at", one.changed_at}}));
        if (list.empty()) throw Error(ErrorKind::not_found, "no hay ningún correo con esa clave");
        sink(context, c_str(list.dump()));
    });
}

}  // namespace

const concejo_mail_1& mail_table() {
    static const concejo_mail_1 table{sizeof(concejo_mail_1), &send, &state};
    return table;
}

}  // namespace kernel::plugins
