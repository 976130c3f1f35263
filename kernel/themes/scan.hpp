// Template text → flat list of tags and pieces of text, lines kept apart. First half of parsing.
#pragma once

#include "kernel/themes/source.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kernel::themes {

struct Token {
    /// '"' text, '=' delimiters, '!' comment, '_' translation, '&' raw, 'v' variable, else the sigil # ^ / > < $
    char kind = '"';
    std::string text;  ///< the text, the name, or what is to be translated
    Place place;
    std::string indent;
    bool line_start = false;  ///< text: its leading white space begins a line; tag: it begins a line
    bool standalone = false;
};

/// Tokens of the whole text. Lines of standalone tags have lost their white space and their end.
std::vector<Token> scan_template(std::string_view text, const std::string& file);

}  // namespace kernel::themes
