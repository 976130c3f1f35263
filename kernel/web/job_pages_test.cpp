// The staff's page of jobs, as it is asked for and sent; and what those who watch it hear.
#include "kernel/audit/audit.hpp"
#include "kernel/http/events.hpp"
#include "kernel/web/job_feed.hpp"
#include "kernel/web/site_fixture.hpp"

#include <catch2/catch.hpp>

#include <thread>

using namespace kernel;
using namespace kernel::web;
using namespace std::chrono_literals;
using concejo::Json;

namespace {

struct Office : World {
    explicit Office(bool listens = false) : World(config::Mode::demostracion, {}, listens) {}
    std::string id() const { return tenants->by_slug("ribera")->id; }
    std::int64_t queue(const std::string& kind, const std::string& change = {}) {
        auto tx = databases.pool->begin(db::Tenant::of(id()));
        const auto number = jobs::enqueue(tx, {"buzon", kind});
        tx.commit();
        if (!change.empty())
            tests::cluster().superuser("update concejo.jobs set " + change +
                                       " where id = " + std::to_string(number));
        return number;
    }
    /// The Cookie field of somebody who may.
    const std::string& cookie() {
        if (cookie_.empty()) {
            cookie_ = session("jefa");
            tests::cluster().superuser(
                "update concejo.users set roles = '{administracion}' where tenant = '" + id() +
                "' and login = 'jefa'");
        }
        return cookie_;
    }
    http::Response page(const std::string& target = "/es/gestion/trabajos") {
        return get("ribera.test", target, {{"Cookie", cookie()}});
    }
    http::Response press(const std::string& target) {
        const auto text = text_of(page());
        return ask(request("POST", "ribera.test", target, {{"Cookie", cookie()}},
                           {{"csrf_token", after(text, "name=\"csrf_token\" value=\"")},
                            {"form_key", after(text, "name=\"form_key\" value=\"")}}));
    }
    std::string state(std::int64_t number) {
        return tests::cluster().superuser("select state from concejo.jobs where id = " +
                                          std::to_string(number));
    }

private:
    std::string cookie_;
};

/// What came through a channel until `what` did.
std::string heard(http::EventChannel& channel, std::string_view what, std::chrono::milliseconds limit = 8s) {
    std::string all;
    for (const auto until = std::chrono::steady_clock::now() + limit;
         std::chrono::steady_clock::now() < until; std::this_thread::sleep_for(10ms)) {
        for (const auto& piece : channel.take().pieces) all += *piece;
        if (has(all, what)) break;
    }
    return all;
}

}  // namespace

TEST_CASE("the jobs of the municipality, for who may see to them") {
    Office w;
    const auto running = w.queue("envio",
                                 "state = 'running', attempts = 1, lease_until = now() + interval '1 hour', "
                                 "progress_done = 30, progress_total = 120, message = 'cartas <b>'");
    const auto dead = w.queue("aviso", "state = 'dead', attempts = 8, last_error = 'no hay manera'");
    const auto waiting = w.queue("resumen");
    CHECK(w.get("ribera.test", "/es/gestion/trabajos").status == 303);
    CHECK(w.get("ribera.test", "/es/gestion/trabajos", {{"Cookie", w.session()}}).status == 403);
    CHECK(w.get("ribera.test", "/es/gestion/trabajos/eventos", {{"Cookie", w.session("otra")}}).status ==
          403);
    const auto text = text_of(w.page());
    CHECK(has(text, "value=\"25\""));
    CHECK(has(text, "30 / 120 · cartas &lt;b&gt;"));
    CHECK(has(text, "no hay manera"));
    CHECK(has(text, "/es/gestion/trabajos/" + std::to_string(dead) + "/reintentar"));
    CHECK(has(text, "/es/gestion/trabajos/" + std::to_string(dead) + "/apartar"));
    CHECK(has(text, "/es/gestion/trabajos/" + std::to_string(running) + "/cancelar"));
    CHECK(has(text, "/es/gestion/trabajos/" + std::to_string(waiting) + "/cancelar"));
    CHECK_FALSE(has(text, "/es/gestion/trabajos/" + std::to_string(waiting) + "/reintentar"));
    CHECK(has(text, "data-events=\"/es/gestion/trabajos/eventos\""));
    const auto only_dead = text_of(w.page("/ca/gestion/trabajos?estado=perdidos"));
    CHECK(has(only_dead, "Donats per perduts"));
    CHECK(has(only_dead, "no hay manera"));
    CHECK_FALSE(has(only_dead, "cartas"));
    CHECK(has(text_of(w.page("/es/gestion/trabajos?estado=apartados")), "data-c=\"jobs-none\""));
}

TEST_CASE("its buttons: done once, written down, told") {
    Office w;
    const auto dead = w.queue("aviso", "state = 'dead', attempts = 8, last_error = 'no'");
    const auto other = w.queue("aviso", "state = 'dead', attempts = 8");
    const auto waiting = w.queue("resumen");
    const auto running = w.queue("envio", "state = 'running', lease_until = now() + interval '1 hour'");
    const auto where = [](std::int64_t id, const char* verb) {
        return "/es/gestion/trabajos/" + std::to_string(id) + "/" + verb;
    };
    CHECK(w.press(where(dead, "reintentar")).field("Location") == "/es/gestion/trabajos?hecho=repetido");
    CHECK(w.state(dead) == "waiting");
    CHECK(w.press(where(other, "apartar")).field("Location") == "/es/gestion/trabajos?hecho=apartado");
    CHECK(w.state(other) == "discarded");
    CHECK(w.press(where(waiting, "cancelar")).field("Location") == "/es/gestion/trabajos?hecho=cancelado");
    CHECK(w.state(waiting) == "cancelled");
    CHECK(w.press(where(running, "cancelar")).field("Location") == "/es/gestion/trabajos?hecho=pedido");
    CHECK(w.state(running) == "running");
    CHECK(w.press(where(running, "apartar")).field("Location") == "/es/gestion/trabajos?hecho=nada");
    CHECK(w.press(where(999'999'999, "cancelar")).field("Location") == "/es/gestion/trabajos?hecho=nada");
    CHECK(has(text_of(w.page("/es/gestion/trabajos?hecho=pedido")), "data-c=\"hecho\""));
    std::vector<std::string> actions;
    for (const auto& entry : audit::last(*w.databases.pool, w.id(), 50))
        if (entry.action.starts_with("jobs.")) actions.push_back(entry.action + " " + entry.object);
    CHECK(actions == std::vector<std::string>{
                         "jobs.cancel " + std::to_string(running), "jobs.cancel " + std::to_string(waiting),
                         "jobs.discard " + std::to_string(other), "jobs.retry " + std::to_string(dead)});
    CHECK(w.ask(request("POST", "ribera.test", where(dead, "cancelar"), {{"Cookie", w.cookie()}})).status ==
          403);
}

TEST_CASE("who watches hears at once how it is, then what changes, and nothing of others") {
    Office w(true);
    const auto running =
        w.queue("envio",
                "state = 'running', lease_until = now() + interval '1 hour', progress_done = 1, "
                "progress_total = 4");
    const auto answer = w.page("/es/gestion/trabajos/eventos");
    REQUIRE(answer.status == 200);
    CHECK(answer.field("Content-Type") == "text/event-stream");
    CHECK(answer.field("Cache-Control") == "no-store");
    auto& channel = *std::get<http::EventsBody>(answer.body).channel;
    const auto first = heard(channel, "\"percent\":25");
    CHECK(has(first, "event: jobs\ndata: {"));
    CHECK(has(first, "\"version\":\"" + after(text_of(w.page()), "data-version=\"") + "\""));
    tests::cluster().superuser("update concejo.jobs set progress_done = 3, message = 'casi' where id = " +
                               std::to_string(running));
    tests::cluster().superuser("select pg_notify('concejo_jobs', '" + w.id() + "')");
    CHECK(has(heard(channel, "\"percent\":75"), "3 / 4 · casi"));
    // Without any notice too: a job that was queued and waits.
    const auto before = after(text_of(w.page()), "data-version=\"");
    w.queue("otro");
    const auto version = after(text_of(w.page()), "data-version=\"");
    CHECK(version != before);
    CHECK(has(heard(channel, version), version));
    channel.close();
}
