#include "kernel/config/last_good.hpp"

#include "kernel/base/files.hpp"
#include "kernel/base/tr.hpp"
#include "kernel/config/installation.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

#include <set>

namespace kernel::config {
namespace {

constexpr std::size_t copy_limit = 1 << 20;

}  // namespace

std::filesystem::path LastGood::file(std::string_view slug) const {
    return folder_ / (std::string(slug) + ".yaml");
}

std::optional<std::string> LastGood::text(std::string_view slug) const {
    try {
        return base::read_file(file(slug), copy_limit);
    } catch (const concejo::Error&) {
        return std::nullopt;  // whatever is wrong with the copy, there is none to serve with
    }
}

void LastGood::keep(const Installation& installation) const {
    std::error_code failed;
    std::filesystem::create_directories(folder_, failed);
    if (failed)
        throw concejo::Error(concejo::ErrorKind::internal, base::tr("{0}: no se puede crear la carpeta: {1}",
                                                                    folder_.string(), failed.message()));
    std::set<std::string> known(installation.left_out.begin(), installation.left_out.end());
    for (const MunicipioConfig& municipio : installation.municipios) {
        known.insert(municipio.slug);
        if (municipio.last_good || text(municipio.slug) == municipio.source) continue;
        base::write_file_atomically(file(municipio.slug), municipio.source, 0600);
    }
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
        if (entry.path().extension() == ".yaml" && !known.count(entry.path().stem().string()))
            std::filesystem::remove(entry.path(), failed);
    }
}

}  // namespace kernel::config
