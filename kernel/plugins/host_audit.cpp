#include "kernel/audit/audit.hpp"
#include "kernel/i18n/catalogs.hpp"
#include "kernel/identity/origin.hpp"
#include "kernel/plugins/actor.hpp"
#include "kernel/plugins/tables.hpp"
#include "kernel/plugins/transaction.hpp"

namespace kernel::plugins {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;

namespace {

concejo_status record(concejo_call* call, concejo_tx* tx, concejo_str action, concejo_str object,
                      concejo_str result, concejo_str details) {
    return host_guard([&] {
        const auto& scope = *call->scope;
        audit::Event event;
        event.tenant = call->tenant().id;
        event.actor = actor_of(scope.who);
        event.action = string(action);
        event.object = string(object);
        event.result = string(result);
        event.ip_prefix = scope.request ? identity::address_prefix(scope.request->peer) : "";
        event.request_id = scope.request_id;
        if (details.size) event.details = Json::parse(view(details));
        if (tx)
            audit::record(transaction_of(tx), event);
        else
            audit::record(call->services->databases.of(call->tenant()), event);
    });
}

concejo_status action(const concejo_host* host, concejo_str declaration) {
    return host_guard([&] {
        auto& handle = registering(host, "una acción del registro");
        const auto json = Json::parse(view(declaration));
        const auto& code = json.at("action").as_string();
        if (!code.starts_with(handle.plugin->id + "."))
            throw Error(ErrorKind::invalid,
                        "la acción «" + code + "» debe empezar por «" + handle.plugin->id + ".»");
        if (handle.registry->action(code))
            throw Error(ErrorKind::invalid, "la acción «" + code + "» está declarada dos veces");
        handle.registry->actions.push_back(
            {handle.plugin->id, code, json.at("label").as_string(), json.string_or("automated", "")});
    });
}

concejo_status automated(concejo_call* call, concejo_sink sink, void* context) {
    return host_guard([&] {
        Json list = Json::array();
        for (const auto& action : call->services->registry.actions) {
            if (action.automated.empty() || !call->tenant().has(action.plugin_id)) continue;
            const auto say = [&](const std::string& text) {
                return call->services->catalogs.translate(call->scope->language, action.plugin_id, text);
            };
            list.push_back(Json::object({{"action", action.code},
                                         {"label", say(action.label)},
                                         {"description", say(action.automated)}}));
        }
        sink(context, c_str(list.dump()));
    });
}

}  // namespace

const concejo_audit_1& audit_table() {
    static const concejo_audit_1 table{sizeof(concejo_audit_1), &record, &action, &automated};
    return table;
}

}  // namespace kernel::plugins
