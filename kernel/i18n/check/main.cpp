// concejo-i18n-check: fails the build where a text lacks a translation or a template breaks the rules.
#include "kernel/i18n/gate.hpp"
#include "kernel/themes/lint.hpp"

#include <concejo/error.hpp>

#include <algorithm>
#include <fstream>
#include <iostream>

namespace fs = std::filesystem;
using kernel::i18n::GateInput;
using kernel::i18n::Message;

namespace {

constexpr auto usage =
    "Uso: concejo-i18n-check --domain D --po CARPETA [--base CARPETA] [--root CARPETA] [--update]\n"
    "                        [--templates CARPETA]… [--sources CARPETA|ARCHIVO]… [--keyword F]…\n";

std::string read(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// Files below `from` (or `from` itself) that end in one of `endings`, in order.
std::vector<fs::path> files(const fs::path& from, std::initializer_list<std::string_view> endings) {
    std::vector<fs::path> found;
    if (fs::is_regular_file(from)) return {from};
    if (!fs::is_directory(from)) return found;
    for (const auto& entry : fs::recursive_directory_iterator(from)) {
        const std::string name = entry.path().filename().string();
        for (const auto ending : endings) {
            if (name.ends_with(ending) && !name.ends_with("_test.cpp")) found.push_back(entry.path());
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

int run(const std::vector<std::string>& arguments) {
    GateInput input;
    std::vector<std::string> defects;
    std::vector<fs::path> templates, sources;
    std::vector<std::string> keywords;
    bool update = false;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& name = arguments[i];
        if (name == "--update") {
            update = true;
            continue;
        }
        if (++i >= arguments.size()) return std::cerr << usage, 2;
        const std::string& value = arguments[i];
        if (name == "--domain")
            input.domain = value;
        else if (name == "--po")
            input.po = value;
        else if (name == "--base")
            input.fallback = value;
        else if (name == "--root")
            input.shown_from = value;
        else if (name == "--templates")
            templates.emplace_back(value);
        else if (name == "--keyword")
            keywords.push_back(value);
        else if (name == "--sources")
            sources.emplace_back(value);
        else
            return std::cerr << usage, 2;
    }
    if (input.domain.empty() || input.po.empty()) return std::cerr << usage, 2;
    const auto shown = [&](const fs::path& file) {
        const auto relative = file.lexically_relative(input.shown_from).generic_string();
        return relative.empty() || relative.starts_with("..") ? file.generic_string() : relative;
    };
    const auto keep = [&](std::vector<Message> messages) {
        input.messages.insert(input.messages.end(), messages.begin(), messages.end());
    };
    for (const auto& folder : templates) {
        for (const auto& file : files(folder, {".mustache"})) {
            const std::string text = read(file);
            keep(kernel::i18n::extract_template(text, shown(file)));
            for (const auto& defect : kernel::themes::lint_template(text, shown(file)))
                defects.push_back(defect.what());
        }
    }
    for (const auto& from : sources) {
        for (const auto& file : files(from, {".cpp", ".hpp"})) {
            keep(kernel::i18n::extract_cpp(read(file), shown(file), keywords));
        }
    }
    if (update) {
        std::cout << input.domain << ": " << kernel::i18n::add_missing(input) << " entradas añadidas\n";
        return 0;
    }
    for (auto& defect : kernel::i18n::check_translations(input)) defects.push_back(std::move(defect));
    for (const auto& defect : defects) std::cerr << defect << '\n';
    if (defects.empty()) return 0;
    std::cerr << input.domain << ": " << defects.size() << " defectos de textos y traducciones\n";
    return 1;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run({argv + 1, argv + argc});
    } catch (const concejo::Error& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
