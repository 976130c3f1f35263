#include "kernel/authoring/scaffold.hpp"

#include "kernel/base/files.hpp"
#include "kernel/base/tr.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>

namespace kernel::authoring {
namespace {

using concejo::Error;
using concejo::ErrorKind;
namespace fs = std::filesystem;

constexpr std::size_t largest_template = 1 << 20;

/// The skeleton's own names, the longer ones first, and what stands for each.
std::string renamed(std::string text, const PluginId& id) {
    const std::array<std::pair<std::string_view, std::string>, 4> names{{
        {"es.miayto.esqueleto", id.text()},
        {"es_miayto_esqueleto", id.snake()},
        {"Esqueleto", id.class_name()},
        {"esqueleto", id.name()},
    }};
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto found = std::find_if(names.begin(), names.end(), [&](const auto& name) {
            return text.compare(at, name.first.size(), name.first) == 0;
        });
        if (found == names.end()) {
            out += text[at++];
        } else {
            out += found->second;
            at += found->first.size();
        }
    }
    return out;
}

}  // namespace

std::vector<fs::path> scaffold(const PluginId& id, const fs::path& skeleton, const fs::path& folder) {
    if (!fs::is_directory(skeleton))
        throw Error(ErrorKind::internal,
                    base::tr("falta {}: instale otra vez Concejo, con su carpeta share", skeleton.string()));
    if (fs::exists(fs::symlink_status(folder)))
        throw Error(ErrorKind::conflict,
                    base::tr("{} ya existe: bórrela, o dé otra con --dir", folder.string()));
    std::vector<fs::path> files;
    for (const auto& entry :
         fs::recursive_directory_iterator(skeleton, fs::directory_options::follow_directory_symlink)) {
        if (entry.is_regular_file()) files.push_back(entry.path().lexically_relative(skeleton));
    }
    std::sort(files.begin(), files.end());
    try {
        for (const auto& file : files) {
            const auto target = folder / file;
            fs::create_directories(target.parent_path());
            std::ofstream out(target, std::ios::binary);
            out << renamed(base::read_file(skeleton / file, largest_template), id);
            if (!out.flush())
                throw Error(ErrorKind::internal, base::tr("no se puede escribir {}", target.string()));
        }
    } catch (const fs::filesystem_error& error) {
        throw Error(ErrorKind::internal,
                    base::tr("no se puede escribir en {0}: {1}", folder.string(), error.code().message()));
    }
    return files;
}

}  // namespace kernel::authoring
