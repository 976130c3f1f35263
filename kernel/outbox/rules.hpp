// What a kind of effect says of itself and of the other side.
#pragma once

#include <optional>
#include <string_view>

namespace kernel::outbox {

/// What to do when a request was sent and its answer was lost, and the other side would do it twice.
enum class OnUnknown {
    ask,          ///< a person decides
    retry,        ///< twice is better than never
    assume_done,  ///< never is better than twice
    reconcile     ///< the kind's handler can find out
};
std::optional<OnUnknown> on_unknown_named(std::string_view name);

/// What a kind of effect declares of itself and of the other side.
struct KindRules {
    bool deduplicates = false;  ///< the other side knows the key again: an unknown outcome is simply repeated
    OnUnknown on_unknown = OnUnknown::ask;
    int max_attempts = 10;  ///< that surely failed; then dead, for a person to look at
};

}  // namespace kernel::outbox
