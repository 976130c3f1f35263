#include "ckan_show.hpp"

#include "ckan_licenses.hpp"

#include <algorithm>

namespace open_data::ckan {
namespace {

Json or_nothing(const std::string& text) { return text.empty() ? Json() : Json(text); }
Json es(const Json& texts) { return or_nothing(text_in(texts, "es")); }

const char* state_of(State state) {
    if (state == State::published) return "active";
    return state == State::draft || state == State::review ? "draft" : "deleted";
}

Json extras_of(const Json& meta) { return meta["extras"].is_array() ? meta["extras"] : Json::array(); }

std::uint64_t fnv(std::string_view text, std::uint64_t hash) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    return hash;
}

}  // namespace

std::string stable_id(std::string_view kind, std::string_view name) {
    static constexpr char digits[] = "0123456789abcdef";
    const std::uint64_t halves[] = {fnv(name, fnv(kind, 14695981039346656037ULL)),
                                    fnv(kind, fnv(name, 1099511628211ULL))};
    std::string id;
    for (const auto half : halves)
        for (int shift = 60; shift >= 0; shift -= 4) {
            if (id.size() == 8 || id.size() == 13 || id.size() == 18 || id.size() == 23) id += '-';
            id += digits[(half >> shift) & 15];
        }
    id[14] = '8', id[19] = '8';  // a UUID of a kind of our own (RFC 9562, version 8)
    return id;
}

Json Show::tag(std::string_view name) {
    return Json::object({{"display_name", name},
                         {"id", stable_id("tag", name)},
                         {"name", name},
                         {"state", "active"},
                         {"vocabulary_id", nullptr}});
}

Json Show::resource(const Resource& r) const {
    const auto& portal = ask_.portal;
    auto url_type = r.meta.string_or("url_type", "");
    if (!r.blob.empty()) url_type = "upload";
    auto url = r.url;
    if (!r.blob.empty())
        url = portal.file_url(r, true);
    else if (url_type == "datastore")
        url = portal.dump_url(r, "csv", true);
    Json view =
        Json::object({{"cache_last_updated", nullptr},
                      {"cache_url", nullptr},
                      {"created", r.created},
                      {"datastore_active", r.tabular()},
                      {"description", es(r.meta["description"])},
                      {"format", r.format},
                      {"hash", r.blob.empty() ? r.meta.string_or("hash", "") : r.blob},
                      {"id", r.id},
                      {"last_modified", r.blob.empty() ? or_nothing(r.data_at)
                                                       : Json(r.data_at.empty() ? r.modified : r.data_at)},
                      {"metadata_modified", r.modified},
                      {"mimetype", or_nothing(r.media_type)},
                      {"mimetype_inner", nullptr},
                      {"name", es(r.meta["name"])},
                      {"package_id", r.dataset},
                      {"position", r.position},
                      {"resource_type", or_nothing(r.meta.string_or("resource_type", ""))},
                      {"size", r.bytes ? Json(*r.bytes) : Json()},
                      {"state", r.state},
                      {"url", url},
                      {"url_type", or_nothing(url_type)}});
    if (r.meta["extras"].is_object())
        for (const auto& [key, value] : r.meta["extras"].as_object())
            if (!view.contains(key)) view[key] = value;
    return view;
}

Json Show::publisher(const Organization& o) const {
    return Json::object({{"id", o.id},
                         {"name", o.name},
                         {"title", text_in(o.meta["title"], "es")},
                         {"type", o.kind},
                         {"description", text_in(o.meta["description"], "es")},
                         {"image_url", o.meta.string_or("image_url", "")},
                         {"created", o.created},
                         {"is_organization", o.kind == "organization"},
                         {"approval_status", "approved"},
                         {"state", o.state}});
}

std::string Show::image_of(const Organization& o) const {
    auto image = o.meta.string_or("image_url", "");
    if (image.empty() || image.rfind("http", 0) == 0) return image;
    return ask_.portal.home() + "/uploads/group/" + image;
}

Json Show::organization(const Organization& o) const {
    const auto title = text_in(o.meta["title"], "es");
    return Json::object({{"approval_status", "approved"},
                         {"created", o.created},
                         {"description", text_in(o.meta["description"], "es")},
                         {"display_name", title.empty() ? o.name : title},
                         {"id", o.id},
                         {"image_display_url", image_of(o)},
                         {"image_url", o.meta.string_or("image_url", "")},
                         {"is_organization", o.kind == "organization"},
                         {"name", o.name},
                         {"num_followers", followers_of(ask_, o.id)},
                         {"package_count", o.datasets},
                         {"state", o.state},
                         {"title", title},
                         {"type", o.kind}});
}

Json Show::organization_in_full(const Organization& o) {
    auto view = organization(o);
    Json extras = Json::array();
    const Json given = extras_of(o.meta);
    for (const auto& one : given.as_array()) {
        const auto key = one.string_or("key", "");
        extras.push_back(Json::object({{"group_id", o.id},
                                       {"id", stable_id(o.id, key)},
                                       {"key", key},
                                       {"state", "active"},
                                       {"value", one["value"]}}));
    }
    view["extras"] = std::move(extras);
    // Who may write is the municipality's own affair: a token sees itself, and nobody else anybody.
    view["users"] = Json::array();
    if (ask_.writer) view["users"].push_back(user());
    view["tags"] = Json::array();
    view["groups"] = Json::array();
    return view;
}

Json Show::user() const { return user(ask_.user(), ask_.portal.by()); }

Json Show::user(const std::string& name, const std::string& by) const {
    Json::Object members{{"about", nullptr},
                         {"activity_streams_email_notifications", false},
                         {"capacity", "admin"},
                         {"created", nullptr},
                         {"display_name", name},
                         {"email_hash", ""},
                         {"fullname", nullptr},
                         {"id", stable_id("user", by)},
                         {"image_display_url", nullptr},
                         {"image_url", nullptr},
                         {"last_active", nullptr},
                         {"name", name},
                         {"number_created_packages", 0},
                         {"state", "active"},
                         {"sysadmin", false}};
    Json view = Json::object();
    view.as_object() = std::move(members);
    view["number_created_packages"] =
        ask_.tx
            .exec("SELECT count(*) FROM open_data_dataset WHERE created_by = $1 AND state = 'published'",
                  by)[0]
            .integer(0);
    return view;
}

const std::optional<Organization>& Show::find(const std::string& id_or_name, const char* kind) {
    const auto key = std::string(kind) + " " + id_or_name;
    const auto known = found_.find(key);
    if (known != found_.end()) return known->second;
    return found_.emplace(key, ask_.catalogue.organization(id_or_name, kind)).first->second;
}

Json Show::groups_of(const Dataset& d) {
    Json list = Json::array();
    if (!d.meta["groups"].is_array()) return list;
    for (const auto& one : d.meta["groups"].as_array()) {
        const auto& group = find(text_of(one).value_or(""), "group");
        if (!group || group->state != "active") continue;
        const auto title = text_in(group->meta["title"], "es");
        list.push_back(Json::object({{"description", text_in(group->meta["description"], "es")},
                                     {"display_name", title.empty() ? group->name : title},
                                     {"id", group->id},
                                     {"image_display_url", image_of(*group)},
                                     {"name", group->name},
                                     {"title", title}}));
    }
    return list;
}

void Show::learn_relationships(const std::vector<Dataset>& all) {
    std::vector<std::string> ids;
    for (const auto& one : all)
        if (related_.try_emplace(one.id).second) ids.push_back(one.id);
    for (const auto& one : relationships_of(ask_.tx, ids, ask_.writer))
        for (const auto& end : {one.subject.id, one.object.id})
            if (std::find(ids.begin(), ids.end(), end) != ids.end()) related_[end].push_back(one);
}

Json Show::relationships(const Dataset& d, bool as_subject) const {
    Json list = Json::array();
    for (const auto& one : related_.at(d.id))
        if ((as_subject ? one.subject : one.object).id == d.id)
            list.push_back(Json::object({{"__extras", Json::object({{"object_package_id", one.object.id},
                                                                    {"subject_package_id", one.subject.id}})},
                                         {"comment", one.comment},
                                         {"id", one.id},
                                         {"type", one.type}}));
    return list;
}

Json Show::package(const Dataset& d) {
    if (!related_.contains(d.id)) learn_relationships({d});
    const auto text = [&](const char* key) { return or_nothing(d.meta.string_or(key, "")); };
    Json resources = Json::array(), tags = Json::array();
    for (const auto& one : d.resources) resources.push_back(resource(one));
    auto keywords = Arguments(d.meta["keywords"]).list("es");
    std::sort(keywords.begin(), keywords.end());
    for (const auto& one : keywords) tags.push_back(tag(one));
    const auto license = license_of(d.meta.string_or("license", ""));
    const auto& owner = find(d.organization, "organization");
    Json view = Json::object({{"author", text("author")},
                              {"author_email", text("author_email")},
                              {"creator_user_id", stable_id("user", d.created_by)},
                              {"id", d.id},
                              {"isopen", license.open},
                              {"license_id", or_nothing(license.id)},
                              {"license_title", or_nothing(license.title)}});
    if (!license.url.empty()) view["license_url"] = license.url;
    const Json rest = Json::object({{"maintainer", text("maintainer")},
                                    {"maintainer_email", text("maintainer_email")},
                                    {"metadata_created", d.created},
                                    {"metadata_modified", d.modified},
                                    {"name", d.name},
                                    {"notes", es(d.meta["notes"])},
                                    {"num_resources", static_cast<std::int64_t>(resources.size())},
                                    {"num_tags", static_cast<std::int64_t>(tags.size())},
                                    {"organization", owner ? publisher(*owner) : Json()},
                                    {"owner_org", d.organization},
                                    {"private", d.is_private},
                                    {"state", state_of(d.state)},
                                    {"title", ask_.portal.title(d)},
                                    {"type", "dataset"},
                                    {"url", text("url")},
                                    {"version", text("version")},
                                    {"extras", extras_of(d.meta)},
                                    {"groups", groups_of(d)},
                                    {"resources", std::move(resources)},
                                    {"tags", std::move(tags)},
                                    {"relationships_as_subject", relationships(d, true)},
                                    {"relationships_as_object", relationships(d, false)}});
    for (const auto& [key, value] : rest.as_object()) view[key] = value;
    return view;
}

Json Show::packages(const std::vector<Dataset>& all) {
    learn_relationships(all);
    Json list = Json::array();
    for (const auto& one : all) list.push_back(package(one));
    return list;
}

}  // namespace open_data::ckan
