// Asks a source for one page of its catalogue. RDF is read by rapper in a process of its own, without
// network.
#pragma once

#include "portal.hpp"
#include "source.hpp"

namespace open_data {

/// A page of a round, and what is known of it since the last time.
struct HarvestStep {
    std::int64_t round = 0;  ///< 0: it begins one
    std::string url;
    std::int64_t start = 0;  ///< CKAN: datasets before it
    std::string etag, modified;
};
Json as_json(const HarvestStep&);
HarvestStep harvest_step_of(const Json&);
/// The first page, without what is known of it.
HarvestStep first_page(const Source&);
/// The page after; nothing after the last. Throws Error{invalid} for one that cannot be.
std::optional<HarvestStep> page_after(const Source&, const HarvestStep&, const harvest::Page&);

struct ReadPage {
    std::string etag, modified;
    harvest::Page page;
    bool same = false;  ///< 304: nothing was read
};

/// Not while a transaction is open. Throws Error{unavailable} for what may pass, {invalid} or {forbidden} for
/// what will be so the next time.
ReadPage read_page(const concejo::Call&, const Source&, const HarvestStep&);

}  // namespace open_data
