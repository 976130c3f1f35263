// One form to publish: title, file, and everything else already filled in.
#include "form_view.hpp"
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

std::optional<Anuncio> find(const Request& request, AnuncioRepository& anuncios) {
    const auto id = AnuncioId::parse(request.segment("id"));
    return id ? anuncios.find(*id) : std::nullopt;
}

/// Checks and stores what came with the form. What is refused is told and left out; the rest of the form stays.
void take_uploads(const Entorno& entorno, const Request& request, Formulario& form,
                  std::vector<Aviso>& avisos) {
    const ImportFile import(entorno);
    for (const auto& upload : request.uploads()) {
        if (upload.filename.empty() && upload.bytes == 0) continue;  // nothing was chosen
        const bool main = upload.field == "documento";
        if (!main && upload.field != "anexos") continue;
        const auto subida = main ? import.documento(upload.path, upload.filename, upload.bytes)
                                 : import.anexo(upload.path, upload.filename, upload.bytes);
        if (!subida)
            avisos.push_back(subida.error());
        else if (main)
            form.set_documento(subida->archivo);
        else
            form.archivos.push_back(subida->archivo);
    }
    // What the browser has sent beforehand, piece by piece (docs/guia-complementos.md).
    const auto each = [&](std::string_view field, auto&& take) {
        for (std::uint32_t n = 0; const auto upload = request.form(field, n); ++n) {
            const auto subida = take(*upload);
            if (!subida)
                avisos.push_back(subida.error());
            else if (field == "documento.subida")
                form.set_documento(subida->archivo);
            else
                form.archivos.push_back(subida->archivo);
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
    static constexpr std::array<std::string_view, 11> order{
        "",       "confirmar_duplicado", "titulo",         "documento", "tipo", "organo", "desde", "hasta",
        "anexos", "fecha_programada",    "hora_programada"};
    const auto place = [](const Aviso& aviso) {
        return std::find(order.begin(), order.end(), aviso.campo) - order.begin();
    };
    std::stable_sort(avisos.begin(), avisos.end(),
                     [&](const Aviso& a, const Aviso& b) { return place(a) < place(b); });
}

/// The form came back: save, schedule, preview or publish. `editing`: the draft it is about, if there is one already.
void submit(const Request& request, Reply& reply, bool editing) {
    const Entorno entorno(request);
    const std::string here = request.url(editing ? "/gestion/tablon/" + request.segment("id") + "/editar"
                                                 : "/gestion/tablon/nuevo");
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
    if (publish && !request.may(may_publish))
        avisos.push_back(
            {"", N_("No tiene permiso para publicar. Guarde el borrador y avise a Secretaría."), {}});
    const auto contenido =
        form.contenido(entorno.zona, schedule || (!publish && !form.fecha_programada.empty()));
    if (!contenido) avisos.insert(avisos.end(), contenido.error().begin(), contenido.error().end());
    if (publish) {
        const auto lacking =
            why_not_publishable(contenido ? *contenido : with_good_dates(form, entorno), {entorno.hoy});
        for (const auto& aviso : lacking) {
            const bool told = std::any_of(avisos.begin(), avisos.end(),
                                          [&](const Aviso& other) { return other.campo == aviso.campo; });
            if (!told) avisos.push_back(aviso);
        }
        if (contenido && schedule && *contenido->publicar_en <= entorno.now)
            avisos.push_back(
                {"fecha_programada", N_("Ese momento ya ha pasado: elija otro o publique ahora."), {}});
    }
    if (!entorno.tipos.has(form.tipo)) avisos.push_back({"tipo", N_("Elija el tipo de anuncio."), {}});
    put_in_order(avisos);
    if (!avisos.empty()) return show_form(entorno, reply, form, avisos, here, title);

    if (publish && form.ocultos_confirmados != contenido->archivos.front().sha256.text()) {
        if (const auto hidden = hidden_data(entorno, contenido->archivos); !hidden.as_array().empty())
            return show_form(
                entorno, reply, form,
                {{"confirmar_ocultos",
                  N_("El PDF lleva datos que no se ven en sus páginas. Quítelos, o confirme que quiere publicarlo así."),
                  {}}},
                here, title, {}, hidden);
    }
    auto tx = request.begin();
    AnuncioRepository anuncios(tx);
    if (publish && !form.duplicado_confirmado) {
        if (const auto repeated =
                anuncios.published_with(contenido->archivos.front().sha256, contenido->corrige);
            !repeated.empty())
            return show_form(
                entorno, reply, form,
                {{"confirmar_duplicado",
                  N_("Este mismo PDF ya está publicado. Confirme que quiere publicarlo otra vez."),
                  {}}},
                here, title, repeated);
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
    reply.redirect(request.url("/gestion/tablon/" + borrador->id.text()) + "?hecho=" +
                   (schedule                    ? "programado"
                    : publish                   ? "publicado"
                    : action == "previsualizar" ? "previsto"
                                                : "guardado"));
}

void blank(const Request& request, Reply& reply) {
    const Entorno entorno(request);
    show_form(entorno, reply, Formulario::blank(entorno), {}, request.url("/gestion/tablon/nuevo"),
              request.tr("Nuevo anuncio"));
}

void edit(const Request& request, Reply& reply) {
    const Entorno entorno(request);
    auto tx = request.begin();
    AnuncioRepository anuncios(tx);
    const auto anuncio = find(request, anuncios);
    if (!anuncio) missing(request);
    if (!allows(anuncio->situacion(entorno.now), Accion::editar))
        return reply.redirect(request.url("/gestion/tablon/" + anuncio->id.text()));
    show_form(entorno, reply, Formulario::of(*anuncio, entorno.zona), {},
              request.url("/gestion/tablon/" + anuncio->id.text() + "/editar"),
              request.tr("Editar el borrador"));
}

/// A correction begins as a copy without the file and with dates of today on.
void correct(const Request& request, Reply& reply) {
    const Entorno entorno(request);
    auto tx = request.begin();
    AnuncioRepository anuncios(tx);
    const auto anuncio = find(request, anuncios);
    if (!anuncio) missing(request);
    if (!allows(anuncio->situacion(entorno.now), Accion::corregir))
        return reply.redirect(request.url("/gestion/tablon/" + anuncio->id.text()));
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
    show_form(entorno, reply, form, {}, request.url("/gestion/tablon/nuevo"),
              request.tr("Corrección de un anuncio"));
}

}  // namespace

void register_form(concejo::Kernel& kernel) {
    // the municipality's own limit is checked with a clear message; this one only ends what no setting allows
    const concejo::RouteOptions uploads{
        .permission = may_edit, .uploads = true, .cached = false, .body_limit = 400ull << 20};
    kernel.staff("/tablon/nuevo", blank,
                 {.permission = may_edit, .uploads = false, .cached = false, .body_limit = 0});
    kernel.staff_post(
        "/tablon/nuevo", [](const Request& request, Reply& reply) { submit(request, reply, false); },
        uploads);
    kernel.staff("/tablon/:id/editar", edit,
                 {.permission = may_edit, .uploads = false, .cached = false, .body_limit = 0});
    kernel.staff_post(
        "/tablon/:id/editar", [](const Request& request, Reply& reply) { submit(request, reply, true); },
        uploads);
    kernel.staff("/tablon/:id/corregir", correct,
                 {.permission = may_edit, .uploads = false, .cached = false, .body_limit = 0});
}

}  // namespace sede
