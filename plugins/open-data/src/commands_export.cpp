// concejo open-data export|check: what leaves the portal, and whether all of it would be taken.
#include "commands.hpp"
#include "dump.hpp"
#include "save_dataset.hpp"
#include "staff.hpp"

#include <algorithm>
#include <map>

namespace open_data {
namespace {

using concejo::Call;
using concejo::fill;
using concejo::Terminal;

/// By its identifier, or as the dataset's resource of that name, or as its only one with rows.
std::optional<Resource> chosen_resource(const Portal& portal, Catalogue& catalogue, const Json& arguments) {
    const auto wanted = arguments.string_or("recurso", ""), name = arguments.string_or("dataset", "");
    if (name.empty()) {
        if (is_uuid(wanted)) return need_resource(portal, catalogue, wanted).second;
        return std::nullopt;
    }
    std::vector<Resource> found;
    for (auto& one : need_dataset(portal, catalogue, name).resources)
        if (wanted.empty() ? one.tabular()
                           : one.id == wanted || one.file_name == wanted || portal.title(one) == wanted)
            found.push_back(one);
    if (found.size() != 1) return std::nullopt;
    return found.front();
}

ckan::Arguments selection_of_options(const Json& arguments) {
    Json values = Json::object();
    for (const auto& [option, parameter] :
         {std::pair{"filtros", "filters"}, {"q", "q"}, {"campos", "fields"}, {"orden", "sort"}})
        if (const auto text = arguments.string_or(option, ""); !text.empty()) values[parameter] = text;
    return ckan::Arguments(std::move(values));
}

void export_command(const Call& call, const Json& arguments, const Terminal& terminal) {
    const Portal portal(call);
    const auto* format = dump_format(arguments.string_or("formato", "csv"));
    if (!format)
        return misuse(
            terminal,
            call.tr(
                "Ese formato no se ofrece: elija csv, xlsx, hoja.csv, json, ndjson, geojson, tsv o xml."));
    std::optional<Resource> resource;
    {
        auto tx = call.begin();
        Catalogue catalogue(tx);
        resource = chosen_resource(portal, catalogue, arguments);
    }
    if (!resource)
        return misuse(terminal, call.tr("Diga qué recurso: --recurso con su identificador, o --dataset y, si "
                                        "el conjunto tiene varios, --recurso con su nombre."));
    if (!resource->tabular()) return misuse(terminal, call.tr("Ese recurso no tiene filas que descargar."));
    const auto dump = dump_of(call, *resource, {*format, false, selection_of_options(arguments)});
    constexpr std::int64_t piece = 1 << 20;
    for (std::int64_t at = 0; at < dump.bytes; at += piece)
        terminal.write(
            call.read_blob(dump.blob, static_cast<std::uint64_t>(at), static_cast<std::uint64_t>(piece)));
}

const char* rating_text(dcat::Rating rating) {
    switch (rating) {
        case dcat::Rating::excellent:
            return N_("excelente");
        case dcat::Rating::good:
            return N_("buena");
        case dcat::Rating::sufficient:
            return N_("suficiente");
        default:
            return N_("mala");
    }
}

std::string quality_text(const Call& call, const dcat::Score& score) {
    return fill(call.tr("{puntos} de 405 puntos, calidad {calidad}"),
                {{"puntos", call.number(score.points)}, {"calidad", call.tr(rating_text(score.rating))}});
}

Json problem_list(const Call& call, const std::vector<dcat::Problem>& problems) {
    Json list = Json::array();
    for (const auto& one : problems)
        list.push_back(
            Json::object({{"severity", one.severity == dcat::Severity::error ? "error" : "warning"},
                          {"where", one.where},
                          {"text", text_of(call, one)}}));
    return list;
}

void tell_problems(const Call& call, const Terminal& terminal, std::vector<dcat::Problem> problems) {
    std::stable_partition(problems.begin(), problems.end(),
                          [](const auto& one) { return one.severity == dcat::Severity::error; });
    for (const auto& one : problems)
        terminal.out("  " + (one.severity == dcat::Severity::error ? call.tr("error") : call.tr("aviso")) +
                     " " + one.where + ": " + text_of(call, one));
}

/// Two with one title are one to the federator of datos.gob.es.
dcat::Problem same_title(const std::string& other) {
    return {dcat::Severity::error,
            "/title",
            N_("Otro conjunto de datos publicado, «{otro}», tiene el mismo título."),
            N_("Cambie el título de uno de los dos."),
            {{"otro", other}}};
}

class CheckCatalogue {
public:
    CheckCatalogue(const Call& call, const Terminal& terminal, bool as_json)
        : call_(call),
          terminal_(terminal),
          as_json_(as_json),
          portal_(call),
          catalog_(catalog_of(portal_)),
          tally_(catalog_, [this](const std::string& url) { return answers(url); }) {}

    void operator()() {
        auto tx = call_.begin();
        Catalogue catalogue(tx);
        Filter filter;
        filter.states = {State::draft, State::review, State::published}, filter.with_private = true,
        filter.sort = "name", filter.limit = 100;
        for (bool more = true; more; filter.offset += filter.limit) {
            const auto some = catalogue.list(filter);
            for (const auto& one : some) look_at(one);
            more = some.size() == static_cast<std::size_t>(filter.limit);
        }
        look_at_catalogue();
        sum_up();
    }

private:
    /// What is published here answers; of other servers nobody has asked.
    std::optional<bool> answers(const std::string& url) const {
        if (url.starts_with(portal_.home() + "/")) return true;
        return std::nullopt;
    }
    void look_at_catalogue() {
        if (published_ == 0) return;  // its dates are those of what is in it
        const auto problems = dcat::find_problems(catalog_, now_);
        if (dcat::has_errors(problems)) ++refused_;
        report_["catalogue"] = problem_list(call_, problems);
        if (as_json_ || problems.empty()) return;
        terminal_.out(call_.tr("El catálogo"));
        tell_problems(call_, terminal_, problems);
    }
    void look_at(const Dataset& dataset) {
        const auto made = described(portal_, catalog_, dataset);
        auto problems = dcat::find_problems(made, catalog_, now_);
        if (dataset.visible())
            if (const auto [known, fresh] = titles_.emplace(portal_.title(dataset), dataset.name); !fresh)
                problems.push_back(same_title(known->second));
        const bool errors = dcat::has_errors(problems);
        const auto score =
            dcat::score(made, catalog_, !errors, [this](const std::string& url) { return answers(url); });
        if (dataset.visible()) {
            tally_.add(made, !errors), ++published_, refused_ += errors ? 1 : 0;
            catalog_.issued = std::min(catalog_.issued.value_or(*made.issued), *made.issued),
            catalog_.modified = std::max(catalog_.modified.value_or(*made.modified), *made.modified);
        }
        if (as_json_) {
            datasets_.push_back(Json::object({{"name", dataset.name},
                                              {"state", name(dataset.state)},
                                              {"points", score.points},
                                              {"problems", problem_list(call_, problems)}}));
            return;
        }
        terminal_.out(dataset.name + "  " + state_text(call_, dataset) + "  " + quality_text(call_, score));
        tell_problems(call_, terminal_, problems);
    }
    void sum_up() {
        const auto score = tally_.score();
        if (refused_ > 0) terminal_.exit_code(1);
        if (as_json_) {
            report_["datasets"] = std::move(datasets_),
            report_["points"] = published_ > 0 ? Json(score.points) : Json(), report_["refused"] = refused_;
            return terminal_.out(report_.dump());
        }
        if (published_ > 0)
            terminal_.out(
                fill(call_.tr("Todo lo publicado: {calidad}"), {{"calidad", quality_text(call_, score)}}));
        terminal_.out(refused_ == 0
                          ? call_.tr("Un recolector lo tomaría todo.")
                          : fill(call_.tr("Lo que un recolector rechazaría: {n}. Corrija sus errores."),
                                 {{"n", std::to_string(refused_)}}));
    }

    const Call& call_;
    const Terminal& terminal_;
    bool as_json_;
    Portal portal_;
    dcat::Catalog catalog_;
    dcat::QualityTally tally_;
    dcat::Instant now_ = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    std::map<std::string, std::string> titles_;
    Json datasets_ = Json::array(), report_ = Json::object();
    std::int64_t refused_ = 0, published_ = 0;
};

void check_command(const Call& call, const Json& arguments, const Terminal& terminal) {
    CheckCatalogue(call, terminal, arguments.bool_or("json", false))();
}

}  // namespace

void register_file_commands(concejo::Kernel& kernel) {
    kernel.command(
        Json::object(
            {{"verb", "export"},
             {"help", N_("Escribe en la salida las filas de un recurso, todas o las que se elijan.")},
             {"options",
              Json::array(
                  {option("dataset", N_("nombre o identificador del conjunto"), false),
                   option("recurso",
                          N_("identificador o nombre del recurso, si el conjunto tiene varios con filas"),
                          false),
                   option("formato",
                          N_("csv (si no se dice otro), xlsx, hoja.csv, json, ndjson, geojson, tsv o xml"),
                          false),
                   option("filtros", N_("condiciones en JSON, como las de la API: {\"año\": 2026}"), false),
                   option("q", N_("palabras"), false),
                   option("campos", N_("columnas separadas por comas"), false),
                   option("orden", N_("columna y asc o desc"), false)})},
             {"files", Json::array()}}),
        export_command);
    kernel.command(Json::object({{"verb", "check"},
                                 {"help", N_("Revisa todo el catálogo: su calidad, y qué rechazaría un "
                                             "recolector (entonces acaba con 1).")},
                                 {"options", Json::array()},
                                 {"files", Json::array()}}),
                   check_command);
}

}  // namespace open_data
