// The quality of a dataset's metadata, explained: what data.europa.eu gives points for, what this one has,
// what to do.
#include "dump.hpp"
#include "harvested.hpp"
#include "metadata.hpp"
#include "portal.hpp"

#include <array>

namespace open_data {
namespace {

using concejo::fill;
using concejo::Reply;
using concejo::Request;

struct DimensionText {
    dcat::Dimension dimension;
    const char *label, *about;  ///< msgids
};
constexpr std::array<DimensionText, 5> dimensions{
    {{dcat::Dimension::findability, N_("Que se encuentre"),
      N_("Palabras, tema, lugar y periodo por los que alguien buscaría estos datos.")},
     {dcat::Dimension::accessibility, N_("Que se pueda abrir"), N_("La página y los archivos responden.")},
     {dcat::Dimension::interoperability, N_("Que lo entiendan los programas"),
      N_("Formatos abiertos, con nombres de las listas europeas.")},
     {dcat::Dimension::reusability, N_("Que se pueda reutilizar"),
      N_("Licencia, acceso y a quién preguntar.")},
     {dcat::Dimension::contextuality, N_("Que se sepa de cuándo es"), N_("Fechas, tamaño y derechos.")}}};

std::string points_text(const concejo::Call& call, double points, int most) {
    const bool whole = points == static_cast<double>(static_cast<long long>(points));
    return fill(call.tr("{puntos} de {total}"),
                {{"puntos", call.number(points, whole ? 0 : 1)}, {"total", std::to_string(most)}});
}

/// What the files that the portal makes of rows wait for; empty where it is none of them whose size is not known.
std::string size_remedy(const concejo::Call& call, const Dataset& dataset) {
    std::string remedy;
    for (const auto& resource : dataset.resources)
        for (const auto* name : described_formats) {
            if (!offers(resource, *dump_format(name)) || resource.files.contains(name)) continue;
            if (!prepares_files(resource))
                return call.tr(
                    "Son muchas filas, y sus archivos se escriben cuando alguien los pide: descárguelos una vez "
                    "en CSV y en JSON, y se sabrá su tamaño.");
            remedy = call.tr("El portal está preparando los archivos: su tamaño aparecerá solo.");
        }
    return remedy;
}

std::string remedy_of(const concejo::Call& call, const dcat::Metric& metric, const Dataset& dataset) {
    auto remedy = std::string_view(metric.metric) == "dcat:byteSize" ? size_remedy(call, dataset) : "";
    return remedy.empty() ? call.tr(metric.remedy) : remedy;
}

Json metric_view(const concejo::Call& call, const dcat::Metric& metric, const Dataset& dataset) {
    const bool all = metric.points >= metric.most, some = metric.points > 0;
    return Json::object(
        {{"text", call.tr(metric.why)},
         {"property", metric.metric},
         {"points", points_text(call, metric.points, metric.most)},
         {"tone", all    ? "ok"
                  : some ? "warn"
                         : "err"},
         {"state", all    ? call.tr("Cumple")
                   : some ? call.tr("En parte")
                          : call.tr("Falta")},
         {"remedy", all || is_changed_there(dataset) ? std::string() : remedy_of(call, metric, dataset)}});
}

Json dimension_view(const concejo::Call& call, const DimensionText& text, const dcat::Score& score,
                    const Dataset& dataset) {
    double points = 0;
    int most = 0;
    Json metrics = Json::array();
    for (const auto& metric : score.metrics) {
        if (metric.dimension != text.dimension) continue;
        points += metric.points, most += metric.most;
        metrics.push_back(metric_view(call, metric, dataset));
    }
    return Json::object({{"label", call.tr(text.label)},
                         {"about", call.tr(text.about)},
                         {"points", points_text(call, points, most)},
                         {"value", std::to_string(points)},
                         {"most", std::to_string(most)},
                         {"metrics", metrics}});
}

void show_quality(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    const auto dataset = need_dataset(portal, catalogue, request.segment("name"));
    const auto score = quality_of(portal, dataset);
    Json parts = Json::array();
    for (const auto& one : dimensions) parts.push_back(dimension_view(request, one, score, dataset));
    const auto title = portal.title(dataset), heading = request.tr("Calidad de los metadatos");
    reply.page("open-data/calidad",
               Json::object({{"title", heading + ": " + title},
                             {"heading", heading},
                             {"dataset", title},
                             {"dataset_href", portal.url(dataset)},
                             {"origin", is_changed_there(dataset) ? origin_view(portal, dataset) : Json()},
                             {"dimensions", parts},
                             {"points", points_text(request, score.points, 405)},
                             {"rating", rating_text(request, score.rating)},
                             {"value", std::to_string(score.points)},
                             {"breadcrumb", breadcrumb({{request.tr("Inicio"), request.url("/")},
                                                        {request.tr("Datos abiertos"), request.url("/datos")},
                                                        {title, portal.url(dataset)},
                                                        {heading, ""}})}}));
}

}  // namespace

std::string rating_text(const concejo::Call& call, dcat::Rating rating) {
    static constexpr const char* texts[] = {N_("Mala"), N_("Suficiente"), N_("Buena"), N_("Excelente")};
    return call.tr(texts[static_cast<int>(rating)]);
}

void register_quality(concejo::Kernel& kernel) {
    kernel.page("/datos/:name/calidad", show_quality,
                concejo::RouteOptions{.permission = {}, .cached = true});
}

}  // namespace open_data
