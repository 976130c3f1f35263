// A copy of somebody's PDF that says on each page where it can be checked.
#pragma once

#include "plugins/evidence/factory/document.hpp"

#include <concejo/result.hpp>

#include <string_view>

namespace evidence::factory {

struct CsvStamp {
    Verification verification;
    std::string language;    ///< BCP 47
    std::string page_label;  ///< "Página {page} de {pages}"; empty: none
    Typography typography;
    std::size_t most_bytes = 64u * 1024 * 1024;
    std::size_t most_pages = 2000;
};

/// Why a PDF gets no stamp.
enum class NotStampable {
    unreadable,  ///< no PDF, or one whose pages cannot be found
    encrypted,
    has_signatures,  ///< the copy would break them: what is signed is published as it is
    too_large,
    too_many_pages,
};

/// Each page is made smaller, as little as leaves a strip at its foot free, and keeps its size: nothing is
/// covered. Annotations and form fields go with it; destinations inside the file keep their coordinates. The
/// strip brings its fonts and is black, without transparency: PDF/A stays PDF/A (with DeviceGray, an output
/// intent is assumed). Throws concejo::Error{invalid} where the stamp itself cannot be drawn. Parses hostile
/// input: run it where time and memory are limited.
concejo::Result<std::string, NotStampable> stamp_csv(std::string_view pdf, const CsvStamp&);

}  // namespace evidence::factory
