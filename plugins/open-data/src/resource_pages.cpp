#include "resource_pages.hpp"

#include "coordinates.hpp"
#include "shown.hpp"

#include <algorithm>
#include <charconv>

namespace open_data {

std::pair<Dataset, Resource> need_rows(const concejo::Request& request, const Portal& portal,
                                       Catalogue& catalogue) {
    auto found = need_resource(portal, catalogue, request.segment("resource"));
    if (found.first.name != request.segment("name") || !found.second.tabular())
        throw concejo::Error(
            concejo::ErrorKind::not_found,
            N_("Este recurso no tiene filas que enseñar: descárguelo en la página de su conjunto de datos."));
    return found;
}

std::string view_url(const Portal& portal, const Dataset& dataset, const Resource& resource,
                     const char* view) {
    return portal.url(dataset) + "/" + view + "/" + resource.id;
}

Json view_links(const Portal& portal, const Dataset& dataset, const Resource& resource,
                std::string_view current) {
    const auto& call = portal.call;
    std::vector<std::pair<const char*, std::string>> views{{"tabla", call.tr("Ver la tabla")},
                                                           {"grafico", call.tr("Hacer un gráfico")}};
    if (coordinates_of(resource)) views.emplace_back("mapa", call.tr("Ver en un mapa"));
    Json list = Json::array();
    for (const auto& [view, label] : views)
        list.push_back(Json::object({{"href", view_url(portal, dataset, resource, view)},
                                     {"label", label},
                                     {"of", portal.title(resource)},
                                     {"current", current == view},
                                     {"count", Json()}}));
    return list;
}

Json view_frame(const Portal& portal, const Dataset& dataset, const Resource& resource, const char* view,
                const std::string& heading) {
    const auto& call = portal.call;
    const auto title = portal.title(dataset);
    return Json::object({{"title", heading + ": " + title},
                         {"heading", heading},
                         {"tabs", view_links(portal, dataset, resource, view)},
                         {"tabs_label", call.tr("Formas de ver los datos")},
                         {"dataset_href", portal.url(dataset)},
                         {"dataset", title},
                         {"resource", portal.title(resource)},
                         {"breadcrumb", breadcrumb({{call.tr("Inicio"), call.url("/")},
                                                    {call.tr("Datos abiertos"), call.url("/datos")},
                                                    {title, portal.url(dataset)},
                                                    {heading, ""}})}});
}

std::map<std::string, std::string> column_titles(const Portal& portal, const Resource& resource) {
    std::map<std::string, std::string> titles;
    if (resource.columns.is_array())
        for (const auto& column : resource.columns.as_array())
            titles[column.string_or("name", "")] = column_title(column, portal.language);
    return titles;
}

std::int64_t page_asked(const concejo::Request& request, std::int64_t last) {
    const auto asked = request.query("pagina").value_or("");
    std::int64_t page = 1;
    std::from_chars(asked.data(), asked.data() + asked.size(), page);
    return std::clamp<std::int64_t>(page, 1, std::max<std::int64_t>(last, 1));
}

Json pagination_view(std::int64_t page, std::int64_t last,
                     const std::function<std::string(std::int64_t)>& href) {
    if (last <= 1) return {};
    Json numbers = Json::array();
    bool gap = false;
    for (std::int64_t number = 1; number <= last; ++number) {
        const bool near = number <= 2 || number >= last - 1 || std::abs(number - page) <= 2;
        if (near)
            numbers.push_back(Json::object(
                {{"number", std::to_string(number)}, {"href", href(number)}, {"current", number == page}}));
        else if (!gap)
            numbers.push_back(Json::object({{"number", ""}, {"href", ""}, {"current", false}}));
        gap = !near;
    }
    return Json::object({{"previous_href", page > 1 ? href(page - 1) : ""},
                         {"next_href", page < last ? href(page + 1) : ""},
                         {"pages", numbers}});
}

Json select_view(const std::string& name, const std::string& label,
                 const std::vector<std::pair<std::string, std::string>>& options, const std::string& chosen) {
    Json list = Json::array();
    for (const auto& [value, text] : options)
        list.push_back(Json::object({{"value", value}, {"label", text}, {"selected", value == chosen}}));
    return Json::object({{"name", name}, {"label", label}, {"options", list}});
}

}  // namespace open_data
