#include "kernel/cli/usage.hpp"

#include "kernel/base/tr.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <memory>
#include <regex>

namespace kernel::cli {
namespace {

using base::N_;

/// The headings that CLI11 writes itself.
class Help : public CLI::Formatter {
public:
    Help() {
        label("Usage", base::tr("Uso"));
        label("OPTIONS", base::tr("OPCIONES"));
        label("SUBCOMMAND", base::tr("ORDEN"));
        label("Positionals", base::tr("Argumentos"));
        label("REQUIRED", base::tr("OBLIGATORIO"));
        label("TEXT", base::tr("TEXTO"));
        for (const char* type : {"INT", "UINT"}) label(type, base::tr("NÚMERO"));
        for (const char* type : {"FILE", "TEXT:FILE"}) label(type, base::tr("ARCHIVO"));
        for (const char* type : {"DIR", "TEXT:DIR"}) label(type, base::tr("CARPETA"));
    }
    std::string make_group(std::string group, bool positional,
                           std::vector<const CLI::Option*> options) const override {
        return Formatter::make_group(group == "Options" ? base::tr("Opciones") : group, positional, options);
    }
    std::string make_subcommands(const CLI::App* app, CLI::AppFormatMode mode) const override {
        static const std::string english = "\nSubcommands:\n";
        auto text = Formatter::make_subcommands(app, mode);
        if (text.starts_with(english)) text.replace(0, english.size(), "\n" + base::tr("Órdenes") + ":\n");
        return text;
    }
};

struct Sentence {
    const char* english;  ///< regular expression over the whole text
    const char* ours;
};

constexpr std::string_view no_subcommand = "A subcommand is required";

/// CLI11 2.1; its errors carry the finished sentence only. The first that fits counts.
constexpr std::array<Sentence, 14> sentences{{
    {"(.*) is required", N_("falta {0}")},
    {"The following arguments? (?:was|were) not expected: ([^]*)", N_("esto sobra o está mal escrito: {0}")},
    {"Could not convert: (.*?) = ([^]*)", N_("{0}: «{1}» no es un número que sirva")},
    {"(.*?): File does not exist: ([^]*)", N_("{0}: no existe el archivo {1}")},
    {"(.*?): File is actually a directory: ([^]*)", N_("{0}: {1} es una carpeta y no un archivo")},
    {"(.*?): Directory does not exist: ([^]*)", N_("{0}: no existe la carpeta {1}")},
    {"(.*?): Value ([^]*) not in range (.*) to (.*)", N_("{0}: {1} no está entre {2} y {3}")},
    {"(.*?): ([^]*) not in \\{(.*)\\}", N_("{0}: «{1}» no es ninguno de estos: {2}")},
    {"(.*?): [0-9]+ required .* missing", N_("{0}: falta su valor")},
    {"(.*?): At least ([0-9]+) required but received ([0-9]+)",
     N_("{0}: ha de darse al menos {1} veces y se ha dado {2}")},
    {"(.*?): At Most ([0-9]+) required but received ([0-9]+)",
     N_("{0}: puede darse {1} veces como mucho y se ha dado {2}")},
    {"(.*?) requires (.*)", N_("{0} necesita también {1}")},
    {"(.*?) excludes (.*)", N_("{0} no va con {1}")},
    {"(.*?): too many inputs for a flag", N_("{0} no lleva valor")},
}};

/// What stands where a subcommand should, and those that there are.
std::string wrong_order(const CLI::App& root) {
    const auto* reached = &root;
    while (!reached->get_subcommands().empty()) reached = reached->get_subcommands().front();
    std::vector<std::string> known;
    for (const auto* one : reached->get_subcommands([](const CLI::App*) { return true; }))
        if (!one->get_group().empty()) known.push_back(one->get_name());
    const auto list = fmt::format("{}", fmt::join(known, ", "));
    const auto words = root.remaining(true);
    for (std::size_t i = 0; i < words.size(); ++i)
        if (!words[i].starts_with('-') && (i == 0 || !words[i - 1].starts_with('-')))
            return base::tr("«{0}» no es una orden de «{1}»; las que hay: {2}", words[i], reached->get_name(),
                            list);
    return base::tr("falta la orden; las que hay: {}", list);
}

}  // namespace

void speak(CLI::App& root) {
    root.formatter(std::make_shared<Help>());
    root.set_help_flag("-h,--help", base::tr("Muestra esta ayuda"));
}

std::string wrong_use(const std::string& english) {
    for (const auto& [pattern, ours] : sentences) {
        std::smatch found;
        if (!std::regex_match(english, found, std::regex(pattern))) continue;
        std::array<std::string, 4> words;
        for (std::size_t i = 0; i < words.size() && i + 1 < found.size(); ++i) words[i] = found[i + 1];
        return fmt::vformat(base::translated(ours),
                            fmt::make_format_args(words[0], words[1], words[2], words[3]));
    }
    return english;
}

int end_parsing(const CLI::App& root, const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return root.exit(error);
    const bool no_order = std::string_view(error.what()) == no_subcommand;
    fmt::print(stderr, "{}\n{}\n", no_order ? wrong_order(root) : wrong_use(error.what()),
               base::tr("Con --help se ve cómo se escribe la orden."));
    return 2;
}

}  // namespace kernel::cli
