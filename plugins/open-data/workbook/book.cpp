#include "plugins/open-data/workbook/book.hpp"

#include "plugins/open-data/workbook/xml_part.hpp"

#include <concejo/error.hpp>
#include <concejo/text.hpp>

#include <algorithm>

namespace open_data::workbook {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using concejo::N_;

enum class Wanted { named, seen, any };

}  // namespace

std::unique_ptr<Book> open_book(const std::filesystem::path& path) {
    const auto names = zip_names(path);
    const auto has = [&](const char* name) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    if (names.empty()) refuse_part(damaged, "zip");
    if (has("xl/workbook.xml")) return open_xlsx(path);
    if (has("content.xml")) return open_ods(path);
    throw Error(ErrorKind::invalid, N_("es un archivo comprimido que no es .xlsx ni .ods"));
}

std::vector<std::string> sheet_names(const std::filesystem::path& path) {
    std::vector<std::string> names;
    const auto book = open_book(path);
    while (auto name = book->next_sheet()) names.push_back(std::move(*name));
    return names;
}

std::vector<std::string> write_rows(const std::filesystem::path& path, const std::string& sheet,
                                    std::ostream& out) {
    RowWriter rows(out, std::min(max_unpacked, max_repeated + max_ratio * std::filesystem::file_size(path)));
    std::vector<std::string> names;
    bool done = false;
    for (const auto wanted : {Wanted::named, Wanted::seen, Wanted::any}) {
        if (done || (wanted == Wanted::named && sheet.empty())) continue;
        const auto book = open_book(path);
        for (names.clear(); auto name = book->next_sheet(); names.push_back(*name)) {
            const bool is_it = wanted == Wanted::named  ? *name == sheet
                               : wanted == Wanted::seen ? !book->hidden()
                                                        : true;
            if (done || !is_it) continue;
            rows.begin(book->container(), *name);
            book->read_rows(rows);
            done = wanted == Wanted::named || rows.has_rows();
        }
        if (!done) rows.begin(book->container(), names.empty() ? std::string() : names.front());
    }
    rows.end();
    return names;
}

}  // namespace open_data::workbook
