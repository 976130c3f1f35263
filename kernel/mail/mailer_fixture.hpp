// A municipality, a mail server written in Python, and what that has taken. For the tests of kernel/mail.
#pragma once

#include "kernel/base/encoding.hpp"
#include "kernel/base/log.hpp"
#include "kernel/mail/mail.hpp"
#include "kernel/mail/mailer.hpp"
#include "kernel/net/testing/other_side.hpp"
#include "kernel/outbox/effect.hpp"
#include "tests/support/postgres.hpp"

#include <concejo/json.hpp>

#include <catch2/catch.hpp>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <map>
#include <thread>

namespace kernel::mail::testing {

using namespace std::chrono_literals;
using concejo::Json;
using kernel::net::testing::certificates;
using kernel::net::testing::OtherSide;

inline SmtpServer at(std::uint16_t port, Security security = Security::none) {
    SmtpServer server;
    server.host = security == Security::none ? "127.0.0.1" : "servidor.test";
    server.port = port;
    server.security = security;
    server.reply = server.accepted = server.connect = 15s;
    server.resolve = [](const std::string&, kernel::net::Moment) {
        return std::vector{*kernel::net::Ip::parse("127.0.0.1")};
    };
    return server;
}

struct Post : kernel::outbox::Courier {
    explicit Post(kernel::db::Pool& p, SmtpServer server, const std::filesystem::path& folder)
        : pool(p),
          blobs(folder / "blobs"),
          mailer(std::move(server), Address::of("", "sede@valdehermoso.example"), trust, blobs) {}
    std::vector<std::pair<std::string, std::string>> kinds() const override {
        return {{"concejo", effect_kind}};
    }
    kernel::outbox::KindRules rules(const std::string&, const std::string&) const override {
        return effect_rules;
    }
    void deliver(kernel::outbox::Delivery& delivery) override { mailer.deliver(pool, delivery); }
    kernel::outbox::Found reconcile(kernel::outbox::Delivery&) override {
        return kernel::outbox::Found::unknown;
    }
    kernel::db::Pool& pool;
    kernel::net::TlsTrust trust{certificates().authority()};
    kernel::blobs::Store blobs;
    Mailer mailer;
};

inline kernel::outbox::DispatcherOptions quick() {
    kernel::outbox::DispatcherOptions options;
    options.threads = 4;
    options.poll = 20ms;
    options.first_pause = 20ms;
    options.lease = 1s;
    return options;
}

/// A municipality, a mail server and what the server has taken.
struct Town {
    explicit Town(const std::string& id, std::vector<std::string> server = {"habits"})
        : tenant(tests::cluster().tenant(id)), log((folder.path() / "log").string()) {
        tests::cluster().superuser("delete from concejo.outbox");
        server.insert(server.begin() + 1, log);
        other.emplace("smtp_server.py", server);
    }
    kernel::db::Tenant tenant;
    std::unique_ptr<kernel::db::Pool> pool = tests::cluster().pool(12);
    kernel::base::TempDir folder;
    std::string log;
    std::optional<OtherSide> other;

    Draft draft(const std::string& to, const std::string& key = {}) {
        Draft draft;
        draft.plugin = "prueba";
        draft.key = key;
        draft.host = "www.valdehermoso.example";
        draft.from_name = "Ayuntamiento";
        draft.to = {Address::parse(to)};
        draft.subject = "Aviso";
        draft.text = "Hola.\n.\nadiós\n";
        return draft;
    }
    Queued post(const Draft& draft) {
        auto tx = pool->begin(tenant);
        const auto queued = queue(tx, draft);
        tx.commit();
        return queued;
    }
    std::vector<Json> taken() const {
        std::vector<Json> all;
        std::ifstream in(log);
        for (std::string line; std::getline(in, line);) {
            auto json = Json::parse(line);
            json["data"] = *kernel::base::unbase64(json.at("data").as_string());
            all.push_back(std::move(json));
        }
        return all;
    }
    std::string state_of(const Queued& queued) {
        return state(*pool, tenant.id, queued.message_id).at(0).state;
    }
    bool settles(std::chrono::milliseconds limit = 60s) {
        for (const auto until = std::chrono::steady_clock::now() + limit;
             std::chrono::steady_clock::now() < until; std::this_thread::sleep_for(20ms)) {
            const auto left = kernel::outbox::count(*pool, tenant.id);
            if (left.waiting + left.sending == 0) return true;
        }
        return false;
    }
};

}  // namespace kernel::mail::testing
