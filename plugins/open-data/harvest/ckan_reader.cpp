#include "mapper.hpp"
#include "readers.hpp"

#include <concejo/error.hpp>
#include <concejo/text.hpp>

#include <algorithm>

namespace open_data::harvest {
namespace {

using concejo::N_;

/// "a" of {"a": "x"}; numbers as they are written; empty for null.
std::string said(const Json& object, std::string_view key) {
    const auto& value = object[key];
    return value.is_string()                   ? value.as_string()
           : value.is_int() || value.is_bool() ? value.dump()
                                               : std::string();
}

/// What an extra says: one text, or the texts of a list written as JSON.
std::vector<std::string> several(const std::string& value) {
    std::vector<std::string> all;
    if (!value.starts_with('[')) return value.empty() ? all : std::vector{value};
    try {
        const auto list = Json::parse(value);
        for (const auto& one : list.as_array())
            if (one.is_string()) all.push_back(one.as_string());
    } catch (const concejo::Error&) {
        all.push_back(value);
    }
    return all;
}

class PackageReader {
public:
    PackageReader(const Json& package, const Terms& terms)
        : package_(package), terms_(terms), mapper_(terms, item_) {}

    Item read() {
        item_.key = said(package_, "id").substr(0, longest_key);
        item_.title =
            mapper_.text(said(package_, "title").empty() ? said(package_, "name") : said(package_, "title"),
                         longest_title);
        const auto& organization = package_["organization"];
        const auto publisher = said(organization, "name");
        item_.left_out = !terms_.only.empty() &&
                         std::find(terms_.only.begin(), terms_.only.end(), publisher) == terms_.only.end();
        if (item_.key.empty())
            item_.refused = N_("No tiene identificador.");
        else if (item_.title.empty())
            item_.refused = N_("No tiene título.");
        else if (package_.bool_or("private", false) || package_.string_or("state", "active") != "active")
            item_.refused = N_("La fuente no lo da como público.");
        else if (package_.string_or("type", "dataset") != "dataset")
            item_.refused = N_("No es un conjunto de datos.");
        if (item_.left_out || *item_.refused) return std::move(item_);
        extras();
        describe();
        origin();
        resources();
        return std::move(item_);
    }

private:
    /// The extra of any of these names, which is then no longer among those that are kept as they are.
    std::string extra(std::initializer_list<const char*> names) {
        for (const auto* name : names)
            if (const auto at = extras_.find(name); at != extras_.end()) {
                auto value = at->second;
                extras_.erase(at);
                return value;
            }
        return {};
    }

    void extras() {
        if (const auto& list = package_["extras"]; list.is_array())
            for (const auto& one : list.as_array())
                if (extras_.size() < 200 && !said(one, "key").empty())
                    extras_[mapper_.text(said(one, "key"), longest_word)] =
                        mapper_.text(said(one, "value"), longest_notes);
    }

    void describe() {
        auto& meta = item_.meta;
        Json titles, notes, words = Json::array();
        mapper_.put(titles, "", item_.title, longest_title);
        mapper_.put(notes, "", said(package_, "notes"), longest_notes);
        translated("title_translated", titles, longest_title),
            translated("notes_translated", notes, longest_notes);
        std::vector<std::string> themes = several(extra({"theme", "themes", "sector"}));
        if (const auto& tags = package_["tags"]; tags.is_array())
            for (const auto& one : tags.as_array())
                if (words.size() < most_words)
                    words.push_back(
                        mapper_.text(said(one, said(one, "display_name").empty() ? "name" : "display_name"),
                                     longest_word));
        if (const auto& groups = package_["groups"]; groups.is_array())
            for (const auto& one : groups.as_array())
                themes.push_back(said(one, said(one, "title").empty() ? "name" : "title"));
        meta["title"] = titles, meta["notes"] = notes.is_object() ? notes : Json::object();
        meta["keywords"] = Json::object({{"es", words}});
        meta["sectors"] = mapper_.sectors(themes);
        meta["license"] = mapper_.license(said(package_, "license_id"), said(package_, "license_url"));
        meta["frequency"] = mapper_.frequency(extra({"frequency", "accrual_periodicity", "frecuencia"}));
        meta["access_right"] = "PUBLIC";
        if (const auto spatial = several(extra({"spatial_uri"})); !spatial.empty())
            meta["spatial"] = mapper_.territory(spatial);
        const auto from = mapper_.day(extra({"temporal_start"})),
                   until = mapper_.day(extra({"temporal_end"}));
        if (!from.empty() || !until.empty())
            meta["temporal"] = Json::object({{"start", from}, {"end", until}});
        for (const auto* key : {"author", "author_email", "maintainer", "maintainer_email", "version"})
            if (auto text = mapper_.text(said(package_, key), longest_title); !text.empty()) meta[key] = text;
        if (const auto url = mapper_.address(said(package_, "url")); !url.empty()) meta["url"] = url;
    }

    /// ckanext-fluent's: {"es": …, "ca": …}.
    void translated(const char* key, Json& texts, std::size_t most) {
        if (const auto& all = package_[key]; all.is_object())
            for (const auto& [language, text] : all.as_object())
                if (text.is_string()) mapper_.put(texts, language, text.as_string(), most);
    }

    void origin() {
        const auto uri = extra({"uri"}), identifier = extra({"identifier", "guid"});
        item_.page = terms_.address + "/dataset/" + said(package_, "name");
        auto whole = uri.empty() ? std::string() : mapper_.address(uri);
        if (whole.empty()) whole = mapper_.address(terms_.address + "/dataset/" + item_.key);
        item_.meta["origin"] = Json::object(
            {{"uri", whole},
             {"identifier", identifier.empty() ? whole : mapper_.text(identifier, longest_key)},
             {"page", mapper_.address(item_.page)},
             {"issued", mapper_.instant(said(package_, "metadata_created"))},
             {"modified", mapper_.instant(said(package_, "metadata_modified"))},
             {"publisher",
              Json::object({{"dir3", terms_.publisher}, {"name", Json::object({{"es", publisher_name()}})}})},
             {"contact", contact()}});
        Json kept = Json::array();
        for (const auto& [key, value] : extras_)
            kept.push_back(Json::object({{"key", key}, {"value", value}}));
        if (!kept.empty()) item_.meta["extras"] = kept;
    }

    std::string publisher_name() {
        if (!terms_.organization.empty()) return terms_.organization;
        return mapper_.text(said(package_["organization"], "title"), longest_title);
    }

    Json contact() {
        const auto name = said(package_, said(package_, "maintainer").empty() ? "author" : "maintainer"),
                   email = said(package_, said(package_, "maintainer_email").empty() ? "author_email"
                                                                                     : "maintainer_email");
        if (email.find('@') == std::string::npos) return {};
        return Json::object(
            {{"name",
              Json::object({{"es", mapper_.text(name.empty() ? publisher_name() : name, longest_title)}})},
             {"email", mapper_.text(email, 300)}});
    }

    void resources() {
        item_.resources = Json::array();
        const auto& list = package_["resources"];
        if (!list.is_array()) return;
        for (const auto& one : list.as_array()) {
            if (item_.resources.size() == most_resources) {
                mapper_.note(N_("Tiene más de {valor} archivos: los demás no se toman."),
                             std::to_string(most_resources));
                break;
            }
            const auto url = mapper_.address(said(one, "url"));
            if (url.empty()) continue;
            Json names, texts;
            mapper_.put(names, "",
                        said(one, "name").empty() ? url.substr(url.rfind('/') + 1) : said(one, "name"),
                        longest_title);
            mapper_.put(texts, "", said(one, "description"), longest_notes);
            auto format = mapper_.format({said(one, "format"), said(one, "mimetype")});
            if (format.empty()) format = mapper_.text(said(one, "format"), 20);
            auto origin = Json::object({{"uri", mapper_.address(terms_.address + "/dataset/" + item_.key +
                                                                "/resource/" + said(one, "id"))},
                                        {"download_url", url},
                                        {"issued", mapper_.instant(said(one, "created"))},
                                        {"modified", mapper_.instant(said(one, "last_modified"))}});
            if (const auto code = mapper_.availability(said(one, "availability")); !code.empty())
                origin["availability"] = code;
            item_.resources.push_back(Json::object(
                {{"format", format},
                 {"url", url},
                 {"media_type", mapper_.text(said(one, "mimetype"), 100)},
                 {"bytes", one["size"].is_int() && one.int_or("size", 0) > 0 ? one["size"] : Json()},
                 {"meta", Json::object({{"name", names},
                                        {"description", texts.is_object() ? texts : Json::object()},
                                        {"origin", origin}})}}));
        }
    }

    const Json& package_;
    const Terms& terms_;
    Item item_;
    Mapper mapper_;
    std::map<std::string, std::string, std::less<>> extras_;
};

}  // namespace

Page read_ckan(const Json& answer, const Terms& terms) {
    const auto& result = answer["result"];
    if (!answer.bool_or("success", false) || !result["results"].is_array() || !result["count"].is_int())
        throw concejo::Error(
            concejo::ErrorKind::invalid,
            N_("La fuente no contesta como CKAN: compruebe que la dirección es la de su portal."));
    Page page;
    page.total = result.int_or("count", 0);
    for (const auto& one : result["results"].as_array())
        page.items.push_back(PackageReader(one, terms).read());
    page.listed = static_cast<std::int64_t>(page.items.size());
    return page;
}

}  // namespace open_data::harvest
