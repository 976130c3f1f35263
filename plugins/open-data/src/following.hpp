// Who follows data by mail, from asking to leaving. Addresses are in mails and nowhere else.
#pragma once

#include "portal.hpp"

namespace open_data {

/// What is followed: one dataset, those of a sector as they are published, or all of them.
struct Followed {
    std::string kind;    ///< "dataset", "sector" or "catalogue"
    std::string object;  ///< a dataset's id, the code of a sector, nothing
};

struct Follower {
    std::string id, address, language, key;
    std::string mail;  ///< the key of the last one that he was sent
};

class Followings {
public:
    static constexpr int most_asked_by_address = 3;  ///< that wait to be confirmed
    static constexpr int most_an_hour = 100;         ///< of everybody's
    static constexpr int hours_to_confirm = 48;

    explicit Followings(concejo::Transaction& tx) : tx_(tx) {}

    enum class Asked { taken, quiet, full };
    struct Request {
        Asked asked = Asked::quiet;
        std::string token{};  ///< for the link, where it was taken; works once
    };
    /// Nothing in it depends on who follows already. `quiet`: that address was written to enough; whoever
    /// asks is told the same. `full`: more ask in this hour than people do.
    Request ask(const std::string& address, const std::string& language, const Followed&);
    /// What the link would confirm, while it does.
    std::optional<Followed> asked(const std::string& token);
    /// Uses the link up; nothing where it was used, or is old.
    std::optional<Follower> confirm(const std::string& token);

    std::optional<Follower> by_key(const std::string& key);
    /// The first one that he followed first.
    std::vector<Followed> of(const Follower&);
    /// With the last one goes the address.
    void leave(const Follower&, const Followed&);
    void leave_all(const Follower&);
    /// By the key of a follower or by a link that nobody has used: what both hold is deleted.
    void end(const std::string& key_or_token);

    std::int64_t count(const Followed&);
    /// What nobody confirmed in time, and whoever follows nothing any more and has nothing to be told.
    void forget();

private:
    concejo::Transaction& tx_;
};

/// "ana@example.es" as it can be written to: the domain in lower case. Nothing for anything else: names,
/// several addresses, quoted ones.
std::optional<std::string> mail_address(std::string_view);

/// The title of the dataset, or what a sector or the catalogue are called; empty where the dataset is gone.
std::string followed_title(const Portal&, Catalogue&, const Followed&);

/// Whether mail is offered here: the municipality wants it and the installation can send it.
bool offers_following(const Portal&);

void register_following(concejo::Kernel&);
void register_digests(concejo::Kernel&);

}  // namespace open_data
