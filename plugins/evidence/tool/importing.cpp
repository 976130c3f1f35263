#include "commands.hpp"

#include "plugins/evidence/eni/import.hpp"

#include <iostream>

namespace evidence::tool {

int import_eni(const std::vector<std::string>& files) {
    validation::Options options;
    if (files.size() > 1) options.roots = crypto::certificates_from_pem(read(files[1]));
    const auto report = eni::judge_received(read(files.at(0)), options);
    std::cout << report.dump(true) << "\n";
    const auto verdict = report.string_or("veredicto", "");
    return verdict == "correcto" ? 0 : verdict == "indeterminado" ? 3 : 1;
}

}  // namespace evidence::tool
