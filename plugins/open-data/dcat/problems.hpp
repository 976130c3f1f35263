// What would make a harvester refuse a catalogue, or do it poorly, said before publishing.
#pragma once

#include "model.hpp"

#include <string>
#include <utility>
#include <vector>

namespace open_data::dcat {

/// error: DCAT-AP-ES or the federator of datos.gob.es refuses it. warning: it is taken, but it is recommended
/// otherwise.
enum class Severity { error, warning };

struct Problem {
    Severity severity;
    std::string where;  ///< the field, as JSON Pointer: "/title", "/distributions/0/access_url"
    const char* what;   ///< Spanish text to translate, with {placeholders}
    const char* remedy;
    std::vector<std::pair<std::string, std::string>> values;  ///< of the placeholders, for concejo::fill()
};

/// `now`: dates after it are in the future (convention 08). That two datasets have equal titles (their first
/// 300 characters) is for the caller to see: this looks at one.
std::vector<Problem> find_problems(const Dataset& dataset, const Catalog& catalog, Instant now);
std::vector<Problem> find_problems(const Catalog& catalog, Instant now);
/// `datasets`: how many of the catalogue it serves.
std::vector<Problem> find_problems(const DataService& service, std::size_t datasets, const Catalog& catalog);

bool has_errors(const std::vector<Problem>& problems);

/// How short a description may be; the federator and Google Dataset Search ask for as many characters.
inline constexpr std::size_t description_characters = 50;

}  // namespace open_data::dcat
