#include "pdf_check.hpp"

#include <array>
#include <fstream>

namespace sede {
namespace {

using concejo::Json;

constexpr std::int64_t text_limit = 256 * 1024;
constexpr std::int64_t objects_limit = 48 * 1024 * 1024;

std::string beginning_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::string bytes(FileSource::beginning_bytes, '\0');
    in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(in.gcount()));
    return bytes;
}

Json spec(const FileSource& file, const std::vector<std::string>& argv, std::int64_t output) {
    Json words = Json::array();
    for (const auto& word : argv) words.push_back(word);
    return Json::object({{"argv", words},
                         {"files", Json::object({{"in", file.where}})},
                         {"seconds", 20},
                         {"memory_mb", 1024},
                         {"output_limit", output}});
}

/// "Pages:           3" of pdfinfo; -1 where the line is missing.
int pages(std::string_view info) {
    const auto at = info.find("Pages:");
    if (at == std::string_view::npos) return -1;
    int value = 0;
    for (const char c : info.substr(at + 6)) {
        if (c == '\n') break;
        if (c >= '0' && c <= '9') value = value * 10 + (c - '0');
    }
    return value;
}

Aviso refusal(const char* msgid, Arguments arguments = {}) {
    return {"documento", msgid, std::move(arguments)};
}

bool contains(const std::string& text, std::string_view what) { return text.find(what) != std::string::npos; }

}  // namespace

FileSource::FileSource(const std::string& path)
    : where(Json::object({{"path", path}})), beginning(beginning_of(path)) {}

FileSource::FileSource(std::string_view blob, std::string first)
    : where(Json::object({{"blob", std::string(blob)}})), beginning(std::move(first)) {}

bool has_active_content(std::string_view json) {
    // qpdf writes names normalised ("/J#53" comes out as "/JS"); strings begin with u: or b:, so a match is a name
    for (const std::string_view name :
         {"\"/JavaScript\"", "\"/JS\"", "\"/Launch\"", "\"/RichMedia\"", "\"/ImportData\""}) {
        if (json.find(name) != std::string_view::npos) return true;
    }
    return false;
}

std::string annex_type(std::string_view filename, std::string_view beginning) {
    struct Known {
        std::string_view extension, type, magic;
    };
    static constexpr std::array<Known, 12> known{{
        {"pdf", "application/pdf", "%PDF-"},
        {"odt", "application/vnd.oasis.opendocument.text", "PK\x03\x04"},
        {"ods", "application/vnd.oasis.opendocument.spreadsheet", "PK\x03\x04"},
        {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "PK\x03\x04"},
        {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "PK\x03\x04"},
        {"zip", "application/zip", "PK\x03\x04"},
        {"csv", "text/csv", ""},
        {"txt", "text/plain", ""},
        {"xml", "application/xml", ""},
        {"png", "image/png", "\x89PNG"},
        {"jpg", "image/jpeg", "\xFF\xD8\xFF"},
        {"jpeg", "image/jpeg", "\xFF\xD8\xFF"},
    }};
    const std::string slug = file_slug(filename);
    const auto dot = slug.rfind('.');
    const std::string extension = dot == std::string::npos ? std::string() : slug.substr(dot + 1);
    for (const auto& kind : known) {
        if (kind.extension != extension) continue;
        const bool text = kind.magic.empty();
        const bool good = text ? beginning.find('\0') == std::string_view::npos
                               : beginning.starts_with(kind.magic) || extension == "pdf";
        return good ? std::string(kind.type) : std::string();
    }
    return {};
}

Json PdfCheck::qpdf(const FileSource& file, std::vector<std::string> arguments, std::int64_t output) const {
    arguments.insert(arguments.begin(), "qpdf");
    return run_(spec(file, arguments, output));
}

std::optional<Aviso> PdfCheck::too_large(std::uint64_t bytes) const {
    if (bytes <= limit_mb_ << 20) return std::nullopt;
    return refusal(N_("El archivo pesa más de {limite} MB, que es el límite."),
                   {{"limite", std::to_string(limit_mb_)}});
}

concejo::Result<Documento, Aviso> PdfCheck::operator()(const FileSource& file, std::uint64_t bytes) const {
    if (bytes == 0) return refusal(N_("El archivo está vacío."));
    if (auto large = too_large(bytes)) return *large;
    if (!contains(file.beginning, "%PDF-"))
        return refusal(
            N_("El archivo no es un PDF. Guárdelo como PDF desde el programa con el que lo escribió."));
    if (qpdf(file, {"--is-encrypted", "{in}"}, 4096).int_or("exit", -1) == 0)
        return refusal(N_(
            "El PDF está cifrado o protegido con contraseña. Guárdelo sin protección y vuelva a subirlo."));

    const auto broken =
        refusal(N_("El PDF está dañado o incompleto. Ábralo, expórtelo de nuevo y vuelva a subirlo."));
    const Json check = qpdf(file, {"--check", "{in}"}, 65536);
    const std::string warnings = check.string_or("stderr", "");
    const auto exit = check.int_or("exit", -1);
    if (contains(warnings, "invalid password"))
        return refusal(N_(
            "El PDF está cifrado o protegido con contraseña. Guárdelo sin protección y vuelva a subirlo."));
    // 3 means warnings: small faults are common and harmless, a rebuilt file is one whose end is missing
    if ((exit != 0 && exit != 3) || contains(warnings, "file is damaged") ||
        contains(warnings, "reconstruct"))
        return broken;

    const Json info = run_(spec(file, {"pdfinfo", "{in}"}, 65536));
    if (info.int_or("exit", -1) != 0) return broken;
    Documento documento{"application/pdf", pages(info.string_or("stdout", "")), {}};
    if (documento.paginas < 1) return refusal(N_("El PDF no tiene páginas."));

    const Json objects = qpdf(file, {"--json=2", "--json-key=qpdf", "{in}"}, objects_limit);
    const auto read = objects.int_or("exit", -1);
    if (objects.bool_or("timed_out", false) || objects.bool_or("truncated", false) ||
        (read != 0 && read != 3))
        return refusal(
            N_("El PDF es demasiado complejo para revisarlo. Expórtelo de nuevo, por ejemplo como PDF/A."));
    if (has_active_content(objects.string_or("stdout", "")))
        return refusal(N_(
            "El PDF contiene código o acciones que abren programas. Expórtelo sin contenido activo, por ejemplo como PDF/A."));

    const Json text = run_(spec(file, {"pdftotext", "-enc", "UTF-8", "-l", "300", "{in}", "-"}, text_limit));
    documento.texto = clean_text(text.string_or("stdout", ""), text_limit);
    return documento;
}

concejo::Result<Documento, Aviso> PdfCheck::annex(const FileSource& file, std::uint64_t bytes,
                                                  const std::string& filename) const {
    auto renamed = [](Aviso aviso) { return aviso.campo = "anexos", aviso; };
    const std::string type = annex_type(filename, file.beginning);
    if (type.empty())
        return renamed(refusal(
            N_("El anexo «{nombre}» no es de un tipo admitido: PDF, ODT, ODS, DOCX, XLSX, CSV, TXT, XML, ZIP, PNG o JPEG."),
            {{"nombre", filename}}));
    if (type != "application/pdf") {
        if (bytes == 0) return renamed(refusal(N_("El archivo está vacío.")));
        if (auto large = too_large(bytes)) return renamed(*large);
        return Documento{type, 0, {}};
    }
    auto checked = (*this)(file, bytes);
    if (!checked) return renamed(checked.error());
    return checked;
}

}  // namespace sede
