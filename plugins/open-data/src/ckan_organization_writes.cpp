// Organisations and groups, written.
#include "ckan_show.hpp"
#include "ckan_values.hpp"

namespace open_data::ckan {
namespace {

std::string make_organization(Ask& ask, const std::string& kind) {
    ask.need_writer("create " + kind + "s");
    Organization fresh;
    fresh.kind = kind;
    apply_organization(ask, fresh, ask.args.values(), Change::create);
    apply_image(ask, fresh, {});
    const auto made = ask.catalogue.insert(fresh);
    note_change(ask, "open-data.crear", made.id);
    return Show(ask).organization_in_full(made).dump();
}

Organization asked_organization(Ask& ask, const std::string& kind, const char* doing) {
    ask.need_writer(std::string(doing) + " " + kind);
    return need_organization(ask, asked_id(ask), kind);
}

/// X_update changes what has that id, be it a group or an organization: so does CKAN, and ckanapi sends the pictures of both
/// with group_update.
Organization asked_of_either_kind(Ask& ask, const std::string& kind) {
    ask.need_writer("update " + kind);
    const auto id = asked_id(ask);
    const auto* other = kind == "group" ? "organization" : "group";
    if (auto found = ask.catalogue.organization(id, other)) return std::move(*found);
    return need_organization(ask, id, kind);
}

std::string change_organization(Ask& ask, const std::string& kind, Change change) {
    auto organization =
        change == Change::replace ? asked_of_either_kind(ask, kind) : asked_organization(ask, kind, "update");
    const auto before = organization.name, image = organization.meta.string_or("image_url", "");
    apply_organization(ask, organization, ask.args.values(), change);
    apply_image(ask, organization, image);
    if (organization.kind == "group" && before != organization.name)  // datasets know their groups by name
        ask.tx.exec(
            "UPDATE open_data_dataset SET meta = jsonb_set(meta, '{groups}', (SELECT jsonb_agg(CASE WHEN g = to_jsonb($1::text) THEN to_jsonb($2::text) ELSE g END) "
            "FROM jsonb_array_elements(meta -> 'groups') g)) WHERE meta -> 'groups' ? $1",
            before, organization.name);
    const auto changed_to = ask.catalogue.update(organization);
    note_change(ask, "open-data.cambiar", organization.id);
    return Show(ask).organization_in_full(changed_to).dump();
}

void refuse_with_datasets(Ask& ask, const Organization& o) {
    if (o.kind != "organization") return;
    if (!ask.tx
             .exec(
                 "SELECT FROM open_data_dataset WHERE organization = $1::uuid AND state <> 'deleted' LIMIT 1",
                 o.id)
             .empty())
        throw invalid("message", "Organization cannot be deleted while it still has datasets");
}

std::string delete_organization(Ask& ask, const std::string& kind) {
    auto organization = asked_organization(ask, kind, "delete");
    refuse_with_datasets(ask, organization);
    organization.state = "deleted";
    ask.catalogue.update(organization);
    note_change(ask, "open-data.retirar", organization.id);
    return "null";
}

std::string purge_organization(Ask& ask, const std::string& kind) {
    const auto organization = asked_organization(ask, kind, "purge");
    refuse_with_datasets(ask, organization);
    if (kind == "organization") {
        // Its deleted datasets can still be brought back: they stay, as the municipality's own.
        const auto own = ask.portal.own_organization(ask.catalogue);
        if (own.id == organization.id)
            throw invalid("message", "The municipality's own organization cannot be purged");
        for (const auto* table : {"open_data_dataset", "open_data_service"})
            ask.tx.exec(
                std::string("UPDATE ") + table + " SET organization = $2::uuid WHERE organization = $1::uuid",
                organization.id, own.id);
    } else {
        ask.tx.exec(
            "UPDATE open_data_dataset SET meta = jsonb_set(meta, '{groups}', (meta -> 'groups') - $1::text) WHERE meta -> 'groups' ? $1",
            organization.name);
    }
    if (const auto image = organization.meta["image"]; image.is_object())
        ask.request.remove_blob(ask.tx, image.string_or("blob", ""));
    ask.tx.exec("DELETE FROM open_data_organization WHERE id = $1::uuid", organization.id);
    note_change(ask, "open-data.borrar", organization.id);
    return "null";
}

constexpr const char* organization_parameters =
    "id name title description image_url image_upload clear_upload";

}  // namespace

std::vector<Action> organization_writes() {
    return {{"organization_create", [](Ask& ask) { return make_organization(ask, "organization"); }, true,
             organization_parameters, "Create an organization."},
            {"organization_update",
             [](Ask& ask) { return change_organization(ask, "organization", Change::replace); }, true,
             organization_parameters, "Replace an organization."},
            {"organization_patch",
             [](Ask& ask) { return change_organization(ask, "organization", Change::merge); }, true,
             organization_parameters, "Change some of an organization."},
            {"organization_delete", [](Ask& ask) { return delete_organization(ask, "organization"); }, true,
             "id", "Delete an organization without datasets."},
            {"organization_purge", [](Ask& ask) { return purge_organization(ask, "organization"); }, true,
             "id", "Delete an organization for ever."},
            {"group_create", [](Ask& ask) { return make_organization(ask, "group"); }, true,
             organization_parameters, "Create a group."},
            {"group_update", [](Ask& ask) { return change_organization(ask, "group", Change::replace); },
             true, organization_parameters, "Replace a group."},
            {"group_patch", [](Ask& ask) { return change_organization(ask, "group", Change::merge); }, true,
             organization_parameters, "Change some of a group."},
            {"group_delete", [](Ask& ask) { return delete_organization(ask, "group"); }, true, "id",
             "Delete a group; its datasets stay."},
            {"group_purge", [](Ask& ask) { return purge_organization(ask, "group"); }, true, "id",
             "Delete a group for ever."}};
}

}  // namespace open_data::ckan
