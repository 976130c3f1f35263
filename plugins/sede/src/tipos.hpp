// Types of announcement: the usual ones of a municipality, and those its configuration adds.
#pragma once

#include <concejo/json.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace sede {

struct Tipo {
    std::string id;      ///< in addresses and in the command line: "empleo-publico"
    std::string nombre;  ///< in the reader's language
};

class Tipos {
public:
    /// `settings` are the plugin's; `tr` translates the usual names; names of added ones are in `language` or Spanish.
    Tipos(const concejo::Json& settings, const std::function<std::string(const char*)>& tr,
          std::string_view language);

    const std::vector<Tipo>& all() const noexcept { return all_; }
    bool has(std::string_view id) const;
    /// The id itself for types that are no longer configured.
    std::string name(std::string_view id) const;
    /// "Empleo público", "empleo_publico" or "empleo-publico" -> "empleo-publico"; empty where there is none such.
    std::string find(std::string_view text) const;

private:
    std::vector<Tipo> all_;
};

}  // namespace sede
