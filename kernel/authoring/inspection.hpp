// Everything about a built plugin that can be known without running it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace kernel::authoring {

struct Finding {
    enum class Weight { error, warning };
    Weight weight = Weight::error;
    std::string check;  ///< fichero, descriptor, exporta, importa, bibliotecas, ajustes, migraciones, textos,
                        ///< plantillas
    std::string text;   ///< what the kernel has or asks, what the plugin has, what to do
};

struct Inspection {
    std::string id, version, toolchain, sdk;  ///< empty where the file does not say
    std::vector<Finding> findings;
    bool good() const;  ///< no errors; there may be warnings
};

/// `library`: <id>/<id>.so, with the rest of the plugin beside it. `share`: share/concejo of this
/// installation. `sources`: the plugin's C++ sources, or empty.
Inspection inspect(const std::filesystem::path& library, const std::filesystem::path& share,
                   const std::filesystem::path& sources = {});

}  // namespace kernel::authoring
