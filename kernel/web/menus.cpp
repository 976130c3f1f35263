// Menus: what plugins declared, for this municipality, this person and this language.
#include "kernel/identity/permissions.hpp"
#include "kernel/web/layout.hpp"
#include "kernel/web/pages.hpp"
#include "kernel/web/texts.hpp"

#include <algorithm>

namespace kernel::web {

using concejo::Json;

namespace {

std::vector<const plugins::MenuEntry*> entries_of(const LayoutInput& in, const Visit& visit,
                                                  std::string_view place) {
    std::vector<const plugins::MenuEntry*> found;
    for (const auto& entry : in.registry.menus) {
        if (entry.place != place || !visit.place().has(entry.plugin_id)) continue;
        if (!entry.permission.empty() && !visit.who.may(entry.permission)) continue;
        found.push_back(&entry);
    }
    std::stable_sort(found.begin(), found.end(), [](auto* a, auto* b) { return a->order < b->order; });
    return found;
}

std::string in_language(const LayoutInput& in, const Visit& visit, const plugins::MenuEntry& entry,
                        const std::string& text) {
    return text.empty() ? text : in.catalogs.translate(visit.language, entry.plugin_id, text);
}

/// The entry's own page, or one below it.
bool is_current(std::string_view here, std::string_view href) {
    if (href.ends_with('/')) return here == href;
    return here == href || (here.starts_with(href) && here.size() > href.size() && here[href.size()] == '/');
}

std::string staff_path(std::string_view language, std::string_view path) {
    return Pages::path_in(language, path.starts_with("/gestion/") || path == "/gestion"
                                        ? std::string(path)
                                        : "/gestion" + std::string(path));
}

Json& group_named(Json& groups, std::string_view key, const std::string& name, std::string_view items) {
    for (auto& group : groups.as_array()) {
        if (group[key].as_string() == name) return group[items];
    }
    groups.push_back(Json::object({{std::string(key), name}, {std::string(items), Json::array()}}));
    return groups.as_array().back()[items];
}

Json staff_item(std::string label, const std::string& href, const char* icon, const std::string& here) {
    return Json::object({{"label", std::move(label)},
                         {"href", href},
                         {"icon", icon},
                         {"count", nullptr},
                         {"current", here == href}});
}

/// The kernel's pages for who administers the municipality, or the installation from it.
void administration(const LayoutInput& in, const Visit& visit, Json& groups, const std::string& here) {
    namespace may = identity::permission;
    struct Item {
        std::string_view permission;
        const char *label, *path, *icon;
        bool installation;
    };
    static constexpr Item items[] = {
        {may::manage_users, texts::users, "/usuarios", "users", false},
        {may::manage_modules, texts::modules, "/modulos", "settings", false},
        {may::see_audit, texts::audit_title, "/auditoria", "history", false},
        {may::see_health, texts::health, "/salud", "heart-handshake", false},
        {may::manage_installation, texts::tenants, "/instalacion/municipios", "building-bank", true},
        {may::manage_installation, texts::plugins, "/instalacion/complementos", "database", true}};
    const auto say = [&](const char* text) { return in.catalogs.translate(visit.language, "web", text); };
    for (const auto& item : items) {
        if (!visit.who.may(item.permission)) continue;
        if (item.installation && visit.place().config.slug != in.admin_municipio) continue;
        const auto href = staff_path(visit.language, item.path);
        auto entry = staff_item(say(item.label), href, item.icon, here);
        entry["current"] = is_current(here, href);
        group_named(groups, "name", say(item.installation ? texts::installation : texts::administration),
                    "items")
            .push_back(std::move(entry));
    }
}

}  // namespace

Json menu(const LayoutInput& in, const Visit& visit, std::string_view place) {
    Json list = Json::array();
    const auto here = write_address(visit.address.kind, visit.language, visit.address.rest);
    for (const auto* entry : entries_of(in, visit, place)) {
        const auto href = Pages::path_in(visit.language, entry->path);
        list.push_back(Json::object({{"label", in_language(in, visit, *entry, entry->label)},
                                     {"href", href},
                                     {"current", is_current(here, href)},
                                     {"group", in_language(in, visit, *entry, entry->group)}}));
    }
    return list;
}

Json grouped(const Json& entries, const std::string& otherwise) {
    Json groups = Json::array();
    for (const auto& entry : entries.as_array()) {
        const auto name = entry.string_or("group", "");
        group_named(groups, "title", name.empty() ? otherwise : name, "links")
            .push_back(
                Json::object({{"label", entry["label"]}, {"href", entry["href"]}, {"lang", entry["lang"]}}));
    }
    return groups;
}

Json staff_menu(const LayoutInput& in, const Visit& visit) {
    Json groups = Json::array();
    const auto here = write_address(visit.address.kind, visit.language, visit.address.rest);
    const auto say = [&](const char* text) { return in.catalogs.translate(visit.language, "web", text); };
    for (const auto* entry : entries_of(in, visit, "staff")) {
        const auto name =
            entry->group.empty() ? say(texts::management) : in_language(in, visit, *entry, entry->group);
        const auto href = staff_path(visit.language, entry->path);
        auto item = staff_item(in_language(in, visit, *entry, entry->label), href,
                               entry->icon.empty() ? "file-text" : entry->icon.c_str(), here);
        item["current"] = is_current(here, href);
        group_named(groups, "name", name, "items").push_back(std::move(item));
    }
    if (visit.who.may(identity::permission::manage_jobs))
        group_named(groups, "name", say(texts::management), "items")
            .push_back(staff_item(say(texts::background_jobs), staff_path(visit.language, "/trabajos"),
                                  "list-check", here));
    if (visit.who.may(std::string(identity::permission::manage_outbox)))
        group_named(groups, "name", say(texts::management), "items")
            .push_back(
                staff_item(say(texts::outbox_title), staff_path(visit.language, "/envios"), "mail", here));
    administration(in, visit, groups, here);
    auto& account = group_named(groups, "name", say(texts::my_account), "items");
    account.push_back(staff_item(say(texts::open_sessions), staff_path(visit.language, "/sesiones"),
                                 "device-desktop", here));
    account.push_back(
        staff_item(say(texts::two_steps), staff_path(visit.language, "/verificacion"), "shield-check", here));
    account.push_back(
        staff_item(say(texts::change_password), staff_path(visit.language, "/clave"), "key", here));
    return groups;
}

}  // namespace kernel::web
