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

constexpr std::size_t most_names_told = 20;

[[noreturn]] void no_such_sheet(const std::string& wanted, const std::vector<std::string>& names) {
    std::string told;
    for (std::size_t i = 0; i < std::min(names.size(), most_names_told); ++i)
        told += (i ? ", «" : "«") + names[i] + "»";
    if (names.size() > most_names_told) told += "…";
    throw Refusal(N_("no hay en el libro una hoja «{hoja}»: tiene {hojas}"),
                  {{"hoja", wanted}, {"hojas", told}});
}

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

void write_rows(const std::filesystem::path& path, const std::string& wanted, std::ostream& out) {
    const auto book = open_book(path);
    RowWriter rows(out, std::min(max_unpacked, max_repeated + max_ratio * std::filesystem::file_size(path)));
    std::vector<std::string> names;
    while (auto name = book->next_sheet()) {
        names.push_back(*name);
        if (!wanted.empty() && *name != wanted) continue;
        rows.begin(book->container(), *name);
        book->read_rows(rows);
        if (!wanted.empty() || rows.has_rows()) return rows.end();
    }
    if (!wanted.empty()) no_such_sheet(wanted, names);
    rows.begin(book->container(), names.empty() ? std::string() : names.front());
    rows.end();
}

}  // namespace open_data::workbook
