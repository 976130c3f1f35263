// The fake kernel itself: what it refuses is what the real one refuses. It works under any test library,
// Catch2 here.
#include <concejo/plugin.hpp>
#include <concejo/testing/fake_kernel.hpp>

#include <catch2/catch.hpp>

#include <thread>

using Catch::Contains;
using concejo::Error;
using concejo::JobProgress;
using concejo::Json;
using concejo::Reply;
using concejo::Request;
using concejo::testing::Caller;
using concejo::testing::FakeKernel;
namespace testing = concejo::testing;

namespace {

std::optional<concejo::Call> kept;

class Prueba {
public:
    explicit Prueba(concejo::Kernel& kernel) : kernel_(kernel) {
        kernel.permission("es.prueba.x", "Prueba");
        kernel.page("/n/:numero",
                    [](const Request& r, Reply& reply) { reply.body("text/plain", r.segment("numero")); });
        kernel.page("/n/uno", [](const Request&, Reply& reply) { reply.body("text/plain", "fijo"); });
        kernel.page("/resto/*",
                    [](const Request& r, Reply& reply) { reply.body("text/plain", r.segment("*")); });
        kernel.page("/eco", [](const Request& r, Reply& reply) {
            reply.body("text/plain", r.query("q").value_or("-") + "|" + r.query("q", 1).value_or("-") + "|" +
                                         r.field("X-Algo").value_or("-") + "|" + std::string(r.language) +
                                         "|" + r.url("/otra") + "|" + r.today() + "|" + r.money(-5) + "|" +
                                         r.number(1.5, 1));
        });
        kernel.page("/guarda", [](const Request& r, Reply&) { kept.emplace(r); });
        kernel.page("/tarde", [this](const Request&, Reply&) { kernel_.menu(Json::object()); });
        kernel.page("/plantilla",
                    [](const Request&, Reply& reply) { reply.page("es.prueba/nada", Json::object()); });
        kernel.page("/sql", [](const Request& r, Reply& reply) {
            auto tx = r.begin();
            const auto rows = tx.exec(r.query("q").value_or(""));
            reply.body("text/plain", rows.empty() ? "" : rows[0].text(0));
            tx.commit();
        });
        kernel.page("/una", [](const Request& r, Reply& reply) {
            auto tx = r.begin();
            const auto row = tx.exec("SELECT repeat('x', 100000), 7")[0];  // of a result that nobody keeps
            const auto other = tx.exec("SELECT repeat('y', 100000), 8")[0];
            reply.body("text/plain", row.text(0).substr(99'999) + std::to_string(row.integer(1)) +
                                         other.text(0).substr(99'999) + std::to_string(other.integer(1)));
        });
        kernel.page("/cabecera", [](const Request&, Reply& reply) { reply.field("X-A", "a\r\nX-B: b"); });
        kernel.page("/otro", [](const Request& r, Reply& reply) {
            reply.json(r.ask_service("calendario:1", "dia", Json::object({{"n", 1}})));
        });
        kernel.page("/intruso",
                    [](const Request& r, Reply&) { r.ask_service("nadie:1", "x", Json::object()); });
        kernel.page("/encola", [](const Request& r, Reply&) {
            auto tx = r.begin();
            r.audit(tx, "encola", "1");
            r.enqueue(tx, Json::object({{"kind", "cuenta"}, {"unique", "k"}}));
            r.enqueue(tx, Json::object({{"kind", "cuenta"}, {"unique", "k"}}));
            r.enqueue(tx, Json::object({{"kind", "cuenta"}, {"run_at", 2'000'000'000}}));
            if (!r.query("no")) tx.commit();
        });
        kernel.job("cuenta",
                   [](const concejo::Call&, const Json&, const JobProgress& progress) { progress(1, 1); });
        kernel.job("falla", [](const concejo::Call& call, const Json&, const JobProgress&) {
            auto tx = call.begin();
            call.audit(tx, "falla", "1");
            call.publish_event(tx, "es.prueba.hecho", Json::object());
            tx.commit();
            throw Error(concejo::ErrorKind::conflict, "no puede ser");
        });
        kernel.staff("/x", [](const Request&, Reply&) {}, {.permission = "es.prueba.x"});
    }

private:
    concejo::Kernel& kernel_;
};

template <class Plugin>
struct Entry {
    concejo_descriptor descriptor{};
    concejo_plugin plugin{sizeof(concejo_plugin), &descriptor, &concejo::detail::start<Plugin>,
                          &concejo::detail::stop<Plugin>};
    explicit Entry(const char* required, const char* provided = "") {
        std::snprintf(descriptor.id, sizeof descriptor.id, "es.otra");
        std::snprintf(descriptor.requires_, sizeof descriptor.requires_, "%s", required);
        std::snprintf(descriptor.provides, sizeof descriptor.provides, "%s", provided);
    }
    std::string why() const {
        try {
            FakeKernel kernel({.plugin = &plugin});
        } catch (const Error& error) {
            return error.what();
        }
        return "starts";
    }
};

}  // namespace

CONCEJO_PLUGIN(Prueba, "es.prueba", "1.0.0", "log/1 http/1", "calendario:1", "")

TEST_CASE("SHA-256: the examples of FIPS 180-4") {
    CHECK(testing::sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(testing::sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(testing::sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    CHECK(testing::sha256_hex(std::string(1'000'000, 'a')) ==
          "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("requests find their route as they do in the kernel") {
    FakeKernel kernel;
    CHECK(kernel.get("/es/n/5%C3%B1").send().body == "5ñ");
    CHECK(kernel.get("/es/n/uno").send().body == "fijo");
    CHECK(kernel.get("/es/resto/a/b").send().body == "a/b");
    CHECK(kernel.get("/n/uno").send().status == 404);
    CHECK(kernel.get("/fr/n/uno").send().status == 404);
    CHECK(kernel.post("/es/n/uno").send().status == 404);
    CHECK(kernel.request("HEAD", "/es/n/uno").send().body.empty());
    CHECK(kernel.get("/es/gestion/x").send().status == 403);
    CHECK(kernel.get("/es/gestion/x").as(Caller::staff({"es.prueba.x"})).send().status == 200);
    CHECK(kernel.get("/gl/eco?q=a+b&q=%C3%A9").header("x-algo", "h").send().body ==
          "a b|é|h|gl|/gl/otra|2026-01-01|-0.05 €|1.5");
}

TEST_CASE("what the real kernel would not stand is an error here too") {
    FakeKernel kernel;
    CHECK(kernel.get("/es/cabecera").send().status == 400);
    CHECK_THAT(kernel.get("/es/tarde").send().error, Contains("mientras el complemento arranca"));
    CHECK_THAT(kernel.get("/es/intruso").send().error, Contains("sin que su descriptor lo pida"));
    CHECK_THAT(kernel.get("/es/sql?q=select+1").send().error, Contains("no tiene base de datos"));
    CHECK(kernel.get("/es/otro").send().status == 503);
    kernel.offer("calendario:1", [](std::string_view method, const Json& message) {
        return Json::object({{"method", method}, {"n", message["n"]}});
    });
    CHECK(kernel.get("/es/otro").send().body == R"({"method":"dia","n":1})");
}

TEST_CASE("a call is of no use once its handler has returned, nor in another thread") {
    FakeKernel kernel;
    REQUIRE(kernel.get("/es/guarda").send().status == 200);
    CHECK_THROWS_WITH(kept->url("/"), Contains("después de que su función terminara"));
    std::string said;
    std::thread([&] {
        try {
            (void)kept->url("/");
        } catch (const Error& error) {
            said = error.what();
        }
    }).join();
    CHECK_THAT(said, Contains("otro hilo"));
    kept.reset();
}

TEST_CASE("what is queued and noted counts when its transaction commits, and jobs run when they are due") {
    FakeKernel kernel;
    CHECK(kernel.get("/es/encola?no=1").send().status == 200);
    CHECK(kernel.queue().empty());
    CHECK(kernel.audit().empty());
    REQUIRE(kernel.get("/es/encola").send().status == 200);
    CHECK(kernel.queue().size() == 2);  // the same unique key is one job
    CHECK(kernel.audit().size() == 1);
    CHECK(kernel.run_jobs() == 1);
    CHECK(kernel.clock(2'000'000'000).run_jobs() == 1);
    CHECK_THROWS_WITH(kernel.run_job("falla"), Contains("no puede ser"));
    CHECK(kernel.audit().size() == 1);
    CHECK(kernel.events().empty());
    CHECK_THROWS_WITH(kernel.run_job("nadie"), Contains("nadie atiende"));
}

TEST_CASE("a plugin that breaks its word does not start") {
    struct NoPermission {
        explicit NoPermission(concejo::Kernel& k) {
            k.staff("/x", [](const Request&, Reply&) {}, {.permission = "p"});
        }
    };
    struct NoLabel {
        explicit NoLabel(concejo::Kernel& k) {
            k.staff("/x", [](const Request&, Reply&) {}, {});
        }
    };
    struct Nothing {
        explicit Nothing(concejo::Kernel&) {}
    };
    struct Uninvited {
        explicit Uninvited(concejo::Kernel& k) {
            k.provide("x:1", [](const concejo::Call&, std::string_view, const Json& m) { return m; });
        }
    };
    CHECK_THAT(Entry<NoPermission>("http/1").why(), Contains("que no declara con permission()"));
    CHECK_THAT(Entry<NoLabel>("http/1").why(), Contains("no dice qué permiso pide"));
    CHECK_THAT(Entry<Nothing>("telepatia/7").why(), Contains("telepatia/7"));
    CHECK_THAT(Entry<Nothing>("http/1", "x:1").why(), Contains("al arrancar no lo ha registrado"));
    CHECK_THAT(Entry<Uninvited>("bus/1").why(), Contains("su descriptor no lo ofrece"));
}

TEST_CASE("the database: its errors have the kernel's kinds, and handlers alter no table") {
    FakeKernel kernel({.database = &testing::database()});
    kernel.sql("create table t (a int primary key check (a < 9), b int not null default 1)");
    kernel.sql("grant select, insert on t to " + kernel.sql("select current_schema()"));
    const auto status = [&](const std::string& statement) {
        return kernel.get("/es/sql").query("q", statement).send().status;
    };
    CHECK(kernel.get("/es/sql").query("q", "select current_setting('timezone')").send().body == "UTC");
    CHECK(status("insert into t values (1)") == 200);
    CHECK(status("insert into t values (1)") == 409);
    CHECK(status("insert into t values (10)") == 400);
    CHECK(status("insert into t values (2, null)") == 400);
    CHECK(status("select 'x'::int") == 400);
    CHECK(status("delete from t") == 403);
    CHECK(status("create table u (a int)") == 403);
    CHECK(status("nonsense") == 500);
    CHECK(kernel.sql("select count(*) from t") == "1");
    CHECK(kernel.get("/es/sql").query("q", "select ext.fold('Órgano')").send().body == "organo");
    CHECK(kernel.get("/es/una").send().body == "x7y8");
}

TEST_CASE("a test program that is killed leaves no server behind") {
    // Its folder does stay, so it gets one that is taken away here.
    const auto folder =
        std::filesystem::temp_directory_path() / ("concejo-muerta-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        ::setenv("TMPDIR", folder.c_str(), 1);
        const testing::Database own;
        const pid_t server = own.pid();
        (void)!::write(ends[1], &server, sizeof server);
        ::kill(::getpid(), SIGKILL);
    }
    pid_t server = 0;
    REQUIRE(::read(ends[0], &server, sizeof server) == sizeof server);
    (void)::waitpid(child, nullptr, 0);
    ::close(ends[0]);
    ::close(ends[1]);
    // Gone, or waiting for init to take note of it.
    const auto there = [&] {
        std::ifstream stat("/proc/" + std::to_string(server) + "/stat");
        std::string number, name, state;
        return static_cast<bool>(stat >> number >> name >> state) && state != "Z";
    };
    for (int i = 0; i < 400 && there(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    CHECK_FALSE(there());
    std::filesystem::remove_all(folder);
}

TEST_CASE("translations: plurals, escapes, and what is no .po") {
    const auto folder = std::filesystem::temp_directory_path() / ("concejo-po-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "fr.po")
        << "msgid \"\"\nmsgstr \"\"\n\"Plural-Forms: nplurals=2; plural=(n > 1);\\n\"\n\n"
           "# nota\nmsgid \"{n} día\"\nmsgid_plural \"{n} días\"\nmsgstr[0] \"{n} jour\"\n"
           "msgstr[1] \"{n} jours\"\n\nmsgid \"Dos \"\n\"trozos\"\nmsgstr \"a\\\"b\"\n\"\\n\"\n"
           "\nmsgid \"Vacío\"\nmsgstr \"\"\n";
    std::ofstream(folder / "xx.po") << "msgid sin comillas\n";
    testing::Catalog catalog;
    catalog.load(folder, "fr");
    CHECK(catalog.text("fr", "{n} día", "{n} días", 0) == "{n} jour");
    CHECK(catalog.text("fr", "{n} día", "{n} días", 2) == "{n} jours");
    CHECK(catalog.text("ca", "{n} día", "{n} días", 2) == "{n} días");
    CHECK(catalog.text("fr", "Dos trozos") == "a\"b\n");
    CHECK(catalog.text("fr", "Vacío") == "Vacío");
    CHECK_THROWS_WITH(catalog.load(folder, "xx"), Contains("xx.po:1: no es una línea de un .po"));
    std::filesystem::remove_all(folder);
}
