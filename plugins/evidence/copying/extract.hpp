// A copy of some pages of a PDF, or of parts of them, in which nothing of the rest remains (NTI de
// procedimientos de copiado auténtico, VI; Ley 39/2015, art. 27).
//
// Nothing is taken out of a file: another one is drawn. Pages that stay whole are drawn again by Cairo, text
// as text; pages that lose an area become an image whose pixels there are black. A whole page that shares its
// contents, an image or a form with one that goes becomes an image too: what the page hides of them would
// come along.
#pragma once

#include "plugins/evidence/copying/statement.hpp"

#include <concejo/result.hpp>

#include <map>

namespace evidence::copying {

struct Extract {
    std::vector<int> pages;                  ///< that stay, from 1, ascending; none: all
    std::map<int, std::vector<Area>> areas;  ///< taken out of those pages
    std::vector<std::string> texts;          ///< taken out wherever they are on those pages
    About about;
    std::string secret;  ///< 32 random bytes: see page_salt
};

enum class NotCopied {
    unreadable,
    encrypted,
    too_large,
    too_many_pages,
    no_such_page,
    nothing_removed,
    text_not_found
};
const char* code(NotCopied);  ///< "no_such_page"

struct Extracted {
    std::string pdf;            ///< without its statement: a stamp comes first
    std::string statement;      ///< canonical JSON
    std::vector<int> pictured;  ///< pages of the original that became images
};

/// Parses hostile input and runs Poppler on it: where time and memory are limited.
concejo::Result<Extracted, NotCopied> make_extract(std::string_view pdf, const Extract&);

/// The whole PDF drawn again, for a copy of one that carries signatures: they would not survive a stamp.
concejo::Result<std::string, NotCopied> redraw(std::string_view pdf);

/// "1,3-5" as pages, ascending; nothing for anything else or past 10,000.
std::optional<std::vector<int>> parse_pages(std::string_view text);
/// "2:20,35,100,12" in millimetres from the upper left corner, one in each line or between semicolons.
std::optional<std::map<int, std::vector<Area>>> parse_areas(std::string_view text);

}  // namespace evidence::copying
