// The plugin's own tests, as any third party writes them: a fake kernel in this process, and a real database.
#include <concejo/testing.hpp>

#include "textos.hpp"

using concejo::Json;
using concejo::testing::Caller;
using concejo::testing::FakeKernel;

namespace {

concejo::testing::Options riomar() {
    return {.database = &concejo::testing::database(),
            .settings = Json::object({{"longitud_maxima", 200},
                                      {"adjunto_mib", 1},
                                      {"dias_respuesta", 10},
                                      {"dias_publicada", 365},
                                      {"avisar_a", Json::array()}})};
}

concejo::testing::RequestBuilder a_suggestion(FakeKernel& kernel) {
    return kernel.post("/es/buzon").form("asunto", "calles").form("texto", "Falta una farola.");
}

std::string code_in(const concejo::testing::Answer& answer) {
    const auto location = answer.field("Location");
    return location.substr(location.find('=') + 1);
}

const std::string pdf = "%PDF-1.7\n…";

}  // namespace

CONCEJO_TEST("an empty form comes back with each thing that is wrong, in the reader's language") {
    FakeKernel kernel(riomar());
    const auto answer = kernel.post("/gl/buzon").send();
    CONCEJO_EQUAL(answer.status, 422);
    CONCEJO_EQUAL(answer.page, "es.riomar.buzon/formulario");
    CONCEJO_EQUAL(answer.view["errors"]["items"].size(), 2u);
    CONCEJO_EQUAL(answer.view["title"].as_string(), "Caixa de suxestións");
    CONCEJO_EQUAL(kernel.audit().size(), 0u);
}

CONCEJO_TEST("letters are counted as a person counts them, and the limit is the municipality's") {
    FakeKernel kernel(riomar());
    std::string fits, too_long;
    for (int i = 0; i < 200; ++i) fits += "ñ";
    too_long = fits + "a";
    const auto send = [&](const std::string& text) {
        return kernel.post("/es/buzon").form("asunto", "otro").form("texto", text).send();
    };
    CONCEJO_EQUAL(send(fits).status, 303);
    CONCEJO_EQUAL(send(too_long).status, 422);
    CONCEJO_HAS(send(too_long).body, "201 letras y caben 200");
}

CONCEJO_TEST("a suggestion is kept, acknowledged by its job and told by its event, each once") {
    FakeKernel kernel(riomar());
    const auto sent = a_suggestion(kernel).send();
    CONCEJO_EQUAL(sent.status, 303);
    CONCEJO_EQUAL(kernel.queue().size(), 1u);
    CONCEJO_EQUAL(kernel.events().size(), 1u);
    CONCEJO_EQUAL(kernel.metric("recibidas_total", {"calles"}), 1.0);
    CONCEJO_EQUAL(kernel.run_jobs(), 1);
    kernel.run_job("acuse", Json::object({{"numero", 1}}));  // at least once means that it may come again
    kernel.deliver(buzon::received_event, kernel.events()[0].data, kernel.events()[0].id);
    CONCEJO_EQUAL(kernel.sql("SELECT string_agg(paso, ' ' ORDER BY paso) FROM buzon_paso"), "acuse aviso");
    CONCEJO_EQUAL(kernel.audit().at(0).actor, "anonymous");
    CONCEJO_EQUAL(kernel.audit().at(1).actor, "system:jobs");
    const auto code = code_in(sent);
    CONCEJO_EQUAL(kernel.get("/es/buzon/estado?codigo=" + code).send().status, 200);
    CONCEJO_EQUAL(kernel.get("/es/buzon/estado?codigo=000000000000").send().status, 404);
    CONCEJO_EQUAL(kernel.get("/id/buzon/" + code).send().field("Location"),
                  "/es/buzon/estado?codigo=" + code);
}

CONCEJO_TEST("whom the municipality says gets a mail, and its incident system a copy") {
    const std::string system = "https://incidencias.riomar.es/nueva";
    auto options = riomar();
    options.settings["avisar_a"] = Json::array({Json("buzon@riomar.es")});
    options.settings["copia_a"] = system;
    FakeKernel kernel(options);
    kernel.answers("POST", system, 503);
    CONCEJO_EQUAL(a_suggestion(kernel).send().status, 303);
    CONCEJO_EQUAL(kernel.mails().size(), 1u);
    CONCEJO_EQUAL(kernel.mails().front().template_name, "es.riomar.buzon/correo");
    CONCEJO_EQUAL(kernel.deliver(), 1);
    CONCEJO_EQUAL(kernel.effects().front().state, "waiting");
    kernel.answers("POST", system, 201);
    CONCEJO_EQUAL(kernel.clock(kernel.effects().front().at).deliver(), 1);
    CONCEJO_EQUAL(kernel.effects().front().state, "delivered");
    CONCEJO_HAS(kernel.asked().back().body, "Falta una farola.");
}

CONCEJO_TEST("a PDF is opened by another program, and is kept only when that one can read it") {
    FakeKernel kernel(riomar());
    std::string asked;
    kernel.programs([&](const Json& spec) {
        asked = spec["argv"].as_array().at(0).as_string();
        return Json::object({{"exit", 0}, {"stdout", "Encrypted:      no\n"}});
    });
    const auto attach = [&] {
        return a_suggestion(kernel).upload("adjunto", "plano «1».pdf", "text/plain", pdf).send();
    };
    CONCEJO_EQUAL(attach().status, 303);
    CONCEJO_EQUAL(asked, "pdfinfo");
    CONCEJO_EQUAL(kernel.sql("SELECT adjunto || ' ' || adjunto_tipo FROM buzon_sugerencia"),
                  concejo::testing::sha256_hex(pdf) + " application/pdf");
    const auto sent = kernel.get("/es/gestion/buzon/1/adjunto").as(Caller::staff({buzon::may_answer})).send();
    CONCEJO_EQUAL(sent.body, pdf);
    CONCEJO_HAS(sent.field("Content-Disposition"), "attachment");

    kernel.programs([](const Json&) { return Json::object({{"exit", 0}, {"stdout", "Encrypted: yes\n"}}); });
    CONCEJO_EQUAL(attach().status, 422);
    CONCEJO_EQUAL(a_suggestion(kernel).upload("adjunto", "a.png", "image/png", "MZ…").send().status, 422);
    CONCEJO_EQUAL(a_suggestion(kernel)
                      .upload("adjunto", "a.png", "image/png", std::string(std::size_t{60} << 20, 'x'))
                      .send()
                      .status,
                  413);
}

CONCEJO_TEST("whoever may answers once; what is published is found, until its time is over") {
    FakeKernel kernel(riomar());
    (void)a_suggestion(kernel).send();
    const auto answer = [&](const Caller& who) {
        return kernel.post("/es/gestion/buzon/1")
            .as(who)
            .form("respuesta", "Las farolas se arreglan el lunes.")
            .form("publicar", "1")
            .send();
    };
    CONCEJO_EQUAL(answer(Caller::anonymous()).status, 403);
    CONCEJO_EQUAL(answer(Caller::staff({"otro.permiso"})).status, 403);
    CONCEJO_EQUAL(answer(Caller::staff({buzon::may_answer})).status, 303);
    CONCEJO_EQUAL(kernel.pages_changed(), 1);
    const auto again = answer(Caller::staff({buzon::may_answer}));
    CONCEJO_EQUAL(again.status, 409);
    CONCEJO_HAS(again.error, "ya tiene respuesta");

    CONCEJO_EQUAL(kernel.search("farola").size(), 1u);
    CONCEJO_EQUAL(kernel.block("home").string_or("template", ""), "es.riomar.buzon/portada");
    kernel.sql("UPDATE buzon_sugerencia SET contestada = now() - interval '366 days'");
    kernel.run_job("retirar");
    CONCEJO_EQUAL(kernel.search("farola").size(), 0u);
}

CONCEJO_TEST("the interface, the command and the service for other plugins tell the same") {
    FakeKernel kernel(riomar());
    (void)a_suggestion(kernel).send();
    const auto told = Json::parse(kernel.get("/api/buzon/v1/resumen").send().body);
    CONCEJO_EQUAL(told["pendientes"].as_int(), 1);
    CONCEJO_CHECK(Json::parse(kernel.command("resumen", Json::object({{"json", true}})).out) == told);
    CONCEJO_CHECK(kernel.ask(buzon::service, "resumen") == told);
    CONCEJO_EQUAL(kernel.get("/api/buzon/v1/sugerencias").send().status, 401);
    CONCEJO_EQUAL(
        kernel.get("/api/buzon/v1/sugerencias").as(Caller::token({buzon::may_answer})).send().status, 200);
}

CONCEJO_TEST_MAIN
