// Template text → tree. Knows the tags, the delimiters and which lines vanish ("standalone" tags);
// names of partials are not looked up here.
#pragma once

#include "kernel/themes/source.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kernel::themes {

struct Node {
    enum class Kind {
        text,        ///< `text`, never across a line's end
        line,        ///< the beginning of a line; `text` is its white space
        variable,    ///< {{name}}
        raw,         ///< {{{name}}} or {{&name}}
        section,     ///< {{#name}}
        inverted,    ///< {{^name}}
        partial,     ///< {{>name}}
        parent,      ///< {{<name}}, children are its blocks
        block,       ///< {{$name}}
        translation  ///< {{#_}}text{{/_}}
    };
    Kind kind = Kind::text;
    std::string text;         ///< text, white space, name, or the text to translate
    std::string indent;       ///< standalone partial, parent or block: white space before it
    bool standalone = false;  ///< its tags stand on lines of their own, which are not printed
    Place place;
    std::vector<Node> children;
};

/// Throws ThemeError: tag or section left open, wrong close, empty name, bad delimiters.
std::vector<Node> parse_template(std::string_view text, const std::string& file);

/// "a.b.c" → parts; "." → none.
std::vector<std::string> split_name(std::string_view name);

}  // namespace kernel::themes
