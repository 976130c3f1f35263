// What people send to the portal: requests of data, reuses, comments.
#pragma once

#include "portal.hpp"

namespace open_data {

struct Contribution {
    std::string id, kind, dataset, code, title, body, url, author;
    std::string state = "pending";  ///< pending, shown or hidden
    std::string outcome = "open";   ///< of requests: open, planned, done or declined
    std::string answer;
    std::int64_t created = 0;  ///< Unix seconds
    std::string dataset_name;  ///< as addresses have it; empty where it is about none
    Json dataset_title;        ///< {"es"}
};

class Contributions {
public:
    static constexpr int most_pending = 500, most_an_hour = 100, listed = 50;

    explicit Contributions(concejo::Transaction& tx) : tx_(tx) {}

    /// Its code; nothing where more is waiting than anybody reads, or comes than people write.
    std::optional<std::string> add(const Contribution&);
    std::optional<Contribution> find(std::string_view id);
    std::optional<Contribution> by_code(std::string_view code);
    /// Those that everybody sees, `listed` a page, the latest first; of all, or of what is said of one dataset.
    std::vector<Contribution> shown(std::string_view kind, std::int64_t page, std::string_view dataset = {});
    std::int64_t count_shown(std::string_view kind, std::string_view dataset = {});
    /// For staff: those of a state, `listed` a page; those that wait, the first first.
    std::vector<Contribution> of_state(std::string_view state, std::int64_t page);
    std::int64_t count(std::string_view state);
    void decide(const Contribution&, const std::string& by);
    /// What was never shown is forgotten a year after.
    void forget();

private:
    std::vector<Contribution> read(const std::string& tail, const std::vector<concejo::Param>&);
    concejo::Transaction& tx_;
};

/// What a kind is called, and where it lives.
struct ContributionKind {
    const char *kind, *path, *label, *send;  ///< path: of its list and form; label and send are msgids
};
const ContributionKind& contribution_kind(std::string_view kind);

std::string contribution_state(const concejo::Call&, const Contribution&);
/// "ok", "info", "warn" or "err", as components/tag takes it.
const char* contribution_tone(const Contribution&);

/// How many pages so many fill.
inline std::int64_t pages_of(std::int64_t count) {
    return (count + Contributions::listed - 1) / Contributions::listed;
}

/// [{"author","date","body","answer"}] of the latest `listed` that were said of a dataset, the first of them first.
Json comments_view(const Portal&, concejo::Transaction&, const Dataset&);

void register_contributions(concejo::Kernel&);
void register_staff_contributions(concejo::Kernel&);

}  // namespace open_data
