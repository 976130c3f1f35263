#include "kernel/base/random.hpp"
#include "kernel/jobs/job.hpp"
#include "kernel/plugins/run_job.hpp"
#include "kernel/plugins/tables.hpp"
#include "kernel/plugins/transaction.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kernel::plugins {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;

concejo_status provide(const concejo_host* host, concejo_str service, concejo_responder responder,
                       void* context) {
    return host_guard([&] {
        auto& handle = registering(host, "un servicio");
        const auto name = string(service);
        const auto& provides = handle.plugin->descriptor.provides;
        if (std::find(provides.begin(), provides.end(), name) == provides.end())
            throw Error(ErrorKind::invalid,
                        fmt::format("registra el servicio «{}» y su descriptor no lo ofrece", name));
        handle.registry->services[name] = {handle.plugin, handle.plugin->id, responder, context};
    });
}

/// What the responder says goes into the caller's code: while it does, the caller is the one that runs.
struct Relay {
    const concejo_call& caller;
    concejo_sink sink;
    void* context;
    static void pass(void* self, concejo_str piece) {
        const auto& relay = *static_cast<Relay*>(self);
        const Running running(relay.caller);
        relay.sink(relay.context, piece);
    }
};

concejo_status call_service(concejo_call* call, concejo_tx* tx, concejo_str raw_service, concejo_str method,
                            concejo_str message, concejo_sink sink, void* context) {
    return host_guard([&] {
        const auto service = string(raw_service);
        const auto& asking = call->plugin->descriptor;
        const auto declared = [&](const std::vector<std::string>& list) {
            return std::find(list.begin(), list.end(), service) != list.end();
        };
        if (!declared(asking.requires_) && !declared(asking.optional))
            throw Error(ErrorKind::internal,
                        fmt::format("llama a «{}» sin que su descriptor lo pida", service));
        const auto found = call->services->registry.services.find(service);
        if (found == call->services->registry.services.end() || !call->tenant().has(found->second.plugin_id))
            throw Error(ErrorKind::unavailable,
                        fmt::format("el servicio «{}» no está activo en este municipio", service));
        if (crash::in_quarantine(found->second.plugin_id, call->tenant().id))
            throw Error(ErrorKind::unavailable,
                        fmt::format("el servicio «{}» es de un complemento en cuarentena", service));
        Relay relay{*call, sink, context};
        concejo_call inner{call->services, call->scope, found->second.plugin, tx ? tx : call->joined};
        enter(inner, [&] {
            return found->second.handler(found->second.context, &inner, method, message, &Relay::pass,
                                         &relay);
        });
    });
}

concejo_status publish(concejo_tx* tx, concejo_str event, concejo_str data) {
    return host_guard([&] {
        jobs::Job job;
        job.plugin = tx->call->plugin->id;
        job.kind = event_job_kind;
        job.payload = Json::object(
            {{"id", base::random_hex(16)}, {"event", view(event)}, {"data", Json::parse(view(data))}});
        jobs::enqueue(transaction_of(tx), job);
    });
}

concejo_status subscribe(const concejo_host* host, concejo_str event, concejo_provider handler,
                         void* context) {
    return host_guard([&] {
        auto& handle = registering(host, "una suscripción");
        handle.registry->subscribers.push_back(
            {handle.plugin, handle.plugin->id, string(event), 0, handler, context});
    });
}

}  // namespace

const concejo_bus_1& bus_table() {
    static const concejo_bus_1 table{sizeof(concejo_bus_1), &provide, &call_service, &publish, &subscribe};
    return table;
}

}  // namespace kernel::plugins
