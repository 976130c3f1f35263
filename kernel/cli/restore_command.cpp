#include "kernel/backup/restore.hpp"
#include "kernel/base/tr.hpp"
#include "kernel/cli/commands.hpp"
#include "kernel/cli/installation.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

#include <unistd.h>
#include <algorithm>

namespace kernel::cli {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;
namespace fs = std::filesystem;

struct RestoreOptions {
    std::string file;
    std::vector<std::string> tenants;
    bool replace = false;
};

/// The municipalities of the copy that are wanted. Throws Error{invalid} for one that it does not have.
std::vector<std::string> wanted_of(const Json& header, const std::vector<std::string>& asked) {
    std::vector<std::string> there;
    for (const auto& tenant : header.at("tenants").as_array()) there.push_back(tenant.at("slug").as_string());
    for (const auto& slug : asked) {
        if (std::find(there.begin(), there.end(), slug) == there.end())
            throw Error(ErrorKind::invalid, base::tr("la copia no tiene ningún municipio «{}»", slug));
    }
    return asked.empty() ? there : asked;
}

/// Removes what was written unless all went well: a half configuration would break the next start.
struct Written {
    std::vector<std::string> files;
    bool kept = false;
    ~Written() {
        for (const auto& file : files)
            if (!kept) ::unlink(file.c_str());
    }
};

void restore(Context& context, const RestoreOptions& asked) {
    const auto header = backup::check(asked.file);
    const auto slugs = wanted_of(header, asked.tenants);
    const auto paths = context.paths();
    const bool fresh = !fs::exists(paths.config() / "platform.yaml");
    const bool whole = header.at("whole").as_bool() && fresh && asked.tenants.empty();
    if (fresh && !whole)
        throw Error(ErrorKind::invalid,
                    base::tr("en {} no hay ninguna instalación; haga primero su configuración, y después "
                             "traiga el municipio",
                             paths.dir.string()));
    const auto key_file = paths.data() / "claves" / "identidad.clave";
    Written written{backup::write_configuration(asked.file, paths.config(), key_file, slugs, whole)};

    Installation installation(context);
    std::vector<backup::Target> targets;
    for (const auto& slug : slugs) {
        const auto& all = installation.municipios();
        const auto found = std::find_if(all.begin(), all.end(),
                                        [&](const auto& municipio) { return municipio.slug == slug; });
        if (found == all.end())
            throw Error(ErrorKind::invalid,
                        base::tr("la configuración de «{0}» no sirve en esta instalación:\n{1}", slug,
                                 installation.problems().text()));
        const auto dsn = installation.dsn_of(*found);
        targets.push_back({slug, db::Tenant::of(found->id), dsn.owner, dsn.app});
    }
    std::uint64_t done = 0;
    const auto restored =
        backup::put_back(asked.file, targets, installation.blobs(), installation.keys(), asked.replace,
                         whole ? installation.owner_dsns().front() : "", [&](const std::string& slug) {
                             if (!context.json) context.terminal.progress(done++, targets.size(), slug);
                         });
    written.kept = true;

    Json tenants = Json::array();
    for (const auto& one : restored) {
        for (const auto& id : one.damaged)
            context.terminal.err(base::tr("{0}: el fichero {1} ya estaba dañado en la copia", one.slug, id));
        if (!one.damaged.empty()) context.exit_code = 1;
        tenants.push_back(
            Json::object({{"slug", one.slug}, {"files", static_cast<std::int64_t>(one.files)}}));
    }
    context.answer(Json::object({{"ok", context.exit_code == 0}, {"tenants", tenants}}),
                   base::tr("{} municipios en su sitio. Si el servidor está en marcha: concejo reload",
                            restored.size()));
}

}  // namespace

void add_restore(CLI::App& app, Context& context) {
    auto* back =
        app.add_subcommand("restore", base::tr("Pone en su sitio una copia, entera o de un municipio"));
    auto asked = std::make_shared<RestoreOptions>();
    common_options(back, context);
    back->add_option("file", asked->file, base::tr("La copia"))->required();
    back->add_option("--tenant", asked->tenants, base::tr("Solo este municipio (se puede repetir)"));
    back->add_flag("--replace", asked->replace, base::tr("Sustituye los datos que ya tenga el municipio"));
    back->callback([&context, asked] { restore(context, *asked); });
}

void add_tenant_import(CLI::App& tenant, Context& context) {
    auto* in = tenant.add_subcommand("import", base::tr("Trae un municipio exportado de otra instalación"));
    auto asked = std::make_shared<RestoreOptions>();
    common_options(in, context);
    in->add_option("file", asked->file, base::tr("El archivo de «tenant export»"))->required();
    in->callback([&context, asked] { restore(context, *asked); });
}

}  // namespace kernel::cli
