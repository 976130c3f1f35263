// Tags: whatever the datasets that everybody sees are tagged with.
#include "ckan_access.hpp"
#include "ckan_show.hpp"
#include "ckan_sql.hpp"
#include "ckan_vocabularies.hpp"

#include <algorithm>

namespace open_data::ckan {
namespace {

std::vector<std::string> tags_with(Ask& ask, const std::string& letters) {
    const auto rows = ask.tx.exec(
        std::string(
            "SELECT DISTINCT tag FROM (SELECT unnest(d.tags) AS tag FROM open_data_dataset d WHERE ") +
            seen_by_all + ") t WHERE ext.fold(tag) LIKE ext.fold($1) ORDER BY tag",
        "%" + like_escaped(letters) + "%");
    std::vector<std::string> all;
    for (const auto row : rows) all.push_back(row.text(0));
    return all;
}

std::string asked_words(const Ask& ask) {
    return ask.args.text("query").empty() ? ask.args.text("q") : ask.args.text("query");
}

Json short_tag(const std::string& name) {
    return Json::object({{"id", stable_id("tag", name)}, {"name", name}, {"vocabulary_id", nullptr}});
}

Json shown_tag(const std::string& name) {
    auto view = short_tag(name);
    view["display_name"] = name;
    return view;
}

Json tag_of_vocabulary(const VocabularyTag& one, bool displayed) {
    Json view = Json::object({{"id", one.id}, {"name", one.name}, {"vocabulary_id", one.vocabulary}});
    if (displayed) view["display_name"] = one.name;
    return view;
}

/// Those of the vocabulary that is named; nothing: none is.
std::optional<std::vector<VocabularyTag>> asked_vocabulary(Ask& ask) {
    const auto id = ask.args.text("vocabulary_id");
    if (id.empty()) return std::nullopt;
    return tags_of_vocabulary(ask, need_vocabulary(ask, id).first, asked_words(ask));
}

std::string tag_list(Ask& ask) {
    const bool in_full = ask.args.flag("all_fields", false);
    Json list = Json::array();
    if (const auto listed = asked_vocabulary(ask)) {
        for (const auto& one : *listed)
            list.push_back(in_full ? tag_of_vocabulary(one, true) : Json(one.name));
    } else {
        for (const auto& one : tags_with(ask, asked_words(ask)))
            list.push_back(in_full ? shown_tag(one) : Json(one));
    }
    return list.dump();
}

std::string tag_show(Ask& ask) {
    const auto id = asked_id(ask);
    if (const auto listed = find_vocabulary_tag(ask, id)) return tag_of_vocabulary(*listed, true).dump();
    const auto all = tags_with(ask, "");
    const auto found = std::find_if(
        all.begin(), all.end(), [&](const auto& one) { return one == id || stable_id("tag", one) == id; });
    if (found == all.end()) throw not_found();
    auto view = shown_tag(*found);
    if (ask.args.flag("include_datasets", false)) {
        Filter filter;
        filter.tag = *found, filter.limit = 1000;
        view["packages"] = Show(ask).packages(ask.catalogue.list(filter));
    }
    return view.dump();
}

/// The part that was asked for, of all of them.
template <class Items>
Items part_of(Ask& ask, const Items& all, std::int64_t usual) {
    const auto from =
        std::min<std::size_t>(all.size(), static_cast<std::size_t>(ask.args.natural("offset").value_or(0)));
    const auto most = static_cast<std::size_t>(ask.args.natural("limit").value_or(usual));
    return {all.begin() + static_cast<std::ptrdiff_t>(from),
            all.begin() + static_cast<std::ptrdiff_t>(from + std::min(most, all.size() - from))};
}

std::string tag_search(Ask& ask) {
    Json list = Json::array();
    std::size_t count = 0;
    if (const auto listed = asked_vocabulary(ask)) {
        count = listed->size();
        for (const auto& one : part_of(ask, *listed, 1'000'000))
            list.push_back(tag_of_vocabulary(one, false));
    } else {
        const auto words = asked_words(ask);
        const auto all = words.empty() ? std::vector<std::string>() : tags_with(ask, words);
        count = all.size();
        for (const auto& one : part_of(ask, all, 1'000'000)) list.push_back(short_tag(one));
    }
    return Json::object({{"count", static_cast<std::int64_t>(count)}, {"results", std::move(list)}}).dump();
}

std::string tag_autocomplete(Ask& ask) {
    Json list = Json::array();
    if (const auto listed = asked_vocabulary(ask)) {
        for (const auto& one : part_of(ask, *listed, 10)) list.push_back(one.name);
    } else if (const auto words = asked_words(ask); !words.empty()) {
        for (const auto& one : part_of(ask, tags_with(ask, words), 10)) list.push_back(one);
    }
    return list.dump();
}

}  // namespace

std::vector<Action> tag_actions() {
    return {{"tag_list", tag_list, false, "query q vocabulary_id all_fields", "Return the tags."},
            {"tag_show", tag_show, false, "id vocabulary_id include_datasets", "Return a tag."},
            {"tag_search", tag_search, false, "query q vocabulary_id limit offset fields",
             "Return the tags that have these letters."},
            {"tag_autocomplete", tag_autocomplete, false, "query q vocabulary_id limit offset fields",
             "Return the names of the tags that have these letters."}};
}

}  // namespace open_data::ckan
