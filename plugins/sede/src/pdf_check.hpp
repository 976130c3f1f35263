// What may be published: uploaded files are looked at by other programs in a child process, never by this one.
#pragma once

#include "text.hpp"

#include <concejo/json.hpp>
#include <concejo/result.hpp>

#include <functional>
#include <optional>
#include <string>

namespace sede {

struct Documento {
    std::string tipo_medio;
    int paginas = 0;    ///< 0 where it is no PDF
    std::string texto;  ///< bounded; empty where the pages are images only
};

/// Where the programs read the file: a path, or a stored blob with its first bytes.
struct FileSource {
    FileSource(const std::string& path);  // NOLINT(google-explicit-constructor): a path is one
    FileSource(std::string_view blob, std::string beginning);
    concejo::Json where;
    std::string beginning;
    static constexpr std::size_t beginning_bytes = 1024;
};

/// Runs a helper program, as process/1 in abi.h describes.
using RunProgram = std::function<concejo::Json(const concejo::Json& spec)>;

class PdfCheck {
public:
    PdfCheck(RunProgram run, std::uint64_t limit_mb) : run_(std::move(run)), limit_mb_(limit_mb) {}

    /// The document itself must be a PDF that opens for everybody: complete, not encrypted, without active content.
    concejo::Result<Documento, Aviso> operator()(const FileSource& file, std::uint64_t bytes) const;
    /// Annexes may also be office documents, tables, images, XML or ZIP.
    concejo::Result<Documento, Aviso> annex(const FileSource& file, std::uint64_t bytes,
                                            const std::string& filename) const;

private:
    concejo::Json qpdf(const FileSource& file, std::vector<std::string> arguments, std::int64_t output) const;
    std::optional<Aviso> too_large(std::uint64_t bytes) const;
    RunProgram run_;
    std::uint64_t limit_mb_;
};

/// The media type that an annex of that name and beginning is offered as; empty: such files are not taken.
std::string annex_type(std::string_view filename, std::string_view beginning);

/// Whether qpdf's description of the objects (--json) holds scripts or actions that start programs.
bool has_active_content(std::string_view qpdf_json);

}  // namespace sede
