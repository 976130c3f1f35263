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

/// One value is itself, several are a list.
template <class Ask>
void collect(Json& into, std::string_view names, Ask ask) {
    for (const auto name : words_of(names)) {
        Json all = Json::array();
        for (std::uint32_t n = 0; n < 1000; ++n) {
            auto value = ask(name, n);
            if (!value) break;
            all.push_back(std::move(*value));
        }
        if (all.size() == 1) into[name] = all.as_array().front();
        if (all.size() > 1) into[name] = std::move(all);
    }
}

Json parse_body(std::string_view body) {
    Json parsed;
    try {
        parsed = Json::parse(body);
    } catch (const concejo::Error& error) {
        throw bad_request(std::string("JSON Error: Error decoding JSON data. Error: ") + error.what() +
                          " JSON data extracted from the request: " + std::string(body.substr(0, 200)));
    }
    if (!parsed.is_object()) throw bad_request("JSON Error: Request data JSON decoded to something else than a dictionary");
    return parsed;
}

int hex(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string form_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0) {
            out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
            i += 2;
        } else {
            out += text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

/// Read here, and not name by name, so that what nobody knows is seen too.
Json parse_form(std::string_view body) {
    Json all = Json::object();
    while (!body.empty()) {
        const auto pair = body.substr(0, body.find('&'));
        body.remove_prefix(std::min(body.size(), pair.size() + 1));
        if (pair.empty()) continue;
        const auto equals = std::min(pair.find('='), pair.size());
        const auto name = form_decoded(pair.substr(0, equals));
        Json value = form_decoded(pair.substr(std::min(pair.size(), equals + 1)));
        auto& there = all[name];
        if (there.is_null()) there = std::move(value);
        else if (there.is_array()) there.push_back(std::move(value));
        else there = Json::array({std::move(there), std::move(value)});
    }
    return all;
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

Arguments Arguments::of_query(const concejo::Request& request, std::string_view names) {
    Arguments all;
    collect(all.values_, names, [&](std::string_view name, std::uint32_t n) { return request.query(name, n); });
    return all;
}

Arguments Arguments::of_body(const concejo::Request& request, const std::vector<concejo::Upload>& uploads, std::string_view names) {
    // Where files may come, a body that is no form is one of them, without a name.
    if (uploads.size() == 1 && uploads.front().field.empty()) {
        const auto body = contents_of(uploads.front().path);
        return Arguments(trimmed(body).empty() ? Json::object() : parse_body(body));
    }
    const auto type = request.field("content-type").value_or("");
    if (type.find("multipart/form-data") == 0) {
        Arguments all;
        collect(all.values_, names, [&](std::string_view name, std::uint32_t n) { return request.form(name, n); });
        return all;
    }
    const auto body = trimmed(request.body);
    if (body.empty()) return {};
    // `curl -d '{…}'` says that it is a form, and everybody writes it so.
    if (type.find("application/x-www-form-urlencoded") == 0 && body.front() != '{') return Arguments(parse_form(body));
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
    for (const auto* yes : {"true", "True", "yes", "on", "y", "t", "1"})
        if (*given == yes) return true;
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

void Arguments::only(std::string_view names) const {
    const auto known = words_of(names);
    Json extras = Json::array();
    for (const auto& [key, value] : values_.as_object())
        if (std::find(known.begin(), known.end(), key) == known.end()) extras.push_back("invalid value \"" + key + "\"");
    if (!extras.empty()) throw invalid(Json::object({{"__extras", extras}}));
}

}  // namespace open_data::ckan
