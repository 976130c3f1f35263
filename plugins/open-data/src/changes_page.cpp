// What changed between two versions of a resource: for people page by page, for programs as JSON and CSV.
#include "comparison.hpp"
#include "gone.hpp"
#include "shown.hpp"

#include <algorithm>
#include <charconv>

namespace open_data {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Reply;
using concejo::Request;

constexpr std::int64_t changes_in_a_page = 50;
constexpr std::int64_t most_in_an_answer = 10'000;
constexpr std::size_t columns_in_a_page = 30;
constexpr int versions_to_choose = 50;

std::int64_t number_in(std::string_view text, std::int64_t otherwise) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() && value >= 0 ? value : otherwise;
}

struct Ends {
    std::optional<Version> older, newer;
};

/// The versions that are asked for; the last one and the one before it where nothing is said.
Ends asked_versions(const Portal& portal, concejo::Transaction& tx, const Resource& resource,
                    const std::string& from, const std::string& to) {
    Ends ends;
    ends.newer = to.empty() ? Versions(tx).find(resource, resource.version)
                            : std::optional(need_version(portal, tx, resource, to));
    if (!ends.newer) return ends;
    ends.older = from.empty() ? Versions(tx).before(resource, ends.newer->number, portal.sees_drafts())
                              : std::optional(need_version(portal, tx, resource, from));
    return ends;
}

std::string list_of_names(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& one : names) text += (text.empty() ? "" : ", ") + one;
    return text;
}

/// A JSON value without its quotes.
std::string plain(const std::optional<std::string>& json) {
    if (!json || *json == "null") return "";
    return json->front() == '"' ? Json::parse(*json).as_string() : *json;
}

std::string for_people(const concejo::Call& call, const std::optional<std::string>& json,
                       const Field& field) {
    if (!json || *json == "null") return "";
    if (field.type == "boolean") return *json == "true" ? call.tr("sí") : call.tr("no");
    return shown(call, plain(json), field);
}

Json change_row(const concejo::Call& call, const Comparison& comparison, const Change& change) {
    Json cells = Json::array();
    const auto shown = std::min(comparison.columns.size(), columns_in_a_page);
    for (std::size_t i = 0; i < shown; ++i) {
        const auto& one = change.cells[i];
        const auto& field = comparison.columns[i];
        Json view = Json::object({{"label", field.name},
                                  {"numeric", field.type == "integer" || field.type == "numeric"},
                                  {"old", ""},
                                  {"new", ""},
                                  {"same", ""}});
        if (one.differs) {
            const auto before = for_people(call, one.before, field),
                       after = for_people(call, one.after, field);
            view["old"] = before.empty() ? "—" : before, view["new"] = after.empty() ? "—" : after;
        } else {
            view["same"] = for_people(call, one.after ? one.after : one.before, field);
        }
        cells.push_back(std::move(view));
    }
    auto text = change.kind == "added"     ? call.tr("Añadida")
                : change.kind == "removed" ? call.tr("Quitada")
                                           : call.tr("Cambiada");
    if (change.times > 1) text += " × " + call.number(static_cast<double>(change.times));
    return Json::object({{"kind", change.kind},
                         {"tone", change.kind == "added"     ? "ok"
                                  : change.kind == "removed" ? "err"
                                                             : "warn"},
                         {"text", text},
                         {"cells", cells}});
}

std::string summary_of(const concejo::Call& call, const Comparison& c) {
    if (c.total() == 0) return call.tr("Las filas son las mismas.");
    return counted(call, call.trn("{n} fila añadida", "{n} filas añadidas", c.added), c.added) + ", " +
           counted(call, call.trn("{n} quitada", "{n} quitadas", c.removed), c.removed) + ", " +
           counted(call, call.trn("{n} cambiada", "{n} cambiadas", c.changed), c.changed) + ".";
}

Json choices(const concejo::Call& call, const std::vector<Version>& versions,
             const std::optional<Version>& chosen) {
    Json list = Json::array();
    for (const auto& one : versions)
        if (one.has_rows())
            list.push_back(Json::object({{"value", std::to_string(one.number)},
                                         {"label", std::to_string(one.number) + " · " +
                                                       call.instant(one.loaded_at, concejo::Style::medium)},
                                         {"selected", chosen && chosen->number == one.number}}));
    return list;
}

void put_changes(const Portal& portal, concejo::Transaction& tx, const Resource& resource, const Ends& ends,
                 const Comparison& comparison, std::int64_t after, const std::string& here, Json& view) {
    const auto& call = portal.call;
    auto changes = changes_of(tx, comparison, *ends.older, *ends.newer, after, changes_in_a_page + 1);
    const bool more = changes.size() > static_cast<std::size_t>(changes_in_a_page);
    if (more) changes.pop_back();
    Json rows = Json::array(), columns = Json::array();
    for (const auto& one : changes) rows.push_back(change_row(call, comparison, one));
    for (std::size_t i = 0; i < std::min(comparison.columns.size(), columns_in_a_page); ++i)
        columns.push_back(Json::object({{"label", comparison.columns[i].name},
                                        {"numeric", comparison.columns[i].type == "integer" ||
                                                        comparison.columns[i].type == "numeric"}}));
    const auto pair = std::to_string(ends.older->number) + "-" + std::to_string(ends.newer->number);
    const auto query =
        "?de=" + std::to_string(ends.older->number) + "&a=" + std::to_string(ends.newer->number);
    view["found"] = Json::object(
        {{"summary", summary_of(call, comparison)},
         {"how", comparison.key.empty()
                     ? call.tr("Se comparan filas enteras: una fila cambiada aparece quitada y añadida.")
                     : concejo::fill(call.tr("Las filas se reconocen por «{columnas}»."),
                                     {{"columnas", list_of_names(comparison.key)}})},
         {"key_failed", comparison.key_failed},
         {"new_columns", list_of_names(comparison.new_columns)},
         {"old_columns", list_of_names(comparison.old_columns)},
         {"columns", columns},
         {"rows", rows},
         {"columns_left",
          comparison.columns.size() > columns_in_a_page
              ? concejo::fill(call.tr("Se muestran {n} columnas; todas están en el JSON y el CSV."),
                              {{"n", std::to_string(columns_in_a_page)}})
              : std::string()},
         {"next_href", more ? here + query + "&desde=" + std::to_string(changes.back().n) : ""},
         {"truncated", comparison.total() > most_changes
                           ? concejo::fill(call.tr("Se listan los primeros {n} cambios."),
                                           {{"n", call.number(static_cast<double>(most_changes))}})
                           : std::string()},
         {"json_href", "/datos/cambios/" + resource.id + "/" + pair + ".json"},
         {"csv_href", "/datos/cambios/" + resource.id + "/" + pair + ".csv"}});
}

void show_changes(const Request& request, Reply& reply) {
    const Portal portal(request);
    const auto& call = portal.call;
    auto tx = request.begin();
    Catalogue catalogue(tx);
    const auto [dataset, resource] = need_resource(portal, catalogue, request.segment("resource"));
    if (dataset.name != request.segment("name"))
        throw Error(ErrorKind::not_found, N_("No hay ningún recurso con esa dirección."));
    const auto ends = asked_versions(portal, tx, resource, request.query("de").value_or(""),
                                     request.query("a").value_or(""));
    const auto versions = Versions(tx).list(resource, portal.sees_drafts(), versions_to_choose);
    const auto here = portal.url(dataset) + "/cambios/" + resource.id,
               title = concejo::fill(call.tr("Cambios en {recurso}"), {{"recurso", portal.title(resource)}});
    Json view = Json::object(
        {{"title", title},
         {"action", here},
         {"older", choices(call, versions, ends.older)},
         {"newer", choices(call, versions, ends.newer)},
         {"waiting", false},
         {"notice", ""},
         {"found", Json()},
         {"list_href", version_url(portal, dataset, resource, 0)},
         {"breadcrumb", breadcrumb({{call.tr("Inicio"), call.url("/")},
                                    {call.tr("Datos abiertos"), call.url("/datos")},
                                    {portal.title(dataset), portal.url(dataset)},
                                    {call.tr("Versiones"), version_url(portal, dataset, resource, 0)},
                                    {call.tr("Cambios"), ""}})}});
    if (!ends.newer || !ends.older)
        view["notice"] = call.tr("Solo hay una versión con filas: no hay nada con que compararla.");
    else if (!ends.newer->has_rows() || !ends.older->has_rows())
        view["notice"] =
            call.tr("Las filas de esas versiones ya no se conservan aparte: compare sus archivos.");
    else {
        const auto comparison = compare(call, tx, resource, *ends.older, *ends.newer);
        if (comparison.waiting)
            view["waiting"] = true;
        else
            put_changes(portal, tx, resource, ends, comparison,
                        number_in(request.query("desde").value_or(""), 0), here, view);
    }
    tx.commit();
    reply.page("open-data/cambios", view);
}

// ---- for programs

std::string list_as_json(const std::vector<std::string>& names) {
    Json list = Json::array();
    for (const auto& one : names) list.push_back(one);
    return list.dump();
}

void append_side(std::string& out, const char* name, const Comparison& comparison, const Change& change,
                 std::optional<std::string> ComparedCell::*side) {
    out += ",\"" + std::string(name) + "\":{";
    bool first = true;
    for (std::size_t i = 0; i < comparison.columns.size(); ++i) {
        const auto& value = change.cells[i].*side;
        if (!value) continue;
        if (!first) out += ',';
        first = false;
        append_json(out, comparison.columns[i].name);
        out += ':' + *value;
    }
    out += '}';
}

std::string as_json(const Portal& portal, const Resource& resource, const Ends& ends,
                    const Comparison& comparison, const std::vector<Change>& changes,
                    const std::string& next) {
    std::string out =
        "{\"resource_id\":\"" + resource.id + "\",\"from\":" + std::to_string(ends.older->number) +
        ",\"to\":" + std::to_string(ends.newer->number) + ",\"key\":" + list_as_json(comparison.key) +
        ",\"columns_added\":" + list_as_json(comparison.new_columns) +
        ",\"columns_removed\":" + list_as_json(comparison.old_columns) +
        ",\"added\":" + std::to_string(comparison.added) +
        ",\"removed\":" + std::to_string(comparison.removed) +
        ",\"changed\":" + std::to_string(comparison.changed) +
        ",\"truncated\":" + (comparison.total() > most_changes ? "true" : "false") + ",\"next\":";
    if (next.empty())
        out += "null";
    else
        append_json(out, portal.home() + next);
    out += ",\"changes\":[";
    for (std::size_t i = 0; i < changes.size(); ++i) {
        out += (i > 0 ? ",\n{\"type\":\"" : "\n{\"type\":\"") + changes[i].kind +
               "\",\"rows\":" + std::to_string(changes[i].times);
        if (changes[i].kind != "added")
            append_side(out, "before", comparison, changes[i], &ComparedCell::before);
        if (changes[i].kind != "removed")
            append_side(out, "after", comparison, changes[i], &ComparedCell::after);
        out += '}';
    }
    return out + "\n]}\n";
}

/// A changed row is two lines: as it was, and as it is.
std::string as_csv(const Comparison& comparison, const std::vector<Change>& changes) {
    std::string out = "_cambio,_filas";
    const auto add = [&](const std::string& text) {
        out += ',';
        append_cell(out, text, ',');
    };
    for (const auto& field : comparison.columns) add(field.name);
    out += "\r\n";
    const auto line = [&](const char* what, const Change& change,
                          std::optional<std::string> ComparedCell::*side) {
        out += std::string(what) + "," + std::to_string(change.times);
        for (const auto& one : change.cells) add(plain(one.*side));
        out += "\r\n";
    };
    for (const auto& one : changes) {
        if (one.kind == "added")
            line("añadida", one, &ComparedCell::after);
        else if (one.kind == "removed")
            line("quitada", one, &ComparedCell::before);
        else
            line("antes", one, &ComparedCell::before), line("ahora", one, &ComparedCell::after);
    }
    return out;
}

void give_changes(const Request& request, Reply& reply) {
    const Portal portal(request);
    const auto file = request.segment("file");
    const auto dash = file.find('-'), dot = file.find('.');
    if (dash == std::string::npos || dot == std::string::npos || dash > dot)
        throw Error(ErrorKind::invalid,
                    N_("La dirección acaba en las dos versiones y el formato: 1-2.json o 1-2.csv."));
    const auto format = file.substr(dot + 1);
    if (format != "json" && format != "csv")
        throw Error(ErrorKind::invalid,
                    N_("La dirección acaba en las dos versiones y el formato: 1-2.json o 1-2.csv."));
    const auto limit = number_in(request.query("limite").value_or("1000"), 0),
               after = number_in(request.query("desde").value_or(""), 0);
    if (limit < 1 || limit > most_in_an_answer)
        throw Error(ErrorKind::invalid, N_("«limite» debe ser un número entre 1 y 10000."));
    auto tx = request.begin();
    Catalogue catalogue(tx);
    const auto resource = need_resource(portal, catalogue, request.segment("id")).second;
    const auto ends =
        asked_versions(portal, tx, resource, file.substr(0, dash), file.substr(dash + 1, dot - dash - 1));
    if (!ends.older || !ends.newer || !ends.older->has_rows() || !ends.newer->has_rows())
        throw Error(ErrorKind::not_found,
                    N_("Las filas de esas versiones ya no se conservan aparte: compare sus archivos."));
    const auto comparison = compare(request, tx, resource, *ends.older, *ends.newer);
    auto changes = comparison.waiting
                       ? std::vector<Change>()
                       : changes_of(tx, comparison, *ends.older, *ends.newer, after, limit + 1);
    tx.commit();
    reply.field("Access-Control-Allow-Origin", "*");
    if (comparison.waiting) {
        reply.status(202).field("Retry-After", "30");
        return reply.body(
            "text/plain; charset=utf-8",
            request.tr("Son muchas filas y se están comparando: pídalo otra vez dentro de un momento.") +
                "\n");
    }
    std::string next;
    if (changes.size() > static_cast<std::size_t>(limit)) {
        changes.pop_back();
        next = "/datos/cambios/" + resource.id + "/" + file + "?limite=" + std::to_string(limit) +
               "&desde=" + std::to_string(changes.back().n);
        reply.field("Link", "<" + next + ">; rel=\"next\"");
    }
    if (format == "csv")
        reply.body("text/csv; charset=utf-8; header=present", as_csv(comparison, changes));
    else
        reply.body("application/json; charset=utf-8",
                   as_json(portal, resource, ends, comparison, changes, next));
}

}  // namespace

void register_changes(concejo::Kernel& kernel) {
    kernel.page("/datos/:name/cambios/:resource", or_gone(show_changes));
    kernel.bare("GET", "/datos/cambios/:id/:file", or_gone(give_changes));
}

}  // namespace open_data
