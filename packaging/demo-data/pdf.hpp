// Draws an announcement as a tagged PDF of A4 pages.
#pragma once

#include "announcement.hpp"

#include <string>

namespace demo {

struct Sheet {
    std::string heading;  ///< municipality
    std::string kind;     ///< "EDICTO"
    std::string title;
    Paragraphs body;
    std::string closing, signer, reference, author, created;  ///< created: ISO 8601
    double red, green, blue;
};

/// Returns the number of pages. Throws concejo::Error{internal} where the file cannot be written.
int write_pdf(const std::string& path, const Sheet&);

}  // namespace demo
