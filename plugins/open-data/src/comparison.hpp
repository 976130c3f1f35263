// What changed from one version of a resource to another: rows added, removed and, where columns tell rows
// apart, changed. PostgreSQL compares the two tables once; what is kept is which rows.
#pragma once

#include "version.hpp"

namespace open_data {

inline constexpr std::int64_t most_changes = 100'000;  ///< that are listed; all are counted
inline constexpr std::int64_t compared_at_once =
    400'000;  ///< rows of both that a page waits for; a job compares more

struct Comparison {
    std::int64_t id = 0, added = 0, removed = 0, changed = 0;
    std::vector<std::string> key;  ///< empty: rows have none, or it is not unique in both
    bool key_failed = false;       ///< the resource has a key that is not one in these versions
    std::vector<Field> columns;    ///< of the newer one, then those that only the older one has
    std::vector<std::string> new_columns, old_columns;  ///< that only one of them has
    bool waiting = false;                               ///< a job is at it

    std::int64_t total() const { return added + removed + changed; }
};

struct ComparedCell {
    std::optional<std::string> before,
        after;  ///< as JSON; nothing: there is no such column or row on that side
    bool differs = false;
};

struct Change {
    std::int64_t n = 0, times = 1;
    std::string kind;                 ///< added, removed, changed
    std::vector<ComparedCell> cells;  ///< as Comparison::columns
};

/// Both must have rows. Compares now, or what was compared before; where it is long, enqueues a job unless
/// `in_a_job`. Throws Error{invalid} for versions that cannot be compared. The transaction is to be
/// committed.
Comparison compare(const concejo::Call&, concejo::Transaction&, const Resource&, const Version& older,
                   const Version& newer, bool in_a_job = false);

/// Those after the n-th, in the order of the newer table.
std::vector<Change> changes_of(concejo::Transaction&, const Comparison&, const Version& older,
                               const Version& newer, std::int64_t after, std::int64_t most);

/// The columns that tell a resource's rows apart, as somebody said.
std::vector<std::string> key_columns(const Resource&);

/// Forgets what was compared of a resource: its key is another one.
void forget_comparisons(concejo::Transaction&, const Resource&);

void register_comparisons(concejo::Kernel&);  ///< the job

}  // namespace open_data
