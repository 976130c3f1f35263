#include "ckan_values.hpp"

#include "ckan_licenses.hpp"

#include <algorithm>

namespace open_data::ckan {
namespace {

/// Wrong fields, told together.
class Wrong {
public:
    void add(std::string_view field, std::string message) { fields_[field].push_back(std::move(message)); }
    void raise() const {
        if (!fields_.empty()) throw invalid(fields_);
    }

private:
    Json fields_ = Json::object();
};

bool given(const Json& values, std::string_view key, Change change) {
    return values.contains(key) || change == Change::replace;
}

/// A text of several languages, of which CKAN writes the Spanish one.
void set_text(Json& meta, const char* key, const std::string& text) {
    if (!meta[key].is_object()) meta[key] = Json::object();
    meta[key]["es"] = text;
}

bool is_email(std::string_view text) {
    const auto at = text.find('@');
    if (at == 0 || at == std::string_view::npos) return false;
    const auto letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    const auto host = text.substr(at + 1);
    return std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at),
                       [&](char c) {
                           return letter(c) ||
                                  std::string_view(".!#$%&'*+/=?^_`{|}~-").find(c) != std::string_view::npos;
                       }) &&
           !host.empty() && letter(host.front()) && letter(host.back()) &&
           host.find("..") == std::string_view::npos &&
           std::all_of(host.begin(), host.end(), [&](char c) { return letter(c) || c == '.' || c == '-'; });
}

const char* wrong_name(const std::string& name) {
    if (name.empty()) return "Missing value";
    if (name.size() < 2) return "Must be at least 2 characters long";
    if (name.size() > 100) return "Name must be a maximum of 100 characters long";
    if (!is_name(name))
        return "Must be purely lowercase alphanumeric (ascii) characters and these symbols: -_";
    // An identifier is looked for as one, and would never be found as a name.
    if (is_uuid(name) || name == "new" || name == "edit" || name == "search")
        return "That name cannot be used";
    return nullptr;
}

void set_name(Ask& ask, Dataset& d, const Json& values, Change change, Wrong& wrong) {
    const auto name = text_of(values["name"]).value_or("");
    if (name.empty() && change != Change::create) return;
    if (const auto* why = wrong_name(name)) return wrong.add("name", why);
    const auto other = ask.catalogue.find(name);
    if (other && other->id != d.id) return wrong.add("name", "That URL is already in use.");
    d.name = name;
}

void set_owner(Ask& ask, Dataset& d, const Json& values, Change change, Wrong& wrong) {
    const auto owner = text_of(values["owner_org"]).value_or("");
    if (owner.empty()) {
        if (change == Change::create || values.contains("owner_org"))
            wrong.add("owner_org", "An organization must be provided");
        return;
    }
    const auto found = ask.catalogue.organization(owner);
    if (!found || found->state != "active") return wrong.add("owner_org", "Organization does not exist");
    d.organization = found->id;
}

void set_tags(Dataset& d, const Json& values, Change change, Wrong& wrong) {
    if (!values.contains("tags") && !values.contains("tag_string") && change != Change::replace) return;
    std::vector<std::string> names;
    if (values["tags"].is_array())
        for (const auto& one : values["tags"].as_array()) {
            if (one.is_object() && !one.string_or("vocabulary_id", "").empty())
                wrong.add("tags", "Tags of datasets are free: send them without vocabulary_id");
            names.push_back(one.is_object() ? one.string_or("name", "") : text_of(one).value_or(""));
        }
    else if (values.contains("tag_string"))
        names = Arguments(Json::object({{"t", values["tag_string"]}})).list("t");
    Json list = Json::array();
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    for (const auto& name : names) {
        if (name.size() < 2)
            wrong.add("tags", "Tag \"" + name + "\" length is less than minimum 2");
        else if (name.size() > 200)
            wrong.add("tags", "Tag \"" + name.substr(0, 20) + "…\" length is more than maximum 100");
        list.push_back(name);
    }
    if (!d.meta["keywords"].is_object()) d.meta["keywords"] = Json::object();
    d.meta["keywords"]["es"] = std::move(list);
}

void set_groups(Ask& ask, Dataset& d, const Json& values, Change change, Wrong& wrong) {
    if (!given(values, "groups", change)) return;
    Json list = Json::array();
    if (values["groups"].is_array())
        for (const auto& one : values["groups"].as_array()) {
            const auto id = one.string_or("id", ""), name = one.string_or("name", "");
            const auto found = ask.catalogue.organization(id.empty() ? name : id, "group");
            if (found && found->state == "active")
                list.push_back(found->name);
            else
                wrong.add("groups", "Group does not exist");
        }
    d.meta["groups"] = std::move(list);
}

Json extras_from(const Json& given_extras, Wrong& wrong) {
    Json list = Json::array();
    std::vector<std::string> keys;
    if (!given_extras.is_array()) return list;
    for (const auto& one : given_extras.as_array()) {
        const auto key = one.string_or("key", "");
        if (key.empty()) wrong.add("extras", "Missing value");
        if (std::find(keys.begin(), keys.end(), key) != keys.end())
            wrong.add("extras", "There is a schema field with the same name");
        keys.push_back(key);
        list.push_back(Json::object(
            {{"key", key},
             {"value", one["value"].is_array() || one["value"].is_object() ? Json(one["value"].dump())
                                                                           : one["value"]}}));
    }
    return list;
}

void set_state(Dataset& d, const Json& values, Change change) {
    const auto state = text_of(values["state"]).value_or("");
    if (state == "draft")
        d.state = State::draft;
    else if (state == "deleted")
        d.state = State::deleted;
    else if (state == "active" || change == Change::create)
        d.state = State::published;
}

}  // namespace

void apply_package(Ask& ask, Dataset& d, const Json& values, Change change) {
    Wrong wrong;
    if (!d.meta.is_object()) d.meta = Json::object();
    if (change == Change::create)
        d.id = brought_id(ask, values, "open_data_dataset", "Dataset id already exists");
    set_name(ask, d, values, change, wrong);
    set_owner(ask, d, values, change, wrong);
    for (const auto* key : {"title", "notes"})
        if (given(values, key, change)) set_text(d.meta, key, text_of(values[key]).value_or(""));
    for (const auto* key : {"author", "author_email", "maintainer", "maintainer_email", "url", "version"})
        if (given(values, key, change)) d.meta[key] = text_of(values[key]).value_or("");
    for (const auto* key : {"author_email", "maintainer_email"})
        if (const auto email = text_of(values[key]).value_or(""); !email.empty() && !is_email(email))
            wrong.add(key, "Email " + email.substr(0, 200) + " is not a valid format");
    if (!is_link(d.meta.string_or("url", ""))) wrong.add("url", "Please provide a valid URL");
    if (given(values, "license_id", change))
        d.meta["license"] = stored_license(text_of(values["license_id"]).value_or(""));
    if (given(values, "extras", change)) d.meta["extras"] = extras_from(values["extras"], wrong);
    if (given(values, "private", change)) d.is_private = Arguments(values).flag("private", false);
    set_tags(d, values, change, wrong);
    set_groups(ask, d, values, change, wrong);
    set_state(d, values, change);
    wrong.raise();
}

void apply_organization(Ask& ask, Organization& o, const Json& values, Change change) {
    Wrong wrong;
    if (!o.meta.is_object()) o.meta = Json::object();
    if (change == Change::create)
        o.id = brought_id(ask, values, "open_data_organization", "Id already exists");
    const auto name = text_of(values["name"]).value_or("");
    if (!name.empty() || change == Change::create) {
        if (const auto* why = wrong_name(name))
            wrong.add("name", why);
        else if (const auto there =
                     ask.tx.exec("SELECT id FROM open_data_organization WHERE name = $1", name);
                 !there.empty() && there[0].text(0) != o.id)
            wrong.add("name", "Group name already exists in database");
        else
            o.name = name;
    }
    for (const auto* key : {"title", "description"})
        if (given(values, key, change)) set_text(o.meta, key, text_of(values[key]).value_or(""));
    if (given(values, "image_url", change)) o.meta["image_url"] = text_of(values["image_url"]).value_or("");
    if (!is_link(o.meta.string_or("image_url", ""))) wrong.add("image_url", "Please provide a valid URL");
    if (given(values, "extras", change)) {
        o.meta["extras"] = extras_from(values["extras"], wrong);
        for (const auto& one : o.meta["extras"].as_array())  // the code that DCAT-AP-ES names it by
            if (one.string_or("key", "") == "dir3") o.meta["dir3"] = one.string_or("value", "");
    }
    if (text_of(values["state"]).value_or("") == "active") o.state = "active";
    if (const auto type = text_of(values["type"]).value_or(o.kind);
        type != o.kind && change == Change::replace)
        wrong.add("message", "Type cannot be updated");
    wrong.raise();
}

std::string brought_id(Ask& ask, const Json& values, const char* table, std::string_view taken) {
    auto id = text_of(values["id"]).value_or("");
    if (id.empty()) return id;
    if (!is_uuid(id)) throw invalid("id", "Invalid id: it must be a UUID in lower case");
    if (!ask.tx.exec(std::string("SELECT FROM ") + table + " WHERE id = $1::uuid", id).empty())
        throw invalid("id", taken);
    return id;
}

bool is_link(std::string_view address) {
    const auto end = address.find_first_of(":/?#");
    if (end == std::string_view::npos || address[end] != ':') return true;
    std::string scheme;
    for (const char c : address.substr(0, end))
        scheme += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    for (const auto* known : {"http", "https", "ftp", "ftps", "sftp", "doi", "urn", "mailto"})
        if (scheme == known) return true;
    return false;
}

void note_change(Ask& ask, const char* action, const std::string& object) {
    ask.request.audit(ask.tx, action, object);
    ask.request.pages_changed(ask.tx);
}

}  // namespace open_data::ckan
