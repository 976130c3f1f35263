// The catalogue in the words of DCAT: for harvesters, for the quality score, for what is wrong before publishing.
#pragma once

#include "plugins/open-data/dcat/mqa.hpp"
#include "plugins/open-data/dcat/problems.hpp"
#include "plugins/open-data/dcat/vocabulary.hpp"
#include "portal.hpp"

namespace open_data {

dcat::Texts texts_of(const Json&);  ///< {"es": …}; empty ones are left out
/// "2026-01-31", a day that there is.
bool is_day(const std::string& text);
/// What people call it in the reader's language.
std::string label_of(const Portal&, const dcat::Term&);
bool has_translations(std::string_view label);
/// "31/1/2026" as "2026-01-31"; anything else as it is.
std::string day_typed(const std::string& text);
/// "2026-01-31" as "31/01/2026", as forms ask for it; anything else as it is.
std::string day_written(const std::string& day);
std::optional<dcat::Instant> instant_of(
    const std::string&);  ///< as open_data::Instant writes it; nothing where it is none
dcat::Catalog catalog_of(const Portal&);
dcat::Dataset described(const Portal&, const dcat::Catalog&, const Dataset&);

/// The points that data.europa.eu would give. Our own addresses answer; of others nobody has asked.
dcat::Score quality_of(const Portal&, const Dataset&);
std::string rating_text(const concejo::Call&, dcat::Rating);

}  // namespace open_data
