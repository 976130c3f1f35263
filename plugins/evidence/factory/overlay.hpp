// Pages drawn apart, as form XObjects of another file's pages.
#pragma once

#include "plugins/evidence/pdf/qpdf.hpp"

#include <string>
#include <vector>

namespace evidence::factory {

/// What ISO 19005-1 (6.3.3.2, 6.3.5) asks of fonts with many characters and Cairo leaves out: where a glyph
/// is, and which ones there are.
void complete_fonts(QPDF&);

/// The pages of a file of Canvas's, in `into`.
std::vector<QPDFObjectHandle> forms_of(QPDF& into, const std::string& drawn);

/// Makes `form` a resource of the page, and gives the operators that paint it through `matrix` ("a b c d e
/// f") as an artifact (ISO 32000-1, §14.8.2.2). Pages that share their resources keep sharing what they had.
std::string painted(QPDFObjectHandle page, QPDFObjectHandle form, const std::string& matrix);

/// Content before or after the page's own.
void add_content(QPDF&, QPDFObjectHandle page, const std::string& operators, bool first);

/// The file, its identifier made from its content.
std::string written(QPDF&, const std::string& version = "");

}  // namespace evidence::factory
