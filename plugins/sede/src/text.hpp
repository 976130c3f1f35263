// Small helpers for texts: XML, plain file names, clean lines.
#pragma once

#include <concejo/text.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sede {

using concejo::fill;
using concejo::N_;
using Arguments = std::vector<std::pair<std::string, std::string>>;

/// Why the form (or the command) cannot go on: the field it concerns and a text to translate.
struct Aviso {
    std::string campo;  ///< name of the form's field, or "" for the whole form
    std::string msgid;
    Arguments arguments;
};

/// & < > " ' as references; characters that XML 1.0 forbids are dropped.
std::string escape_xml(std::string_view text);

/// White space at the ends dropped, control characters made blanks, cut to `limit` bytes at a character's edge.
std::string clean_line(std::string_view text, std::size_t limit);

/// The same for texts of several lines: keeps line feeds, drops carriage returns and invalid UTF-8.
std::string clean_text(std::string_view text, std::size_t limit);

/// "Edicto presupuesto (v2).PDF" -> "edicto-presupuesto-v2.pdf": what a URL segment and any disk can take.
std::string file_slug(std::string_view filename);

/// "1,2 MB" is the page's business; this gives the unit and the value in it: {"kB", 312} or {"MB", 2.1}.
struct Tamano {
    double valor;
    int decimales;
    const char* unidad;
};
Tamano tamano(std::uint64_t bytes);

/// Pieces of a text around what `open`…`close` mark.
struct Trozo {
    std::string texto;
    bool marcado;
};
std::vector<Trozo> split_marks(std::string_view text, char open, char close);

}  // namespace sede
