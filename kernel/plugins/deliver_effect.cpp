#include "kernel/plugins/deliver_effect.hpp"

#include "kernel/plugins/call.hpp"

#include <fmt/format.h>

namespace kernel::plugins {

using concejo::Json;

namespace {

std::string message_of(const outbox::Delivery& delivery) {
    return Json::object({{"id", delivery.id()},
                         {"kind", delivery.kind()},
                         {"key", delivery.key()},
                         {"payload", delivery.payload()},
                         {"attempt", delivery.attempt()},
                         {"created_at", delivery.created_at()}})
        .dump();
}

}  // namespace

std::vector<std::pair<std::string, std::string>> PluginCourier::kinds() const {
    std::vector<std::pair<std::string, std::string>> all;
    for (const auto& kind : services_.registry.effects) all.emplace_back(kind.plugin_id, kind.kind);
    for (const auto& [kind, own] : own_) all.emplace_back(kernel_id, kind);
    return all;
}

const EffectKind* PluginCourier::find(const std::string& plugin, const std::string& kind) const {
    for (const auto& known : services_.registry.effects) {
        if (known.plugin_id == plugin && known.kind == kind) return &known;
    }
    return nullptr;
}

outbox::KindRules PluginCourier::rules(const std::string& plugin, const std::string& kind) const {
    if (plugin == kernel_id) {
        const auto own = own_.find(kind);
        return own == own_.end() ? outbox::KindRules{} : own->second.rules;
    }
    const auto* known = find(plugin, kind);
    return known ? known->rules : outbox::KindRules{};
}

const tenancy::Tenant& PluginCourier::place(const outbox::Delivery& delivery) const {
    const auto* tenant = services_.tenants.by_id(delivery.tenant().id);
    if (!tenant) throw outbox::NotServed("el municipio no está en esta generación");
    if (delivery.plugin() != kernel_id && !tenant->has(delivery.plugin()))
        throw outbox::NotServed(
            fmt::format("el complemento «{}» no está activo en este municipio", delivery.plugin()));
    if (crash::in_quarantine(delivery.plugin(), tenant->id))
        throw outbox::NotServed(fmt::format("el complemento «{}» está en cuarentena", delivery.plugin()));
    return *tenant;
}

Scope PluginCourier::scope(const tenancy::Tenant& tenant, const outbox::Delivery& delivery) const {
    Scope scope;
    scope.tenant = &tenant;
    scope.language = tenant.config.languages.empty() ? "es" : tenant.config.languages.front();
    scope.who = identity::Principal::system("outbox");
    scope.request_id = fmt::format("envio-{}", delivery.id());
    return scope;
}

void PluginCourier::deliver(outbox::Delivery& delivery) {
    const auto& tenant = place(delivery);
    if (delivery.plugin() == kernel_id) {
        const auto own = own_.find(delivery.kind());
        if (own == own_.end()) throw outbox::NotServed("este proceso no sabe entregarlo");
        return own->second.deliver(tenant, delivery);
    }
    const auto* kind = find(delivery.plugin(), delivery.kind());
    if (!kind) throw outbox::NotServed("este proceso no sabe entregarlo");
    auto on = scope(tenant, delivery);
    concejo_call call{&services_, &on, kind->plugin};
    concejo_effect effect{delivery};
    const auto text = message_of(delivery);
    enter(call, [&] { return kind->deliver(kind->context, &call, c_str(text), &effect); });
}

outbox::Found PluginCourier::reconcile(outbox::Delivery& delivery) {
    const auto& tenant = place(delivery);
    const auto* kind = find(delivery.plugin(), delivery.kind());
    if (!kind || !kind->reconcile) return outbox::Found::unknown;
    auto on = scope(tenant, delivery);
    concejo_call call{&services_, &on, kind->plugin};
    Collected said;
    const auto text = message_of(delivery);
    enter(call, [&] { return kind->reconcile(kind->context, &call, c_str(text), &Collected::sink, &said); });
    const auto outcome = said.text.empty() ? std::string() : Json::parse(said.text).string_or("outcome", "");
    return outcome == "done"       ? outbox::Found::done
           : outcome == "not_done" ? outbox::Found::not_done
                                   : outbox::Found::unknown;
}

}  // namespace kernel::plugins
