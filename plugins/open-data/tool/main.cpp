// concejo-open-data: what is in a workbook, for the plugin, which runs it in a child, and from a shell. Exit
// codes: 0; 3 for a file that is wrong and 4 for a machine without room, with the reason on stderr; 2 for
// anything else.
#include "plugins/open-data/workbook/book.hpp"
#include "plugins/open-data/workbook/xml_part.hpp"

#include <concejo/error.hpp>
#include <concejo/text.hpp>

#include <algorithm>
#include <iostream>
#include <new>

namespace {

constexpr const char* usage =
    "concejo-open-data sheets FILE\n"
    "concejo-open-data rows FILE [SHEET] > STREAM     the sheet's rows; on stderr, the names of all\n";

int run(const std::string& command, const std::vector<std::string>& arguments) {
    using namespace open_data::workbook;
    if (command == "sheets" && arguments.size() == 1) {
        for (const auto& name : sheet_names(arguments[0])) std::cout << name << "\n";
        return 0;
    }
    if (command == "rows" && (arguments.size() == 1 || arguments.size() == 2)) {
        for (const auto& name :
             write_rows(arguments[0], arguments.size() > 1 ? arguments[1] : std::string(), std::cout))
            std::cerr << name << "\n";
        return 0;
    }
    std::cerr << usage;
    return 2;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc > 1 ? argv[1] : "", {argv + std::min(argc, 2), argv + argc});
    } catch (const open_data::workbook::Refusal& refusal) {
        std::cerr << refusal.text << "\n";
        for (const auto& [name, value] : refusal.values) std::cerr << name << "=" << value << "\n";
        return 3;
    } catch (const concejo::Error& error) {
        std::cerr << error.what() << "\n";
        return error.kind() == concejo::ErrorKind::invalid       ? 3
               : error.kind() == concejo::ErrorKind::unavailable ? 4
                                                                 : 2;
    } catch (const std::bad_alloc&) {
        std::cerr << concejo::N_(
                         "leer la hoja de cálculo pide demasiada memoria: quite las hojas y celdas que no "
                         "sean datos, o guárdela como .csv")
                  << "\n";
        return 3;
    } catch (const std::exception& error) {
        std::cerr << error.what() << "\n";
        return 2;
    }
}
