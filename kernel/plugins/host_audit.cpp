#include "kernel/audit/audit.hpp"
#include "kernel/identity/origin.hpp"
#include "kernel/plugins/actor.hpp"
#include "kernel/plugins/tables.hpp"
#include "kernel/plugins/transaction.hpp"

namespace kernel::plugins {
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
        if (details.size) event.details = concejo::Json::parse(view(details));
        if (tx)
            audit::record(transaction_of(tx), event);
        else
            audit::record(call->services->databases.of(call->tenant()), event);
    });
}

}  // namespace

const concejo_audit_1& audit_table() {
    static const concejo_audit_1 table{sizeof(concejo_audit_1), &record};
    return table;
}

}  // namespace kernel::plugins
