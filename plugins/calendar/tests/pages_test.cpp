// The plugin as its callers see it: a fake kernel in this process, and a real database.
#include <concejo/services/calendar.hpp>
#include <concejo/testing.hpp>

using concejo::Json;
using concejo::testing::Caller;
using concejo::testing::FakeKernel;

namespace {

Json festivo(const char* fecha) { return Json::object({{"fecha", fecha}, {"nombre", "fiesta"}}); }

concejo::testing::Options town() {
    return {.database = &concejo::testing::database(),
            .settings = Json::object(
                {{"comunidad", "MD"},
                 {"calendarios",
                  Json::array({Json::object(
                      {{"ejercicio", 2026},
                       {"locales", Json::array({festivo("2026-05-15"), festivo("2026-11-09")})}})})}})};
}
const Caller clerk = Caller::staff({"calendar.incidencias"});

std::string open_incident(FakeKernel& kernel) {
    const auto sent = kernel.post("/es/gestion/calendario/nueva")
                          .as(clerk)
                          .form("clase", "tecnica")
                          .form("sistema", "Registro")
                          .form("descripcion", "No funcionaba.")
                          .form("inicio_dia", "05/10/2026")
                          .form("inicio_hora", "09:00")
                          .send();
    CONCEJO_EQUAL(sent.status, 303);
    const auto where = sent.field("Location");
    return where.substr(0, where.find('?'));
}

/// Another plugin, which asks through the typed client.
struct Asks {
    explicit Asks(concejo::Kernel& kernel) {
        kernel.page("/pregunta", [](const concejo::Request& request, concejo::Reply& reply) {
            const concejo::services::Calendar calendar(request);
            const auto term = calendar.term({.desde = "2026-11-05",
                                             .plazo = "10 habiles",
                                             .ampliaciones = {{5, "habiles", "2026-11-18"}}});
            const auto unknown = calendar.term({.desde = "2026-12-01", .plazo = "1 meses"});
            const auto entry = calendar.entry(1794654000);  // 2026-11-14T12:00+01:00, a Saturday
            reply.json(Json::object(
                {{"vence", *term.vence},
                 {"paso", term.pasos.front().articulo},
                 {"codigo", unknown.codigo},
                 {"efectiva", *entry.efectiva},
                 {"habil", *calendar.working("2026-11-09")},
                 {"movidos", static_cast<std::int64_t>(calendar.affected({{"a", "2026-11-05"}}).size())}}));
        });
    }
};
const concejo_descriptor asks_descriptor{"CONCEJO",
                                         sizeof(concejo_descriptor),
                                         CONCEJO_ABI_MAJOR,
                                         CONCEJO_ABI_MINOR,
                                         CONCEJO_ABI_PLATFORM,
                                         "",
                                         "es.prueba",
                                         "1.0.0",
                                         "log/1 http/1 bus/1 calendar:1",
                                         "",
                                         ""};
const concejo_plugin asks{sizeof(concejo_plugin), &asks_descriptor, &concejo::detail::start<Asks>,
                          &concejo::detail::stop<Asks>};

}  // namespace

CONCEJO_TEST("other plugins ask through the typed client") {
    FakeKernel kernel(town());
    FakeKernel other({.plugin = &asks, .folder = "/nonexistent"});
    other.offer("calendar:1", [&](std::string_view method, const Json& message) {
        return kernel.ask("calendar:1", method, message);
    });
    CONCEJO_EQUAL(
        other.get("/es/pregunta").send().body,
        R"({"vence":"2026-11-27","paso":"30.3","codigo":"no_consta","efectiva":"2026-11-16T00:00:00+01:00","habil":false,"movidos":0})");
}

CONCEJO_TEST("a wrong form keeps what was typed and says what is wrong in the reader's language") {
    FakeKernel kernel(town());
    const auto answer = kernel.get("/en/calendario/calculo?desde=31/02/2026&cantidad=diez").send();
    CONCEJO_EQUAL(answer.status, 422);
    CONCEJO_EQUAL(answer.view["errors"]["items"].size(), 2u);
    CONCEJO_HAS(answer.body, "Write the day of the act as dd/mm/yyyy");
    CONCEJO_HAS(answer.body, "31/02/2026");
}

CONCEJO_TEST(
    "an extension moves the terms it names, in the page, the interface and the service, until it is annulled") {
    FakeKernel kernel(town());
    const Json asked = Json::object({{"desde", "2026-10-06"}, {"plazo", "1 meses"}});
    CONCEJO_EQUAL(kernel.ask("calendar:1", "plazo", asked)["vence"].as_string(), "2026-11-06");
    const auto where = open_incident(kernel);
    const auto extend = [&](const char* nuevo) {
        return kernel.post(where + "/ampliar")
            .as(clerk)
            .form("desde", "05/11/2026")
            .form("hasta", "06/11/2026")
            .form("nuevo", nuevo)
            .form("acuerdo", "Decreto 1/2026")
            .send();
    };
    CONCEJO_EQUAL(extend("09/11/2026").status, 422);  // a local holiday
    CONCEJO_EQUAL(extend("10/11/2026").status, 303);
    CONCEJO_EQUAL(kernel.events().size(), 1u);
    CONCEJO_EQUAL(kernel.events()[0].name, "calendar.ampliacion");
    const Json moved = kernel.ask("calendar:1", "plazo", asked);
    CONCEJO_EQUAL(moved["vence"].as_string(), "2026-11-10");
    CONCEJO_HAS(moved.dump(), "32.4");
    const Json affected = kernel.ask(
        "calendar:1", "afectados",
        Json::object({{"plazos", Json::array({Json::object({{"id", "a"}, {"vence", "2026-11-05"}}),
                                              Json::object({{"id", "b"}, {"vence", "2026-11-12"}})})}}));
    CONCEJO_EQUAL(affected["afectados"].size(), 1u);
    CONCEJO_HAS(kernel.get("/es/calendario/incidencias").send().body, "Decreto 1/2026");
    const auto step = kernel.sql("SELECT id FROM calendar_paso WHERE accion = 'ampliar'");
    CONCEJO_EQUAL(kernel.post(where + "/anular")
                      .as(clerk)
                      .form("paso", step)
                      .form("anular_texto", "Error en las fechas")
                      .send()
                      .status,
                  303);
    CONCEJO_EQUAL(kernel.ask("calendar:1", "plazo", asked)["vence"].as_string(), "2026-11-06");
    CONCEJO_EQUAL(kernel.audit().size(), 3u);
}

CONCEJO_TEST(
    "nobody else publishes, and nothing published is altered or erased, not even with the owner's rights") {
    FakeKernel kernel(town());
    CONCEJO_EQUAL(
        kernel.post("/es/gestion/calendario/nueva").as(Caller::staff({"otro.permiso"})).send().status, 403);
    const auto where = open_incident(kernel);
    for (const char* statement : {"UPDATE calendar_incidencia SET descripcion = 'x'",
                                  "DELETE FROM calendar_incidencia", "TRUNCATE calendar_paso"}) {
        CONCEJO_THROWN(kernel.sql(statement));
    }
    const auto resolve = [&] {
        return kernel.post(where + "/resolver")
            .as(clerk)
            .form("fin_dia", "05/10/2026")
            .form("fin_hora", "11:00")
            .send()
            .status;
    };
    CONCEJO_EQUAL(resolve(), 303);
    CONCEJO_EQUAL(resolve(), 422);
    const auto early = kernel.post(where + "/ampliar")
                           .as(clerk)
                           .form("desde", "02/10/2026")
                           .form("hasta", "02/10/2026")
                           .form("nuevo", "06/10/2026")
                           .form("acuerdo", "x")
                           .send();
    CONCEJO_HAS(early.body, "32.3");
}

CONCEJO_TEST("the command line: 0 a day, 1 no day, 2 wrong words") {
    FakeKernel kernel(town());
    const auto run = [&](const char* desde, const char* plazo) {
        return kernel.command("deadline", Json::object({{"desde", desde}, {"plazo", plazo}, {"json", true}}));
    };
    CONCEJO_EQUAL(run("2026-10-06", "1 mes").exit_code, 0);
    CONCEJO_EQUAL(run("2026-12-06", "1 mes").exit_code, 1);
    CONCEJO_EQUAL(run("ayer", "1 mes").exit_code, 2);
}

CONCEJO_TEST_MAIN
