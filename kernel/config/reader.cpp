#include "kernel/config/reader.hpp"

#include "kernel/base/files.hpp"
#include "kernel/base/text.hpp"
#include "kernel/base/tr.hpp"
#include "kernel/config/yaml_events.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <sstream>
#include <utility>

namespace kernel::config {
namespace {

/// What the library says, for people. The rest is shown as it comes.
std::string in_words(const std::string& message) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 17> table = {{
        {"end of map not found",
         base::N_(
             "el bloque termina mal: falta ':' tras una clave, o la sangría no es la de las demás líneas")},
        {"end of sequence not found",
         base::N_("la lista termina mal: falta un '-' o la sangría no es la de las demás líneas")},
        {"end of map flow not found", base::N_("falta '}'")},
        {"end of sequence flow not found", base::N_("falta ']'")},
        {"illegal map value",
         base::N_("':' donde no puede ir: ponga el texto entre comillas o revise la sangría")},
        {"illegal block entry", base::N_("'-' donde no puede ir: revise la sangría")},
        {"illegal map key", base::N_("'?' donde no puede ir: ponga el texto entre comillas")},
        {"illegal flow end", base::N_("cierre ']' o '}' sin su apertura")},
        {"unknown token", base::N_("carácter que no puede comenzar un valor: ponga el texto entre comillas")},
        {"illegal character in scalar",
         base::N_("carácter no admitido: ¿un tabulador en la sangría? Use espacios")},
        {"illegal tab when looking for indentation", base::N_("tabulador en la sangría: use espacios")},
        {"illegal EOF in scalar",
         base::N_("el archivo termina dentro de un texto: falta cerrar las comillas")},
        {"illegal document indicator in scalar",
         base::N_("separador de documentos dentro de un texto: falta cerrar las comillas")},
        {"bad character found while scanning anchor", base::N_("nombre de ancla no admitido tras '&' o '*'")},
        {"the referenced anchor is not defined",
         base::N_("'*' nombra un ancla que no existe: si es un texto, póngalo entre comillas")},
        {"unknown escape character: ",
         "secuencia de escape desconocida entre comillas dobles: use comillas simples"},
        {"cannot assign multiple tags to the same node", base::N_("el valor lleva dos etiquetas '!'")},
    }};
    for (const auto& [english, spanish] : table) {
        if (message.find(english) != std::string::npos) return base::translated(spanish);
    }
    return "YAML: " + message;
}

/// Offset of the first byte that has no place in a text file, or npos.
std::size_t control_character(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if ((byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F) return i;
    }
    return std::string_view::npos;
}

bool tab_indents(std::string_view text, int line) {
    for (; line > 1; --line) text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
    const std::size_t first = text.find_first_not_of(" \t");
    return text.substr(0, first).find('\t') != std::string_view::npos && first != std::string_view::npos;
}

Place place_of_offset(std::string_view text, std::size_t offset, const std::string& file) {
    const std::string_view before = text.substr(0, offset);
    const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
    int line = 1;
    for (const char c : before) line += c == '\n' ? 1 : 0;
    return {file, line, static_cast<int>(base::utf8_length(before.substr(line_start))) + 1};
}

}  // namespace

std::optional<Node> read_yaml(std::string_view text, const std::string& file, const ReaderOptions& options,
                              Problems& problems) {
    if (text.size() > options.file_limit) {
        problems.error({file}, base::tr("el archivo ocupa {0} bytes; el límite es {1}", text.size(),
                                        options.file_limit));
        return std::nullopt;
    }
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    if (const std::size_t bad = base::utf8_invalid_at(text); bad != text.size()) {
        problems.error(place_of_offset(text, bad, file),
                       base::tr("el archivo no está en UTF-8: guárdelo con esa codificación"));
        return std::nullopt;
    }
    if (const std::size_t bad = control_character(text); bad != std::string_view::npos) {
        problems.error(place_of_offset(text, bad, file),
                       base::tr("carácter de control: no es un archivo de texto"));
        return std::nullopt;
    }
    EventTree tree(text, file, options, problems);
    // The library lets the file end inside quotes; at a document's end it does not.
    std::istringstream stream{std::string(text) + (text.ends_with('\n') ? "...\n" : "\n...\n")};
    try {
        YAML::Parser parser(stream);
        const bool found = parser.HandleNextDocument(tree);
        if (found && parser.HandleNextDocument(tree)) tree.refuse_second_document();
    } catch (const YAML::Exception& error) {
        const Place place = tree.place(error.mark);
        problems.error(place, tab_indents(text, place.line)
                                  ? base::tr("tabulador en la sangría: use espacios")
                                  : in_words(error.msg));
        return std::nullopt;
    } catch (const EventTree::Stop&) {
        return std::nullopt;  // already among the problems
    }
    return tree.take();
}

std::optional<Node> read_yaml_file(const std::filesystem::path& path, const std::string& shown_as,
                                   const ReaderOptions& options, Problems& problems) {
    try {
        return read_yaml(base::read_file(path, options.file_limit), shown_as, options, problems);
    } catch (const concejo::Error& error) {
        std::string cause = error.what();  // begins with the path: the message names the file in its own way
        if (cause.starts_with(path.string() + ": ")) cause.erase(0, path.string().size() + 2);
        problems.error({shown_as}, cause);
        return std::nullopt;
    }
}

}  // namespace kernel::config
