// Who sees one dataset that not everybody sees, or changes it, without being let write the others: tokens, by what they are
// called. Both doors, the API's and the staff's, note what they do in the same words.
#pragma once

#include "portal.hpp"

namespace open_data {

struct Collaborator {
    std::string who;  ///< "token:…"
    Capacity capacity;
    Instant since;
    std::int64_t since_seconds;  ///< Unix

    std::string name() const { return who.substr(who.find(':') + 1); }
};

class Collaborators {
public:
    Collaborators(const concejo::Call& call, concejo::Transaction& tx) : call_(call), tx_(tx) {}

    /// By name.
    std::vector<Collaborator> of(const std::string& dataset);
    /// Whoever is there already has that capacity from now on.
    Collaborator name(const std::string& dataset, const std::string& who, Capacity);
    /// False: he is none.
    bool remove(const std::string& dataset, const std::string& who);

private:
    void note(const std::string& dataset, const std::string& who, Capacity);

    const concejo::Call& call_;
    concejo::Transaction& tx_;
};

}  // namespace open_data
