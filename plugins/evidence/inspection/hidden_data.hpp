// What a PDF carries that its pages do not show: to be seen by who publishes it before everybody can (ENS, RD
// 311/2022, mp.info.5: hidden fields, metadata, comments and earlier revisions are removed before wide
// diffusion).
#pragma once

#include <concejo/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace evidence::inspection {

struct Finding {
    std::string code;    ///< stable: one of those in hidden_data.cpp
    std::string where;   ///< "página 3", "autor" …; may be empty
    std::string detail;  ///< the hidden thing itself, cut at 200 bytes; may be empty
};

/// Nothing found is good news, not proof: text of the page's own colour is no hidden data to it. At most 200.
/// Throws invalid where the file cannot be read. Parses hostile input: run it where time and memory are
/// limited.
std::vector<Finding> hidden_data(std::string_view file);

/// The Spanish msgid of a code.
const char* text(std::string_view code);
concejo::Json to_json(const std::vector<Finding>&);

}  // namespace evidence::inspection
