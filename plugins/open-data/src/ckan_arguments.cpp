#include "ckan_arguments.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>

namespace open_data::ckan {
namespace {

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// One value of a name is itself, several are a list.
Json from_pairs(std::vector<std::pair<std::string, std::string>> pairs) {
    Json all = Json::object();
    for (auto& [name, value] : pairs) {
        auto& there = all[name];
        if (there.is_null())
            there = std::move(value);
        else if (there.is_array())
            there.push_back(std::move(value));
        else
            there = Json::array({std::move(there), std::move(value)});
    }
    return all;
}

Json parse_body(std::string_view body) {
    Json parsed;
    try {
        parsed = Json::parse(body);
    } catch (const concejo::Error& error) {
        throw bad_request(std::string("JSON Error: Error decoding JSON data. Error: ") + error.what() +
                          " JSON data extracted from the request: " + std::string(body.substr(0, 200)));
    }
    if (!parsed.is_object())
        throw bad_request("JSON Error: Request data JSON decoded to something else than a dictionary");
    return parsed;
}

std::string contents_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    while (!text.empty()) {
        const auto word = text.substr(0, text.find(' '));
        if (!word.empty()) words.push_back(word);
        text.remove_prefix(std::min(text.size(), word.size() + 1));
    }
    return words;
}

std::optional<std::string> text_of(const Json& value) {
    if (value.is_string()) return value.as_string();
    if (value.is_number()) return value.dump();
    if (value.is_bool()) return value.as_bool() ? "true" : "false";
    return std::nullopt;
}

Arguments Arguments::of_query(const concejo::Request& request) {
    auto pairs = request.query_pairs();
    std::erase_if(pairs, [](const auto& one) {
        return one.first == "callback";
    });  // how it is answered, not what is asked
    return Arguments(from_pairs(std::move(pairs)));
}

bool Arguments::is_form(const concejo::Request& request) {
    const auto type = request.field("content-type").value_or("");
    return type.find("multipart/form-data") == 0 ||
           (type.find("application/x-www-form-urlencoded") == 0 && !trimmed(request.body).empty());
}

Arguments Arguments::of_body(const concejo::Request& request, const std::vector<concejo::Upload>& uploads) {
    // Where files may come, a body that is no form is one of them, without a name.
    if (uploads.size() == 1 && uploads.front().field.empty()) {
        const auto body = contents_of(uploads.front().path);
        return Arguments(trimmed(body).empty() ? Json::object() : parse_body(body));
    }
    const auto type = request.field("content-type").value_or("");
    if (type.find("multipart/form-data") == 0) return Arguments(from_pairs(request.form_pairs()));
    const auto body = trimmed(request.body);
    if (body.empty()) return {};
    // `curl -d '{…}'` says that it is a form, and everybody writes it so.
    if (type.find("application/x-www-form-urlencoded") == 0 && body.front() != '{')
        return Arguments(from_pairs(request.form_pairs()));
    return Arguments(parse_body(body));
}

std::string Arguments::text(std::string_view key) const { return text_of(values_[key]).value_or(""); }

std::string Arguments::need(std::string_view key) const {
    auto value = text(key);
    if (value.empty()) throw missing(key);
    return value;
}

bool Arguments::flag(std::string_view key, bool otherwise) const {
    const auto& value = values_[key];
    if (value.is_bool()) return value.as_bool();
    const auto given = text_of(value);
    if (!given) return otherwise;
    std::string word(trimmed(*given));
    std::transform(word.begin(), word.end(), word.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    for (const auto* yes : {"true", "yes", "on", "y", "t", "1"})
        if (word == yes) return true;
    return false;
}

std::optional<std::int64_t> Arguments::natural(std::string_view key) const {
    const auto& value = values_[key];
    if (value.is_null()) return std::nullopt;
    const auto written = text_of(value).value_or("");
    const auto digits = trimmed(written);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (value.is_bool() || digits.empty() || error != std::errc{} || end != digits.data() + digits.size())
        throw invalid(key, "Invalid integer");
    if (number < 0) throw invalid(key, "Must be a natural number");
    return number;
}

Json Arguments::tree(std::string_view key) const {
    const auto& value = values_[key];
    if (!value.is_string()) return value;
    const auto text = trimmed(value.as_string());
    if (text.empty() || (text.front() != '{' && text.front() != '[')) return value;
    try {
        return Json::parse(text);
    } catch (const concejo::Error&) {
        throw invalid(key, "Cannot parse JSON");
    }
}

std::vector<std::string> Arguments::list(std::string_view key) const {
    const Json value = tree(key);
    std::vector<std::string> all;
    if (value.is_array()) {
        for (const auto& one : value.as_array())
            if (auto text = text_of(one)) all.push_back(std::move(*text));
        return all;
    }
    auto rest = text_of(value).value_or("");
    for (std::string_view left = rest; !left.empty();) {
        const auto one = left.substr(0, left.find(','));
        if (!trimmed(one).empty()) all.emplace_back(trimmed(one));
        left.remove_prefix(std::min(left.size(), one.size() + 1));
    }
    return all;
}

Arguments Arguments::picked(std::string_view names) const {
    Arguments all;
    for (const auto name : words_of(names))
        if (has(name)) all.values_[name] = values_[name];
    return all;
}

void Arguments::only(std::string_view names) const {
    const auto known = words_of(names);
    Json extras = Json::array();
    for (const auto& [key, value] : values_.as_object())
        if (std::find(known.begin(), known.end(), key) == known.end())
            extras.push_back("invalid value \"" + key + "\"");
    if (!extras.empty()) throw invalid(Json::object({{"__extras", extras}}));
}

}  // namespace open_data::ckan
