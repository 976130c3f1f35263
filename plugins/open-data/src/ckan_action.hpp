// The actions of CKAN's API, one function each: what it is asked, in its own transaction, to the text of its result.
#pragma once

#include "ckan_arguments.hpp"
#include "portal.hpp"

namespace open_data::ckan {

/// One request for one action. Everything it writes is there when it ends well, or nothing.
struct Ask {
    Ask(const concejo::Request& request, const Portal& portal, Arguments arguments, bool from_query,
        bool signs, std::vector<concejo::Upload> uploads);

    const concejo::Request& request;
    const Portal& portal;
    Arguments args;
    bool from_query;
    bool writer;        ///< brought a token that writes
    bool collaborator;  ///< brought a token that may what its collaborations say
    bool keep = true;   ///< false: what was done is undone after telling it
    std::vector<concejo::Upload> uploads;
    concejo::Transaction tx;
    Catalogue catalogue;

    /// The token's name; empty: nobody's.
    std::string user() const;
    /// CKAN's refusal: "Access denied: User X not authorized to …".
    Failure denied(std::string_view doing) const;
    void need_writer(std::string_view doing) const;
    /// Somebody who may write something, if not everything.
    void need_user(std::string_view doing) const;
};

struct Action {
    const char* name;
    std::string (*run)(Ask&);
    bool writes;
    const char* parameters;  ///< those that its help names
    const char* help;
    bool secret = false;  ///< its answer is kept nowhere
};

/// Null: there is none of that name.
const Action* find_action(std::string_view name);

std::vector<const Action*> every_action();  ///< by name

// Each file gives its own.
std::vector<Action> site_actions();
std::vector<Action> administration_actions();
std::vector<Action> package_actions();
std::vector<Action> search_actions();
std::vector<Action> organization_actions();
std::vector<Action> tag_actions();
std::vector<Action> vocabulary_actions();
std::vector<Action> follower_actions();
std::vector<Action> member_actions();
std::vector<Action> user_actions();
std::vector<Action> collaborator_actions();
std::vector<Action> relationship_actions();
std::vector<Action> token_actions();
std::vector<Action> resource_view_actions();
std::vector<Action> resource_actions();
std::vector<Action> package_writes();
std::vector<Action> resource_writes();
std::vector<Action> organization_writes();
std::vector<Action> datastore_reads();
std::vector<Action> datastore_writes();

}  // namespace open_data::ckan
