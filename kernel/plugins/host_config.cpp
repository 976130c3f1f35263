#include "kernel/config/platform_config.hpp"
#include "kernel/plugins/call.hpp"
#include "kernel/plugins/tables.hpp"

namespace kernel::plugins {
namespace {

using concejo::Json;

const char* name_of(config::Mode mode) {
    switch (mode) {
        case config::Mode::desarrollo:
            return "desarrollo";
        case config::Mode::demostracion:
            return "demostracion";
        case config::Mode::produccion:
            break;
    }
    return "produccion";
}

Json localized(const config::LocalizedText& text) {
    auto json = Json::object();
    for (const auto& [language, words] : text.by_language) json[language] = words;
    return json;
}

Json legal(const config::LegalConfig& from) {
    Json exceptions = Json::array(), cookies = Json::array();
    for (const auto& text : from.accessibility_exceptions) exceptions.push_back(text);
    for (const auto& cookie : from.cookies)
        cookies.push_back(Json::object(
            {{"name", cookie.name}, {"purpose", cookie.purpose}, {"duration", cookie.duration}}));
    return Json::object({
        {"holder", from.holder},
        {"responsible_body", from.responsible_body},
        {"creation", Json::object({{"rule", from.creation_rule},
                                   {"date", from.creation_date},
                                   {"gazette", from.creation_gazette},
                                   {"url", from.creation_url}})},
        {"privacy", Json::object({{"responsible", from.privacy_responsible},
                                  {"dpo_name", from.dpo_name},
                                  {"dpo_email", from.dpo_email},
                                  {"dpo_address", from.dpo_address},
                                  {"register_url", from.processing_register_url},
                                  {"authority_name", from.authority_name},
                                  {"authority_url", from.authority_url}})},
        {"accessibility", Json::object({{"status", from.accessibility_status},
                                        {"date", from.accessibility_date},
                                        {"review", from.accessibility_review},
                                        {"method", from.accessibility_method},
                                        {"email", from.accessibility_email},
                                        {"phone", from.accessibility_phone},
                                        {"claims_url", from.accessibility_claims_url},
                                        {"exceptions", exceptions}})},
        {"cookies", cookies},
        {"notice", localized(from.notice)},
    });
}

Json describe(const concejo_call& call) {
    const auto& m = call.tenant().config;
    Json languages = Json::array(), domains = Json::array(), shortcuts = Json::array(),
         notices = Json::array(), modules = Json::array();
    for (const auto& language : m.languages) languages.push_back(language);
    for (const auto& domain : m.domains) domains.push_back(domain);
    for (const auto& module : call.tenant().modules) modules.push_back(module);
    for (const auto& s : m.shortcuts)
        shortcuts.push_back(Json::object({{"text", localized(s.text)}, {"href", s.href}, {"icon", s.icon}}));
    for (const auto& n : m.notices)
        notices.push_back(Json::object({{"text", localized(n.text)},
                                        {"level", n.level},
                                        {"from", n.from},
                                        {"until", n.until},
                                        {"href", n.href}}));
    return Json::object({
        {"slug", m.slug},
        {"id", m.id},
        {"name", m.name},
        {"place", m.place},
        {"url", m.public_url},
        {"domains", domains},
        {"ine", m.ine ? Json(m.ine->text()) : Json()},
        {"dir3", m.dir3 ? Json(m.dir3->text()) : Json()},
        {"nif", m.nif ? Json(m.nif->text()) : Json()},
        {"languages", languages},
        {"default_language", m.languages.empty() ? "es" : m.languages.front()},
        {"time_zone", m.time_zone},
        {"mode", name_of(call.services->platform.mode)},
        {"sends_mail", call.services->platform.mail.has_value()},
        {"contact", Json::object({{"phone", m.contact.phone},
                                  {"email", m.contact.email},
                                  {"address", m.contact.address},
                                  {"hours", m.contact.hours}})},
        {"legal", legal(m.legal)},
        {"shortcuts", shortcuts},
        {"notices", notices},
        {"modules", modules},
        {"look", call.services->renderer.look(call.tenant())},
    });
}

concejo_status settings(concejo_call* call, concejo_sink sink, void* context) {
    return host_guard([&] {
        const auto& modules = call->tenant().config.modules;
        const auto found = modules.find(call->plugin->id);
        sink(context, c_str(found == modules.end() ? "{}" : found->second.settings.dump()));
    });
}

concejo_status municipality(concejo_call* call, concejo_sink sink, void* context) {
    return host_guard([&] {
        sink(context, c_str(call->services->municipalities.of(call->tenant().id,
                                                              [&] { return describe(*call).dump(); })));
    });
}

}  // namespace

const concejo_config_1& config_table() {
    static const concejo_config_1 table{sizeof(concejo_config_1), &settings, &municipality};
    return table;
}

}  // namespace kernel::plugins
