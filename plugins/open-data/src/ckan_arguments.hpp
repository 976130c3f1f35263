// What an action is asked with. From a query or a form every value is text; JSON has types: both are read alike.
#pragma once

#include "ckan_failure.hpp"

#include <concejo/http.hpp>

#include <optional>

namespace open_data::ckan {

class Arguments {
public:
    Arguments() = default;
    explicit Arguments(Json values) : values_(std::move(values)) {}

    static Arguments of_query(const concejo::Request&);
    /// A form has come, with something in it.
    static bool is_form(const concejo::Request&);
    /// JSON, a form, or a form with files. Throws the 400 of CKAN for anything else.
    static Arguments of_body(const concejo::Request&, const std::vector<concejo::Upload>&);

    const Json& values() const { return values_; }
    const Json& operator[](std::string_view key) const { return values_[key]; }
    bool has(std::string_view key) const { return !values_[key].is_null(); }
    /// Numbers and booleans as text; empty where there is none or it is a list.
    std::string text(std::string_view key) const;
    /// Throws "Missing value" where it is empty.
    std::string need(std::string_view key) const;
    /// As Python's and R's clients write it: "True", "TRUE", "on", "1" …
    bool flag(std::string_view key, bool otherwise) const;
    /// Not negative. Throws "Invalid integer" or "Must be a natural number".
    std::optional<std::int64_t> natural(std::string_view key) const;
    /// A list, JSON's text of one, a single text, or several with commas between.
    std::vector<std::string> list(std::string_view key) const;
    /// As it is, or what its text means as JSON where it begins like an object or a list.
    Json tree(std::string_view key) const;
    /// Those of these names: of an address that has others of its own.
    Arguments picked(std::string_view names) const;
    /// Any parameter that is not among these throws.
    void only(std::string_view names) const;

private:
    Json values_ = Json::object();
};

/// Text of a string, number or boolean; nothing else has one.
std::optional<std::string> text_of(const Json&);
std::vector<std::string_view> words_of(std::string_view text);

}  // namespace open_data::ckan
