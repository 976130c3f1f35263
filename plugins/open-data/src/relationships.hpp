// Relationships between datasets: "depends_on" and the like. One is kept as its subject says it.
#pragma once

#include "portal.hpp"

#include <map>

namespace open_data {

/// One end of a relationship.
struct RelatedDataset {
    std::string id, name;
    bool visible = false;  ///< everybody sees it
};

struct Relationship {
    std::string id, type, comment;
    RelatedDataset subject, object;
};

/// "dependency_of" of "depends_on", and the other way round; empty for what is no type.
std::string_view reverse_type(std::string_view type);
/// Whether it is one of those that are kept: "depends_on", and not "dependency_of".
bool is_forward_type(std::string_view type);
/// Both directions, as CKAN lists them.
const std::vector<std::string>& relationship_types();

/// Those that have one of these datasets at either end, the oldest first; without `hidden`, only those with two visible ends.
std::vector<Relationship> relationships_of(concejo::Transaction&, const std::vector<std::string>& ids,
                                           bool hidden);

/// For each of these datasets, the URIs of those that it relates itself to and everybody sees.
std::map<std::string, std::vector<std::string>> related_uris(concejo::Transaction&, const Portal&,
                                                             const std::vector<std::string>& ids);

/// [{"label","title","href","comment"}] for the dataset's page, from its own end.
Json related_view(const Portal&, concejo::Transaction&, const Dataset&);

}  // namespace open_data
