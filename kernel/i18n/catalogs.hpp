// Translations of texts that are written in Spanish in the source: the Spanish text is the key.
// A domain is "base" (the themes), "kernel", or a plugin's id. Loaded at start, then read by any thread.
#pragma once

#include "kernel/i18n/po.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

namespace kernel::i18n {

/// The languages that every part of the platform speaks. Spanish needs no catalog.
inline constexpr std::array<std::string_view, 5> languages = {"es", "ca", "gl", "eu", "en"};

/// "Castellano", "Català", "Galego", "Euskara", "English"; the code itself for others.
std::string_view language_name(std::string_view lang);
bool is_language(std::string_view lang);

/// A text that came ready-made, and the language it is in.
struct Told {
    std::string text, lang;
    bool known;  ///< it is one of the domain's texts: written for people
};

class Catalogs {
public:
    /// Reads <lang>.po of `folder` for each language that has one. Throws Error{invalid} with file:line.
    void load(std::string_view domain, const std::filesystem::path& folder);

    /// Falls back to the domain "base", then to the Spanish text itself. "ca-valencia" falls back to "ca".
    std::string translate(std::string_view lang, std::string_view domain, std::string_view msgid) const;

    /// The form for `n`. The text still holds its {placeholders}.
    std::string plural(std::string_view lang, std::string_view domain, std::string_view singular,
                       std::string_view plural, std::int64_t n) const;

    /// For texts that nobody marked when they were made, as messages of errors: a msgid of the domain is
    /// translated, a translation stays as it is, both also with their {placeholders} filled in; anything else
    /// is Spanish.
    Told tell(std::string_view lang, std::string_view domain, std::string_view text) const;

private:
    struct Catalog {
        PluralRule rule = PluralRule::not_one;
        std::unordered_map<std::string, std::vector<std::string>> entries;
    };
    const std::vector<std::string>* find(std::string_view lang, std::string_view domain,
                                         std::string_view msgid, PluralRule& rule) const;

    std::map<std::string, Catalog, std::less<>> catalogs_;  ///< by "lang/domain"
};

}  // namespace kernel::i18n
