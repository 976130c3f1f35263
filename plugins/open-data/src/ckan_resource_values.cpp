// Resources, as clients write them.
#include "ckan_show.hpp"
#include "ckan_values.hpp"
#include "removal.hpp"

#include <algorithm>

namespace open_data::ckan {
namespace {

/// What the server alone says of a resource, and what has a place of its own.
constexpr std::string_view not_extras =
    "id package_id created last_modified metadata_modified position state datastore_active cache_url cache_last_updated mimetype_inner revision_id "
    "tracking_summary upload clear_upload name description url url_type format mimetype hash resource_type size webstore_url webstore_last_updated";

std::string format_from(const std::string& address) {
    const auto path = address.substr(0, address.find_first_of("?#"));
    const auto dot = path.rfind('.');
    if (dot == std::string::npos || path.find('/', dot) != std::string::npos) return {};
    const auto format = written_format(path.substr(dot + 1));
    return format == path.substr(dot + 1) ? std::string()
                                          : format;  // an ending that nobody knows is no format
}

}  // namespace

void apply_resource(Ask& ask, Resource& r, const Json& values, Change change) {
    if (!r.meta.is_object()) r.meta = Json::object();
    if (change == Change::create) {
        if (const auto id = text_of(values["id"]).value_or(""); is_uuid(id))
            purge_if_removed(ask.request, ask.tx, id);
        r.id = brought_id(ask, values, "open_data_resource", "Resource id already exists.");
    }
    const auto given_or_gone = [&](const char* key) {
        return values.contains(key) || change == Change::replace;
    };
    for (const auto* key : {"name", "description"})
        if (given_or_gone(key)) {
            if (!r.meta[key].is_object()) r.meta[key] = Json::object();
            r.meta[key]["es"] = text_of(values[key]).value_or("");
        }
    if (r.blob.empty() && given_or_gone("url")) r.url = text_of(values["url"]).value_or("");
    if (!is_link(r.url)) throw invalid("url", "Please provide a valid URL");
    if (given_or_gone("format")) r.format = written_format(text_of(values["format"]).value_or(""));
    if (r.format.empty()) r.format = format_from(r.blob.empty() ? r.url : r.file_name);
    if (r.blob.empty() && given_or_gone("mimetype")) r.media_type = text_of(values["mimetype"]).value_or("");
    for (const auto* key : {"hash", "resource_type"})
        if (given_or_gone(key)) r.meta[key] = text_of(values[key]).value_or("");
    if (r.blob.empty() && values.contains("size")) r.bytes = Arguments(values).natural("size");
    if (const auto type = text_of(values["url_type"]).value_or("");
        values.contains("url_type") && (type.empty() || type == "datastore"))
        r.meta["url_type"] = type;
    Json extras =
        change == Change::replace || !r.meta["extras"].is_object() ? Json::object() : r.meta["extras"];
    const auto own = words_of(not_extras);
    for (const auto& [key, value] : values.as_object())
        if (std::find(own.begin(), own.end(), key) == own.end()) extras[key] = value;
    r.meta["extras"] = std::move(extras);
}

void apply_resources(Ask& ask, const Dataset& dataset, const Json& list, Change change) {
    std::vector<std::string> kept;
    int position = 0;
    for (const auto& one : list.as_array()) {
        if (!one.is_object())
            throw invalid("resources", "Only lists of dicts can be placed against subschema");
        const auto id = one.string_or("id", "");
        const auto known = std::find_if(dataset.resources.begin(), dataset.resources.end(),
                                        [&](const auto& r) { return r.id == id; });
        if (known == dataset.resources.end()) {
            Resource fresh;
            fresh.dataset = dataset.id;
            apply_resource(ask, fresh, one, Change::create);
            kept.push_back(ask.catalogue.insert(fresh).id);
        } else {
            auto there = *known;
            // A list of resources is whole, whatever the dataset around it is.
            apply_resource(ask, there, one, change == Change::merge ? Change::replace : change);
            there.position = position;
            ask.catalogue.update(there);
            kept.push_back(there.id);
        }
        ++position;
    }
    for (const auto& one : dataset.resources)
        if (std::find(kept.begin(), kept.end(), one.id) == kept.end())
            remove_resource(ask.request, ask.tx, one);
}

}  // namespace open_data::ckan
