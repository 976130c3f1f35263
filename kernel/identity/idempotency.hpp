// The same form or API call twice is carried out once, and answered alike both times.
#pragma once

#include "kernel/base/clock.hpp"
#include "kernel/db/transaction.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kernel::identity {

struct StoredAnswer {
    int status = 0;
    std::string location;    ///< of a redirection; may be empty
    std::string media_type;  ///< of `body`
    std::string body;        ///< UTF-8 text
};

enum class Repeat {
    fresh,        ///< carry it out, then finish()
    replay,       ///< give `answer` again
    mismatch,     ///< the key was used for something else: 422
    in_progress,  ///< the first one has not answered yet: 409 with Retry-After
};

struct IdempotencyOutcome {
    Repeat repeat = Repeat::fresh;
    std::optional<StoredAnswer> answer;  ///< replay
};

/// The row stands in the transaction of the effect: rolled back together, and a second call waits for the
/// first one's COMMIT (at most the transaction's lock timeout, then in_progress).
class Idempotency {
public:
    explicit Idempotency(const base::Clock& clock) : clock_(clock) {}

    /// `owner`: session, token or visitor's cookie (its hash), so that nobody reads another's answer.
    /// `request_hash`: SHA-256 of what was asked, 32 bytes. `key`: 1 to 200 printable ASCII characters, else
    /// Error{invalid}.
    IdempotencyOutcome begin(db::Transaction& tx, std::string_view owner, std::string_view key,
                             std::string_view route, std::string_view request_hash) const;
    /// After `fresh`, in the same transaction, or in a later one where the effect has none.
    void finish(db::Transaction& tx, std::string_view owner, std::string_view key,
                const StoredAnswer& answer) const;
    /// After `fresh`, in the same transaction, where the answer is not to be given again: the key is free.
    void forget(db::Transaction& tx, std::string_view owner, std::string_view key) const;

private:
    const base::Clock& clock_;
};

}  // namespace kernel::identity
