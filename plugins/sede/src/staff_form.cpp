// One form to publish: title, file, and everything else already filled in.
#include "formulario.hpp"
#include "import_file.hpp"
#include "paginas.hpp"
#include "publish_anuncio.hpp"
#include "save_borrador.hpp"
#include "vistas.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace sede {
namespace {

using concejo::Reply;
using concejo::Request;

Formulario::Campo form_of(const Request& request) {
    return [&request](std::string_view name, std::uint32_t n) { return request.form(name, n); };
}

/// One field of components/fields: {"<kind>_field": {…}}.
class Fields {
public:
    Fields(const Entorno& entorno, const std::vector<Aviso>& avisos) : entorno_(entorno), avisos_(avisos) {}
    Json base(const char* name, std::string label, const std::string& value, const std::string& hint, bool optional) const {
        std::string error;
        for (const auto& aviso : avisos_) {
            if (aviso.campo == name && error.empty()) error = entorno_.text(aviso);
        }
        const std::string described = (hint.empty() ? "" : std::string(name) + "-a") + (!hint.empty() && !error.empty() ? " " : "") + (error.empty() ? "" : std::string(name) + "-e");
        return Json::object({{"id", name}, {"name", name}, {"label", std::move(label)}, {"value", value}, {"hint", hint}, {"optional", optional}, {"error", error},
                             {"described", described}, {"type", "text"}, {"autocomplete", "off"}, {"inputmode", ""}, {"maxlength", ""}, {"width", ""}, {"rows", 3}});
    }
    static Json as(const char* kind, Json field) { return Json::object({{std::string(kind) + "_field", std::move(field)}}); }

private:
    const Entorno& entorno_;
    const std::vector<Aviso>& avisos_;
};

Json options(const std::vector<Tipo>& all, const std::string& chosen) {
    Json list = Json::array();
    for (const auto& tipo : all) list.push_back(Json::object({{"value", tipo.id}, {"label", tipo.nombre}, {"selected", tipo.id == chosen}}));
    return list;
}

Json file_list(const Entorno& entorno, const std::vector<Archivo>& archivos) {
    Json list = Json::array();
    for (const auto& archivo : archivos)
        list.push_back(Json::object({{"file_name", archivo.nombre}, {"hash", archivo.sha256.text()}, {"size", entorno.size(archivo.bytes)}, {"key", archivo.sha256.text()}}));
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

void show_form(const Entorno& entorno, Reply& reply, const Formulario& form, const std::vector<Aviso>& avisos, const std::string& action, const std::string& title,
               const std::vector<Repetido>& repeated = {}, const Json& hidden = Json::array()) {
    const auto& call = entorno.call;
    const Fields fields(entorno, avisos);
    Json main = Json::array(), more = Json::array();

    auto title_field = fields.base("titulo", call.tr("Título"), form.titulo, "", false);
    title_field["maxlength"] = 400;
    main.push_back(Fields::as("text", title_field));
    auto file = fields.base("documento", call.tr("Documento PDF"), "", fill(call.tr("Un solo PDF, sin contraseña, de hasta {limite} MB. Mejor con texto que escaneado, para que todas las personas puedan leerlo."),
                                                                            {{"limite", std::to_string(entorno.settings.int_or("limite_pdf_mb", 50))}}), false);
    file["accept"] = ".pdf,application/pdf";
    const auto limit = entorno.settings.int_or("limite_pdf_mb", 50);
    file["max_bytes"] = limit << 20;
    file["too_big"] = fill(call.tr("El archivo pesa más de {limite} MB, que es el límite."), {{"limite", std::to_string(limit)}});
    file["multiple"] = false;
    file["files"] = file_list(entorno, form.documento() ? std::vector<Archivo>{*form.documento()} : std::vector<Archivo>());
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
    main.push_back(Fields::as("date", fields.base("desde", call.tr("Primer día de exposición"), form.desde, "", false)));
    main.push_back(Fields::as("date", fields.base("hasta", call.tr("Último día de exposición"), form.hasta, call.tr("Ambos días cuentan enteros."), false)));

    more.push_back(Fields::as("textarea", fields.base("resumen", call.tr("Resumen"), form.resumen, call.tr("Una o dos frases que se entiendan sin abrir el PDF."), true)));
    auto annexes = fields.base("anexos", call.tr("Anexos"), "", call.tr("Planos, tablas u otros documentos: PDF, ODT, ODS, DOCX, XLSX, CSV, TXT, XML, ZIP, PNG o JPEG."), true);
    annexes["accept"] = "";
    annexes["max_bytes"] = Json();
    annexes["multiple"] = true;
    annexes["files"] = file_list(entorno, form.anexos());
    more.push_back(Fields::as("file", annexes));
    auto language = fields.base("idioma", call.tr("Idioma del anuncio"), "", "", false);
    language["width"] = 20;
    language["groups"] = Json::array();
    language["options"] = options({{"es", "Castellano"}, {"ca", "Català"}, {"gl", "Galego"}, {"eu", "Euskara"}, {"en", "English"}}, form.idioma);
    more.push_back(Fields::as("select", language));
    more.push_back(Fields::as("date", fields.base("fecha_programada", call.tr("Programar: día de publicación"), form.fecha_programada, call.tr("Solo si quiere que aparezca más tarde, sin que nadie tenga que hacer nada."), true)));
    auto time = fields.base("hora_programada", call.tr("Programar: hora"), form.hora_programada, call.tr("Por ejemplo, 09:00."), true);
    time["width"] = 10;
    more.push_back(Fields::as("text", time));

    Json errors;
    if (!avisos.empty()) {
        Json items = Json::array();
        for (const auto& aviso : avisos) items.push_back(Json::object({{"field", aviso.campo.empty() ? "titulo" : aviso.campo}, {"text", entorno.text(aviso)}}));
        errors = Json::object({{"heading", call.tr("Hay algo que corregir")}, {"items", items}});
    }
    Json duplicates = Json::array();
    for (const auto& other : repeated)
        duplicates.push_back(Json::object({{"href", call.url("/gestion/tablon/" + other.id.text())}, {"numero", other.numero}, {"titulo", other.titulo}}));
    Json kept = Json::array();
    for (const auto& annex : form.anexos()) kept.push_back(annex.sha256.text());
    const std::string prefix = avisos.empty() ? "" : call.tr("Error") + ": ";
    if (!avisos.empty()) reply.status(422);
    reply.page("sede/gestion/formulario",
               Json::object({{"title", prefix + title},
                             {"heading", title},
                             {"breadcrumb", breadcrumb({{call.tr("Tablón"), call.url("/gestion/tablon")}, {title, ""}})},
                             {"action", action},
                             {"errors", errors},
                             {"main_fields", Json::object({{"fields", main}})},
                             {"more_fields", Json::object({{"fields", more}})},
                             {"more_open", !avisos.empty() || !form.resumen.empty() || !form.anexos().empty() || !form.fecha_programada.empty()},
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

std::optional<Anuncio> find(const Request& request, AnuncioRepository& anuncios) {
    const auto id = AnuncioId::parse(request.segment("id"));
    return id ? anuncios.find(*id) : std::nullopt;
}

/// Checks and stores what came with the form. What is refused is told and left out; the rest of the form stays.
void take_uploads(const Entorno& entorno, const Request& request, Formulario& form, std::vector<Aviso>& avisos) {
    const ImportFile import(entorno);
    for (const auto& upload : request.uploads()) {
        if (upload.filename.empty() && upload.bytes == 0) continue;  // nothing was chosen
        const bool main = upload.field == "documento";
        if (!main && upload.field != "anexos") continue;
        const auto subida = main ? import.documento(upload.path, upload.filename, upload.bytes) : import.anexo(upload.path, upload.filename, upload.bytes);
        if (!subida) avisos.push_back(subida.error());
        else if (main) form.set_documento(subida->archivo);
        else form.archivos.push_back(subida->archivo);
    }
    // What the browser has sent beforehand, piece by piece (docs/guia-complementos.md).
    const auto each = [&](std::string_view field, auto&& take) {
        for (std::uint32_t n = 0; const auto upload = request.form(field, n); ++n) {
            const auto subida = take(*upload);
            if (!subida) avisos.push_back(subida.error());
            else if (field == "documento.subida") form.set_documento(subida->archivo);
            else form.archivos.push_back(subida->archivo);
        }
    };
    each("documento.subida", [&](const std::string& upload) { return import.documento(upload); });
    each("anexos.subida", [&](const std::string& upload) { return import.anexo(upload); });
}

/// The form as it would be with good dates: what else is wrong is told in the same round.
Contenido with_good_dates(Formulario form, const Entorno& entorno) {
    form.desde = form.hasta = entorno.hoy.typed();
    return *form.contenido(entorno.zona, false);
}

/// As the fields stand on the page, from top to bottom.
void put_in_order(std::vector<Aviso>& avisos) {
    static constexpr std::array<std::string_view, 11> order{"", "confirmar_duplicado", "titulo", "documento", "tipo", "organo", "desde", "hasta", "anexos", "fecha_programada", "hora_programada"};
    const auto place = [](const Aviso& aviso) { return std::find(order.begin(), order.end(), aviso.campo) - order.begin(); };
    std::stable_sort(avisos.begin(), avisos.end(), [&](const Aviso& a, const Aviso& b) { return place(a) < place(b); });
}

/// The form came back: save, schedule, preview or publish. `editing`: the draft it is about, if there is one already.
void submit(const Request& request, Reply& reply, bool editing) {
    const Entorno entorno(request);
    const std::string here = request.url(editing ? "/gestion/tablon/" + request.segment("id") + "/editar" : "/gestion/tablon/nuevo");
    const std::string title = editing ? request.tr("Editar el borrador") : request.tr("Nuevo anuncio");
    const auto campo = form_of(request);
    Formulario form = Formulario::posted(campo);
    std::vector<Aviso> avisos;
    {
        auto tx = request.begin();
        AnuncioRepository anuncios(tx);
        form.restore_files(campo, anuncios);
    }
    if (const auto gone = request.form("quitar")) {
        form.remove(*gone);
        return show_form(entorno, reply, form, {}, here, title);
    }
    take_uploads(entorno, request, form, avisos);

    const std::string action = request.form("accion").value_or("borrador");
    const bool schedule = action == "programar", publish = schedule || action == "publicar";
    if (publish && !request.may(may_publish)) avisos.push_back({"", N_("No tiene permiso para publicar. Guarde el borrador y avise a Secretaría."), {}});
    const auto contenido = form.contenido(entorno.zona, schedule || (!publish && !form.fecha_programada.empty()));
    if (!contenido) avisos.insert(avisos.end(), contenido.error().begin(), contenido.error().end());
    if (publish) {
        const auto lacking = why_not_publishable(contenido ? *contenido : with_good_dates(form, entorno), {entorno.hoy});
        for (const auto& aviso : lacking) {
            const bool told = std::any_of(avisos.begin(), avisos.end(), [&](const Aviso& other) { return other.campo == aviso.campo; });
            if (!told) avisos.push_back(aviso);
        }
        if (contenido && schedule && *contenido->publicar_en <= entorno.now) avisos.push_back({"fecha_programada", N_("Ese momento ya ha pasado: elija otro o publique ahora."), {}});
    }
    if (!entorno.tipos.has(form.tipo)) avisos.push_back({"tipo", N_("Elija el tipo de anuncio."), {}});
    put_in_order(avisos);
    if (!avisos.empty()) return show_form(entorno, reply, form, avisos, here, title);

    if (publish && form.ocultos_confirmados != contenido->archivos.front().sha256.text()) {
        if (const auto hidden = hidden_data(entorno, contenido->archivos); !hidden.as_array().empty())
            return show_form(entorno, reply, form, {{"confirmar_ocultos", N_("El PDF lleva datos que no se ven en sus páginas. Quítelos, o confirme que quiere publicarlo así."), {}}}, here, title, {}, hidden);
    }
    auto tx = request.begin();
    AnuncioRepository anuncios(tx);
    if (publish && !form.duplicado_confirmado) {
        if (const auto repeated = anuncios.published_with(contenido->archivos.front().sha256, contenido->corrige); !repeated.empty())
            return show_form(entorno, reply, form, {{"confirmar_duplicado", N_("Este mismo PDF ya está publicado. Confirme que quiere publicarlo otra vez."), {}}}, here, title, repeated);
    }
    SaveBorrador save(entorno, tx);
    std::optional<Anuncio> borrador;
    if (editing) {
        auto anterior = find(request, anuncios);
        if (!anterior) missing(request);
        anterior->version = form.version;
        const auto saved = save(*anterior, *contenido);
        if (!saved) return show_form(entorno, reply, form, {saved.error()}, here, title);
        borrador = *saved;
    } else {
        borrador = save(*contenido);
    }
    if (publish) {
        const auto published = PublishAnuncio(entorno, tx)(*borrador);
        if (!published) return show_form(entorno, reply, form, published.error(), here, title);
    }
    tx.commit();
    reply.redirect(request.url("/gestion/tablon/" + borrador->id.text()) + "?hecho=" + (schedule ? "programado" : publish ? "publicado" : action == "previsualizar" ? "previsto" : "guardado"));
}

void blank(const Request& request, Reply& reply) {
    const Entorno entorno(request);
    show_form(entorno, reply, Formulario::blank(entorno), {}, request.url("/gestion/tablon/nuevo"), request.tr("Nuevo anuncio"));
}

void edit(const Request& request, Reply& reply) {
    const Entorno entorno(request);
    auto tx = request.begin();
    AnuncioRepository anuncios(tx);
    const auto anuncio = find(request, anuncios);
    if (!anuncio) missing(request);
    if (!allows(anuncio->situacion(entorno.now), Accion::editar)) return reply.redirect(request.url("/gestion/tablon/" + anuncio->id.text()));
    show_form(entorno, reply, Formulario::of(*anuncio, entorno.zona), {}, request.url("/gestion/tablon/" + anuncio->id.text() + "/editar"), request.tr("Editar el borrador"));
}

/// A correction begins as a copy without the file and with dates of today on.
void correct(const Request& request, Reply& reply) {
    const Entorno entorno(request);
    auto tx = request.begin();
    AnuncioRepository anuncios(tx);
    const auto anuncio = find(request, anuncios);
    if (!anuncio) missing(request);
    if (!allows(anuncio->situacion(entorno.now), Accion::corregir)) return reply.redirect(request.url("/gestion/tablon/" + anuncio->id.text()));
    const Formulario fresh = Formulario::blank(entorno);
    Formulario form = Formulario::of(*anuncio, entorno.zona);
    form.titulo = fill(request.tr("Corrección de errores: {titulo}"), {{"titulo", form.titulo}});
    form.desde = fresh.desde;
    form.hasta = fresh.hasta;
    form.fecha_programada.clear();
    form.hora_programada.clear();
    form.archivos.clear();
    form.mark_documento();
    form.corrige = anuncio->id.text();
    show_form(entorno, reply, form, {}, request.url("/gestion/tablon/nuevo"), request.tr("Corrección de un anuncio"));
}

}  // namespace

void register_form(concejo::Kernel& kernel) {
    // the municipality's own limit is checked with a clear message; this one only ends what no setting allows
    const concejo::RouteOptions uploads{.permission = may_edit, .uploads = true, .cached = false, .body_limit = 400ull << 20};
    kernel.staff("/tablon/nuevo", blank, {.permission = may_edit, .uploads = false, .cached = false, .body_limit = 0});
    kernel.staff_post("/tablon/nuevo", [](const Request& request, Reply& reply) { submit(request, reply, false); }, uploads);
    kernel.staff("/tablon/:id/editar", edit, {.permission = may_edit, .uploads = false, .cached = false, .body_limit = 0});
    kernel.staff_post("/tablon/:id/editar", [](const Request& request, Reply& reply) { submit(request, reply, true); }, uploads);
    kernel.staff("/tablon/:id/corregir", correct, {.permission = may_edit, .uploads = false, .cached = false, .body_limit = 0});
}

}  // namespace sede
