// A file that nobody has described: encoding, dialect, header and types, from all of it.
#pragma once

#include "plugins/open-data/ingest/evidence.hpp"
#include "plugins/open-data/ingest/recipe.hpp"
#include "plugins/open-data/ingest/source.hpp"

namespace open_data::ingest {

/// Reads the file once, in constant memory. No columns: there is nothing in it. Throws Error{invalid} for a
/// broken container. `before`: of the file before this one; the types that a person chose there stay.
Recipe understand(const Source&, const Recipe& before = {});

/// The same, with what is already known: the recipe's container and layout stay, the columns' types are told
/// anew.
void tell_types(const Source&, Recipe&);

/// What the first rows say, for whoever loads by it and sees all rows on the way: the file is read once then,
/// where understand() says the same of it.
class Guess {
public:
    explicit Guess(const Source&, const Recipe& before = {});
    /// Without columns: there is nothing to go by. Which columns are blank is told of the rows of the last holds().
    const Recipe& recipe() const { return recipe_; }

    /// Each row's cells, from the first row on. False as soon as it is known that understand() says something
    /// else.
    bool add(std::span<const std::string_view> cells);
    /// Whether understand() says the same of the rows until now, asked of all of them.
    bool holds();

private:
    Recipe layout_, recipe_;
    std::vector<Evidence> evidence_;
    std::uint64_t rows_ = 0, next_look_;
    bool holds_ = true;
};

}  // namespace open_data::ingest
