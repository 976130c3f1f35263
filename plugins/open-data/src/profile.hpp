// What the columns of a resource hold: counted once for each load and kept with the version, never for a
// request.
#pragma once

#include "catalogue.hpp"

#include <map>

namespace open_data {

/// [{"name","type","values","nulls","distinct","min","max","mean","median","top": [{"value","count"}],
///   "unit", "bins": [{"from","to","count"}]}], one for each column. Numbers of the data are texts, as exact
///   as they are. top: most frequent values, of what is not measured; bins: of numbers half open [from, to)
///   in equal steps, of dates by `unit` (day, month, year, decade, century). What makes no sense for a type
///   is not there.
Json profile_of(concejo::Transaction&, const Resource&);

/// At once where it is a matter of milliseconds; else a job does it.
void profile_version(const concejo::Call&, concejo::Transaction&, const Resource&);
/// Its rows changed where they are: a job counts them, once however many changes there were meanwhile.
void profile_later(const concejo::Call&, concejo::Transaction&, const Resource&);

/// The smallest of day, month, year, decade and century of which there are few between two days ("2026-11-26
/// …").
const char* period_unit(const std::string& least, const std::string& most);
/// "1 month", as PostgreSQL's interval.
std::string period_step(std::string_view unit);
inline constexpr int most_periods = 120;

/// Of the versions that are read now, by resource; those that are not counted yet are not there.
std::map<std::string, Json> profiles_of(concejo::Transaction&, const Dataset&);

}  // namespace open_data
