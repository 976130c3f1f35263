// For tests: a folder of their own, other programs run in it, and the conformance data.
#pragma once

#include "tests/support/shell.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

namespace open_data::dcat::testing {

class Workspace {
public:
    std::string file(const std::string& name, std::string_view bytes) const {
        return folder_.write(name, bytes);
    }
    /// Standard output; standard error too unless the command sends it elsewhere.
    tests::Outcome run(const std::string& command) const {
        return tests::run("cd '" + folder_.path() + "' && (" + command + ")");
    }

private:
    tests::Folder folder_;
};

/// A file of the conformance data (CONCEJO_CONFORMANCE/dcat/…); empty where there is none here.
inline std::string conformance(const std::string& name) {
    const char* folder = std::getenv("CONCEJO_CONFORMANCE");
    if (!folder || !*folder) return {};
    const auto file = std::filesystem::path(folder) / "dcat" / name;
    return std::filesystem::exists(file) ? file.string() : std::string();
}

inline bool has_program(const std::string& name) {
    return std::system(("command -v " + name + " >/dev/null 2>&1").c_str()) == 0;
}
inline bool has_jena() {
    return has_program("java") && std::filesystem::exists("/usr/share/java/jena-shacl.jar");
}

inline std::vector<std::string> sorted_lines(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
        if (line.find(" <") != std::string::npos) lines.push_back(line);
    }
    std::sort(lines.begin(), lines.end());
    lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
    return lines;
}

inline int occurrences(const std::string& text, const std::string& what) {
    int found = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
    return found;
}

}  // namespace open_data::dcat::testing
