#pragma once

#include "ckan_action.hpp"
#include "ckan_sql.hpp"

namespace open_data::ckan {

struct VocabularyTag {
    std::string id, name, vocabulary;
};

/// Its id and name.
std::optional<std::pair<std::string, std::string>> find_vocabulary(Ask&, const std::string& id_or_name);
std::pair<std::string, std::string> need_vocabulary(Ask&, const std::string& id_or_name);
/// Those that have these letters; all of them where there are none.
std::vector<VocabularyTag> tags_of_vocabulary(Ask&, const std::string& vocabulary,
                                              const std::string& letters);
std::optional<VocabularyTag> find_vocabulary_tag(Ask&, const std::string& id);

}  // namespace open_data::ckan
