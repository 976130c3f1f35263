// The part of Solr's query language that portals and harvesters use, as a condition on open_data_dataset d:
//   tags:agua AND -(organization:obras OR title:"plan general") metadata_modified:[2026-01-01T00:00:00Z TO *] res_format:C*
// Words stand beside each other as with AND. Every value is a parameter of the statement.
#pragma once

#include "ckan_sql.hpp"

namespace open_data::ckan {

/// Throws the Search Error of CKAN for what cannot be read.
std::string condition_of_query(std::string_view query, Parameters&);

/// A field and what it is to be, as a condition.
struct Term {
    std::string field;      ///< empty: anywhere
    std::string value;      ///< without its quotes
    bool phrase = false;    ///< was between quotes
    bool wildcard = false;  ///< has * or ? that were not escaped
    bool range = false;     ///< from value to `end`; "*": open
    std::string end;
    bool with_start = true, with_end = true;
};
std::string condition_of_term(const Term&, Parameters&);

}  // namespace open_data::ckan
