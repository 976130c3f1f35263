// What the catalogue holds: organisations and groups, datasets, resources.
#pragma once

#include <concejo/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace open_data {

using concejo::Json;

/// Unix seconds with microseconds behind, as the database has them: "2026-11-26T10:00:00.123456" in UTC.
using Instant = std::string;

/// A municipality's department, or the municipality itself, that publishes; a group gathers datasets of any.
struct Organization {
    std::string id, name, kind, state;
    Json
        meta;  ///< {"title": {"es"}, "description": {"es"}, "dir3", "image_url", "image": {"blob","type"}, "extras"}
    Instant created;
    std::int64_t datasets = 0;  ///< that everybody sees
};

struct Resource {
    std::string id, dataset, state, format, url, blob, file_name, media_type, table;
    int position = 0, version = 0;
    std::optional<std::int64_t> bytes;
    std::int64_t rows = 0;
    Json columns;  ///< [{"name","type","title","description","unit"}]
    Json recipe, meta;
    Json
        files;  ///< made of its rows as they are: {"csv": {"bytes","sha256"}}, of those in described_formats (dump.hpp)
    Instant created, modified, data_at;

    bool tabular() const { return !table.empty(); }
};

enum class State { draft, review, published, withdrawn, deleted };
std::optional<State> parse_state(std::string_view);
const char* name(State);

/// What somebody may do with one dataset, in CKAN's words: see it, change it, say who else may. Each may what those before it may.
enum class Capacity { none, member, editor, admin };
/// None for any other word.
Capacity parse_capacity(std::string_view);
const char* name(Capacity);

struct Dataset {
    std::string id, name, organization;
    State state = State::draft;
    bool is_private = false;
    /// {"title","notes": {"es"}, "keywords": {"es": […]}, "sectors": […], "license", "frequency", "spatial",
    /// "temporal": {"start","end"}, "contact", "author", "author_email", "maintainer", "maintainer_email", "url",
    /// "version", "access_right", "hvd", "legislation", "groups": […], "extras": [{"key","value"}],
    /// "withdrawn": of withdrawal()}
    Json meta;
    Instant created, modified, issued;
    std::vector<Resource> resources;
    std::string created_by;       ///< as Portal::by() says it
    std::int64_t publish_at = 0;  ///< Unix seconds; 0: nothing is scheduled
    Json publisher;               ///< {"dir3","name": {"es"}} of its organisation, where that has a code
    Json services;  ///< [{"id","name","title": {"es"}}]: published ones that give its data; null: none

    bool visible() const { return state == State::published && !is_private; }
};

/// {"reason", "at": Unix seconds, now}; those of before say no "at".
Json withdrawal(const std::string& reason);

/// The text in `language`, or in Spanish, or in any that there is. {"es": …, "ca": …}
std::string text_in(const Json& texts, std::string_view language);

/// "Contratos menores (2026)" → "contratos-menores-2026": ASCII, as the names of CKAN.
std::string slug_of(std::string_view text);
/// From 2 to 100 of [a-z0-9_-].
bool is_name(std::string_view);
bool is_uuid(std::string_view);

}  // namespace open_data
