// One round of gathering a source's catalogue, page by page. Each page is taken in one transaction, which
// also says what comes next, so that a round that dies leaves whole datasets; the next one goes over all of
// it again and changes only what changed.
#pragma once

#include "source_reader.hpp"

#include <functional>
#include <set>

namespace open_data {

/// Nobody else takes anything of this source until the transaction ends.
void lock_source(concejo::Transaction&, const std::string& name);

struct HarvestOptions {
    std::string by;          ///< "system:recolecta", "staff:ana"
    bool dry_run = false;    ///< says what it would do, and does nothing
    bool confirmed = false;  ///< somebody has seen that much is missing there, and that it is right
};

struct HarvestReport {
    std::string outcome;        ///< done, failed, held; empty: it goes on
    std::string error;          ///< in the call's language
    bool superseded = false;    ///< another round of the source has begun since
    std::int64_t failures = 0;  ///< rounds in a row
    int pages = 0;
    Json tally = Json::object();
    Json problems = Json::array();  ///< [{"key","title","outcome","notes"}] of what has notes: at most 1000
};

class HarvestRound {
public:
    HarvestRound(const concejo::Call&, const Source&, const HarvestOptions&);

    /// The first step, with what is known of its page.
    HarvestStep first(concejo::Transaction&) const;

    using Then = std::function<void(concejo::Transaction&, const HarvestStep& next)>;
    /// In one transaction, where `then` says what follows. Nothing after the last page: report() says how it
    /// ended.
    std::optional<HarvestStep> take(const HarvestStep&, ReadPage, const Then& then);
    /// The round ends with this, in one transaction, where `told` may add something.
    void fail(const HarvestStep&, const concejo::Error&,
              const std::function<void(concejo::Transaction&)>& told);

    const HarvestReport& report() const { return report_; }

private:
    void open(concejo::Transaction&, const HarvestStep&);
    void start(concejo::Transaction&);
    std::int64_t newest(concejo::Transaction&) const;
    std::size_t take_same(concejo::Transaction&, const HarvestStep&, harvest::Page&);
    std::size_t take_items(concejo::Transaction&, std::vector<harvest::Item>&);
    bool take_item(concejo::Transaction&, class HarvestIntake&, harvest::Item&, const struct HarvestEntry*,
                   const std::string& hash);
    void store(concejo::Transaction&, const harvest::Item&, const std::string& outcome, const Json& notes,
               const std::string& hash);
    void remember(concejo::Transaction&, const HarvestStep&, const ReadPage&, std::size_t fresh);
    void know(concejo::Transaction&, HarvestStep&) const;
    void finish(concejo::Transaction&);
    void absences(concejo::Transaction&, const std::vector<std::pair<std::string, std::string>>& missing);
    void end(concejo::Transaction&);
    void count(const char* what, std::int64_t more = 1);
    void tell(const harvest::Item&, const std::string& outcome, const Json& notes);

    const Portal portal_;
    const Source& source_;
    const HarvestOptions options_;
    HarvestReport report_;
    std::set<std::string> seen_, visited_;  ///< by this object; the tables know of the whole round
    std::int64_t id_ = 0;
    bool visible_ = false;  ///< what the public sees has changed
};

/// "3 vistos, 1 nuevo, …": those counts of HarvestReport::tally.
std::string text_of_tally(const concejo::Call&, const Json& tally, const std::vector<std::string>& counts);

/// What is shown of a note.
std::string text_of_note(const concejo::Call&, const Json& note);

}  // namespace open_data
