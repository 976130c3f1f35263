#include "dataset.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace open_data {
namespace {

constexpr std::array<std::pair<State, const char*>, 5> states{{{State::draft, "draft"},
                                                               {State::review, "review"},
                                                               {State::published, "published"},
                                                               {State::withdrawn, "withdrawn"},
                                                               {State::deleted, "deleted"}}};

constexpr std::size_t longest_slug = 100;

bool letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

/// The letters without their marks that the languages of Spain and its neighbours use, two bytes each in UTF-8.
char plain(unsigned char first, unsigned char second) {
    static constexpr std::string_view of_c3 =
        "aaaaaaaceeeeiiiidnooooo ouuuuy saaaaaaaceeeeiiiidnooooo ouuuuy y";
    return first == 0xC3 && second >= 0x80 && second < 0xC0 ? of_c3[second - 0x80] : ' ';
}

}  // namespace

std::optional<State> parse_state(std::string_view text) {
    for (const auto& [state, written] : states)
        if (text == written) return state;
    return std::nullopt;
}

const char* name(State state) {
    return std::find_if(states.begin(), states.end(), [&](const auto& one) { return one.first == state; })
        ->second;
}

Capacity parse_capacity(std::string_view text) {
    for (const auto one : {Capacity::member, Capacity::editor, Capacity::admin})
        if (text == name(one)) return one;
    return Capacity::none;
}

const char* name(Capacity capacity) {
    switch (capacity) {
        case Capacity::member:
            return "member";
        case Capacity::editor:
            return "editor";
        case Capacity::admin:
            return "admin";
        case Capacity::none:
            break;
    }
    return "";
}

Json withdrawal(const std::string& reason) {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    return Json::object({{"reason", reason}, {"at", now.time_since_epoch().count()}});
}

std::string text_in(const Json& texts, std::string_view language) {
    if (!texts.is_object()) return texts.is_string() ? texts.as_string() : std::string();
    for (const auto wanted : {language, std::string_view("es")})
        if (auto text = texts.string_or(wanted, ""); !text.empty()) return text;
    for (const auto& [other, text] : texts.as_object())
        if (text.is_string() && !text.as_string().empty()) return text.as_string();
    return {};
}

std::string slug_of(std::string_view text) {
    std::string slug;
    for (std::size_t i = 0; i < text.size() && slug.size() < longest_slug; ++i) {
        auto c = text[i];
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if (static_cast<unsigned char>(c) >= 0xC0 && i + 1 < text.size()) {
            c = plain(static_cast<unsigned char>(c), static_cast<unsigned char>(text[i + 1]));
            ++i;
        }
        if (letter_or_digit(c) || c == '_')
            slug += c;
        else if (!slug.empty() && slug.back() != '-')
            slug += '-';
    }
    while (!slug.empty() && slug.back() == '-') slug.pop_back();
    return slug;
}

bool is_name(std::string_view text) {
    return text.size() >= 2 && text.size() <= longest_slug &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return letter_or_digit(c) || c == '-' || c == '_'; });
}

bool is_uuid(std::string_view text) {
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        const bool hex = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');
        if (dash ? text[i] != '-' : !hex) return false;
    }
    return true;
}

}  // namespace open_data
