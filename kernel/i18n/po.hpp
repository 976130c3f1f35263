// Reading gettext's .po files: comments, msgctxt, plurals, continued strings.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kernel::i18n {

/// The plural forms of the languages of Spain and their neighbours; other rules are refused when read.
enum class PluralRule { one_form, not_one, more_than_one };

/// Index of the form for `n`.
std::size_t plural_form(PluralRule rule, std::int64_t n);

struct PoEntry {
    std::string msgid;
    std::string plural;              ///< empty: no plural
    std::vector<std::string> texts;  ///< one, or one per plural form
    int line = 0;                    ///< of its msgid
    bool fuzzy = false;
};

struct PoFile {
    std::string file;
    PluralRule rule = PluralRule::not_one;
    std::vector<PoEntry> entries;  ///< without the header, without obsolete (#~) entries
    std::vector<int> obsolete;     ///< lines of #~ entries
};

/// Throws Error{invalid} "file:line: …" (syntax, duplicate msgid, unknown plural rule).
PoFile parse_po(std::string_view text, std::string_view file);

}  // namespace kernel::i18n
