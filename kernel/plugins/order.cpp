#include "kernel/plugins/order.hpp"

#include "kernel/base/tr.hpp"

#include <fmt/format.h>

#include <map>

namespace kernel::plugins {
namespace {

enum class Mark { fresh, open, started, impossible };

class Planner {
public:
    explicit Planner(const std::vector<Needs>& all) {
        for (const auto& plugin : all) {
            plugins_[plugin.id] = {&plugin, Mark::fresh};
            for (const auto& service : plugin.provides) {
                const auto [found, fresh] = providers_.emplace(service, plugin.id);
                if (!fresh)
                    refuse(plugin.id, base::tr("ofrece «{0}», que ya ofrece el complemento «{1}»", service,
                                               found->second));
            }
        }
    }

    StartOrder plan() {
        for (auto& [id, entry] : plugins_) visit(id);
        return std::move(order_);
    }

private:
    struct Entry {
        const Needs* needs;
        Mark mark;
    };

    void refuse(const std::string& id, std::string why) {
        plugins_[id].mark = Mark::impossible;
        order_.impossible.emplace_back(id, std::move(why));
    }

    bool visit(const std::string& id) {
        auto& entry = plugins_[id];
        if (entry.mark == Mark::started) return true;
        if (entry.mark == Mark::impossible) return false;
        entry.mark = Mark::open;
        path_.push_back(id);
        const bool good = meet(*entry.needs);
        path_.pop_back();
        if (good) {
            entry.mark = Mark::started;
            order_.ids.push_back(id);
        }
        return good;
    }

    bool meet(const Needs& plugin) {
        for (const auto& service : plugin.requires_) {
            if (service.find(':') == std::string::npos) continue;
            const auto provider = providers_.find(service);
            if (provider == providers_.end()) {
                refuse(plugin.id, base::tr("necesita el servicio «{}» y ningún complemento activo lo "
                                           "ofrece: active el que lo ofrece",
                                           service));
                return false;
            }
            if (plugins_[provider->second].mark == Mark::open) {
                refuse(plugin.id, base::tr("forma un ciclo: {}", cycle(provider->second)));
                return false;
            }
            if (!visit(provider->second)) {
                if (plugins_[plugin.id].mark != Mark::impossible)
                    refuse(plugin.id, base::tr("necesita «{0}» del complemento «{1}», que no puede arrancar",
                                               service, provider->second));
                return false;
            }
        }
        for (const auto& service : plugin.optional) {
            const auto provider = providers_.find(service);
            if (provider != providers_.end() && plugins_[provider->second].mark == Mark::fresh)
                visit(provider->second);
        }
        return plugins_[plugin.id].mark == Mark::open;
    }

    std::string cycle(const std::string& from) const {
        std::string text;
        bool inside = false;
        for (const auto& id : path_) {
            inside = inside || id == from;
            if (inside) text += id + " → ";
        }
        return text + from;
    }

    std::map<std::string, Entry> plugins_;
    std::map<std::string, std::string> providers_;
    std::vector<std::string> path_;
    StartOrder order_;
};

}  // namespace

StartOrder start_order(const std::vector<Needs>& all) { return Planner(all).plan(); }

}  // namespace kernel::plugins
