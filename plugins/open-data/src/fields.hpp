// Fields of forms, as components/fields takes them, with what is wrong with each.
#pragma once

#include "portal.hpp"

namespace open_data {

struct Wrong {
    std::string field, text;  ///< text: for people, in their language
};

struct Option {
    std::string value, label;
    bool selected = false;  ///< of checkboxes
};

struct OptionGroup {
    std::string label;
    std::vector<Option> options;
};

class Fields {
public:
    Fields(const concejo::Call& call, const std::vector<Wrong>& wrong) : call_(call), wrong_(wrong) {}

    void text(const std::string& name, std::string label, const std::string& value, std::string hint = {},
              bool optional = false);
    void mail(const std::string& name, std::string label, const std::string& value, std::string hint = {});
    void area(const std::string& name, std::string label, const std::string& value, std::string hint = {},
              bool optional = false);
    void select(const std::string& name, std::string label, const std::string& value,
                const std::vector<Option>& options, std::string hint = {}, bool optional = false,
                const std::vector<OptionGroup>& groups = {});
    void checks(const std::string& name, std::string label, const std::vector<Option>& options,
                std::string hint = {});
    void check(const std::string& name, std::string label, bool checked, std::string hint = {});
    void file(const std::string& name, std::string label, std::string hint, bool optional,
              std::uint64_t most);
    Json take() { return std::exchange(fields_, Json::array()); }
    /// {"heading","items"} for components/error-summary; null where nothing is wrong.
    Json errors() const;

private:
    Json base(const std::string& name, std::string label, const std::string& value, std::string hint,
              bool optional) const;
    void add(const char* kind, Json field) {
        fields_.push_back(Json::object({{std::string(kind) + "_field", std::move(field)}}));
    }

    const concejo::Call& call_;
    const std::vector<Wrong>& wrong_;
    Json fields_ = Json::array();
};

/// What a form sent in that field, without control characters, on one line or on several. Where it is longer than `most`
/// characters it is still whole, and `wrong` says so.
std::string typed_line(const concejo::Request&, const std::string& field, std::size_t most,
                       std::vector<Wrong>& wrong);
std::string typed_lines(const concejo::Request&, const std::string& field, std::size_t most,
                        std::vector<Wrong>& wrong);

/// One line without control characters, of at most `limit` bytes; or several.
std::string clean_line(std::string_view text, std::size_t limit);
std::string clean_lines(std::string_view text, std::size_t limit);
/// With a capital letter, where it begins with one of ASCII.
std::string as_sentence(std::string text);

}  // namespace open_data
