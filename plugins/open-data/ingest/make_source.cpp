#include "plugins/open-data/ingest/sheet_stream.hpp"
#include "plugins/open-data/ingest/source.hpp"

#include <concejo/error.hpp>
#include <concejo/text.hpp>

#include <algorithm>
#include <string>

namespace open_data::ingest {
namespace {

constexpr std::size_t looked_at = 4096;  // bytes

/// By how other kinds of files begin; or by control characters, one in twenty, that no text has.
bool is_no_table(std::string_view view) {
    for (const std::string_view start : {"%PDF-", "\x89PNG", "\xFF\xD8\xFF", "GIF89a", "\x1F\x8B",
                                         "\xFD"
                                         "7zXZ",
                                         "7z\xBC\xAF", "Rar!\x1A", "{\\rtf"})
        if (view.starts_with(start)) return true;
    view = view.substr(0, looked_at);
    const auto control = std::count_if(view.begin(), view.end(),
                                       [](char c) { return (c > 0 && c < '\t') || (c > '\r' && c < ' '); });
    if (control >= 8 && static_cast<std::size_t>(control) * 20 > view.size()) return true;
    std::string start(view.substr(0, view.find_first_not_of("\xEF\xBB\xBF \t\r\n") + 64));
    start.erase(0, std::min(start.find_first_not_of("\xEF\xBB\xBF \t\r\n"), start.size()));
    for (auto& c : start) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    return start.starts_with("<!doctype html") || start.starts_with("<html");
}

}  // namespace

std::unique_ptr<Source> make_source(Bytes bytes) {
    const auto view = bytes.view();
    if (view.starts_with("\xD0\xCF\x11\xE0"))
        throw concejo::Error(concejo::ErrorKind::invalid,
                             concejo::N_("es un libro de Excel antiguo (.xls) o con contraseña: guárdelo sin "
                                         "ella como .xlsx, .ods o .csv"));
    if (is_archive(view))
        throw concejo::Error(concejo::ErrorKind::invalid,
                             concejo::N_("es un archivo comprimido que no es .xlsx ni .ods"));
    if (is_no_table(view))
        throw concejo::Error(
            concejo::ErrorKind::invalid,
            concejo::N_("es un PDF, una imagen, una página web u otra cosa que no es una tabla: "
                        "guárdela como .xlsx, .ods, .csv o .json"));
    if (auto json = make_json(bytes)) return json;
    return make_delimited(std::move(bytes));
}

}  // namespace open_data::ingest
