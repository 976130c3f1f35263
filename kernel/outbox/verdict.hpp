// What becomes of an effect whose delivery did not end well. Pure: the whole policy in one function.
#pragma once

#include "kernel/outbox/effect.hpp"

namespace kernel::outbox {

/// How an attempt ended, other than well.
struct Failure {
    bool sent = false;      ///< the other side may have acted on it
    bool for_good = false;  ///< it will fail every time
    int attempt = 1;        ///< 1, 2 …
};

enum class Fate { again, dead, unknown, reconcile, assumed };

constexpr Fate fate_of(const KindRules& rules, const Failure& failure) {
    if (failure.sent && !rules.deduplicates) {
        switch (rules.on_unknown) {
            case OnUnknown::ask:
                return Fate::unknown;
            case OnUnknown::assume_done:
                return Fate::assumed;
            case OnUnknown::reconcile:
                return Fate::reconcile;
            case OnUnknown::retry:
                return failure.attempt < rules.max_attempts ? Fate::again : Fate::unknown;
        }
    }
    if (failure.for_good || failure.attempt >= rules.max_attempts) return Fate::dead;
    return Fate::again;
}

}  // namespace kernel::outbox
