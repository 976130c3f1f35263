#include "download.hpp"

#include "kept_file.hpp"
#include "plugins/open-data/dcat/text.hpp"
#include "plugins/open-data/dcat/vocabulary.hpp"

#include <concejo/text.hpp>
#include <concejo/utf8.hpp>

#include <algorithm>

namespace open_data {

using concejo::Error;
using concejo::ErrorKind;
using concejo::HttpAnswer;
using concejo::N_;

namespace {

constexpr int seconds_of_a_download = 300;
constexpr std::size_t longest_file_name = 150;  // bytes

int figure_of(char c) {
    return c >= '0' && c <= '9'                     ? c - '0'
           : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
                                                    : -1;
}

/// "%C3%A1rboles" → "árboles".
std::string without_percents(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = text[i] == '%' && i + 2 < text.size() ? figure_of(text[i + 1]) : -1;
        const int low = high >= 0 ? figure_of(text[i + 2]) : -1;
        if (low >= 0)
            plain += static_cast<char>(high * 16 + low), i += 2;
        else
            plain += text[i];
    }
    return plain;
}

/// The value of filename* in UTF-8, else of filename; empty where there is none.
std::string said_name(std::string_view disposition) {
    const auto lower = dcat::to_lower(disposition);
    for (const std::string_view wanted : {"filename*=", "filename="}) {
        const auto at = lower.find(wanted);
        if (at == std::string::npos) continue;
        auto rest = disposition.substr(at + wanted.size());
        if (rest.starts_with('"')) {
            rest = rest.substr(1, rest.find('"', 1) - 1);
        } else {
            rest = rest.substr(0, rest.find(';'));
        }
        if (wanted != "filename*=") return std::string(rest);
        if (dcat::to_lower(rest.substr(0, 7)) == "utf-8''") return without_percents(rest.substr(7));
    }
    return {};
}

/// The last part of a path, whichever way it is written, without what no name has.
std::string clean_name(std::string name) {
    name = name.substr(name.find_last_of("/\\") + 1);
    std::erase_if(name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
    while (!name.empty() && (name.back() == ' ' || name.back() == '.')) name.pop_back();
    while (!name.empty() && name.front() == ' ') name.erase(0, 1);
    return name.size() > longest_file_name || !concejo::is_utf8(name) ? std::string() : name;
}

[[noreturn]] void refuse_status(const concejo::Call& call, int status) {
    // What is wrong with the server may pass, what is wrong with the address may not.
    const bool passes = status >= 500 || status == 429 || status == 408;
    throw NoFile(
        passes ? ErrorKind::unavailable : ErrorKind::invalid,
        concejo::fill(call.tr("El servidor contesta {estado}."), {{"estado", std::to_string(status)}}),
        status == 401 || status == 403
            ? N_("El archivo tiene que poder descargarse sin usuario ni contraseña.")
        : passes ? N_("Vuelva a intentarlo más tarde; si sigue igual, avise a quien lleva ese servidor.")
                 : N_("Abra la dirección en el navegador, compruebe que descarga el archivo y cópiela otra "
                      "vez."));
}

HttpAnswer ask_server(const concejo::Call& call, const Json& request) {
    try {
        return call.http(request);
    } catch (const Error& error) {
        if (std::string_view(error.what()).find(std::to_string(largest_download)) != std::string_view::npos)
            throw NoFile(
                ErrorKind::invalid, N_("El archivo pasa de 512 MiB."),
                N_("Divídalo en varios, o pida a quien administra la plataforma que lo cargue con la "
                   "orden «concejo open-data import»."));
        throw NoFile(
            error.kind(), error.what(),
            error.kind() == ErrorKind::forbidden
                ? N_("Si la dirección está bien, pida a quien administra la plataforma que permita ese "
                     "servidor.")
                : N_("Compruebe que la dirección está bien escrita; si lo está, vuelva a intentarlo más "
                     "tarde."));
    }
}

}  // namespace

bool is_web_address(std::string_view url) {
    const auto scheme = dcat::to_lower(url.substr(0, 8));
    const auto rest = url.substr(scheme == "https://" ? 8 : scheme.starts_with("http://") ? 7 : url.size());
    return !rest.empty() && rest.front() != '/' && url.size() <= longest_url &&
           std::none_of(url.begin(), url.end(), [](unsigned char c) { return c <= 0x20 || c == 0x7F; });
}

std::string header_of(const HttpAnswer& answer, std::string_view wanted) {
    for (const auto& [name, value] : answer.headers)
        if (dcat::to_lower(name) == wanted) return value;
    return {};
}

std::string media_type_of(const HttpAnswer& answer) {
    auto type = dcat::to_lower(header_of(answer, "content-type"));
    type = type.substr(0, type.find(';'));
    while (!type.empty() && type.back() == ' ') type.pop_back();
    return type;
}

HttpAnswer download(const concejo::Call& call, const std::string& url, const std::string& etag,
                    const std::string& modified) {
    Json headers = Json::array();
    if (!etag.empty()) headers.push_back(Json::array({"If-None-Match", etag}));
    if (!modified.empty()) headers.push_back(Json::array({"If-Modified-Since", modified}));
    auto answer = ask_server(call, Json::object({{"url", url},
                                                 {"headers", headers},
                                                 {"seconds", seconds_of_a_download},
                                                 {"max_bytes", largest_download},
                                                 {"to_file", true}}));
    if (answer.status == 304) return answer;
    if (answer.status != 200) refuse_status(call, answer.status);
    if (answer.bytes == 0)
        throw NoFile(ErrorKind::invalid, N_("El servidor da un archivo vacío."),
                     N_("Abra la dirección en el navegador, compruebe que descarga el archivo y cópiela otra "
                        "vez."));
    if (media_type_of(answer) == "text/html")
        throw NoFile(ErrorKind::invalid, N_("El servidor da una página web en vez del archivo."),
                     N_("Copie la dirección del enlace que descarga el archivo, no la de la página en la que "
                        "está."));
    return answer;
}

std::string name_of_download(std::string_view url, std::string_view disposition,
                             std::string_view media_type) {
    auto name = clean_name(said_name(disposition));
    if (name.empty()) {
        auto path = url.substr(0, url.find_first_of("?#"));
        path = path.substr(std::min(path.size(), path.find("//") + 2));  // the server is no name of a file
        path = path.substr(std::min(path.size(), path.find('/')));
        name = clean_name(without_percents(path.substr(path.rfind('/') + 1)));
    }
    if (name.empty()) name = "datos";
    if (const auto* known = dcat::find_media_type(media_type);
        known && !dcat::find_file_type(ending_of(name)))
        name += "." + std::string(known->format);
    return name;
}

}  // namespace open_data
