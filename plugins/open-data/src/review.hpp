// What happens between a draft and its publication: somebody else looks at it, and it is published at once or
// when its hour comes.
#pragma once

#include "portal.hpp"

namespace open_data {

struct ReviewNote {
    std::string action;  ///< sent, returned, scheduled, unscheduled, published, failed
    std::string note, by;
    std::int64_t at = 0;  ///< Unix seconds
};

class Review {
public:
    Review(const Portal& portal, concejo::Transaction& tx) : portal_(portal), tx_(tx) {}

    /// Each throws Error{conflict} where the dataset's state does not allow it; it is locked from here on.
    void send(const Dataset&, const std::string& note);
    void give_back(const Dataset&, const std::string& note);
    /// By a job, exactly once. `at`: Unix seconds.
    void schedule(const Dataset&, std::int64_t at);
    void unschedule(const Dataset&);
    /// It is published by hand, or withdrawn: what was scheduled is not any more.
    void forget_schedule(const Dataset&);
    void note(const Dataset&, const char* action, const std::string& text, const std::string& by);

    /// The last ones first.
    std::vector<ReviewNote> notes(const Dataset&);
    std::int64_t waiting();  ///< datasets that somebody has to look at

private:
    void move(const Dataset&, std::initializer_list<State> from, State to, const char* action,
              const std::string& note);
    const Portal& portal_;
    concejo::Transaction& tx_;
};

void register_review(concejo::Kernel&);  ///< the job

}  // namespace open_data
