// concejo open-data import|publish|list: the same use cases as the pages and the API, for operators and scripts.
#include "commands.hpp"
#include "fields.hpp"
#include "harvested.hpp"
#include "kept_file.hpp"
#include "load_file.hpp"
#include "save_dataset.hpp"
#include "shown.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace open_data {
namespace {

using concejo::Call;
using concejo::fill;
using concejo::Terminal;

/// What the options say of a dataset, put into it.
void describe(Dataset& dataset, const Json& arguments) {
    const auto put = [&](const char* option, const char* key) {
        if (const auto text = arguments.string_or(option, ""); !text.empty()) dataset.meta[key] = text;
    };
    const auto put_text = [&](const char* option, const char* key) {
        if (const auto text = arguments.string_or(option, ""); !text.empty()) dataset.meta[key]["es"] = text;
    };
    put_text("titulo", "title");
    put_text("descripcion", "notes");
    put("licencia", "license");
    put("frecuencia", "frequency");
    for (const auto& [option, key] : {std::pair("desde", "start"), std::pair("hasta", "end")}) {
        const auto day = day_typed(arguments.string_or(option, ""));
        if (day.empty()) continue;
        if (!is_day(day))
            throw concejo::Error(concejo::ErrorKind::invalid,
                                 N_("Escriba el día como dd/mm/aaaa, por ejemplo 31/01/2026."));
        dataset.meta["temporal"][key] = day;
    }
    if (const auto sector = arguments.string_or("sector", ""); !sector.empty())
        dataset.meta["sectors"] = Json::array({sector});
    if (const auto words = arguments.string_or("palabras", ""); !words.empty()) {
        Json list = Json::array();
        std::istringstream in(words);
        for (std::string one; std::getline(in, one, ',');)
            if (one = clean_line(one, 100); !one.empty()) list.push_back(one);
        dataset.meta["keywords"]["es"] = list;
    }
}

/// The resource that this file is the next version of; a new one where there is none.
Resource resource_for(Catalogue& catalogue, const Dataset& dataset, const std::string& wanted,
                      const std::string& file_name) {
    for (const auto& one : dataset.resources)
        if (wanted.empty() ? one.file_name == file_name
                           : one.id == wanted || text_in(one.meta["name"], "es") == wanted)
            return one;
    Resource fresh;
    fresh.dataset = dataset.id;
    fresh.meta =
        Json::object({{"name", Json::object({{"es", wanted.empty() ? title_of_file(file_name) : wanted}})}});
    return catalogue.insert(fresh);
}

/// Exit code 1, and what it lacks, where it cannot be published: false.
bool publish_or_tell(const Portal& portal, Catalogue& catalogue, concejo::Transaction& tx,
                     const Terminal& terminal, const Dataset& dataset) {
    if (publish_dataset(portal, catalogue, tx, dataset)) return true;
    terminal.err(portal.call.tr("No se publica todavía:"));
    for (const auto& one : problems_of(portal, dataset))
        if (one.severity == dcat::Severity::error)
            terminal.err("  " + one.where + ": " + text_of(portal.call, one));
    terminal.exit_code(1);
    return false;
}

std::string media_type_of(const std::string& name) {
    const auto ends = [&](std::string_view end) {
        return name.size() >= end.size() && name.compare(name.size() - end.size(), end.size(), end) == 0;
    };
    if (ends(".csv")) return "text/csv";
    if (ends(".tsv") || ends(".tab")) return "text/tab-separated-values";
    if (ends(".xlsx")) return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    if (ends(".ods")) return "application/vnd.oasis.opendocument.spreadsheet";
    if (ends(".geojson")) return "application/geo+json";
    if (ends(".json")) return "application/json";
    if (ends(".ndjson") || ends(".jsonl")) return "application/x-ndjson";
    return "text/plain";
}

/// About as many as rows, by those of its beginning; 0 where lines are no rows.
std::uint64_t lines_of(const std::string& path, const std::string& name) {
    const auto type = media_type_of(name);
    if (type != "text/csv" && type != "text/tab-separated-values" && type != "application/x-ndjson") return 0;
    std::ifstream in(path, std::ios::binary);
    std::string piece(1 << 20, '\0');
    in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    piece.resize(static_cast<std::size_t>(in.gcount()));
    if (piece.empty()) return 0;
    const auto lines = static_cast<std::uint64_t>(std::count(piece.begin(), piece.end(), '\n')) + 1;
    return lines * std::filesystem::file_size(path) / piece.size();
}

void tell(const Call& call, const Terminal& terminal, const Json& report) {
    terminal.out(call.tr("Filas") + ": " +
                 counted_rows(call, report.int_or("rows_read", 0), report.int_or("rows_accepted", 0),
                              report.int_or("rows_rejected", 0)) +
                 ".");
    for (const auto& column : report.at("columns").as_array())
        terminal.out("  " + column.string_or("name", "") + ": " + column.string_or("type", ""));
    for (const auto& one : report.at("rejects").as_array())
        terminal.err(
            fill(call.tr("Línea {n}: {motivo}"), {{"n", std::to_string(one.int_or("line", 0))},
                                                  {"motivo", call.tr(one.string_or("reason", ""))}}));
}

void import_command(const Call& call, const Json& arguments, const Terminal& terminal) {
    const Portal portal(call);
    const auto path = arguments.string_or("archivo", ""), name = arguments.string_or("dataset", "");
    if (!is_name(name))
        return misuse(terminal,
                      call.tr("--dataset es un nombre de 2 a 100 letras minúsculas, cifras, - y _."));
    struct stat file {};
    if (::stat(path.c_str(), &file) != 0 || !S_ISREG(file.st_mode))
        return misuse(terminal, fill(call.tr("No se puede leer el archivo {ruta}."), {{"ruta", path}}));
    const auto file_name = std::filesystem::path(path).filename().string();
    auto tx = call.begin();
    Catalogue catalogue(tx);
    auto found = catalogue.find(name);
    auto dataset = found ? std::move(*found) : create_dataset(portal, catalogue, tx, name, name);
    need_own(dataset);
    describe(dataset, arguments);
    dataset = catalogue.update(dataset);
    const auto resource = resource_for(catalogue, dataset, arguments.string_or("recurso", ""), file_name);
    const auto lines = lines_of(path, file_name);
    const auto progress = [&](std::uint64_t done) {
        if (lines > 0) terminal.progress(std::min(done, lines), lines, file_name);
    };
    const auto loaded = LoadFile(call, tx, portal.by())(
        resource, {path, file_name, media_type_of(file_name), {}, {}}, progress);
    progress(lines);  // headings and empty lines are no rows
    if (arguments.bool_or("publicar", false))
        publish_or_tell(portal, catalogue, tx, terminal, *catalogue.find(dataset.id));
    tx.commit();
    if (arguments.bool_or("json", false))
        terminal.out(loaded.report.dump());
    else
        tell(call, terminal, loaded.report);
    if (loaded.report.int_or("rows_rejected", 0) > 0 && !arguments.bool_or("allow-rejects", false))
        terminal.exit_code(1);
}

void publish_command(const Call& call, const Json& arguments, const Terminal& terminal) {
    const Portal portal(call);
    auto tx = call.begin();
    Catalogue catalogue(tx);
    auto dataset = need_dataset(portal, catalogue, arguments.string_or("dataset", ""));
    const auto before = dataset.meta;
    describe(dataset, arguments);
    if (dataset.meta != before) need_own(dataset);
    const bool published = publish_or_tell(portal, catalogue, tx, terminal, catalogue.update(dataset));
    tx.commit();
    if (arguments.bool_or("json", false))
        terminal.out(Json::object({{"id", dataset.id}, {"name", dataset.name}}).dump());
    else if (published)
        terminal.out(fill(call.tr("Publicado: {direccion}"), {{"direccion", portal.url(dataset, true)}}));
}

void list_command(const Call& call, const Json& arguments, const Terminal& terminal) {
    const Portal portal(call);
    auto tx = call.begin();
    Catalogue catalogue(tx);
    Filter filter;
    filter.words = arguments.string_or("q", "");
    filter.states = {State::draft, State::review, State::published, State::withdrawn},
    filter.with_private = true, filter.limit = 1000;
    Json list = Json::array();
    for (const auto& one : catalogue.list(filter)) {
        Json resources = Json::array();
        for (const auto& r : one.resources)
            resources.push_back(Json::object({{"id", r.id},
                                              {"name", portal.title(r)},
                                              {"format", r.format},
                                              {"rows", r.rows},
                                              {"version", r.version}}));
        list.push_back(Json::object({{"id", one.id},
                                     {"name", one.name},
                                     {"title", portal.title(one)},
                                     {"state", name(one.state)},
                                     {"resources", resources}}));
        if (!arguments.bool_or("json", false))
            terminal.out(one.name + "  " + name(one.state) + "  " + portal.title(one));
    }
    if (arguments.bool_or("json", false)) terminal.out(Json::object({{"datasets", list}}).dump());
}

}  // namespace

void register_commands(concejo::Kernel& kernel) {
    const auto file = [](const char* name, const char* help) {
        return Json::array({Json::object({{"name", name}, {"help", help}})});
    };
    const Json about[] = {option("titulo", N_("título"), false),
                          option("descripcion", N_("qué contiene, en 50 caracteres o más"), false),
                          option("sector", N_("sector de la NTI: hacienda, demografia…"), false),
                          option("licencia", N_("CC_BY_4_0 si no se dice otra"), false),
                          option("frecuencia", N_("ANNUAL, MONTHLY, DAILY…"), false),
                          option("palabras", N_("palabras clave separadas por comas"), false),
                          option("desde", N_("primer día que cubren los datos: 2026-01-31"), false),
                          option("hasta", N_("último día que cubren"), false)};
    Json of_import = Json::array(
        {option("dataset", N_("nombre del conjunto; si no existe se crea, sin publicar"), true),
         option("recurso",
                N_("identificador o nombre del recurso; sin él, el que tenga ese nombre de archivo"), false),
         option("publicar", N_("publica el conjunto"), false, true),
         option("allow-rejects", N_("acaba bien aunque se rechacen filas"), false, true)});
    Json of_publish = Json::array({option("dataset", N_("nombre o identificador del conjunto"), true)});
    for (const auto& one : about) of_import.push_back(one), of_publish.push_back(one);
    kernel.command(
        Json::object(
            {{"verb", "import"},
             {"help", N_("Carga un archivo (CSV, Excel, ODS, JSON…) como recurso de un conjunto de datos.")},
             {"options", of_import},
             {"files", file("archivo", N_("el archivo con los datos"))}}),
        import_command);
    kernel.command(Json::object({{"verb", "publish"},
                                 {"help", N_("Publica un conjunto de datos.")},
                                 {"options", of_publish},
                                 {"files", Json::array()}}),
                   publish_command);
    kernel.command(Json::object({{"verb", "list"},
                                 {"help", N_("Lista los conjuntos de datos, los últimos cambiados primero.")},
                                 {"options", Json::array({option("q", N_("palabras"), false)})},
                                 {"files", Json::array()}}),
                   list_command);
    register_file_commands(kernel);
}

}  // namespace open_data
