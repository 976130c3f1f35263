// Authentic copies as staff issue them, and who may, for everybody (Ley 39/2015, art. 27.1).
#include "copies.hpp"
#include "copy_preview.hpp"
#include "eni_metadata.hpp"
#include "pages.hpp"

#include <concejo/services/evidence.hpp>
#include <concejo/table.hpp>

namespace evidence {
namespace {

constexpr int copies_per_page = 50;
constexpr std::uint64_t largest_scan = 32ull << 20;
const std::string copies_path = "/gestion/copias";

/// One field of components/fields; `more` are the members of its own kind.
Json copy_field(const Request& request, const char* kind, const char* id, std::string label, std::string hint,
                bool optional, const std::vector<std::pair<const char*, Json>>& more = {}) {
    Json field = Json::object({{"id", id},
                               {"name", id},
                               {"label", std::move(label)},
                               {"value", request.form(id).value_or("")},
                               {"hint", hint},
                               {"optional", optional},
                               {"error", ""},
                               {"described", hint.empty() ? "" : std::string(id) + "-a"},
                               {"type", "text"},
                               {"autocomplete", "off"},
                               {"inputmode", ""},
                               {"maxlength", ""},
                               {"width", "30"},
                               {"rows", 3}});
    for (const auto& [name, value] : more) field[name] = value;
    return Json::object({{kind, std::move(field)}});
}

Json kinds_of_copy(const Request& request) {
    const auto chosen = request.form("clase").value_or(request.query("clase").value_or("EE02"));
    Json all = Json::array();
    for (const auto& [value, label] :
         {std::pair{"EE02", N_("De un documento sellado, entero, con su código en cada página")},
          std::pair{"EE04", N_("De una parte de un documento sellado")},
          std::pair{"EE03", N_("De un original en papel que se ha escaneado")}})
        all.push_back(Json::object({{"id", std::string("clase-") + value},
                                    {"value", value},
                                    {"label", request.tr(label)},
                                    {"note", ""},
                                    {"selected", chosen == value}}));
    return all;
}

Json offered_kinds(const Request& request) {
    const auto chosen = request.form("tipo_documental").value_or("TD99");
    Json all = Json::array();
    for (const auto& [value, label] : kinds_of_document())
        all.push_back(
            Json::object({{"value", value}, {"label", request.tr(label)}, {"selected", chosen == value}}));
    return all;
}

void copy_form(const Request& request, Reply& reply, const char* wrong, const char* at,
               Json preview = Json()) {
    Json fields = Json::array();
    fields.push_back(copy_field(request, "radios_field", "clase", request.tr("Clase de copia"), "", false,
                                {{"options", kinds_of_copy(request)}}));
    fields.push_back(
        copy_field(request, "text_field", "csv", request.tr("Código seguro de verificación del original"),
                   request.tr("Para las copias de documentos sellados."), true, {{"maxlength", "60"}}));
    fields.push_back(copy_field(
        request, "text_field", "paginas", request.tr("Páginas que se copian"),
        request.tr(
            "Para una copia parcial. Por ejemplo: 1,3-5. Las demás no estarán en la copia. Vacío: todas."),
        true, {{"maxlength", "200"}}));
    fields.push_back(copy_field(request, "textarea_field", "textos", request.tr("Textos que se quitan"),
                                request.tr("Para una copia parcial. Uno en cada línea, como un nombre o un "
                                           "DNI: se quitan en todas las páginas que "
                                           "se copian. No se guardan."),
                                true, {{"maxlength", "5000"}}));
    fields.push_back(copy_field(
        request, "textarea_field", "areas", request.tr("Zonas que se quitan de esas páginas"),
        request.tr(
            "Una en cada línea: página, dos puntos, y en milímetros desde la esquina superior izquierda la "
            "distancia al borde izquierdo, al superior, el ancho y el alto. Por ejemplo: 2:20,35,100,12. "
            "Esas páginas pasan a ser imágenes, y lo que había debajo desaparece."),
        true, {{"maxlength", "5000"}}));
    fields.push_back(copy_field(
        request, "file_field", "escaneo", request.tr("Escaneo del original en papel"),
        request.tr("Un PDF de hasta 32 MB, de 200 píxeles por pulgada o más, de todas sus páginas."), true,
        {{"multiple", false},
         {"accept", "application/pdf"},
         {"files", Json::array()},
         {"max_bytes", std::to_string(largest_scan)},
         {"too_big", request.tr("El archivo ocupa más de 32 MB.")}}));
    fields.push_back(copy_field(
        request, "text_field", "titulo", request.tr("Título de la copia"),
        request.tr(
            "El de un papel, siempre. En una copia parcial, si el título del original dice lo que se quita."),
        true, {{"maxlength", "400"}}));
    fields.push_back(copy_field(request, "text_field", "referencia",
                                request.tr("Expediente o referencia del papel"), "", true,
                                {{"maxlength", "100"}}));
    fields.push_back(copy_field(request, "select_field", "tipo_documental",
                                request.tr("Tipo documental del papel"), "", true,
                                {{"options", offered_kinds(request)}, {"groups", Json::array()}}));
    fields.push_back(copy_field(request, "checkbox_field", "de_ciudadano",
                                request.tr("El papel lo presentó un ciudadano"), "", true,
                                {{"value", "si"}, {"selected", request.form("de_ciudadano").has_value()}}));
    const std::string heading = request.tr("Expedir una copia auténtica");
    Json errors;
    if (wrong) {
        const auto text = request.tr(wrong);
        errors = Json::object({{"heading", request.tr("Hay un problema")},
                               {"items", Json::array({Json::object({{"field", at}, {"text", text}})})}});
        for (auto& one : fields.as_array())
            for (const char* kind : {"radios_field", "text_field", "textarea_field", "file_field"})
                if (one.find(kind) && one[kind].string_or("id", "") == at) {
                    one[kind]["error"] = text;
                    one[kind]["described"] = one[kind].string_or("described", "") + " " + at + "-e";
                }
        reply.status(422);
    }
    reply.page(
        "evidence/gestion/copia",
        Json::object({{"title", (wrong ? request.tr("Error") + ": " : std::string()) + heading},
                      {"heading", heading},
                      {"breadcrumb", Json::array({Json::object({{"label", request.tr("Copias auténticas")},
                                                                {"href", request.url(copies_path)}}),
                                                  Json::object({{"label", heading}, {"href", ""}})})},
                      {"errors", errors},
                      {"action", request.url(copies_path + "/nueva")},
                      {"back_href", request.url(copies_path)},
                      {"preview", std::move(preview)},
                      {"fields", fields}}));
}

void new_copy(const Request& request, Reply& reply) { copy_form(request, reply, nullptr, ""); }

/// Its first `most` bytes, cut between characters, in one line.
std::string one_line(std::string text, std::size_t most) {
    if (text.size() > most) {
        while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
        text.resize(most);
    }
    for (auto& c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
    const auto from = text.find_first_not_of(' ');
    return from == std::string::npos ? std::string()
                                     : text.substr(from, text.find_last_not_of(' ') - from + 1);
}

void show_pages(const Request& request, Reply& reply) {
    const auto csv = Csv::parse(request.form("csv").value_or(""));
    if (!csv) return copy_form(request, reply, N_("Escriba el código del original, completo."), "csv");
    auto preview = preview_of(request, *csv, one_line(request.form("paginas").value_or(""), 200),
                              request.form("areas").value_or("").substr(0, 5000));
    if (!preview) return copy_form(request, reply, preview.error(), "paginas");
    copy_form(request, reply, nullptr, "", std::move(*preview));
}

void issue_copy(const Request& request, Reply& reply) {
    if (request.form("accion") == "ver") return show_pages(request, reply);
    CopyRequest asked;
    asked.estado = request.form("clase").value_or("");
    const char* at = "clase";
    if (asked.estado == "EE03") {
        at = "escaneo";
        for (const auto& upload : request.uploads())
            if (upload.field == "escaneo" && upload.bytes > 0) asked.scan = upload.path;
        if (asked.scan.empty()) return copy_form(request, reply, N_("Elija el escaneo del papel."), at);
        asked.titulo = one_line(request.form("titulo").value_or(""), 400);
        if (asked.titulo.empty())
            return copy_form(request, reply, N_("Escriba el título del papel."), "titulo");
        asked.referencia = one_line(request.form("referencia").value_or(""), 100);
        asked.tipo_documental = request.form("tipo_documental").value_or("TD99").substr(0, 4);
        asked.de_ciudadano = request.form("de_ciudadano").has_value();
    } else {
        at = asked.estado == "EE04" ? "paginas" : "csv";
        asked.origen = Csv::parse(request.form("csv").value_or(""));
        if (!asked.origen)
            return copy_form(request, reply, N_("Escriba el código del original, completo."), "csv");
        if (asked.estado == "EE04") {
            asked.paginas = one_line(request.form("paginas").value_or(""), 200);
            asked.areas = request.form("areas").value_or("").substr(0, 5000);
            asked.titulo = one_line(request.form("titulo").value_or(""), 400);
            asked.textos = request.form("textos").value_or("").substr(0, 5000);
            if (asked.paginas.empty() && asked.textos.find_first_not_of(" \r\n") == std::string::npos &&
                asked.areas.find_first_not_of(" \r\n") == std::string::npos)
                return copy_form(request, reply,
                                 N_("Diga qué páginas se copian, o qué textos o zonas se quitan."), at);
        }
    }
    const auto issued = IssueCopy(request)(asked);
    if (!issued) return copy_form(request, reply, issued.error(), at);
    reply.redirect(request.url(copies_path) + "?hecha=" + issued->csv.text());
}

void list_copies(const Request& request, Reply& reply) {
    std::int64_t before = 0;
    for (const char c : request.query("antes").value_or("").substr(0, 15))
        before = c >= '0' && c <= '9' ? before * 10 + (c - '0') : before;
    auto tx = request.begin();
    auto all = Copies(tx).page(before, copies_per_page + 1);
    const bool more = all.size() > copies_per_page;
    if (more) all.pop_back();
    const std::vector<std::string> labels{request.tr("Código"), request.tr("Documento"),
                                          request.tr("Clase de copia"), request.tr("Expedida el")};
    Json rows = Json::array(), table, empty, pagination, done;
    for (const auto& one : all) {
        const auto title = one.paginas.empty() ? one.titulo
                                               : fill(request.tr("{titulo} (páginas {paginas})"),
                                                      {{"titulo", one.titulo}, {"paginas", one.paginas}});
        const char* kind = one.estado == "EE02"   ? N_("Cambio de formato")
                           : one.estado == "EE03" ? N_("De un papel")
                                                  : N_("Parcial");
        rows.push_back(Json::object(
            {{"cells",
              Json::array(
                  {concejo::cell_view(labels[0], one.csv.grouped(), true,
                                      request.url(concejo::services::verification_path(one.csv.text()))),
                   concejo::cell_view(labels[1], title), concejo::cell_view(labels[2], request.tr(kind)),
                   concejo::cell_view(labels[3], request.instant(one.expedida_en))})}}));
    }
    if (const auto csv = Csv::parse(request.query("hecha").value_or("")); csv && Documents(tx).find(*csv))
        done = Json::object(
            {{"csv", csv->grouped()}, {"href", request.url("/verificar/" + csv->text() + "/documento")}});
    const std::string path = request.url(copies_path), heading = request.tr("Copias auténticas");
    if (all.empty())
        empty = Json::object(
            {{"heading", request.tr("No se ha expedido ninguna copia")},
             {"text",
              request.tr("Una copia auténtica vale lo mismo que el original, y tiene su propio código.")},
             {"href", path + "/nueva"},
             {"label", request.tr("Expedir una copia auténtica")}});
    else
        table = concejo::table_view("copias", request.tr("Copias expedidas, la última primero"), labels,
                                    std::move(rows));
    if (more || before > 0)
        pagination =
            Json::object({{"previous_href", before > 0 ? path : ""},
                          {"next_href", more ? path + "?antes=" + std::to_string(all.back().numero) : ""},
                          {"pages", Json::array()}});
    reply.page("evidence/gestion/copias", Json::object({{"title", heading},
                                                        {"heading", heading},
                                                        {"breadcrumb", Json::array()},
                                                        {"new_href", path + "/nueva"},
                                                        {"done", done},
                                                        {"table", table},
                                                        {"empty", empty},
                                                        {"pagination", pagination}}));
}

/// Who may issue them (art. 27.1): posts and units, not names.
void habilitated(const Request& request, Reply& reply) {
    const std::string heading = request.tr("Copias auténticas");
    const Json settings = request.settings()["copias"];
    Json posts = Json::array();
    if (const auto* listed = settings.find("funcionarios_habilitados")) posts = *listed;
    reply.page("evidence/copias-autenticas",
               Json::object({{"title", heading},
                             {"heading", heading},
                             {"breadcrumb", Json::array({Json::object({{"label", request.tr("Inicio")},
                                                                       {"href", request.url("/")}}),
                                                         Json::object({{"label", heading}, {"href", ""}})})},
                             {"posts", posts},
                             {"content_lang", request.municipality().string_or("default_language", "es")},
                             {"verify_href", request.url("/verificar")}}));
}

}  // namespace

void register_copies(concejo::Kernel& kernel) {
    kernel.permission(may_copy, N_("Expedir copias auténticas"));
    kernel.role("secretaria", N_("Secretaría"), {may_copy});
    const concejo::RouteOptions allowed{
        .permission = may_copy, .uploads = false, .cached = false, .body_limit = 0};
    kernel.staff(copies_path.substr(8), list_copies, allowed);
    kernel.staff(copies_path.substr(8) + "/nueva", new_copy, allowed);
    kernel.staff(copies_path.substr(8) + "/:csv/pagina", send_preview, allowed);
    kernel.staff_post(
        copies_path.substr(8) + "/nueva", issue_copy,
        {.permission = may_copy, .uploads = true, .cached = false, .body_limit = largest_scan + (1 << 20)});
    kernel.menu(Json::object({{"place", "staff"},
                              {"label", N_("Copias auténticas")},
                              {"path", copies_path},
                              {"order", 30},
                              {"permission", may_copy},
                              {"group", N_("Documentos")},
                              {"icon", "file-certificate"}}));
    kernel.page("/copias-autenticas", habilitated,
                {.permission = "", .uploads = false, .cached = true, .body_limit = 0});
    kernel.site_map([](const concejo::Call& call, const Json&) {
        return Json::array(
            {Json::object({{"path", "/copias-autenticas"}, {"label", call.tr("Copias auténticas")}})});
    });
}

}  // namespace evidence
