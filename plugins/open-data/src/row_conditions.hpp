// Which rows of a resource somebody wants to see: words and conditions by column, as addresses carry them.
#pragma once

#include "portal.hpp"
#include "shown.hpp"

namespace open_data {

/// "contiene", "es", "desde", "hasta", "vacio" or "lleno", of one column.
struct RowCondition {
    std::string column, kind, value;
};

class RowConditions {
public:
    static constexpr std::size_t most_conditions = 5, most_words = 8, longest = 200;

    /// From the query: q, and columna, condicion and valor as often as there are conditions. `fields`: of the
    /// resource.
    RowConditions(const concejo::Request&, std::vector<Field> fields);

    /// As told() wrote them, whoever it was told of.
    RowConditions(const Json& told, std::vector<Field> fields);
    /// {"words","conditions":[{"column","kind","value"}]}: values as PostgreSQL reads them, whatever the
    /// language.
    Json told() const;

    const std::string& words() const { return words_; }
    const std::vector<RowCondition>& all() const { return all_; }
    /// What cannot be asked for, in the reader's language; those conditions are not in all().
    const std::vector<std::string>& problems() const { return problems_; }
    bool any() const { return !words_.empty() || !all_.empty(); }

    /// "true AND …" and its parameters, the first of which is $1. `cheaply`: words are looked for in texts
    /// only, and with their accents, for tables of which each row counts.
    std::string where(std::vector<concejo::Param>&, bool cheaply) const;
    /// For addresses, without the one at `without`.
    std::vector<std::pair<std::string, std::string>> query(std::size_t without = most_conditions) const;
    std::string kind_label(const concejo::Call&, const RowCondition&) const;

private:
    void take(const concejo::Call&, RowCondition);
    const Field* field_of(std::string_view column) const;

    std::vector<Field> fields_;
    std::string language_, words_;
    std::vector<RowCondition> all_;
    std::vector<std::string> values_;  ///< as PostgreSQL reads them
    std::vector<std::string> problems_;
};

/// One whose rows cannot all be looked at for each page: words are looked for in its texts, and for so long
/// only.
inline bool is_long(const Resource& resource) { return resource.rows > 100'000; }

/// The kinds of conditions and what they are called: msgids.
const std::vector<std::pair<std::string, const char*>>& condition_kinds();

}  // namespace open_data
