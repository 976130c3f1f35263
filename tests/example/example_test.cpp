#include "house.hpp"

#include "kernel/base/files.hpp"
#include "kernel/plugins/tables.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using Catch::Contains;
using concejo::Json;
using example::house;
using kernel::http::Request;
using kernel::plugins::RouteKind;

namespace {

std::string body_of(const kernel::http::Response& response) { return std::get<std::string>(response.body); }

/// What the redirect of a good form says: the code.
std::string code_in(const kernel::http::Response& response) {
    const std::string location(response.field("Location"));
    return location.substr(location.find('=') + 1);
}

class Form {
public:
    Form& with(const std::string& name, const std::string& value) {
        return request_.form.push_back({name, value}), *this;
    }
    /// A file as the front leaves it: on disk, gone with the request.
    Form& attach(const std::string& filename, const std::string& content) {
        kernel::http::Upload upload;
        upload.name = "adjunto";
        upload.filename = filename;
        upload.media_type = "application/octet-stream";
        upload.path = std::filesystem::temp_directory_path() / ("concejo-adjunto-" + filename);
        kernel::base::write_file_atomically(upload.path, content);
        upload.size = content.size();
        request_.uploads.push_back(std::move(upload));
        return *this;
    }
    kernel::http::Response send() {
        return house().ask(RouteKind::page, "POST", "/buzon", std::move(request_));
    }

private:
    Request request_;
};

Form a_suggestion() {
    return std::move(
        Form().with("asunto", "calles").with("texto", "Falta una farola en la calle del Muelle."));
}

Request asking(const std::string& name, const std::string& value) {
    Request request;
    request.query.push_back({name, value});
    return request;
}

constexpr const char* tiny_pdf =
    "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

}  // namespace

TEST_CASE("the example asks for every service that the kernel offers") {
    auto offered = kernel::plugins::table_names(),
         asked = house().loader.plugins().front()->descriptor.requires_;
    std::sort(offered.begin(), offered.end());
    std::sort(asked.begin(), asked.end());
    std::erase(offered, "tables/1");  // for those whose columns are somebody's data
    CHECK(asked == offered);
}

TEST_CASE("the example registers something of every kind") {
    const auto& r = house().registry;
    const auto has = [&](RouteKind kind) {
        return std::any_of(r.routes.begin(), r.routes.end(), [&](const auto& x) { return x.kind == kind; });
    };
    for (const auto kind : {RouteKind::page, RouteKind::staff, RouteKind::api, RouteKind::bare})
        CHECK(has(kind));
    CHECK(r.menus.size() == 2);
    CHECK(r.blocks.size() == 1);
    CHECK(r.searches.size() == 1);
    CHECK(r.site_maps.size() == 1);
    CHECK(r.subscribers.size() == 1);
    CHECK(r.commands.size() == 1);
    CHECK(r.services.count("es.riomar.buzon:1") == 1);
    CHECK(r.jobs.size() == 2);
    CHECK(r.schedules.size() == 1);
    CHECK(r.effects.size() == 1);
    for (const auto& route : r.routes) {
        const auto declared = std::any_of(r.permissions.begin(), r.permissions.end(),
                                          [&](const auto& p) { return p.id == route.permission; });
        CHECK((route.permission.empty() || declared));
    }
}

TEST_CASE("its templates have no defect in any language") { CHECK(house().themes().check("riomar").empty()); }

TEST_CASE("a form without its fields comes back with what is wrong") {
    const auto response = Form().with("texto", "  ").send();
    CHECK(response.status == 422);
    CHECK_THAT(body_of(response), Contains("data-c=\"error-summary\"") && Contains("href=\"#asunto\"") &&
                                      Contains("href=\"#texto\""));
    CHECK_THAT(body_of(response), Contains("name=\"form_key\"") && Contains("name=\"csrf_token\""));
}

TEST_CASE("a suggestion gets a code, is acknowledged once, and its state is told by the code") {
    const auto before = std::stoi(house().sql("SELECT count(*) FROM buzon_paso"));
    const auto response = a_suggestion().send();
    REQUIRE(response.status == 303);
    const auto code = code_in(response);
    CHECK(code.size() == 12);
    house().run_jobs();
    // the job's acknowledgement and the event's notice
    CHECK(std::stoi(house().sql("SELECT count(*) FROM buzon_paso")) == before + 2);
    for (const auto* language : {"es", "ca", "gl", "eu", "en"}) {
        house().language = language;
        CHECK_THAT(body_of(house().ask(RouteKind::page, "GET", "/buzon")), Contains("data-c=\"buzon-form\""));
        CHECK_THAT(body_of(house().ask(RouteKind::page, "GET", "/buzon/recibida", asking("codigo", code))),
                   Contains("data-c=\"confirmation\""));
        // as somebody copies it by hand
        const auto typed = code.substr(0, 4) + "-" + code.substr(4, 4) + " " + code.substr(8);
        CHECK_THAT(body_of(house().ask(RouteKind::page, "GET", "/buzon/estado", asking("codigo", typed))),
                   Contains("data-c=\"buzon-found\""));
    }
    house().language = "es";
    CHECK(house().ask(RouteKind::page, "GET", "/buzon/estado", asking("codigo", "0000-0000-0000")).status ==
          404);
    CHECK(house().ask(RouteKind::bare, "GET", "/id/buzon/:codigo", {}, code).field("Location") ==
          "/es/buzon/estado?codigo=" + code);
}

TEST_CASE("what leaves the municipality stands in the transaction that caused it") {
    const auto before = house().leaving().size();
    house().language = "eu";
    const auto response = a_suggestion().send();
    house().language = "es";
    REQUIRE(response.status == 303);
    CHECK(a_suggestion().attach("roto.pdf", "%PDF-1.7\nno").send().status == 422);
    const auto leaving = house().leaving();
    REQUIRE(leaving.size() == before + 2);
    const auto numero = house().sql("SELECT max(numero) FROM buzon_sugerencia");
    CHECK(leaving[0].kind == "copia");
    CHECK(leaving[0].key == "copia-" + numero);
    CHECK(leaving[0].payload.at("texto").as_string() == "Falta una farola en la calle del Muelle.");
    CHECK(leaving[1].plugin == "concejo");
    const auto& mail = leaving[1].payload;
    CHECK(mail.at("recipient").as_string() == "buzon@riomar.example");
    CHECK(mail.at("subject").as_string() == numero + ". iradokizuna");
    CHECK_THAT(mail.at("text").as_string(),
               Contains("http://riomar.localhost/eu/gestion/buzon/" + numero) && !Contains("&#"));
    CHECK_THAT(mail.at("message_id").as_string(), Contains("@riomar.localhost"));
}

TEST_CASE("attachments are what their bytes say, and PDF is opened in another process") {
    CHECK(a_suggestion().attach("foto.jpg", "MZ this is no photo").send().status == 422);
    CHECK(a_suggestion().attach("roto.pdf", "%PDF-1.7\nnothing of a PDF follows").send().status == 422);
    REQUIRE(a_suggestion().attach("plano.pdf", tiny_pdf).send().status == 303);
    CHECK(house().sql("SELECT adjunto_tipo FROM buzon_sugerencia ORDER BY numero DESC LIMIT 1") ==
          "application/pdf");
    const auto number = house().sql("SELECT max(numero) FROM buzon_sugerencia");
    const auto sent = house().ask(RouteKind::staff, "GET", "/buzon/:numero/adjunto", {}, number);
    CHECK(sent.status == 200);
    CHECK_THAT(std::string(sent.field("Content-Disposition")),
               Contains("attachment") && Contains("plano.pdf"));
}

TEST_CASE("the staff answer once, and what they publish is found") {
    REQUIRE(a_suggestion().send().status == 303);
    const auto number = house().sql("SELECT max(numero) FROM buzon_sugerencia");
    CHECK_THAT(body_of(house().ask(RouteKind::staff, "GET", "/buzon")),
               Contains("/es/gestion/buzon/" + number));
    CHECK_THAT(body_of(house().ask(RouteKind::staff, "GET", "/buzon/:numero", {}, number)),
               Contains("data-c=\"buzon-answer-form\""));
    const auto answer = [&](const std::string& text) {
        Request request;
        request.form = {{"respuesta", text}, {"publicar", "1"}};
        return house().ask(RouteKind::staff, "POST", "/buzon/:numero", std::move(request), number);
    };
    CHECK(answer(" ").status == 422);
    CHECK(answer("La brigada arreglará las farolas el lunes.").status == 303);
    CHECK_THROWS_WITH(answer("otra vez"), Contains("ya tiene respuesta"));
    CHECK_THROWS_WITH(house().ask(RouteKind::staff, "GET", "/buzon/:numero", {}, "no"),
                      Contains("Ninguna sugerencia tiene ese número"));

    // the stem is found, whatever the ending
    const auto found = house().ask(house().registry.searches, R"({"q":"farola","limit":5})");
    REQUIRE(found.size() == 1);
    CHECK(found.as_array()[0].string_or("href", "") == "/es/buzon/respuestas#s" + number);
    CHECK_THAT(body_of(house().ask(RouteKind::page, "GET", "/buzon/respuestas")),
               Contains("id=\"s" + number + "\""));
    CHECK(house().ask(house().registry.site_maps).size() == 2);
    CHECK(house().ask(house().registry.blocks).string_or("template", "") == "es.riomar.buzon/portada");

    house().sql("UPDATE buzon_sugerencia SET contestada = now() - interval '2 years' WHERE numero = " +
                number);
    house().queue("retirar");
    house().run_jobs();
    CHECK(house().sql("SELECT publicada FROM buzon_sugerencia WHERE numero = " + number) == "f");
}

TEST_CASE("command, interface and service tell the same") {
    const auto waiting = house().sql("SELECT count(*) FROM buzon_sugerencia WHERE contestada IS NULL");
    const auto line = Json::parse(house().run_command("resumen", Json::object({{"json", true}})));
    CHECK(std::to_string(line.at("pendientes").as_int()) == waiting);
    CHECK(Json::parse(body_of(house().ask(RouteKind::api, "GET", "/buzon/v1/resumen"))) == line);
    CHECK_THAT(house().run_command("resumen", Json::object({{"json", false}})),
               Contains("Pendientes de respuesta: " + waiting));
}
