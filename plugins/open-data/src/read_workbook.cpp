#include "read_workbook.hpp"

#include "plugins/open-data/dcat/text.hpp"

#include <concejo/error.hpp>
#include <concejo/text.hpp>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <utility>
#include <vector>

namespace open_data {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;

namespace {

constexpr int memory_mb = 768, rows_mb = 2048;
constexpr int wrong_file = 3, no_room = 4;  // exit codes of concejo-open-data
constexpr std::size_t longest_reason_of_a_child = 1000, most_values = 8, most_sheets = 200;

std::string next_line(std::string_view& text) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    return dcat::clean_text(line.substr(0, longest_reason_of_a_child));
}

/// A text of ours and lines of "name=value" to fill it with; where a file took the program over, anything.
std::string reason_of(const Json& ended, const Translate& tr) {
    const auto said = ended.string_or("stderr", "");
    std::string_view left = said;
    const auto text = next_line(left);
    std::vector<std::pair<std::string, std::string>> values;
    while (!left.empty() && values.size() < most_values) {
        const auto line = next_line(left);
        const auto equals = line.find('=');
        if (equals != std::string::npos) values.emplace_back(line.substr(0, equals), line.substr(equals + 1));
    }
    return text.empty() ? text : concejo::fill(tr(text), values);
}

/// "SIGKILL", or the exit code.
std::string cause_of(const Json& ended) {
    const auto* name = sigabbrev_np(static_cast<int>(ended.int_or("signal", 0)));
    return name ? "SIG" + std::string(name) : std::to_string(ended.int_or("exit", -1));
}

Json spec_of(const WorkbookReading& wanted) {
    // beside the program that runs us, wherever it was installed
    const auto program = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "concejo-open-data";
    Json argv = Json::array({program.string(), "rows", "{in}"});
    if (!wanted.sheet.empty()) argv.push_back(wanted.sheet);
    return Json::object({{"argv", std::move(argv)},
                         {"files", Json::object({{"in", Json::object({{"path", wanted.file}})}})},
                         {"output_file", wanted.rows},
                         {"file_mb", rows_mb},
                         {"seconds", wanted.seconds},
                         {"memory_mb", memory_mb}});
}

}  // namespace

std::vector<std::string> read_workbook(const RunProgram& run, const Translate& tr,
                                       const WorkbookReading& wanted) {
    const Json ended = run(spec_of(wanted));
    if (ended.bool_or("timed_out", false) || ended.int_or("signal", 0) == SIGXCPU)
        throw Error(
            ErrorKind::invalid,
            concejo::fill(
                tr("leer la hoja de cálculo lleva más de {n} segundos: quite las hojas y celdas que no "
                   "sean datos, o guárdela como .csv"),
                {{"n", std::to_string(wanted.seconds)}}));
    const auto exit = ended.int_or("exit", -1);
    if (exit == 0) {
        const auto said = ended.string_or("stderr", "");
        std::vector<std::string> names;
        for (std::string_view left = said; !left.empty() && names.size() < most_sheets;)
            names.push_back(next_line(left));
        return names;
    }
    if (const auto reason = reason_of(ended, tr); !reason.empty() && (exit == wrong_file || exit == no_room))
        throw Error(exit == wrong_file ? ErrorKind::invalid : ErrorKind::unavailable, reason);
    throw Error(ErrorKind::unavailable,
                concejo::fill(
                    tr("el programa que lee las hojas de cálculo se interrumpió ({causa}) y no se ha cargado "
                       "nada: vuelva a intentarlo; si se repite, guarde la hoja como .csv"),
                    {{"causa", cause_of(ended)}}));
}

}  // namespace open_data
