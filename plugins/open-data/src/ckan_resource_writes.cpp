// Resources, written; with a file where one is sent.
#include "ckan_show.hpp"
#include "ckan_values.hpp"
#include "harvested.hpp"
#include "load_later.hpp"
#include "plugins/open-data/dcat/text.hpp"
#include "removal.hpp"

#include <algorithm>

namespace open_data::ckan {
namespace {

const concejo::Upload* uploaded(const Ask& ask) {
    for (const auto& one : ask.uploads)
        if (one.field == "upload" && one.bytes > 0) return &one;
    return nullptr;
}

/// The last part of what the client calls it, whichever way its system writes folders.
std::string file_name_of_upload(const concejo::Upload& upload) {
    auto name = upload.filename.substr(upload.filename.find_last_of("/\\") + 1);
    std::erase_if(name, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
    return name.empty() ? "archivo" : name.size() > 150 ? name.substr(name.size() - 150) : name;
}

std::string shown(Ask& ask, const std::string& id) {
    return Show(ask).resource(*ask.catalogue.resource(id)).dump();
}

std::string resource_create(Ask& ask) {
    ask.need_user("create resources");
    const auto dataset = need_package(ask, asked_id(ask, "package_id"));
    need_capacity(ask, dataset.id, "create resources");
    need_own(dataset);
    Resource fresh;
    fresh.dataset = dataset.id;
    apply_resource(ask, fresh, ask.args.values(), Change::create);
    const auto made = ask.catalogue.insert(fresh);
    if (const auto* file = uploaded(ask)) take_file(ask, made, *file);
    note_change(ask, "open-data.cambiar", dataset.id);
    return shown(ask, made.id);
}

std::string change_resource(Ask& ask, Change change) {
    ask.need_user("edit resource");
    auto [dataset, resource] = need_resource(ask, asked_id(ask));
    need_capacity(ask, dataset.id, "edit resource");
    need_own(dataset);
    apply_resource(ask, resource, ask.args.values(), change);
    ask.catalogue.update(resource);
    if (const auto* file = uploaded(ask)) take_file(ask, resource, *file);
    note_change(ask, "open-data.cambiar", dataset.id);
    return shown(ask, resource.id);
}

std::string resource_delete(Ask& ask) {
    ask.need_user("delete resource");
    const auto [dataset, resource] = need_resource(ask, asked_id(ask));
    need_capacity(ask, dataset.id, "delete resource");
    need_own(dataset);
    remove_resource(ask.request, ask.tx, resource);
    note_change(ask, "open-data.cambiar", dataset.id);
    return "null";
}

constexpr const char* resource_parameters =
    "id package_id url name description format mimetype hash resource_type size url_type position";

}  // namespace

void take_file(Ask& ask, const Resource& r, const concejo::Upload& upload) {
    auto name = file_name_of_upload(upload);
    // What has no file of its own (Python's StringIO) comes without an ending: then the resource says what it is.
    if (ending_of(name).empty() && is_table(dcat::to_lower(r.format))) name += "." + dcat::to_lower(r.format);
    const auto file = with_media_type({upload.path, name, upload.media_type, {}, {}});
    const auto ending = ending_of(file.file_name);
    if (!is_table(ending)) {
        keep_file(ask.request, ask.tx, r, file);
    } else if (upload.bytes <= loaded_at_once) {
        LoadFile(ask.request, ask.tx, ask.portal.by())(r, file);
    } else {
        auto waiting = r;
        if (waiting.format.empty()) waiting.format = written_format(ending);
        load_later(ask.request, ask.tx, waiting, file, ask.portal.by());
    }
}

std::vector<Action> resource_writes() {
    return {{"resource_create", resource_create, true, resource_parameters,
             "Add a resource to a dataset; its file comes in the field upload."},
            {"resource_update", [](Ask& ask) { return change_resource(ask, Change::replace); }, true,
             resource_parameters, "Replace a resource."},
            {"resource_patch", [](Ask& ask) { return change_resource(ask, Change::merge); }, true,
             resource_parameters, "Change some of a resource."},
            {"resource_delete", resource_delete, true, "id", "Delete a resource."}};
}

}  // namespace open_data::ckan
