// The page of the form that publishes.
#include "form_view.hpp"

#include "vistas.hpp"

#include <concejo/field.hpp>

namespace sede {
namespace {

/// One field of components/fields: {"<kind>_field": {…}}.
class Fields {
public:
    Fields(const Entorno& entorno, const std::vector<Aviso>& avisos) : entorno_(entorno), avisos_(avisos) {}
    Json base(const char* name, std::string label, const std::string& value, const std::string& hint,
              bool optional) const {
        std::string error;
        for (const auto& aviso : avisos_) {
            if (aviso.campo == name && error.empty()) error = entorno_.text(aviso);
        }
        return concejo::field_view({name, std::move(label), value, hint, std::move(error), optional});
    }
    static Json as(const char* kind, Json field) {
        return Json::object({{std::string(kind) + "_field", std::move(field)}});
    }

private:
    const Entorno& entorno_;
    const std::vector<Aviso>& avisos_;
};

Json options(const std::vector<Tipo>& all, const std::string& chosen) {
    Json list = Json::array();
    for (const auto& tipo : all)
        list.push_back(
            Json::object({{"value", tipo.id}, {"label", tipo.nombre}, {"selected", tipo.id == chosen}}));
    return list;
}

Json file_list(const Entorno& entorno, const std::vector<Archivo>& archivos) {
    Json list = Json::array();
    for (const auto& archivo : archivos)
        list.push_back(Json::object({{"file_name", archivo.nombre},
                                     {"hash", archivo.sha256.text()},
                                     {"size", entorno.size(archivo.bytes)},
                                     {"key", archivo.sha256.text()}}));
    return list;
}

std::vector<Tipo> organs(const Entorno& entorno, const std::string& current) {
    std::vector<Tipo> all;
    const auto add = [&](const std::string& organo) {
        for (const auto& known : all) {
            if (known.id == organo) return;
        }
        if (!organo.empty()) all.push_back({organo, organo});
    };
    if (const auto& list = entorno.settings["organos"]; list.is_array()) {
        for (const auto& organo : list.as_array()) add(organo.as_string());
    }
    add(entorno.settings.string_or("organo_por_defecto", ""));
    add(current);
    return all;
}

}  // namespace

void show_form(const Entorno& entorno, concejo::Reply& reply, const Formulario& form,
               const std::vector<Aviso>& avisos, const std::string& action, const std::string& title,
               const std::vector<Repetido>& repeated, const Json& hidden) {
    const auto& call = entorno.call;
    const Fields fields(entorno, avisos);
    Json main = Json::array(), more = Json::array();

    auto title_field = fields.base("titulo", call.tr("Título"), form.titulo, "", false);
    title_field["maxlength"] = 400;
    main.push_back(Fields::as("text", title_field));
    auto file = fields.base(
        "documento", call.tr("Documento PDF"), "",
        fill(
            call.tr(
                "Un solo PDF, sin contraseña, de hasta {limite} MB. Mejor con texto que escaneado, para que todas las personas puedan leerlo."),
            {{"limite", std::to_string(entorno.settings.int_or("limite_pdf_mb", 50))}}),
        false);
    file["accept"] = ".pdf,application/pdf";
    const auto limit = entorno.settings.int_or("limite_pdf_mb", 50);
    file["max_bytes"] = limit << 20;
    file["too_big"] = fill(call.tr("El archivo pesa más de {limite} MB, que es el límite."),
                           {{"limite", std::to_string(limit)}});
    file["multiple"] = false;
    file["files"] = file_list(
        entorno, form.documento() ? std::vector<Archivo>{*form.documento()} : std::vector<Archivo>());
    main.push_back(Fields::as("file", file));
    auto kind = fields.base("tipo", call.tr("Tipo"), "", "", false);
    kind["width"] = 20;
    kind["groups"] = Json::array();
    kind["options"] = options(entorno.tipos.all(), form.tipo);
    main.push_back(Fields::as("select", kind));
    auto organ = fields.base("organo", call.tr("Órgano que publica"), form.organo, "", false);
    organ["width"] = 20;
    organ["groups"] = Json::array();
    if (const auto list = organs(entorno, form.organo); !list.empty()) {
        organ["options"] = options(list, form.organo);
        main.push_back(Fields::as("select", organ));
    } else {
        main.push_back(Fields::as("text", organ));
    }
    auto reference = fields.base("referencia", call.tr("Expediente o referencia"), form.referencia, "", true);
    reference["width"] = 20;
    main.push_back(Fields::as("text", reference));
    main.push_back(
        Fields::as("date", fields.base("desde", call.tr("Primer día de exposición"), form.desde, "", false)));
    main.push_back(Fields::as("date", fields.base("hasta", call.tr("Último día de exposición"), form.hasta,
                                                  call.tr("Ambos días cuentan enteros."), false)));

    more.push_back(Fields::as(
        "textarea", fields.base("resumen", call.tr("Resumen"), form.resumen,
                                call.tr("Una o dos frases que se entiendan sin abrir el PDF."), true)));
    auto annexes = fields.base(
        "anexos", call.tr("Anexos"), "",
        call.tr(
            "Planos, tablas u otros documentos: PDF, ODT, ODS, DOCX, XLSX, CSV, TXT, XML, ZIP, PNG o JPEG."),
        true);
    annexes["accept"] = "";
    annexes["max_bytes"] = Json();
    annexes["multiple"] = true;
    annexes["files"] = file_list(entorno, form.anexos());
    more.push_back(Fields::as("file", annexes));
    auto language = fields.base("idioma", call.tr("Idioma del anuncio"), "", "", false);
    language["width"] = 20;
    language["groups"] = Json::array();
    language["options"] = options(
        {{"es", "Castellano"}, {"ca", "Català"}, {"gl", "Galego"}, {"eu", "Euskara"}, {"en", "English"}},
        form.idioma);
    more.push_back(Fields::as("select", language));
    more.push_back(Fields::as(
        "date",
        fields.base("fecha_programada", call.tr("Programar: día de publicación"), form.fecha_programada,
                    call.tr("Solo si quiere que aparezca más tarde, sin que nadie tenga que hacer nada."),
                    true)));
    auto time = fields.base("hora_programada", call.tr("Programar: hora"), form.hora_programada,
                            call.tr("Por ejemplo, 09:00."), true);
    time["width"] = 10;
    more.push_back(Fields::as("text", time));

    Json duplicates = Json::array();
    for (const auto& other : repeated)
        duplicates.push_back(Json::object({{"href", call.url("/gestion/tablon/" + other.id.text())},
                                           {"numero", other.numero},
                                           {"titulo", other.titulo}}));
    Json kept = Json::array();
    for (const auto& annex : form.anexos()) kept.push_back(annex.sha256.text());
    const std::string prefix = avisos.empty() ? "" : call.tr("Error") + ": ";
    if (!avisos.empty()) reply.status(422);
    reply.page("sede/gestion/formulario",
               Json::object({{"title", prefix + title},
                             {"heading", title},
                             {"breadcrumb",
                              breadcrumb({{call.tr("Tablón"), call.url("/gestion/tablon")}, {title, ""}})},
                             {"action", action},
                             {"errors", errors_of(entorno, avisos, "titulo")},
                             {"main_fields", Json::object({{"fields", main}})},
                             {"more_fields", Json::object({{"fields", more}})},
                             {"more_open", !avisos.empty() || !form.resumen.empty() ||
                                               !form.anexos().empty() || !form.fecha_programada.empty()},
                             {"documento_id", form.documento() ? form.documento()->sha256.text() : ""},
                             {"anexo_ids", kept},
                             {"corrige", form.corrige},
                             {"version", form.version},
                             {"duplicates", duplicates},
                             {"duplicado_confirmado", form.duplicado_confirmado},
                             {"hidden_data", hidden},
                             {"ocultos_confirmados", form.ocultos_confirmados},
                             {"may_publish", call.may(may_publish)},
                             {"list_href", call.url("/gestion/tablon")}}));
}
}  // namespace sede
