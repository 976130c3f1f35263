// What a file becomes, in a form that tests can compare.
#pragma once

#include "plugins/open-data/ingest/copy_encoder.hpp"
#include "plugins/open-data/ingest/understand.hpp"

#include <stdexcept>
#include <string>
#include <vector>

namespace open_data::ingest::testing {

struct Outcome {
    Recipe recipe;
    Report report;
    std::vector<std::vector<std::string>> rows;  ///< null: "∅"; integers, days and microseconds as figures

    std::string types() const {
        std::string out;
        for (const auto& column : recipe.columns) {
            if (!column.skip) out += (out.empty() ? "" : " ") + std::string(name(column.type));
        }
        return out;
    }
    std::string names() const {
        std::string out;
        for (const auto& column : recipe.columns) {
            if (!column.skip) out += (out.empty() ? "" : "|") + column.name;
        }
        return out;
    }
    std::vector<std::string> column(std::size_t at) const {
        std::vector<std::string> out;
        for (const auto& row : rows) out.push_back(row.at(at));
        return out;
    }
};

inline std::string shown(const Value& value) {
    if (value.null) return "∅";
    if (value.type == Type::text || value.type == Type::numeric) return std::string(value.text);
    if (value.type == Type::boolean) return value.boolean ? "true" : "false";
    return std::to_string(value.integer);
}

inline Outcome read_by(const Source& source, const Recipe& recipe, Guess* guess = nullptr) {
    Outcome outcome{recipe, {}, {}};
    Reader reader(source, recipe, guess);
    std::span<const Value> values;
    while (reader.next(values)) {
        outcome.rows.emplace_back();
        for (const auto& value : values) outcome.rows.back().push_back(shown(value));
    }
    outcome.report = reader.report();
    return outcome;
}

inline Outcome read_bytes(std::string bytes) {
    const auto source = make_source(Bytes(std::move(bytes)));
    auto outcome = read_by(*source, understand(*source));
    // Whatever is read in a test is read by its beginning, too: that gives the same, or says that it does not
    // hold.
    Guess guess(*source);
    if (guess.recipe().columns.empty()) return outcome;
    const auto guessed = read_by(*source, guess.recipe(), &guess);
    if (guess.holds() && (guessed.recipe != outcome.recipe || guessed.rows != outcome.rows ||
                          to_json(guessed.report, guessed.recipe) != to_json(outcome.report, outcome.recipe)))
        throw std::logic_error("read by its beginning the file is another one");
    return outcome;
}

}  // namespace open_data::ingest::testing
