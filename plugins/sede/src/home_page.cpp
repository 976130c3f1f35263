// The municipality's home page, the search over all modules, and what the board gives to both.
#include "paginas.hpp"
#include "vistas.hpp"

namespace sede {
namespace {

using concejo::Call;
using concejo::Reply;
using concejo::Request;

std::string address(const Call& call, const std::string& href) {
    return href.starts_with("/") ? call.url(href) : href;
}

/// What people ask for most, as the municipality's file lists it: with an icon a tile, without one a chip.
void add_shortcuts(const Entorno& entorno, Json& view) {
    Json chips = Json::array(), tiles = Json::array();
    const auto& shortcuts = entorno.municipio["shortcuts"];
    if (!shortcuts.is_array()) return;
    for (const auto& shortcut : shortcuts.as_array()) {
        const auto text = entorno.localized(shortcut["text"]);
        const std::string href = address(entorno.call, shortcut.string_or("href", "")),
                          icon = shortcut.string_or("icon", "");
        if (text.text.empty() || href.empty()) continue;
        Json entry = Json::object({{"label", text.text},
                                   {"href", href},
                                   {"icon", icon},
                                   {"text", ""},
                                   {"note", ""},
                                   {"tags", Json::array()}});
        (icon.empty() ? chips : tiles).push_back(std::move(entry));
    }
    view["chips"] = chips;
    if (!tiles.empty())
        view["shortcuts"] = Json::object({{"heading", entorno.call.tr("Lo más solicitado")},
                                          {"href", ""},
                                          {"more", ""},
                                          {"tiles", tiles}});
}

/// The municipality's notices of today, for the band above the page.
Json notices(const Entorno& entorno) {
    Json list = Json::array();
    const auto& all = entorno.municipio["notices"];
    if (!all.is_array()) return list;
    for (const auto& notice : all.as_array()) {
        const auto from = Fecha::parse(notice.string_or("from", "")),
                   until = Fecha::parse(notice.string_or("until", ""));
        if ((from && entorno.hoy < *from) || (until && entorno.hoy > *until)) continue;
        const std::string href = notice.string_or("href", "");
        list.push_back(Json::object({{"text", entorno.localized(notice["text"]).text},
                                     {"level", notice.string_or("level", "aviso")},
                                     {"href", href.empty() ? "" : address(entorno.call, href)},
                                     {"more", entorno.call.tr("Más información sobre este aviso")}}));
    }
    return list;
}

void home(const Request& request, Reply& reply) {
    const Entorno entorno(request);
    Json blocks = Json::array();
    bool alternate = false;
    const Json rendered = request.blocks("home");
    for (const auto& block : rendered.as_array()) {
        blocks.push_back(Json::object({{"heading", ""},
                                       {"href", ""},
                                       {"more", ""},
                                       {"alternate", alternate},
                                       {"body_html", block.at("html").as_string()}}));
        alternate = !alternate;
    }
    Json view = Json::object(
        {{"title", request.tr("Inicio")},
         {"description",
          fill(request.tr("{municipio}: sede electrónica, trámites, tablón de anuncios y documentos."),
               {{"municipio", entorno.municipio.string_or("name", "")}})},
         {"search_href", request.url("/buscar")},
         {"chips", Json::array()},
         {"notices", notices(entorno)},
         {"blocks", blocks}});
    add_shortcuts(entorno, view);
    auto tx = request.begin();
    AnuncioRepository anuncios(tx);
    if (const auto change = next_change(entorno, anuncios)) reply.valid_until(*change);
    reply.page("pages/home", view);
}

Json latest(const Call& call, const Json&) {
    const Entorno entorno(call);
    auto tx = call.begin();
    AnuncioRepository anuncios(tx);
    Filtro filtro;
    filtro.limite = static_cast<int>(entorno.settings.int_or("anuncios_en_portada", 5));
    const auto pagina = anuncios.page(filtro);
    return Json::object({{"template", "sede/portada"},
                         {"view", Json::object({{"items", list_items(entorno, pagina.anuncios)},
                                                {"board_href", call.url("/tablon")},
                                                {"none", pagina.anuncios.empty()}})}});
}

Json search_board(const Call& call, const Json& argument) {
    const Entorno entorno(call);
    auto tx = call.begin();
    AnuncioRepository anuncios(tx);
    Filtro filtro;
    filtro.ambito = Ambito::publico;
    filtro.texto = argument.string_or("q", "");
    filtro.limite = static_cast<int>(std::min<std::int64_t>(argument.int_or("limit", 20), 100));
    Json found = Json::array();
    if (filtro.texto.empty()) return found;
    const auto pagina = anuncios.page(filtro);
    const auto marks = anuncios.highlights(pagina.anuncios, filtro.texto);
    double rank = 1.0;
    for (const auto& anuncio : pagina.anuncios) {
        std::string summary = anuncio.contenido.resumen;
        for (const auto& [id, text] : marks) {
            if (id != anuncio.id.text()) continue;
            summary.clear();
            for (const auto& piece : split_marks(text, '\x02', '\x03')) summary += piece.texto;
        }
        const bool current = anuncio.situacion(entorno.now) == Situacion::expuesto;
        found.push_back(Json::object({{"title", anuncio.contenido.titulo},
                                      {"href", entorno.url(anuncio)},
                                      {"summary", summary},
                                      {"kind", entorno.tipos.name(anuncio.contenido.tipo)},
                                      {"date", anuncio.contenido.desde.iso()},
                                      {"lang", anuncio.contenido.idioma},
                                      {"rank", current ? rank : rank / 2}}));
        rank *= 0.97;
    }
    return found;
}

/// The words of the question marked in the text, without regard to capitals.
Json marked(std::string_view text, std::string_view question) {
    Json pieces = Json::array();
    const auto lower = [](std::string_view from) {
        std::string out(from);
        for (char& c : out) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
        return out;
    };
    const std::string plain = lower(text), wanted = lower(question);
    std::size_t at = 0;
    for (std::size_t hit = 0; !wanted.empty() && (hit = plain.find(wanted, at)) != std::string::npos;
         at = hit + wanted.size()) {
        if (hit > at) pieces.push_back(Json::object({{"text", text.substr(at, hit - at)}, {"match", false}}));
        pieces.push_back(Json::object({{"text", text.substr(hit, wanted.size())}, {"match", true}}));
    }
    if (at < text.size()) pieces.push_back(Json::object({{"text", text.substr(at)}, {"match", false}}));
    return pieces;
}

void search_page(const Request& request, Reply& reply) {
    const std::string question = clean_line(request.query("q").value_or(""), 200);
    constexpr std::uint32_t limit = 50;
    Json view = Json::object(
        {{"title", question.empty() ? request.tr("Buscar")
                                    : fill(request.tr("Buscar: {palabras}"), {{"palabras", question}})},
         {"search_box",
          Json::object({{"action", request.url("/buscar")},
                        {"id", "q"},
                        {"value", question},
                        {"line", true},
                        {"label", request.tr("Buscar en la sede")},
                        {"placeholder", request.tr("Por ejemplo: presupuesto, licencia, padrón…")}})},
         {"breadcrumb", breadcrumb({{request.tr("Inicio"), request.url("/")}, {request.tr("Buscar"), ""}})}});
    if (!question.empty()) {
        Json results = Json::array();
        const Json found = request.search(question, limit);
        for (const auto& entry : found.as_array()) {
            const std::string summary = entry.string_or("summary", ""), date = entry.string_or("date", "");
            results.push_back(Json::object({{"href", entry.string_or("href", "")},
                                            {"label", entry.string_or("title", "")},
                                            {"lang", entry.string_or("lang", "es")},
                                            {"kind", entry.string_or("kind", "")},
                                            {"date", Fecha::parse(date) ? request.date(date) : date},
                                            {"excerpt", marked(summary, question)}}));
        }
        const auto n = static_cast<std::int64_t>(results.size());
        Json empty;
        if (n == 0)
            empty = Json::object(
                {{"heading", request.tr("No hay resultados")},
                 {"text",
                  request.tr("Compruebe cómo están escritas las palabras o pruebe con otras más generales.")},
                 {"href", ""},
                 {"label", ""}});
        view["searched"] =
            Json::object({{"count_text", fill(request.trn("{n} resultado", "{n} resultados", n),
                                              {{"n", std::to_string(n)}})},
                          {"results", results},
                          {"empty", empty},
                          {"filters", Json::array()},
                          {"pagination", Json()}});
    }
    reply.page("pages/search", view);
}

Json site_map(const Call& call, const Json& asked) {
    auto tx = call.begin();
    Json pages = Json::array(
        {Json::object({{"path", "/"}, {"title", call.tr("Inicio")}}),
         Json::object({{"path", "/tablon"}, {"title", call.tr("Tablón de anuncios y edictos")}}),
         Json::object({{"path", "/tablon/archivo"}, {"title", call.tr("Archivo del tablón de anuncios")}}),
         Json::object({{"path", "/tablon/api"}, {"title", call.tr("Interfaz de datos del tablón")}}),
         Json::object({{"path", "/buscar"}, {"title", call.tr("Buscar")}})});
    for (const auto& one : AnuncioRepository(tx).addresses(asked.int_or("limit", 0)))
        pages.push_back(Json::object({{"path", "/tablon/" + one.slug},
                                      {"modified", one.desde},
                                      {"title", one.titulo},
                                      {"lang", one.idioma}}));
    return pages;
}

}  // namespace

void register_home(concejo::Kernel& kernel) {
    kernel.page("/", home, {.permission = "", .uploads = false, .cached = true, .body_limit = 0});
    kernel.page("/buscar", search_page);
    kernel.block("home", 20, latest);
    kernel.searchable(search_board);
    kernel.site_map(site_map);
    kernel.menu(Json::object({{"place", "main"}, {"label", N_("Inicio")}, {"path", "/"}, {"order", 0}}));
    kernel.menu(
        Json::object({{"place", "legal"}, {"label", N_("Buscador")}, {"path", "/buscar"}, {"order", 90}}));
}

}  // namespace sede
