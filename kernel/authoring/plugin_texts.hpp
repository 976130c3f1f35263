// A plugin's translations and templates, as they lie beside its library.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace kernel::authoring {

struct PluginFolder {
    std::string id;
    std::filesystem::path folder;  ///< config.schema.yaml, migrations/, web/, locale/: those that there are
    std::filesystem::path share;   ///< share/concejo: base's theme and texts
    std::filesystem::path
        sources;  ///< C++ sources, or empty: texts of the code are known by their translations only
};

/// "locale/ca.po:3: …": what one language lacks and another one or a template has, unfinished or doubtful
/// ones, lost placeholders. With sources, every text of tr(), trn() and N_() too.
std::vector<std::string> check_texts(const PluginFolder&);
/// "web/templates/x.mustache:3:1: …": defects of any template, compiled with the base theme in every
/// language.
std::vector<std::string> check_templates(const PluginFolder&);

}  // namespace kernel::authoring
