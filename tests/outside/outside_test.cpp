#include "kernel/base/files.hpp"
#include "kernel/blobs/store.hpp"
#include "kernel/blobs/uploads.hpp"
#include "kernel/config/platform_config.hpp"
#include "kernel/i18n/catalogs.hpp"
#include "kernel/net/http_client.hpp"
#include "kernel/net/testing/other_side.hpp"
#include "kernel/outbox/dispatcher.hpp"
#include "kernel/plugins/call.hpp"
#include "kernel/plugins/deliver_effect.hpp"
#include "kernel/plugins/tables.hpp"
#include "kernel/plugins/transaction.hpp"
#include "kernel/process/sandbox.hpp"
#include "tests/support/postgres.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <thread>

using namespace kernel;
using namespace kernel::plugins;
using namespace std::chrono_literals;
using Catch::Contains;
using concejo::Json;

namespace {

/// A municipality with one plugin, which is this file: its code calls the tables as a shared object would.
struct Place : plugins::Databases, plugins::Renderer {
    Place() {
        auto tenant = std::make_unique<tenancy::Tenant>();
        tenant->id = tenant->config.id = tenant->config.slug = "fuera";
        tenant->schema = "m_fuera";
        tenant->modules = {"prueba"};
        tenant->config.name = "Concello de Fóra";
        tenant->config.domains = {"sede.fuera.example"};
        tenant->config.languages = {"es"};
        tenant->config.contact.email = "atencion@fuera.example";
        tenant->config.egress.servers = {"127.0.0.1:" + std::to_string(other.port())};
        std::vector<std::unique_ptr<tenancy::Tenant>> all;
        all.push_back(std::move(tenant));
        tenants = std::make_unique<tenancy::Tenants>(std::move(all));
        platform.data = folder.path();
        plugin.id = "prueba";
        plugin.host = {host_table(), &plugin, &registry, true};
        tests::cluster().tenant("fuera", "drop table if exists hecho; create table hecho (clave text)");
        tests::cluster().superuser("delete from concejo.outbox");
        services.reset(new Services{platform, *tenants, registry, *this, catalogs, blobs, uploads, sandbox,
                                    *this, &client});
        scope.tenant = tenants->all().front().get();
    }
    db::Pool& of(const tenancy::Tenant&) override { return *pool; }
    std::string render(Scope&, const std::string&, Json, bool) override { return "<p>hola</p>"; }
    std::string render_plain(Scope& on, const std::string& name, const Json&) override {
        return "Asunto de " + name + " (" + on.language + ")\n\nTexto\n";
    }
    std::string url(const Scope&, std::string_view path, bool) override { return std::string(path); }

    const concejo_host* host() const { return &plugin.host.table; }
    std::string at(const std::string& path) const {
        return "http://127.0.0.1:" + std::to_string(other.port()) + path;
    }

    net::testing::OtherSide other{"servers.py", {"http"}};
    base::TempDir folder;
    config::PlatformConfig platform;
    Registry registry;
    i18n::Catalogs catalogs;
    blobs::Store blobs{folder.path() / "blobs"};
    blobs::Uploads uploads{blobs, folder.path() / "uploads", {}};
    process::Sandbox sandbox{
        process::SandboxOptions{CONCEJO_BINARY_DIR "/bin/concejo-sandbox", true, {}, {}}};
    net::HttpClient client{{}};
    std::unique_ptr<tenancy::Tenants> tenants;
    std::unique_ptr<db::Pool> pool = tests::cluster().pool();
    LoadedPlugin plugin;
    std::unique_ptr<Services> services;
    Scope scope;
};

struct Answer {
    concejo_status status;
    Json head;
    std::string body, error;
};

Answer ask(concejo_call& call, const Json& request) {
    Collected head, body;
    const auto text = request.dump();
    const auto status = http_client_table().send(&call, c_str(text), c_str("cuerpo"), &Collected::sink, &head,
                                                 &Collected::sink, &body);
    return {status, head.text.empty() ? Json() : Json::parse(head.text), body.text,
            status ? last_error() : std::string()};
}

Json get(const std::string& url) { return Json::object({{"url", url}, {"retries", 0}, {"seconds", 5}}); }

}  // namespace

TEST_CASE("a plugin asks what its municipality lists, never with a transaction open") {
    Place place;
    concejo_call call{place.services.get(), &place.scope, &place.plugin};
    auto request = get(place.at("/echo"));
    request["method"] = "POST";
    const auto good = ask(call, request);
    REQUIRE(good.status == CONCEJO_OK);
    CHECK(good.head.at("status").as_int() == 200);
    CHECK(Json::parse(good.body).at("body").as_string() == "cuerpo");
    CHECK(ask(call, get("http://otro.example/")).status == CONCEJO_FORBIDDEN);
    CHECK(ask(call, get("nada")).status == CONCEJO_INVALID);
    concejo_tx* tx = nullptr;
    REQUIRE(db_table().begin(&call, &tx) == CONCEJO_OK);
    const auto inside = ask(call, request);
    CHECK(inside.status == CONCEJO_INVALID);
    CHECK_THAT(inside.error, Contains("transacción abierta"));
    db_table().rollback(tx);
    CHECK(ask(call, request).status == CONCEJO_OK);
}

TEST_CASE(
    "a job may use the network until it asks for its transaction, and a request that is one may not at all") {
    Place place;
    const auto tenant = db::Tenant::of("fuera");
    std::optional<db::Transaction> of_the_job;
    JoinedTransaction joined(
        [&]() -> db::Transaction& { return of_the_job.emplace(place.pool->begin(tenant)); });
    concejo_call call{place.services.get(), &place.scope, &place.plugin, &joined.tx};
    CHECK(ask(call, get(place.at("/echo"))).status == CONCEJO_OK);
    CHECK_FALSE(of_the_job);
    concejo_tx* tx = nullptr;
    REQUIRE(db_table().begin(&call, &tx) == CONCEJO_OK);
    concejo_rows* rows = nullptr;
    REQUIRE(db_table().exec(tx, c_str("insert into hecho values ('a')"), nullptr, 0, &rows) == CONCEJO_OK);
    db_table().rows_free(rows);
    REQUIRE(db_table().commit(tx) == CONCEJO_OK);
    CHECK(of_the_job);
    CHECK(ask(call, get(place.at("/echo"))).status == CONCEJO_INVALID);  // what it wrote is not committed yet
    of_the_job->rollback();
    auto form = place.pool->begin(tenant);
    JoinedTransaction of_the_form(form);
    concejo_call posted{place.services.get(), &place.scope, &place.plugin, &of_the_form.tx};
    CHECK(ask(posted, get(place.at("/echo"))).status == CONCEJO_INVALID);
}

TEST_CASE("a body in a file lives as long as the call") {
    Place place;
    std::filesystem::path file;
    {
        concejo_call call{place.services.get(), &place.scope, &place.plugin};
        auto request = get(place.at("/big?n=3000000"));
        request["to_file"] = true;
        const auto answer = ask(call, request);
        REQUIRE(answer.status == CONCEJO_OK);
        file = answer.head.at("file").as_string();
        CHECK(std::filesystem::file_size(file) == 3'000'000);
        CHECK(answer.body.empty());
    }
    CHECK_FALSE(std::filesystem::exists(file));
}

namespace {

struct Told {
    Place* place;
    std::atomic<int> calls{0}, asked{0};
    std::string seen{};
};

concejo_status deliver(void* context, concejo_call* call, concejo_str effect, concejo_effect* attempt) {
    auto& told = *static_cast<Told*>(context);
    ++told.calls;
    told.seen = string(effect);
    if (outbox_table().sending(attempt) != CONCEJO_OK) return CONCEJO_CONFLICT;
    if (ask(*call, get(told.place->at("/echo"))).status != CONCEJO_OK)
        return CONCEJO_UNAVAILABLE;  // no transaction is open
    outbox_table().note(attempt, c_str("visto"));
    return told.calls == 1 ? CONCEJO_UNAVAILABLE : CONCEJO_OK;
}

concejo_status reconcile(void* context, concejo_call*, concejo_str, concejo_sink sink, void* into) {
    auto& told = *static_cast<Told*>(context);
    ++told.asked;
    sink(into, c_str(R"({"outcome":"not_done"})"));
    return CONCEJO_OK;
}

}  // namespace

TEST_CASE(
    "an effect goes from a plugin's transaction to its handler, and is asked about where nobody knows") {
    Place place;
    Told told{&place};
    const auto declare = [&](const char* json, concejo_provider ask_about) {
        return outbox_table().handler(place.host(), c_str(json), &deliver, ask_about, &told);
    };
    CHECK(declare(R"({"kind":"a","unknown":"perhaps"})", nullptr) == CONCEJO_INVALID);
    CHECK(declare(R"({"kind":"a","unknown":"reconcile"})", nullptr) == CONCEJO_INVALID);
    REQUIRE(declare(R"({"kind":"registro","unknown":"reconcile"})", &reconcile) == CONCEJO_OK);
    place.plugin.host.starting = false;
    CHECK(declare(R"({"kind":"tarde"})", nullptr) == CONCEJO_INTERNAL);

    concejo_call call{place.services.get(), &place.scope, &place.plugin};
    concejo_tx* tx = nullptr;
    REQUIRE(db_table().begin(&call, &tx) == CONCEJO_OK);
    Collected said;
    CHECK(outbox_table().send(tx, c_str(R"({"kind":"otro"})"), &Collected::sink, &said) == CONCEJO_INTERNAL);
    REQUIRE(outbox_table().send(tx, c_str(R"({"kind":"registro","key":"k1","payload":{"n":7}})"),
                                &Collected::sink, &said) == CONCEJO_OK);
    CHECK(Json::parse(said.text).at("key").as_string() == "k1");
    REQUIRE(db_table().commit(tx) == CONCEJO_OK);

    PluginCourier courier(*place.services, {});
    outbox::DispatcherOptions options;
    options.poll = 20ms;
    options.first_pause = 20ms;
    outbox::Dispatcher dispatcher(*place.pool, courier, options);
    dispatcher.start();
    const auto state = [&] {
        Collected text;
        outbox_table().state(&call, c_str("registro"), c_str("k1"), &Collected::sink, &text);
        return Json::parse(text.text);
    };
    for (const auto until = std::chrono::steady_clock::now() + 60s;
         std::chrono::steady_clock::now() < until && state().at("state").as_string() != "delivered";)
        std::this_thread::sleep_for(20ms);
    dispatcher.stop();
    CHECK(state().at("state").as_string() == "delivered");
    CHECK(state().at("note").as_string() == "visto");
    CHECK(told.calls == 2);
    CHECK(told.asked == 1);
    CHECK(Json::parse(told.seen).at("payload").at("n").as_int() == 7);
    CHECK(outbox_table().state(&call, c_str("registro"), c_str("k2"), &Collected::sink, &said) ==
          CONCEJO_NOT_FOUND);
}

TEST_CASE("mail is written in the language that was asked for, its subject the first line of the template") {
    Place place;
    concejo_call call{place.services.get(), &place.scope, &place.plugin};
    const auto send = [&](const Json& message) {
        concejo_tx* tx = nullptr;
        REQUIRE(db_table().begin(&call, &tx) == CONCEJO_OK);
        Collected said;
        const auto text = message.dump();
        const auto status = mail_table().send(&call, tx, c_str(text), &Collected::sink, &said);
        REQUIRE(db_table().commit(tx) == CONCEJO_OK);
        return std::pair(status, said.text.empty() ? Json() : Json::parse(said.text));
    };
    const auto [status, queued] =
        send(Json::object({{"to", Json::array({Json("Ana <ana@example.es>"), Json("luis@example.es")})},
                           {"template", "prueba/correo"},
                           {"html_template", "prueba/correo-html"},
                           {"language", "gl"},
                           {"key", "m1"}}));
    REQUIRE(status == CONCEJO_OK);
    CHECK(queued.at("recipients").as_int() == 2);
    CHECK_THAT(queued.at("message_id").as_string(), Contains("@sede.fuera.example"));
    const auto waiting = outbox::list(*place.pool, "fuera", "waiting");
    REQUIRE(waiting.size() == 2);
    CHECK(waiting[0].payload.at("subject").as_string() == "Asunto de prueba/correo (gl)");
    CHECK(waiting[0].payload.at("text").as_string() == "Texto\n");
    CHECK(waiting[0].payload.at("html").as_string() == "<p>hola</p>");
    CHECK(waiting[0].payload.at("from_name").as_string() == "Concello de Fóra");
    CHECK_THAT(waiting[0].payload.at("reply_to").dump(), Contains("atencion@fuera.example"));
    Collected states;
    REQUIRE(mail_table().state(&call, c_str("m1"), &Collected::sink, &states) == CONCEJO_OK);
    CHECK(Json::parse(states.text).size() == 2);
    CHECK(mail_table().state(&call, c_str("m2"), &Collected::sink, &states) == CONCEJO_NOT_FOUND);
    CHECK(send(Json::object({{"to", "mal"}, {"subject", "a"}, {"text", "b"}})).first == CONCEJO_INVALID);
    CHECK(send(Json::object({{"to", "a@b.es"}, {"subject", "a\r\nBcc: c@d.es"}, {"text", "b"}})).first ==
          CONCEJO_INVALID);
    CHECK(send(Json::object({{"to", "a@b.es"},
                             {"subject", "a"},
                             {"text", "b"},
                             {"attachments",
                              Json::array({Json::object({{"blob", std::string(64, '0')}, {"name", "x"}})})}}))
              .first == CONCEJO_NOT_FOUND);
    CHECK(outbox::list(*place.pool, "fuera", "waiting").size() == 2);
}
