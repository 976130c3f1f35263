#include "vistas.hpp"

#include <concejo/services/evidence.hpp>

namespace sede {
namespace {

constexpr const char* months[] = {N_("ene"), N_("feb"), N_("mar"), N_("abr"), N_("may"), N_("jun"),
                                  N_("jul"), N_("ago"), N_("sep"), N_("oct"), N_("nov"), N_("dic")};

std::string exposure(const Entorno& entorno, const Anuncio& anuncio, Situacion situacion) {
    const std::string day = entorno.call.date(anuncio.contenido.hasta.iso());
    if (situacion == Situacion::archivado || situacion == Situacion::retirado)
        return fill(entorno.call.tr("Estuvo expuesto hasta el {fecha}"), {{"fecha", day}});
    return fill(entorno.call.tr("Expuesto hasta el {fecha}"), {{"fecha", day}});
}

Json link_to(const Entorno& entorno, const Anuncio& other) {
    return Json::object({{"href", entorno.url(other)},
                         {"numero", other.numero ? other.numero->text() : ""},
                         {"titulo", other.contenido.titulo},
                         {"lang", other.contenido.idioma}});
}

Json row(std::string label, std::string text) {
    return Json::object({{"label", std::move(label)}, {"text", std::move(text)}, {"href", ""}});
}

/// In groups of four, as people read it.
std::string grouped(const std::string& csv) {
    std::string out;
    for (std::size_t i = 0; i < csv.size(); ++i) {
        if (i > 0 && i % 4 == 0) out += '-';
        out += csv[i];
    }
    return out;
}

constexpr std::uint64_t largest_sealed_copy = 16ull << 20;

Json files_view(const Entorno& entorno, const Anuncio& anuncio, bool preview) {
    Json list = Json::array();
    const bool offered = preview || anuncio.offers_files(entorno.now);
    for (std::size_t i = 0; i < anuncio.contenido.archivos.size(); ++i) {
        const auto& archivo = anuncio.contenido.archivos[i];
        const std::string staff =
            entorno.call.url("/gestion/tablon/" + anuncio.id.text() + "/archivo/" + archivo.slug);
        const auto dot = archivo.slug.rfind('.');
        std::string format = dot == std::string::npos ? "" : archivo.slug.substr(dot + 1);
        for (char& c : format) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
        list.push_back(Json::object(
            {{"href", !offered  ? ""
                      : preview ? staff
                                : entorno.file_url(anuncio, archivo)},
             {"label", archivo.nombre},
             {"format", format},
             {"size", entorno.size(archivo.bytes)},
             {"pages",
              archivo.paginas > 0 ? entorno.call.trn("{n} página", "{n} páginas", archivo.paginas) : ""},
             {"hash", archivo.sha256.text()},
             {"csv", grouped(archivo.csv)},
             {"verify_href",
              archivo.csv.empty() ? "" : entorno.call.url(concejo::services::verification_path(archivo.csv))},
             {"copy_href", offered && !preview && !archivo.csv.empty() && format == "PDF" &&
                                   archivo.bytes <= largest_sealed_copy
                               ? entorno.call.url(concejo::services::sealed_copy_path(archivo.csv))
                               : ""},
             {"annex", i > 0}}));
        auto& pages = list.as_array().back()["pages"];
        pages = fill(pages.as_string(), {{"n", std::to_string(archivo.paginas)}});
    }
    return list;
}

}  // namespace

Json tag_of(const Entorno& entorno, Situacion situacion) {
    const auto& call = entorno.call;
    switch (situacion) {
        case Situacion::programado:
            return Json::object({{"text", call.tr("Programado")}, {"tone", "info"}});
        case Situacion::expuesto:
            return Json::object({{"text", call.tr("En exposición")}, {"tone", "ok"}});
        case Situacion::archivado:
            return Json::object({{"text", call.tr("Archivado")}, {"tone", ""}});
        case Situacion::retirado:
            return Json::object({{"text", call.tr("Retirado")}, {"tone", "err"}});
        case Situacion::borrador:
            break;
    }
    return Json::object({{"text", call.tr("Borrador")}, {"tone", "warn"}});
}

Json hidden_data(const Entorno& entorno, const std::vector<Archivo>& archivos) {
    Json all = Json::array();
    for (const auto& archivo : archivos) {
        if (archivo.tipo_medio != "application/pdf") continue;
        for (const auto& one : concejo::services::hidden_data(entorno.call, archivo.sha256.text())) {
            if (!one.comun())
                all.push_back(Json::object({{"file", archivo.nombre},
                                            {"text", one.texto},
                                            {"where", one.donde},
                                            {"detail", one.detalle}}));
        }
    }
    return all;
}

Json errors_of(const Entorno& entorno, const std::vector<Aviso>& avisos, const char* first) {
    if (avisos.empty()) return {};
    Json items = Json::array();
    for (const auto& aviso : avisos)
        items.push_back(Json::object(
            {{"field", aviso.campo.empty() ? first : aviso.campo}, {"text", entorno.text(aviso)}}));
    return Json::object({{"heading", entorno.call.tr("Hay algo que corregir")}, {"items", items}});
}

Json breadcrumb(std::initializer_list<std::pair<std::string, std::string>> steps) {
    Json list = Json::array();
    for (const auto& [label, href] : steps) list.push_back(Json::object({{"label", label}, {"href", href}}));
    return list;
}

Json list_items(const Entorno& entorno, const std::vector<Anuncio>& anuncios,
                const std::vector<std::pair<std::string, std::string>>& highlights) {
    Json items = Json::array();
    for (const auto& anuncio : anuncios) {
        const auto& c = anuncio.contenido;
        const auto situacion = anuncio.situacion(entorno.now);
        Json tags = Json::array({Json::object({{"text", entorno.tipos.name(c.tipo)}, {"tone", ""}})});
        if (situacion == Situacion::retirado) tags.push_back(tag_of(entorno, situacion));
        Json notes = Json::array({exposure(entorno, anuncio, situacion), c.organo});
        if (anuncio.numero)
            notes.push_back(fill(entorno.call.tr("N.º {numero}"), {{"numero", anuncio.numero->text()}}));
        if (anuncio.offers_files(entorno.now) && !c.archivos.empty())
            notes.push_back("PDF, " + entorno.size(c.archivos.front().bytes));
        Json excerpt = Json::array();
        for (const auto& [id, text] : highlights) {
            if (id != anuncio.id.text()) continue;
            for (const auto& piece : split_marks(text, '\x02', '\x03'))
                excerpt.push_back(Json::object({{"text", piece.texto}, {"match", piece.marcado}}));
        }
        items.push_back(Json::object({{"day", std::to_string(c.desde.day())},
                                      {"month", entorno.call.tr(months[c.desde.month() - 1])},
                                      {"year", std::to_string(c.desde.year())},
                                      {"href", entorno.url(anuncio)},
                                      {"label", c.titulo},
                                      {"lang", c.idioma},
                                      {"tags", tags},
                                      {"notes", notes},
                                      {"excerpt", excerpt}}));
    }
    return items;
}

Json ficha(const Entorno& entorno, AnuncioRepository& anuncios, const Anuncio& anuncio, bool preview) {
    const auto& call = entorno.call;
    const auto& c = anuncio.contenido;
    const auto situacion = anuncio.situacion(entorno.now);
    Json rows = Json::array();
    if (anuncio.numero) rows.push_back(row(call.tr("Número"), anuncio.numero->text()));
    rows.push_back(row(call.tr("Órgano"), c.organo));
    if (!c.referencia.empty()) rows.push_back(row(call.tr("Expediente o referencia"), c.referencia));
    rows.push_back(row(call.tr("Exposición"),
                       fill(call.tr("Del {desde} al {hasta}, ambos incluidos"),
                            {{"desde", call.date(c.desde.iso())}, {"hasta", call.date(c.hasta.iso())}})));
    if (anuncio.publicado_en) rows.push_back(row(call.tr("Publicado"), call.instant(*anuncio.publicado_en)));
    if (anuncio.visible && anuncio.publicado_en && anuncio.visible->desde > *anuncio.publicado_en)
        rows.push_back(row(call.tr("Visible desde"), call.instant(anuncio.visible->desde)));
    Json permanent = row(call.tr("Dirección permanente"), entorno.permanent_url(anuncio));
    permanent["href"] = entorno.permanent_url(anuncio);
    if (anuncio.numero) rows.push_back(permanent);

    Json corrects, corrected = Json::array();
    if (c.corrige) {
        if (const auto old = anuncios.find(*c.corrige); old && (preview || old->is_public(entorno.now)))
            corrects = link_to(entorno, *old);
    }
    for (const auto& later : anuncios.corrections_of(anuncio.id, entorno.now))
        corrected.push_back(link_to(entorno, later));
    Json withdrawn;
    if (anuncio.retirada) {
        withdrawn = Json::object(
            {{"text",
              fill(
                  call.tr(
                      "{organo} retiró este anuncio el {fecha}. Sus archivos ya no se ofrecen; se conserva su huella digital."),
                  {{"organo", anuncio.retirada->organo}, {"fecha", call.instant(anuncio.retirada->cuando)}})},
             {"reason", anuncio.retirada->motivo}});
    }
    return Json::object({{"titulo", c.titulo},
                         {"content_lang", c.idioma},
                         {"resumen", c.resumen},
                         {"tipo", entorno.tipos.name(c.tipo)},
                         {"situacion", tag_of(entorno, situacion)},
                         {"archivado", situacion == Situacion::archivado},
                         {"summary", rows},
                         {"files", files_view(entorno, anuncio, preview)},
                         {"withdrawn", withdrawn},
                         {"corrects", corrects},
                         {"corrected", corrected}});
}

std::optional<Instante> next_change(const Entorno& entorno, AnuncioRepository& anuncios) {
    auto next = anuncios.next_change();
    const auto consider = [&](Instante when) {
        if (when > entorno.now && (!next || when < *next)) next = when;
    };
    if (const auto& notices = entorno.municipio["notices"]; notices.is_array()) {
        for (const auto& notice : notices.as_array()) {
            if (const auto from = Fecha::parse(notice.string_or("from", "")))
                consider(entorno.zona.start_of(*from));
            if (const auto until = Fecha::parse(notice.string_or("until", "")))
                consider(entorno.zona.start_of(until->plus(1)));
        }
    }
    return next;
}

}  // namespace sede
