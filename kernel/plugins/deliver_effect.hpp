// Effects: what a job worker's dispatcher runs, in the plugin that each belongs to, or in the kernel's own
// code.
#pragma once

#include "kernel/outbox/dispatcher.hpp"
#include "kernel/plugins/services.hpp"

#include <functional>
#include <map>

namespace kernel::plugins {

/// Whose the kernel's own effects are (mail).
inline constexpr const char* kernel_id = "concejo";

/// A kind of the kernel's own.
struct OwnEffect {
    outbox::KindRules rules;
    std::function<void(const tenancy::Tenant&, outbox::Delivery&)> deliver;
};

class PluginCourier final : public outbox::Courier {
public:
    PluginCourier(Services& services, std::map<std::string, OwnEffect> own)
        : services_(services), own_(std::move(own)) {}

    std::vector<std::pair<std::string, std::string>> kinds() const override;
    outbox::KindRules rules(const std::string& plugin, const std::string& kind) const override;
    void deliver(outbox::Delivery& delivery) override;
    outbox::Found reconcile(outbox::Delivery& delivery) override;

private:
    const EffectKind* find(const std::string& plugin, const std::string& kind) const;
    const tenancy::Tenant& place(const outbox::Delivery& delivery) const;
    Scope scope(const tenancy::Tenant& tenant, const outbox::Delivery& delivery) const;

    Services& services_;
    const std::map<std::string, OwnEffect> own_;
};

}  // namespace kernel::plugins

/// The attempt as its handler sees it.
struct concejo_effect {
    kernel::outbox::Delivery& delivery;
};
