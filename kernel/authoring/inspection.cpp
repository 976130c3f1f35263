#include "kernel/authoring/inspection.hpp"

#include "kernel/authoring/elf_symbols.hpp"
#include "kernel/authoring/forbidden_imports.hpp"
#include "kernel/authoring/linked_libraries.hpp"
#include "kernel/authoring/migration_names.hpp"
#include "kernel/authoring/plugin_texts.hpp"
#include "kernel/base/files.hpp"
#include "kernel/base/tr.hpp"
#include "kernel/config/reader.hpp"
#include "kernel/config/schema.hpp"
#include "kernel/db/migrator.hpp"
#include "kernel/plugins/descriptor.hpp"
#include "kernel/plugins/tables.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>

#include <algorithm>
#include <set>

namespace kernel::authoring {
namespace {

namespace fs = std::filesystem;
using concejo::Error;
using Weight = Finding::Weight;

constexpr std::size_t largest_migration = 8 << 20;

class Inspector {
public:
    Inspector(const fs::path& library, const fs::path& share, const fs::path& sources)
        : library_(fs::absolute(library).lexically_normal()) {
        plugin_ = {library_.stem().string(), library_.parent_path(), share, sources};
    }

    Inspection run() {
        for (const auto& problem : plugins::check_file(library_, std::nullopt))
            error(base::N_("fichero"), problem);
        if (fs::is_regular_file(library_)) {
            descriptor();
            symbols();
        }
        // Beside a library that lies alone, or in a folder of another name, there is nothing of the plugin's.
        if (plugin_.folder.filename() == plugin_.id && fs::is_directory(plugin_.folder)) {
            writable();
            settings();
            migrations();
            for (auto& text : check_texts(plugin_)) error(base::N_("textos"), std::move(text));
            for (auto& text : check_templates(plugin_)) error(base::N_("plantillas"), std::move(text));
        }
        return std::move(result_);
    }

private:
    void error(std::string check, std::string text) {
        result_.findings.push_back({Weight::error, std::move(check), std::move(text)});
    }
    void warning(std::string check, std::string text) {
        result_.findings.push_back({Weight::warning, std::move(check), std::move(text)});
    }

    void descriptor() {
        try {
            const auto read = plugins::read_descriptor(library_);
            result_.id = read.id;
            result_.version = read.version;
            result_.toolchain = read.toolchain;
            result_.sdk = fmt::format("{}.{}", read.raw.abi_major, read.raw.abi_minor);
            for (const auto& problem : plugins::check_descriptor(read, plugin_.id, plugins::table_names()))
                error(base::N_("descriptor"), problem);
        } catch (const Error& thrown) {
            error(base::N_("descriptor"), thrown.what());
            is_library_ = false;
        }
    }

    void symbols() {
        if (!is_library_) return;
        try {
            const auto symbols = read_elf_symbols(library_);
            exports(symbols.exported);
            for (const auto& name : symbols.imported) {
                if (const auto* why = why_forbidden(name))
                    error(base::N_("importa"),
                          base::tr("usa {0}: {1}; {2}", why->written, base::translated(why->reason),
                                   base::translated(why->instead)));
            }
            for (const auto& name : missing_libraries(library_))
                error(base::N_("bibliotecas"),
                      base::tr("enlaza {}, que no está en esta máquina: instale el paquete que la "
                               "trae, o enlácela dentro del complemento",
                               name));
        } catch (const Error& thrown) {
            error(base::N_("fichero"), thrown.what());
        }
    }

    void exports(std::vector<std::string> names) {
        const auto entry = std::find(names.begin(), names.end(), CONCEJO_ENTRY_SYMBOL);
        if (entry == names.end())
            error(base::N_("exporta"),
                  base::tr("el núcleo busca «{}» y el complemento no lo exporta: enlácelo con el "
                           "plugin.map del SDK (concejo_add_plugin lo hace)",
                           CONCEJO_ENTRY_SYMBOL));
        else
            names.erase(entry);
        if (names.empty()) return;
        const auto count = names.size();
        names.resize(std::min<std::size_t>(count, 3));
        error(base::N_("exporta"),
              base::tr("el núcleo pide un solo símbolo y el complemento exporta {0} más ({1}{2}), que pueden "
                       "chocar con los de otro: enlácelo con el plugin.map del SDK (concejo_add_plugin lo "
                       "hace)",
                       count, fmt::join(names, ", "), count > 3 ? "…" : ""));
    }

    /// Whoever can put files into the folder can change the plugin too.
    void writable() {
        const auto open = [](const fs::path& path) {
            struct stat info {};
            return ::stat(path.c_str(), &info) == 0 && (info.st_mode & S_IWOTH) && !(info.st_mode & S_ISVTX);
        };
        std::vector<fs::path> all{plugin_.folder};
        for (const auto& entry : fs::recursive_directory_iterator(plugin_.folder)) {
            if (entry.path() != library_ && !entry.is_symlink()) all.push_back(entry.path());
        }
        std::sort(all.begin(), all.end());
        for (const auto& path : all) {
            if (open(path))
                error(base::N_("fichero"), base::tr("cualquiera puede escribir en {0}: «chmod o-w {1}»",
                                                    path.string(), path.string()));
        }
    }

    void settings() {
        const auto file = plugin_.folder / "config.schema.yaml";
        if (!fs::exists(file)) return;
        config::Problems problems;
        const auto tree = config::read_yaml_file(file, "config.schema.yaml", {}, problems);
        if (tree) (void)config::Schema::parse(*tree, problems);
        for (const auto& problem : problems.all()) {
            const auto text = fmt::format("{}: {}", problem.place.text(), problem.message);
            problem.severity == config::Severity::error ? error(base::N_("ajustes"), text)
                                                        : warning(base::N_("ajustes"), text);
        }
    }

    void migrations() {
        const auto folder = plugin_.folder / "migrations";
        if (!fs::is_directory(folder)) return;
        try {
            (void)db::read_migrations(folder);
        } catch (const Error& thrown) {
            error(base::N_("migraciones"), thrown.what());
        }
        std::vector<fs::path> files;
        for (const auto& entry : fs::directory_iterator(folder)) {
            if (entry.path().extension() == ".sql") files.push_back(entry.path());
        }
        std::sort(files.begin(), files.end());
        std::set<std::string> said;
        for (const auto& file : files) {
            for (const auto& found : check_migration(base::read_file(file, largest_migration), plugin_.id)) {
                const auto text = fmt::format("migrations/{}: {}", file.filename().string(), found.text);
                if (found.forbidden)
                    error(base::N_("migraciones"), text);
                else if (said.insert(found.text).second)
                    warning(base::N_("migraciones"), text);
            }
        }
    }

    fs::path library_;
    PluginFolder plugin_;
    Inspection result_;
    bool is_library_ = true;
};

}  // namespace

bool Inspection::good() const {
    return std::none_of(findings.begin(), findings.end(),
                        [](const auto& finding) { return finding.weight == Weight::error; });
}

Inspection inspect(const fs::path& library, const fs::path& share, const fs::path& sources) {
    return Inspector(library, share, sources).run();
}

}  // namespace kernel::authoring
