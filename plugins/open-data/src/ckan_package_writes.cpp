// Datasets, written. package_create publishes at once, as CKAN does: who needs a review does it in the pages.
#include "ckan_show.hpp"
#include "ckan_values.hpp"
#include "harvested.hpp"
#include "removal.hpp"

#include <algorithm>

namespace open_data::ckan {
namespace {

constexpr std::size_t most_at_once = 1000;

std::string package_create(Ask& ask) {
    ask.need_writer("create packages");
    const auto& values = ask.args.values();
    Dataset fresh;
    apply_package(ask, fresh, values, Change::create);
    auto made = ask.catalogue.insert(fresh, ask.portal.by());
    note_change(ask, "open-data.crear", made.id);
    if (values["resources"].is_array()) apply_resources(ask, made, values["resources"], Change::create);
    if (made.visible()) note_change(ask, "open-data.publicar", made.id);
    return Show(ask).package(*ask.catalogue.find(made.id)).dump();
}

/// What the dataset becomes; its state says which action it was.
Dataset changed(Ask& ask, Dataset dataset, const Json& values, Change change) {
    need_own(dataset);
    const auto before = dataset;
    apply_package(ask, dataset, values, change);
    if (!ask.writer && dataset.organization != before.organization)
        throw invalid("owner_org", "You cannot move this dataset to another organization");
    ask.catalogue.update(dataset);
    if (change == Change::replace || values.contains("resources")) {
        const auto none = Json::array();
        apply_resources(ask, dataset, values["resources"].is_array() ? values["resources"] : none, change);
    }
    if (!before.visible() && dataset.visible())
        note_change(ask, "open-data.publicar", dataset.id);
    else
        note_change(ask, before.visible() && !dataset.visible() ? "open-data.retirar" : "open-data.cambiar",
                    dataset.id);
    return *ask.catalogue.find(dataset.id);
}

Dataset asked_package(Ask& ask, const char* doing) {
    ask.need_user(doing);
    const auto id = ask.args.text("id").empty() ? ask.args.text("name") : ask.args.text("id");
    if (id.empty()) throw missing("id");
    auto dataset = need_package(ask, id);
    need_capacity(ask, dataset.id, doing);
    return dataset;
}

std::string package_update(Ask& ask) {
    return Show(ask)
        .package(changed(ask, asked_package(ask, "edit package"), ask.args.values(), Change::replace))
        .dump();
}
std::string package_patch(Ask& ask) {
    return Show(ask)
        .package(changed(ask, asked_package(ask, "edit package"), ask.args.values(), Change::merge))
        .dump();
}

void withdraw(Ask& ask, Dataset dataset) {
    dataset.state = State::deleted;
    ask.catalogue.update(dataset);
    ask.tx.exec("DELETE FROM open_data_collaborator WHERE dataset = $1::uuid", dataset.id);
    note_change(ask, "open-data.retirar", dataset.id);
}

std::string package_delete(Ask& ask) {
    withdraw(ask, asked_package(ask, "delete package"));
    return "null";
}

/// Those of the list that belong to the organization; others are passed over, as CKAN does.
std::vector<Dataset> asked_of_organization(Ask& ask) {
    ask.need_writer("update datasets");
    const auto organization = ask.catalogue.organization(ask.args.need("org_id"), "organization");
    if (!organization) throw not_found();
    const auto names = ask.args.list("datasets");
    if (names.size() > most_at_once)
        throw invalid("datasets", "Too many datasets at once: at most " + std::to_string(most_at_once));
    std::vector<Dataset> all;
    for (const auto& name : names)
        if (auto found = ask.catalogue.find(name); found && found->organization == organization->id)
            all.push_back(std::move(*found));
    return all;
}

std::string bulk_update(Ask& ask, bool is_private) {
    for (auto& one : asked_of_organization(ask))
        (void)changed(ask, std::move(one), Json::object({{"private", is_private}}), Change::merge);
    return "null";
}

std::string bulk_update_delete(Ask& ask) {
    for (auto& one : asked_of_organization(ask)) withdraw(ask, std::move(one));
    return "null";
}

/// "update__notes" beside {"update": {"notes"}}; deeper ones are said to be unknown, not left out.
Json gathered(const Arguments& args, const std::string& part) {
    Json all = args.tree(part).is_object() ? args.tree(part) : Json::object();
    for (const auto& [key, value] : args.values().as_object()) {
        if (key.find(part + "__") != 0 || key.find("update__resources__") == 0) continue;
        const auto inner = key.substr(part.size() + 2);
        if (inner.find("__") != std::string::npos)
            throw invalid(key, "Only members of the dataset itself can be revised");
        all[inner] = value;
    }
    return all;
}

/// "2", "-1" or "1a2b": one of the dataset's, by its place, from its end or by the beginning of its id.
Resource& named_resource(Dataset& dataset, const std::string& key, const std::string& name) {
    auto& all = dataset.resources;
    for (std::size_t i = 0; i < all.size(); ++i)
        if (name == std::to_string(i) || name == "-" + std::to_string(all.size() - i) ||
            (name.size() >= 4 && all[i].id.rfind(name, 0) == 0))
            return all[i];
    throw invalid(key, "No matching resource");
}

constexpr std::string_view of_resources = "update__resources__";

void add_resources(Ask& ask, Dataset& dataset, const std::string& key) {
    const auto list = ask.args.tree(key);
    if (!list.is_array()) throw invalid(key, "Must be a list: the resources that are added");
    for (const auto& one : list.as_array()) {
        if (!one.is_object()) throw invalid(key, "Only lists of dicts can be placed against subschema");
        Resource fresh;
        fresh.dataset = dataset.id;
        apply_resource(ask, fresh, one, Change::create);
        dataset.resources.push_back(ask.catalogue.insert(fresh));
    }
}

/// "update__resources__2": {…}, "update__resources__2__name": …, and the file "update__resources__2__upload". What is added
/// by "update__resources__extend" is there before.
void revise_resources(Ask& ask, Dataset dataset) {
    const auto extend = std::string(of_resources) + "extend";
    if (ask.args.has(extend)) add_resources(ask, dataset, extend);
    for (const auto& [key, value] : ask.args.values().as_object()) {
        if (key.rfind(of_resources, 0) != 0 || key == extend) continue;
        const auto name = key.substr(of_resources.size());
        const auto end = name.find("__");
        const Json changes =
            end == std::string::npos ? ask.args.tree(key) : Json::object({{name.substr(end + 2), value}});
        if (!changes.is_object()) throw invalid(key, "Must be an object: the resource's members that change");
        auto& resource = named_resource(dataset, key, name.substr(0, end));
        apply_resource(ask, resource, changes, Change::merge);
        resource = ask.catalogue.update(resource);
    }
    for (const auto& upload : ask.uploads) {
        constexpr std::string_view ending = "__upload";
        if (upload.field.empty()) continue;  // the body, where it is no form
        if (upload.field.rfind(of_resources, 0) != 0 || !upload.field.ends_with(ending) || upload.bytes == 0)
            throw invalid(upload.field, "Files come in update__resources__N__upload");
        const auto name = upload.field.substr(of_resources.size(),
                                              upload.field.size() - of_resources.size() - ending.size());
        take_file(ask, named_resource(dataset, upload.field, name), upload);
    }
}

/// The whole dataset is answered, which is what it may ask for.
void need_whole_answer(const Ask& ask) {
    for (const auto& one : ask.args.list("include"))
        if (one != "package" && one != "+package" && one != "*" && one != "+*")
            throw invalid("include", "Not supported: the whole dataset is answered");
}

std::string package_revise(Ask& ask) {
    ask.need_user("edit package");
    const auto match = gathered(ask.args, "match"), update = gathered(ask.args, "update");
    if (ask.args.has("filter")) throw invalid("filter", "Not supported: send what changes in update");
    need_whole_answer(ask);
    const auto id = match.string_or("id", match.string_or("name", ""));
    if (id.empty()) throw missing("match");
    const auto dataset = need_package(ask, id);
    need_capacity(ask, dataset.id, "edit package");
    const auto before = Show(ask).package(dataset);
    for (const auto& [key, value] : match.as_object())
        if (before[key] != value) throw invalid("match", "Dataset does not match: " + key.substr(0, 100));
    revise_resources(ask, dataset);
    return Json::object({{"package", Show(ask).package(changed(ask, dataset, update, Change::merge))}})
        .dump();
}

std::string package_resource_reorder(Ask& ask) {
    auto dataset = asked_package(ask, "edit package");
    const auto order = ask.args.list("order");
    if (order.empty()) throw missing("order");
    std::stable_sort(
        dataset.resources.begin(), dataset.resources.end(), [&](const Resource& a, const Resource& b) {
            return std::find(order.begin(), order.end(), a.id) < std::find(order.begin(), order.end(), b.id);
        });
    Json given = Json::array();
    for (const auto& id : order) {
        if (std::none_of(dataset.resources.begin(), dataset.resources.end(),
                         [&](const Resource& one) { return one.id == id; }))
            throw invalid("order", "resource_id " + id.substr(0, 100) + " can not be found on dataset");
        given.push_back(id);
    }
    int place = 0;
    for (auto& one : dataset.resources) one.position = place++, ask.catalogue.update(one);
    note_change(ask, "open-data.cambiar", dataset.id);
    return Json::object({{"id", dataset.id}, {"order", std::move(given)}}).dump();
}

std::string package_owner_org_update(Ask& ask) {
    ask.need_writer("edit package");
    auto dataset = asked_package(ask, "edit package");
    const auto owner = ask.catalogue.organization(ask.args.need("organization_id"), "organization");
    if (!owner || owner->state != "active") throw invalid("organization_id", "Organization does not exist");
    dataset.organization = owner->id;
    ask.catalogue.update(dataset);
    note_change(ask, "open-data.cambiar", dataset.id);
    return "null";
}

std::string dataset_purge(Ask& ask) {
    ask.need_writer("purge dataset");
    const auto dataset = asked_package(ask, "purge dataset");
    purge_dataset(ask.request, ask.tx, dataset);
    note_change(ask, "open-data.borrar", dataset.id);
    return "null";
}

}  // namespace

std::vector<Action> package_writes() {
    return {
        {"package_create", package_create, true, "name title notes owner_org private",
         "Create a dataset and publish it."},
        {"package_update", package_update, true, "id name title notes owner_org private",
         "Replace a dataset: what is not said is emptied."},
        {"package_patch", package_patch, true, "id name title notes owner_org private",
         "Change some of a dataset."},
        {"package_revise", package_revise, true, "match update",
         "Change some of a dataset that is as it is said to be."},
        {"package_resource_reorder", package_resource_reorder, true, "id order",
         "Put a dataset's resources in another order."},
        {"package_owner_org_update", package_owner_org_update, true, "id organization_id",
         "Give a dataset to another organization."},
        {"package_delete", package_delete, true, "id", "Withdraw a dataset."},
        {"bulk_update_private", [](Ask& ask) { return bulk_update(ask, true); }, true, "datasets org_id",
         "Hide datasets of an organization from those without a token."},
        {"bulk_update_public", [](Ask& ask) { return bulk_update(ask, false); }, true, "datasets org_id",
         "Show datasets of an organization to everybody."},
        {"bulk_update_delete", bulk_update_delete, true, "datasets org_id",
         "Withdraw datasets of an organization."},
        {"dataset_purge", dataset_purge, true, "id", "Delete a dataset for ever, with its rows and files."}};
}

}  // namespace open_data::ckan
