// Vocabularies: lists of tags that a client offers. Tags of datasets are free (ckan_tags.cpp).
#include "ckan_vocabularies.hpp"
#include "ckan_access.hpp"
#include "ckan_values.hpp"

#include <algorithm>

namespace open_data::ckan {
namespace {

constexpr std::size_t most_tags = 10'000;

Json view_of_tag(const std::string& id, const std::string& name, const std::string& vocabulary) {
    return Json::object({{"display_name", name}, {"id", id}, {"name", name}, {"vocabulary_id", vocabulary}});
}

Json view_of(Ask& ask, const std::string& id, const std::string& name) {
    Json tags = Json::array();
    for (const auto& one : tags_of_vocabulary(ask, id, "")) tags.push_back(view_of_tag(one.id, one.name, id));
    return Json::object({{"id", id}, {"name", name}, {"tags", std::move(tags)}});
}

std::string text_of_name(const Json& value) { return text_of(value).value_or(""); }

void need_length(const char* field, const std::string& name) {
    if (name.empty()) throw missing(field);
    if (name.size() < 2) throw invalid(field, "Must be at least 2 characters long");
    if (name.size() > 100) throw invalid(field, "Must be at most 100 characters long");
}

void need_free_name(Ask& ask, const std::string& name, const std::string& id) {
    need_length("name", name);
    if (!ask.tx.exec("SELECT FROM open_data_vocabulary WHERE name = $1 AND id::text <> $2", name, id).empty())
        throw invalid("name", "That vocabulary name is already in use.");
}

std::string add_tag(Ask& ask, const std::string& vocabulary, const std::string& name) {
    need_length("name", name);
    const auto made = ask.tx.exec(
        "INSERT INTO open_data_vocabulary_tag (vocabulary, name) VALUES ($1::uuid, $2) ON CONFLICT DO NOTHING RETURNING id",
        vocabulary, name);
    if (made.empty()) throw invalid("tags", "Tag " + name + " already belongs to vocabulary " + vocabulary);
    return made[0].text(0);
}

void set_vocabulary_tags(Ask& ask, const std::string& id) {
    const Json tags = ask.args.tree("tags");
    if (!tags.is_array()) return;
    if (tags.size() > most_tags) throw invalid("tags", "Too many tags");
    ask.tx.exec("DELETE FROM open_data_vocabulary_tag WHERE vocabulary = $1::uuid", id);
    for (const auto& one : tags.as_array())
        add_tag(ask, id, one.is_object() ? one.string_or("name", "") : text_of_name(one));
}

std::string vocabulary_create(Ask& ask) {
    ask.need_writer("create vocabulary");
    const auto name = ask.args.text("name");
    need_free_name(ask, name, "");
    const auto id =
        ask.tx.exec("INSERT INTO open_data_vocabulary (name) VALUES ($1) RETURNING id", name)[0].text(0);
    set_vocabulary_tags(ask, id);
    note_change(ask, "open-data.crear", id);
    return view_of(ask, id, name).dump();
}

std::string vocabulary_update(Ask& ask) {
    ask.need_writer("update vocabulary");
    auto [id, name] = need_vocabulary(ask, asked_id(ask));
    if (ask.args.has("name")) {
        name = ask.args.text("name");
        need_free_name(ask, name, id);
        ask.tx.exec("UPDATE open_data_vocabulary SET name = $2 WHERE id = $1::uuid", id, name);
    }
    set_vocabulary_tags(ask, id);
    note_change(ask, "open-data.cambiar", id);
    return view_of(ask, id, name).dump();
}

std::string vocabulary_delete(Ask& ask) {
    ask.need_writer("delete vocabulary");
    const auto id = need_vocabulary(ask, asked_id(ask)).first;
    ask.tx.exec("DELETE FROM open_data_vocabulary WHERE id = $1::uuid", id);
    note_change(ask, "open-data.borrar", id);
    return "null";
}

std::string vocabulary_list(Ask& ask) {
    Json list = Json::array();
    const auto rows = ask.tx.exec("SELECT id, name FROM open_data_vocabulary ORDER BY name LIMIT 1000");
    for (const auto row : rows) list.push_back(view_of(ask, row.text(0), row.text(1)));
    return list.dump();
}

std::string vocabulary_show(Ask& ask) {
    const auto [id, name] = need_vocabulary(ask, asked_id(ask));
    return view_of(ask, id, name).dump();
}

std::string tag_create(Ask& ask) {
    ask.need_writer("create tag");
    if (ask.args.text("vocabulary_id").empty()) throw missing("vocabulary_id");
    const auto found = find_vocabulary(ask, ask.args.text("vocabulary_id"));
    if (!found) throw invalid("vocabulary_id", "Tag vocabulary was not found.");
    const auto name = ask.args.text("name");
    const auto id = add_tag(ask, found->first, name);
    note_change(ask, "open-data.crear", id);
    return view_of_tag(id, name, found->first).dump();
}

std::string tag_delete(Ask& ask) {
    ask.need_writer("delete tag");
    const auto id = asked_id(ask), named = ask.args.text("vocabulary_id");
    // Without a vocabulary it is told by its identifier. Tags of datasets are those datasets' own, which are changed for it.
    const auto vocabulary = named.empty() ? std::string() : need_vocabulary(ask, named).first;
    const auto gone = ask.tx.exec(
        "DELETE FROM open_data_vocabulary_tag WHERE (vocabulary::text = $1 AND name = $2) OR (id::text = $2 AND $1 IN ('', vocabulary::text)) RETURNING vocabulary",
        vocabulary, id);
    if (gone.empty()) throw not_found("Could not find tag \"" + id.substr(0, 100) + "\" in a vocabulary");
    note_change(ask, "open-data.borrar", gone[0].text(0));
    return "null";
}

}  // namespace

std::optional<std::pair<std::string, std::string>> find_vocabulary(Ask& ask, const std::string& id_or_name) {
    const auto found =
        ask.tx.exec("SELECT id, name FROM open_data_vocabulary WHERE id::text = $1 OR name = $1", id_or_name);
    if (found.empty()) return std::nullopt;
    return std::pair{found[0].text(0), found[0].text(1)};
}

std::pair<std::string, std::string> need_vocabulary(Ask& ask, const std::string& id_or_name) {
    auto found = find_vocabulary(ask, id_or_name);
    if (!found) throw not_found("Could not find vocabulary \"" + id_or_name.substr(0, 100) + "\"");
    return std::move(*found);
}

std::vector<VocabularyTag> tags_of_vocabulary(Ask& ask, const std::string& vocabulary,
                                              const std::string& letters) {
    std::vector<VocabularyTag> all;
    const auto rows = ask.tx.exec(
        "SELECT id, name FROM open_data_vocabulary_tag WHERE vocabulary = $1::uuid AND ext.fold(name) LIKE ext.fold($2) ORDER BY name",
        vocabulary, "%" + like_escaped(letters) + "%");
    for (const auto row : rows) all.push_back({row.text(0), row.text(1), vocabulary});
    return all;
}

std::optional<VocabularyTag> find_vocabulary_tag(Ask& ask, const std::string& id) {
    const auto rows =
        ask.tx.exec("SELECT id, name, vocabulary FROM open_data_vocabulary_tag WHERE id::text = $1", id);
    if (rows.empty()) return std::nullopt;
    return VocabularyTag{rows[0].text(0), rows[0].text(1), rows[0].text(2)};
}

std::vector<Action> vocabulary_actions() {
    return {{"vocabulary_list", vocabulary_list, false, "", "Return the vocabularies of tags."},
            {"vocabulary_show", vocabulary_show, false, "id", "Return a vocabulary with its tags."},
            {"vocabulary_create", vocabulary_create, true, "name tags", "Create a vocabulary of tags."},
            {"vocabulary_update", vocabulary_update, true, "id name tags",
             "Rename a vocabulary, or replace its tags."},
            {"vocabulary_delete", vocabulary_delete, true, "id", "Delete a vocabulary with its tags."},
            {"tag_create", tag_create, true, "name vocabulary_id", "Add a tag to a vocabulary."},
            {"tag_delete", tag_delete, true, "id vocabulary_id", "Delete a tag of a vocabulary."}};
}

}  // namespace open_data::ckan
