// What the catalogue holds, as CKAN writes it.
#pragma once

#include "ckan_action.hpp"
#include "kept_file.hpp"
#include "relationships.hpp"

#include <map>

namespace open_data::ckan {

/// An identifier for what has none of its own (a tag, a person), always the same.
std::string stable_id(std::string_view kind, std::string_view name);
/// How many follow a dataset, an organisation or a group.
std::int64_t followers_of(Ask&, const std::string& id);

/// Looks each organisation up once.
class Show {
public:
    explicit Show(Ask& ask) : ask_(ask) {}

    Json package(const Dataset&);
    Json packages(const std::vector<Dataset>&);
    Json resource(const Resource&) const;
    /// Of organization_list with all_fields, and what every other one of them begins with.
    Json organization(const Organization&) const;
    /// Of organization_show.
    Json organization_in_full(const Organization&);
    /// Where its picture is seen; empty where it has none.
    std::string image_of(const Organization&) const;
    /// Inside a dataset.
    Json publisher(const Organization&) const;
    static Json tag(std::string_view name);
    Json user() const;
    /// `by`: "token:…".
    Json user(const std::string& name, const std::string& by) const;

private:
    const std::optional<Organization>& find(const std::string& id_or_name, const char* kind);
    Json groups_of(const Dataset&);
    /// Asks for the relationships of all of them at once.
    void learn_relationships(const std::vector<Dataset>&);
    /// Those that it is the subject of, or the object.
    Json relationships(const Dataset&, bool as_subject) const;

    Ask& ask_;
    std::map<std::string, std::optional<Organization>> found_;
    std::map<std::string, std::vector<Relationship>> related_;  ///< by each end; empty where there is none
};

}  // namespace open_data::ckan
