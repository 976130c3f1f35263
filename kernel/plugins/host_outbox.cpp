#include "kernel/outbox/effect.hpp"
#include "kernel/plugins/deliver_effect.hpp"
#include "kernel/plugins/tables.hpp"
#include "kernel/plugins/transaction.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kernel::plugins {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;

concejo_status handler(const concejo_host* host, concejo_str raw, concejo_effect_handler deliver,
                       concejo_provider reconcile, void* context) {
    return host_guard([&] {
        auto& handle = registering(host, "un efecto");
        const auto json = Json::parse(view(raw));
        EffectKind kind;
        kind.plugin = handle.plugin;
        kind.plugin_id = handle.plugin->id;
        kind.kind = json.at("kind").as_string();
        kind.label = json.string_or("label", "");
        kind.rules.deduplicates = json.bool_or("deduplicates", false);
        const auto unknown = outbox::on_unknown_named(json.string_or("unknown", "ask"));
        if (!unknown)
            throw Error(
                ErrorKind::invalid,
                fmt::format("el efecto «{}»: «unknown» es ask, retry, assume_done o reconcile", kind.kind));
        kind.rules.on_unknown = *unknown;
        if ((*unknown == outbox::OnUnknown::reconcile) != (reconcile != nullptr))
            throw Error(
                ErrorKind::invalid,
                fmt::format("el efecto «{}»: «reconcile» necesita su función, y las demás no la llevan",
                            kind.kind));
        kind.rules.max_attempts =
            static_cast<int>(std::clamp<std::int64_t>(json.int_or("max_attempts", 10), 1, 1000));
        kind.deliver = deliver;
        kind.reconcile = reconcile;
        kind.context = context;
        handle.registry->effects.push_back(std::move(kind));
    });
}

concejo_status send(concejo_tx* tx, concejo_str raw, concejo_sink sink, void* context) {
    return host_guard([&] {
        const auto json = Json::parse(view(raw));
        outbox::Effect effect;
        effect.plugin = tx->call->plugin->id;
        effect.kind = json.at("kind").as_string();
        const auto& kinds = tx->call->services->registry.effects;
        if (std::none_of(kinds.begin(), kinds.end(), [&](const auto& k) {
                return k.plugin_id == effect.plugin && k.kind == effect.kind;
            }))
            throw Error(ErrorKind::internal,
                        fmt::format("nadie ha declarado cómo se entrega «{}»", effect.kind));
        if (const auto* payload = json.find("payload")) effect.payload = *payload;
        effect.key = json.string_or("key", "");
        effect.order = json.string_or("order", "");
        effect.at = json.int_or("at", 0);
        const auto placed = outbox::put(transaction_of(tx), effect);
        sink(context,
             c_str(Json::object({{"id", placed.id}, {"key", placed.key}, {"fresh", placed.fresh}}).dump()));
    });
}

concejo_status sending(concejo_effect* effect) {
    return host_guard([&] { effect->delivery.sending(); });
}
void not_done(concejo_effect* effect) { effect->delivery.not_done(); }
void note(concejo_effect* effect, concejo_str text) {
    (void)host_guard([&] { effect->delivery.note(string(text)); });
}

concejo_status state(concejo_call* call, concejo_str kind, concejo_str key, concejo_sink sink,
                     void* context) {
    return host_guard([&] {
        const auto found = outbox::find(call->services->databases.of(call->tenant()), call->tenant().id,
                                        call->plugin->id, string(kind), string(key));
        if (!found) throw Error(ErrorKind::not_found, "no hay ningún envío con esa clave");
        sink(context, c_str(Json::object({{"state", found->state},
                                          {"attempts", found->attempts},
                                          {"note", found->note},
                                          {"error", found->last_error}})
                                .dump()));
    });
}

}  // namespace

const concejo_outbox_1& outbox_table() {
    static const concejo_outbox_1 table{
        sizeof(concejo_outbox_1), &handler, &send, &sending, &not_done, &note, &state};
    return table;
}

}  // namespace kernel::plugins
