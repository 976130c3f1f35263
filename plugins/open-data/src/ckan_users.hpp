// Who has a name in this API. CKAN's users are here the tokens that the municipality made, by what they are called.
#pragma once

#include "ckan_show.hpp"

namespace open_data::ckan {

struct User {
    std::string name, by;  ///< by: "token:…"
    std::string id() const { return stable_id("user", by); }
    bool is(const std::string& name_or_id) const { return name_or_id == name || name_or_id == id(); }
};

/// Whoever asks, by a token that is told who it is.
User own_user(const Ask&);
/// Whoever asks and those that may be collaborators, by name.
std::vector<User> nameable_users(Ask&);
/// Those of them that whoever asks may look at: one that writes, all; another, itself.
std::vector<User> seen_users(Ask&);
std::optional<User> find_user(const std::vector<User>&, const std::string& name_or_id);

}  // namespace open_data::ckan
