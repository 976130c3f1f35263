// For tests: a municipality, a courier that does as it is told, and a quick dispatcher.
#pragma once

#include "kernel/outbox/dispatcher.hpp"
#include "tests/support/postgres.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>

namespace kernel::outbox {

using namespace std::chrono_literals;

struct Told final : Courier {
    std::map<std::string, KindRules> known;
    std::function<void(Delivery&)> doing = [](Delivery&) {};
    std::function<Found(Delivery&)> finding = [](Delivery&) { return Found::unknown; };

    std::vector<std::pair<std::string, std::string>> kinds() const override {
        std::vector<std::pair<std::string, std::string>> all;
        for (const auto& [kind, rules] : known) all.emplace_back("prueba", kind);
        return all;
    }
    KindRules rules(const std::string&, const std::string& kind) const override {
        const auto found = known.find(kind);
        return found == known.end() ? KindRules{} : found->second;
    }
    void deliver(Delivery& delivery) override { doing(delivery); }
    Found reconcile(Delivery& delivery) override { return finding(delivery); }
};

inline DispatcherOptions quick() {
    DispatcherOptions options;
    options.threads = 4;
    options.poll = 20ms;
    options.first_pause = 20ms;
    options.lease = 1s;
    options.drain = 5s;
    return options;
}

struct Desk {
    explicit Desk(const std::string& id) : tenant(tests::cluster().tenant(id)) {
        tests::cluster().superuser("delete from concejo.outbox");  // of the cases before
    }
    db::Tenant tenant;
    std::unique_ptr<db::Pool> pool = tests::cluster().pool(16);
    Told courier;

    Placed place(const std::string& kind, const std::string& key = {}, const std::string& order = {}) {
        auto tx = pool->begin(tenant);
        const auto placed = put(tx, {"prueba", kind, concejo::Json::object({{"n", 1}}), key, order});
        tx.commit();
        return placed;
    }
    EffectInfo look(std::int64_t id) { return *show(*pool, tenant.id, id); }
    bool reaches(std::int64_t id, const std::string& state, std::chrono::milliseconds limit = 60s) {
        for (const auto until = std::chrono::steady_clock::now() + limit;
             std::chrono::steady_clock::now() < until; std::this_thread::sleep_for(10ms)) {
            if (look(id).state == state) return true;
        }
        return false;
    }
    bool decide(Decision decision, std::int64_t id) {
        audit::Event who;
        who.actor = "user:1";
        return outbox::decide(*pool, tenant.id, id, decision, who);
    }
};

}  // namespace kernel::outbox
