// Verification for everybody (RD 203/2021 arts. 11.2.f and 21.2): by the code, by the QR that carries it, by
// the file itself.
#include "availability_text.hpp"
#include "bundle_verdict.hpp"
#include "code_copies.hpp"
#include "copies.hpp"
#include "eni.hpp"
#include "eni_metadata.hpp"
#include "make_bundle.hpp"
#include "pages.hpp"
#include "seal.hpp"

#include "plugins/evidence/log/leaf.hpp"
#include "plugins/evidence/signature/long_term.hpp"
#include "plugins/evidence/timestamp/token.hpp"

#include <concejo/services/evidence.hpp>

#include <fstream>

namespace evidence {
namespace {

constexpr std::uint64_t largest_upload = 64ull << 20;

Json row(std::string label, std::string text, std::string href = {}) {
    return Json::object({{"label", std::move(label)},
                         {"text", std::move(text)},
                         {"href", href.empty() ? Json() : Json(href)}});
}

std::int64_t seconds_of(crypto::Time time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

/// What is known of one sealed document, for a citizen.
Json card(const Call& call, Transaction& tx, const Documento& d) {
    Json rows = Json::array();
    rows.push_back(row(call.tr("Código seguro de verificación"), d.csv.grouped()));
    if (!d.titulo.empty()) rows.push_back(row(call.tr("Documento"), d.titulo));
    for (const auto& [name, label] : {std::pair{"organo", N_("Órgano")}, std::pair{"numero", N_("Número")},
                                      std::pair{"referencia", N_("Expediente o referencia")}}) {
        if (const auto text = d.metadatos.string_or(name, ""); !text.empty())
            rows.push_back(row(call.tr(label), text));
    }
    for (const auto& [label, text] : about_copy(call, d)) rows.push_back(row(label, text));
    const auto signer = std::move(signature::signers_in(d.firma).at(0));
    rows.push_back(row(call.tr("Sellado por"),
                       fill(call.tr("{titular}, con un certificado de {emisor}"),
                            {{"titular", crypto::common_name(*signer)}, {"emisor", crypto::issuer(*signer)}}),
                       call.url("/sellos")));
    rows.push_back(row(call.tr("Fecha del sello"),
                       call.instant(d.sellado_en, concejo::Style::long_, concejo::Style::medium)));
    if (d.sello) {
        const auto token = timestamp::read_token(*d.sello);
        const auto when = call.instant(seconds_of(token.time), concejo::Style::long_, concejo::Style::medium);
        rows.push_back(row(
            keys::of_development(*timestamp::token_certificates(token).at(0)) ? call.tr("Marca de tiempo")
                                                                              : call.tr("Sello de tiempo"),
            fill(call.tr("{fecha}, de {autoridad}"), {{"fecha", when}, {"autoridad", d.autoridad}})));
    }
    if (const auto seen = availability_of(call, tx, d.csv, seconds_of(crypto::now()))) {
        const Json lines = availability_lines(call, *seen);
        for (const auto& line : lines.as_array()) rows.push_back(line);
    }
    if (!d.sal.empty()) rows.push_back(row("SHA-256", d.sha256));
    rows.push_back(row(call.tr("Registro de publicación"),
                       fill(call.tr("anotación {n}"), {{"n", log::leaf_number(d.hoja)}})));
    const auto base = call.url("/verificar/" + d.csv.text());
    const bool offered = !d.retirado_en && !d.sal.empty();
    const bool has_eni = !d.sal.empty() && call.municipality()["dir3"].is_string();
    return Json::object({{"summary", rows},
                         {"page_href", d.direccion.empty() ? Json() : Json(call.url(d.direccion))},
                         {"document_href", offered ? Json(base + "/documento") : Json()},
                         {"copy_href", offered && has_code_copy(d) ? Json(base + "/copia") : Json()},
                         {"bundle_href", offered ? Json(base + "/evidencia") : Json()},
                         {"metadata", has_eni ? Json::object({{"summary", eni_metadata(call, d)}}) : Json()},
                         {"eni_href", offered && has_eni ? Json(base + "/eni") : Json()}});
}

Json state_of(const Call& call, const Documento& d) {
    if (d.sal.empty())
        return notice("warn", call.tr("El documento se suprimió por protección de datos"),
                      call.tr("Este municipio lo selló. Su contenido y sus datos se borraron; se conserva su "
                              "anotación en el registro de publicación, que ya no dice de qué trataba."));
    if (d.retirado_en)
        return notice("warn", call.tr("El documento es auténtico, y fue retirado"),
                      fill(call.tr("Se retiró el {fecha}. Ya no se ofrece; se conserva su anotación en el "
                                   "registro de publicación."),
                           {{"fecha", call.instant(*d.retirado_en)}}));
    return notice("ok", call.tr("El documento es auténtico"),
                  call.tr("Este municipio lo selló y desde entonces no ha cambiado."));
}

/// The page with nothing found yet.
Json empty_page(const Request& request, const std::optional<std::shared_ptr<const Office>>& office,
                const std::string& typed) {
    const std::string heading = request.tr("Verificar un documento");
    Json code = Json::object(
        {{"id", "csv"},
         {"name", "csv"},
         {"label", request.tr("Código seguro de verificación")},
         {"type", "text"},
         {"value", typed},
         {"width", "30"},
         {"optional", false},
         {"maxlength", "60"},
         {"autocomplete", "off"},
         {"hint",
          request.tr("Son 27 letras y cifras. Los guiones, los espacios y las mayúsculas dan igual.")},
         {"error", ""},
         {"described", "csv-a"},
         {"inputmode", ""}});
    Json file = Json::object({{"id", "archivo"},
                              {"name", "archivo"},
                              {"label", request.tr("Archivo")},
                              {"optional", false},
                              {"multiple", false},
                              {"accept", ""},
                              {"error", ""},
                              {"files", Json::array()},
                              {"max_bytes", std::to_string(largest_upload)},
                              {"too_big", request.tr("El archivo ocupa más de 64 MB.")},
                              {"described", "archivo-a"},
                              {"hint", request.tr("El documento tal como lo descargó, o su archivo "
                                                  ".evidencia. No se guarda: solo se compara.")}});
    Json view = Json::object(
        {{"title", heading},
         {"heading", heading},
         {"description",
          request.tr("Compruebe que un documento lo publicó este municipio y que nadie lo ha cambiado.")},
         {"breadcrumb",
          Json::array({Json::object({{"label", request.tr("Inicio")}, {"href", request.url("/")}}),
                       Json::object({{"label", heading}, {"href", ""}})})},
         {"errors", Json()},
         {"action", request.url("/verificar")},
         {"code_fields", Json::object({{"fields", Json::array({Json::object({{"text_field", code}})})}})},
         {"file_fields", Json::object({{"fields", Json::array({Json::object({{"file_field", file}})})}})},
         {"result", Json()},
         {"cards", Json::array()},
         {"development", false},
         {"key", Json()}});
    if (office) {
        view["development"] = (*office)->development();
        view["key"] = Json::object({{"fingerprint", crypto::fingerprint((*office)->log_public())},
                                    {"href", "/evidencia/clave.pem"}});
    }
    return view;
}

void set_error(const Request& request, Json& view, const char* group, const char* field,
               const std::string& id, const std::string& text) {
    view[group]["fields"].as_array()[0][field]["error"] = text;
    view[group]["fields"].as_array()[0][field]["described"] = id + "-a " + id + "-e";
    view["errors"] = Json::object({{"heading", request.tr("Hay un problema")},
                                   {"items", Json::array({Json::object({{"field", id}, {"text", text}})})}});
    view["title"] = request.tr("Error") + ": " + view.string_or("title", "");
}

void add_card(const Call& call, Transaction& tx, const Documento& d, Json& view) {
    view["cards"].push_back(card(call, tx, d));
    if (keys::of_development(*signature::signers_in(d.firma).at(0))) view["development"] = true;
}

/// Nothing where no key was ever needed: nothing is made because somebody looks.
std::optional<std::shared_ptr<const Office>> office_if_any(const Call& call, Transaction& tx) {
    if (!LogReader(tx).origin()) return std::nullopt;
    return office_of(call, tx);
}

/// What was sealed is checked all the same while the keys cannot be used: a token unplugged, a secret that is gone.
std::optional<std::shared_ptr<const Office>> office_to_show(const Call& call, Transaction& tx) {
    try {
        return office_if_any(call, tx);
    } catch (const Error& error) {
        call.log(CONCEJO_WARNING, std::string("evidence: ") + error.what());
        return std::nullopt;
    }
}

void verify_by_code(const Request& request, Reply& reply) {
    auto tx = request.begin();
    const auto office = office_to_show(request, tx);
    const auto typed = request.query("csv");
    Json view = empty_page(request, office, typed.value_or("").substr(0, 60));
    if (typed) {
        const auto csv = Csv::parse(*typed);
        const auto found = csv ? Documents(tx).find(*csv) : std::nullopt;
        if (found) {
            view["result"] = state_of(request, *found);
            add_card(request, tx, *found, view);
        } else if (!csv) {
            set_error(request, view, "code_fields", "text_field", "csv",
                      typed->find_first_not_of(" -") == std::string::npos
                          ? request.tr("Escriba el código.")
                          : request.tr("Ese código no está bien escrito: alguna de sus letras o cifras no "
                                       "concuerda. Compárelo con el documento."));
            reply.status(422);
        } else {
            view["result"] =
                notice("err", request.tr("Ningún documento tiene ese código"),
                       request.tr("El código está bien formado, pero este municipio no ha sellado nada con "
                                  "él. Desconfíe del documento o pregunte al municipio."));
            reply.status(404);
        }
    }
    reply.field("Cache-Control", "private, no-store");
    reply.page("evidence/verificar", view);
}

std::string read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void verify_by_file(const Request& request, Reply& reply) {
    auto tx = request.begin();
    const auto office = office_to_show(request, tx);
    Json view = empty_page(request, office, "");
    const auto uploads = request.uploads();
    if (uploads.empty() || uploads.front().bytes == 0) {
        set_error(request, view, "file_fields", "file_field", "archivo", request.tr("Elija un archivo."));
        reply.status(422);
    } else if (const auto& upload = uploads.front(); looks_like_a_bundle(upload.path, upload.filename)) {
        view["result"] = judge_bundle(request, tx, office, read_file(upload.path));
    } else if (const auto found = Documents(tx).find_by_content(upload.sha256); !found.empty()) {
        view["result"] = state_of(request, found.front());
        for (const auto& d : found) add_card(request, tx, d, view);
    } else if (const auto copied = CodeCopies(tx).find_by_content(upload.sha256)) {
        const auto d = Documents(tx).find(copied->first);
        view["result"] = state_of(request, *d);
        view["result"]["lines"].push_back(
            copied->second == as_eni ? request.tr("Es el documento ENI que este municipio hizo de él.")
                                     : request.tr("Es la copia con código que este municipio hizo de él."));
        add_card(request, tx, *d, view);
    } else {
        view["result"] =
            notice("err", request.tr("Este archivo no es ninguno de los que selló este municipio"),
                   request.tr("No coincide, byte a byte, con ninguno. Si lo escaneó, lo imprimió o lo volvió "
                              "a guardar, ya no es el mismo archivo: compruebe su código."));
    }
    reply.field("Cache-Control", "private, no-store");
    reply.page("evidence/verificar", view);
}

Documento asked_for(const Request& request, Transaction& tx) {
    const auto csv = Csv::parse(request.segment("csv"));
    auto found = csv ? Documents(tx).find(*csv) : std::nullopt;
    if (!found) throw Error(ErrorKind::not_found, request.tr("Ningún documento tiene ese código."));
    if (found->sal.empty())
        throw Error(ErrorKind::not_found,
                    request.tr("Ese documento se suprimió por protección de datos y ya no se ofrece."));
    if (found->retirado_en)
        throw Error(ErrorKind::not_found, request.tr("Ese documento se retiró y ya no se ofrece."));
    return std::move(*found);
}

void send_document(const Request& request, Reply& reply) {
    auto tx = request.begin();
    const auto d = asked_for(request, tx);
    reply.blob(d.sha256, d.tipo_medio, d.nombre, d.tipo_medio != "application/pdf");
}

void send_copy(const Request& request, Reply& reply) {
    const auto [d, kept] = [&] {
        auto tx = request.begin();
        auto found = asked_for(request, tx);
        auto copy = CodeCopies(tx).find(found.csv, request.language);
        return std::pair(std::move(found), std::move(copy));
    }();
    const auto name = d.csv.grouped() + ".pdf";
    if (kept) return reply.blob(*kept, "application/pdf", name, false);
    const auto pdf = make_code_copy(request, d, request.language);
    reply.field("Content-Disposition", "inline; filename=\"" + name + "\"");
    reply.field("Cache-Control", "private, no-store");
    reply.body("application/pdf", pdf);
}

void send_bundle(const Request& request, Reply& reply) {
    auto tx = request.begin();
    const auto d = asked_for(request, tx);
    const auto bytes = make_bundle(request, tx, d);
    reply.field("Content-Disposition", "attachment; filename=\"" + bundle_name(d) + "\"");
    reply.field("Cache-Control", "private, no-store");
    reply.body("application/zip", bytes);
}

void send_eni(const Request& request, Reply& reply) {
    const auto d = [&] {
        auto tx = request.begin();
        return asked_for(request, tx);
    }();
    const auto xml = eni_document(request, d);
    reply.field("Content-Disposition", "attachment; filename=\"" + d.csv.grouped() + ".eni.xml\"");
    reply.field("Cache-Control", "private, no-store");
    reply.body("application/xml", xml);
}

}  // namespace

void register_verify(concejo::Kernel& kernel) {
    kernel.page("/verificar", verify_by_code);
    kernel.page_post(
        "/verificar", verify_by_file,
        {.permission = "", .uploads = true, .cached = false, .body_limit = largest_upload + (1 << 20)});
    kernel.page("/verificar/:csv/documento", send_document);
    kernel.page("/verificar/:csv/copia", send_copy);
    kernel.page("/verificar/:csv/evidencia", send_bundle);
    kernel.page("/verificar/:csv/eni", send_eni);
    kernel.menu(Json::object(
        {{"place", "main"}, {"label", N_("Verificar un documento")}, {"path", "/verificar"}, {"order", 60}}));
    kernel.site_map([](const Call& call, const Json&) {
        return Json::array(
            {Json::object({{"path", "/verificar"}, {"label", call.tr("Verificar un documento")}})});
    });
}

}  // namespace evidence
