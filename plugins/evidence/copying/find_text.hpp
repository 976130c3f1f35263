// Where a text is on the pages of a PDF, so that it can be taken out by what it says instead of by its measures.
#pragma once

#include "plugins/evidence/copying/picture.hpp"
#include "plugins/evidence/copying/poppler.hpp"

#include <map>
#include <vector>

namespace evidence::copying {

/// A word as a reader shows it: in points from the upper left corner of the page as it is seen.
struct Word {
    double left = 0, top = 0, right = 0, bottom = 0;
    std::string text;  ///< UTF-8
};

/// The words of each page, the first being page 1, from what `pdftotext -bbox` writes.
std::vector<std::vector<Word>> words_of(const std::string& bbox);

/// The areas of every word that has a part of `text`, by page. Letters' case and blanks do not matter; accents do. Empty:
/// it is nowhere, or is not text but part of an image.
std::map<int, std::vector<Area>> areas_of(const std::vector<std::vector<Word>>& pages,
                                          const std::string& text);

/// A text in each line; lines of blanks are none.
std::vector<std::string> parse_texts(const std::string& lines);

}  // namespace evidence::copying
