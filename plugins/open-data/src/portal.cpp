#include "portal.hpp"

#include "gone.hpp"

namespace open_data {

using concejo::Error;
using concejo::ErrorKind;

Portal::Portal(const concejo::Call& call_)
    : call(call_),
      settings(call_.settings()),
      municipality(call_.municipality()),
      language(municipality.string_or("default_language", "es")) {}

Portal::Portal(const concejo::Request& request) : Portal(static_cast<const concejo::Call&>(request)) {
    if (!request.language.empty()) language = std::string(request.language);
}

bool Portal::sees_drafts() const {
    return call.who().kind == "system" || call.may(may_edit) || call.may(may_write);
}

bool Portal::sees(Catalogue& catalogue, const Dataset& d) const {
    return d.visible() || sees_drafts() ||
           (call.may(may_collaborate) && catalogue.capacity(d.id, by()) != Capacity::none);
}

std::string Portal::by() const {
    const auto who = call.who();
    return who.kind + ":" + (who.login.empty() ? who.id : who.login);
}

std::string person_of(const std::string& by) {
    return by.starts_with("staff:") ? by.substr(std::string_view("staff:").size()) : by;
}

std::string Portal::title(const Dataset& d) const {
    auto title = text(d.meta["title"]);
    return title.empty() ? d.name : title;
}

std::string Portal::title(const Resource& r) const {
    auto title = text(r.meta["name"]);
    return title.empty() ? (r.file_name.empty() ? r.id : r.file_name) : title;
}

std::string Portal::size(std::int64_t bytes) const {
    double value = static_cast<double>(bytes);
    const char* units[] = {"B", "kB", "MB", "GB", "TB"};
    int unit = 0;
    while (value >= 1000 && unit < 4) value /= 1000, ++unit;
    return call.number(value, unit > 0 && value < 100 ? 1 : 0) + " " + units[unit];
}

std::string Portal::url(const Dataset& d, bool absolute) const {
    return call.url("/datos/" + d.name, absolute);
}

std::string Portal::file_url(const Resource& r, bool absolute) const {
    if (r.blob.empty())
        return r.url.starts_with("https://") || r.url.starts_with("http://") ? r.url : std::string();
    return (absolute ? home() : std::string()) + "/dataset/" + r.dataset + "/resource/" + r.id +
           "/download/" + slug_of(r.file_name.substr(0, r.file_name.rfind('.'))) +
           (r.file_name.rfind('.') == std::string::npos
                ? ""
                : "." + slug_of(r.file_name.substr(r.file_name.rfind('.') + 1)));
}

std::string Portal::dump_url(const Resource& r, std::string_view format, bool absolute) const {
    return (absolute ? home() : std::string()) + "/datastore/dump/" + r.id +
           (format == "csv" ? std::string() : "?format=" + std::string(format));
}

std::string Portal::rows_url(const Resource& r, std::string_view format, bool absolute) const {
    const auto name = slug_of(r.file_name.substr(0, r.file_name.rfind('.')));
    return (absolute ? home() : std::string()) + "/datos/filas/" + r.id + "/" +
           (name.empty() ? "datos" : name) + "." + std::string(format);
}

Organization Portal::own_organization(Catalogue& catalogue) const {
    auto name = slug_of(municipality.string_or("slug", ""));
    if (!is_name(name)) name = "ayuntamiento";
    if (auto found = catalogue.organization(name)) return *found;
    Organization own;
    own.name = name, own.kind = "organization", own.state = "active";
    own.meta = Json::object({{"title", Json::object({{"es", municipality.string_or("name", "")}})},
                             {"dir3", municipality.string_or("dir3", "")}});
    return catalogue.insert(own);
}

Dataset need_dataset(const Portal& portal, Catalogue& catalogue, std::string_view name_or_id) {
    auto found = catalogue.find(name_or_id);
    if (!found ||
        (!(found->state == State::withdrawn && !found->is_private) && !portal.sees(catalogue, *found)))
        throw Error(ErrorKind::not_found, N_("No hay ningún conjunto de datos con esa dirección."));
    return std::move(*found);
}

std::pair<Dataset, Resource> need_resource(const Portal& portal, Catalogue& catalogue, std::string_view id) {
    auto resource = catalogue.resource(id);
    if (!resource) throw Error(ErrorKind::not_found, N_("No hay ningún recurso con esa dirección."));
    auto dataset = need_dataset(portal, catalogue, resource->dataset);
    if (!portal.sees(catalogue, dataset)) {
        if (dataset.issued.empty())
            throw Error(ErrorKind::not_found, N_("No hay ningún recurso con esa dirección."));
        throw Gone(std::move(dataset));
    }
    return {std::move(dataset), std::move(*resource)};
}

Json breadcrumb(const std::vector<std::pair<std::string, std::string>>& steps) {
    Json list = Json::array();
    for (const auto& [label, href] : steps) list.push_back(Json::object({{"label", label}, {"href", href}}));
    return list;
}

}  // namespace open_data
