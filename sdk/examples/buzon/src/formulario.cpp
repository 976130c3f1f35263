#include "formulario.hpp"

#include "textos.hpp"

#include <algorithm>
#include <fstream>
#include <regex>

namespace buzon {
namespace {

using concejo::Json;

std::string trimmed(std::string text) {
    const auto space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (!text.empty() && space(text.back())) text.pop_back();
    text.erase(text.begin(), std::find_if_not(text.begin(), text.end(), space));
    return text;
}

/// Letters as a person counts them: in UTF-8, bytes that do not continue another one.
std::int64_t letters(std::string_view text) {
    return std::count_if(text.begin(), text.end(), [](unsigned char c) { return (c & 0xC0) != 0x80; });
}

/// By its first bytes: what the browser says of a file is what somebody wants us to believe.
std::string type_of(const std::string& path) {
    char head[8] = {};
    std::ifstream(path, std::ios::binary).read(head, sizeof head);
    const std::string_view bytes(head, sizeof head);
    if (bytes.starts_with("%PDF-")) return "application/pdf";
    if (bytes.starts_with("\xFF\xD8\xFF")) return "image/jpeg";
    if (bytes.starts_with("\x89PNG\r\n\x1A\n")) return "image/png";
    return {};
}

/// A PDF is a program for its reader. It is opened in a process of its own, without network and with limits,
/// and never in this one, which other municipalities share.
bool readable_pdf(const concejo::Call& call, const std::string& path) {
    const auto outcome = call.run(Json::object({
        {"argv", Json::array({"pdfinfo", "{in}"})},
        {"files", Json::object({{"in", Json::object({{"path", path}})}})},
        {"seconds", 10},
        {"memory_mb", 512},
    }));
    return outcome.int_or("exit", -1) == 0 &&
           std::regex_search(outcome.string_or("stdout", ""), std::regex("Encrypted: +no"));
}

/// Empty: it may stay.
std::string why_not(const concejo::Request& request, concejo::Upload& file, std::int64_t limit_mib) {
    if (file.bytes > static_cast<std::uint64_t>(limit_mib) << 20)
        return fill(request.tr("El archivo pesa más de {n} MB: envíe uno más pequeño"), "n",
                    request.number(static_cast<double>(limit_mib)));
    file.media_type = type_of(file.path);
    if (file.media_type.empty())
        return request.tr(
            "El archivo no es una foto (JPEG o PNG) ni un PDF: envíelo en uno de esos formatos");
    if (file.media_type == "application/pdf" && !readable_pdf(request, file.path))
        return request.tr("El PDF está dañado o protegido con contraseña: guárdelo de nuevo sin protección");
    return {};
}

}  // namespace

std::string Formulario::fault_of(std::string_view field) const {
    const auto found =
        std::find_if(fallos.begin(), fallos.end(), [&](const auto& fallo) { return fallo.field == field; });
    return found == fallos.end() ? std::string() : found->text;
}

Formulario Formulario::read(const concejo::Request& request) {
    const Json settings = request.settings();  // checked against config.schema.yaml, defaults filled in
    Formulario form;
    form.asunto = request.form("asunto").value_or("");
    form.texto = trimmed(request.form("texto").value_or(""));

    const bool known = std::any_of(std::begin(topics), std::end(topics),
                                   [&](const auto& topic) { return topic.first == form.asunto; });
    if (!known) form.fallos.push_back({"asunto", request.tr("Elija de qué trata su sugerencia")});

    const auto longest = settings.at("longitud_maxima").as_int();
    if (form.texto.empty()) {
        form.fallos.push_back({"texto", request.tr("Escriba su sugerencia")});
    } else if (letters(form.texto) > longest) {
        auto text = fill(request.tr("Su sugerencia tiene {n} letras y caben {max}: acórtela"), "max",
                         request.number(static_cast<double>(longest)));
        form.fallos.push_back(
            {"texto", fill(std::move(text), "n", request.number(static_cast<double>(letters(form.texto))))});
    }

    for (auto& file : request.uploads()) {
        if (file.field != "adjunto" || file.filename.empty())
            continue;  // browsers send an empty one where none was chosen
        auto fault = why_not(request, file, settings.at("adjunto_mib").as_int());
        if (!fault.empty())
            form.fallos.push_back({"adjunto", std::move(fault)});
        else
            form.adjunto = std::move(file);
        break;
    }
    return form;
}

}  // namespace buzon
