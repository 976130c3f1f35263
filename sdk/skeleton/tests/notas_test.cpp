// Sin servidor: las peticiones corren aquí mismo, en un núcleo de pruebas. La base de datos sí es de verdad.
#include <concejo/testing.hpp>

#include "paginas.hpp"

using concejo::Json;
using concejo::testing::Caller;
using concejo::testing::FakeKernel;
using namespace es_miayto_esqueleto;

namespace {

concejo::testing::Options a_municipality() {
    return {.database = &concejo::testing::database(), .settings = Json::object({{"dias", 30}})};
}

}  // namespace

CONCEJO_TEST("sin notas, la página lo dice en los cinco idiomas") {
    FakeKernel kernel(a_municipality());
    const auto heading = [&](const std::string& language) {
        const auto answer = kernel.get("/" + language + "/esqueleto").send();
        CONCEJO_EQUAL(answer.status, 200);
        return answer.view["empty"].string_or("heading", "");
    };
    CONCEJO_EQUAL(heading("es"), "Todavía no hay notas");
    CONCEJO_EQUAL(heading("ca"), "Encara no hi ha notes");
    CONCEJO_EQUAL(heading("gl"), "Aínda non hai notas");
    CONCEJO_EQUAL(heading("eu"), "Oraindik ez dago oharrik");
    CONCEJO_EQUAL(heading("en"), "There are no notes yet");
}

CONCEJO_TEST("lo que se publica en gestión lo ven todos, y queda registrado quién fue") {
    FakeKernel kernel(a_municipality());
    const auto sent = kernel.post("/es/gestion/esqueleto")
                          .as(Caller::staff({may_publish}))
                          .form("texto", "Corte de agua el martes")
                          .send();
    CONCEJO_EQUAL(sent.status, 303);
    CONCEJO_EQUAL(sent.field("Location"), "/es/gestion/esqueleto");
    const auto page = kernel.get("/es/esqueleto").send();
    CONCEJO_EQUAL(page.page, "es.miayto.esqueleto/inicio");
    CONCEJO_EQUAL(page.view["notas"].as_array().at(0).string_or("text", ""), "Corte de agua el martes");
    CONCEJO_EQUAL(kernel.audit().size(), 1u);
    CONCEJO_EQUAL(kernel.audit().at(0).actor, "staff:prueba");
    CONCEJO_EQUAL(kernel.pages_changed(), 1);
}

CONCEJO_TEST("una nota sin texto no se guarda, y el formulario dice qué falta") {
    FakeKernel kernel(a_municipality());
    const auto answer =
        kernel.post("/es/gestion/esqueleto").as(Caller::staff({may_publish})).form("texto", "  ").send();
    CONCEJO_EQUAL(answer.status, 422);
    CONCEJO_HAS(answer.body, "Escriba el texto de la nota");
    CONCEJO_EQUAL(kernel.sql("SELECT count(*) FROM es_miayto_esqueleto_nota"), "0");
}

CONCEJO_TEST("sin el permiso no se entra en gestión") {
    FakeKernel kernel(a_municipality());
    CONCEJO_EQUAL(kernel.get("/es/gestion/esqueleto").as(Caller::staff({"otro.permiso"})).send().status, 403);
}

CONCEJO_TEST("el trabajo de cada noche retira las caducadas y deja las demás") {
    FakeKernel kernel(a_municipality());
    kernel.sql(
        "INSERT INTO es_miayto_esqueleto_nota (texto, escrita) VALUES ('vieja', now() - interval '31 days'),"
        " ('reciente', now() - interval '29 days')");
    kernel.run_job("caducar");
    CONCEJO_EQUAL(kernel.sql("SELECT string_agg(texto, ',') FROM es_miayto_esqueleto_nota"), "reciente");
    CONCEJO_EQUAL(kernel.pages_changed(), 1);
}

CONCEJO_TEST_MAIN
