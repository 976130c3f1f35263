#include "kernel/backup/archive.hpp"
#include "kernel/backup/backup.hpp"
#include "kernel/backup/last_copy.hpp"
#include "kernel/base/tr.hpp"
#include "kernel/cli/commands.hpp"
#include "kernel/cli/installation.hpp"
#include "kernel/runtime/installation_keys.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

#include <ctime>

namespace kernel::cli {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;
namespace fs = std::filesystem;

struct BackupOptions {
    std::string tenant, to, file;
};

/// Every regular file below `folder` (or that file), named from `config` on.
void add_files(std::vector<backup::NamedFile>& files, const fs::path& config, const fs::path& folder) {
    if (fs::is_regular_file(folder)) {
        files.emplace_back("config/" + fs::relative(folder, config).string(), folder);
    } else if (fs::is_directory(folder)) {
        for (const auto& entry : fs::recursive_directory_iterator(folder))
            if (entry.is_regular_file())
                files.emplace_back("config/" + fs::relative(entry.path(), config).string(), entry.path());
    }
}

backup::Source source_of(const Installation& installation, const config::MunicipioConfig& municipio) {
    backup::Source source;
    source.slug = municipio.slug;
    source.name = municipio.name;
    source.place = db::Tenant::of(municipio.id);
    source.owner_dsn = installation.dsn_of(municipio).owner;
    const auto config = installation.paths().config();
    add_files(source.files, config, config / "municipios" / (municipio.slug + ".yaml"));
    add_files(source.files, config, config / "secretos" / municipio.slug);
    const fs::path shield = municipio.theme.shield;
    if (!shield.empty() && shield.lexically_relative(config).string().find("..") == std::string::npos)
        add_files(source.files, config, shield);
    return source;
}

std::string default_name(const std::string& what) {
    const auto now = std::time(nullptr);
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    char stamp[32];
    std::strftime(stamp, sizeof stamp, "%Y%m%d-%H%M%S", &parts);
    return fmt::format("{}-{}.tar.zst", what, stamp);
}

void make(Context& context, const BackupOptions& asked) {
    Installation installation(context);
    const auto keys = installation.keys();
    backup::Plan plan{CONCEJO_VERSION, asked.tenant.empty(), {}, {}, {}, keys, installation.blobs(), {}};
    if (plan.whole) {
        add_files(plan.files, installation.paths().config(), installation.paths().config());
        if (installation.platform().access.key.empty())  // else it is one of the secrets
            plan.files.emplace_back("clave", runtime::key_file(installation.platform()));
        plan.owner_dsns = installation.owner_dsns();
        for (const auto& municipio : installation.municipios())
            plan.tenants.push_back(source_of(installation, municipio));
    } else {
        plan.tenants.push_back(source_of(installation, installation.municipio(asked.tenant)));
    }
    plan.progress = [&](std::uint64_t done, std::uint64_t total, const std::string& what) {
        if (!context.json) context.terminal.progress(done, total, what);
    };
    fs::path to = asked.to.empty() ? installation.platform().data / "copias" : fs::path(asked.to);
    if (asked.to.empty()) fs::create_directories(to);
    if (fs::is_directory(to)) to /= default_name(plan.whole ? "concejo" : asked.tenant);
    if (fs::exists(to))
        throw Error(ErrorKind::conflict, base::tr("{} ya existe; elija otro nombre", to.string()));
    const auto started = std::chrono::system_clock::now();
    const auto copied = backup::make(plan, to);
    const auto verified = backup::verify(to);

    Json tenants = Json::array();
    std::string damaged;
    for (const auto& one : copied) {
        Json bad = Json::array();
        for (const auto& id : one.damaged) {
            bad.push_back(id);
            damaged +=
                "\n  " + base::tr("{0}: el fichero {1} está dañado o falta en el almacén", one.slug, id);
        }
        tenants.push_back(Json::object({{"slug", one.slug},
                                        {"tables", static_cast<std::int64_t>(one.tables)},
                                        {"rows", static_cast<std::int64_t>(one.rows)},
                                        {"files", static_cast<std::int64_t>(one.files)},
                                        {"damaged", bad}}));
    }
    if (!damaged.empty())
        context.terminal.err(base::tr("Hay ficheros que no se han podido copiar como eran:") + damaged);
    for (const auto& problem : verified.problems) context.terminal.err(problem);
    const bool good = damaged.empty() && verified.problems.empty();
    if (good && plan.whole) {
        backup::note_copy(installation.platform().data, {fs::absolute(to), fs::file_size(to), started,
                                                         std::chrono::system_clock::now(), true});
    }
    context.exit_code = good ? 0 : 1;
    context.answer(
        Json::object({{"file", to.string()},
                      {"bytes", static_cast<std::int64_t>(fs::file_size(to))},
                      {"ok", good},
                      {"tenants", tenants}}),
        to.string() + "\n" +
            base::tr("{0} municipios, {1} MB, comprobada", copied.size(), fs::file_size(to) / 1'000'000));
}

/// Copies are verified anywhere: there may be no installation here, or one that we may not write in.
void remember_verified(Context& context, const fs::path& file, bool whole) {
    const auto paths = context.paths();
    const auto here = config::Loader(paths::share_folder() / "config").load_platform(paths.config());
    if (!here.usable) return;
    try {
        backup::note_verified(here.platform.data, file, whole, std::chrono::system_clock::now());
    } catch (const Error& error) {
        context.terminal.err(error.what());
    }
}

void verify(Context& context, const BackupOptions& asked) {
    const auto verified = backup::verify(asked.file);
    remember_verified(context, asked.file, verified.problems.empty());
    Json problems = Json::array();
    for (const auto& problem : verified.problems) {
        problems.push_back(problem);
        if (!context.json) context.terminal.err(problem);
    }
    context.exit_code = verified.problems.empty() ? 0 : 1;
    context.answer(Json::object({{"ok", verified.problems.empty()},
                                 {"members", static_cast<std::int64_t>(verified.members)},
                                 {"bytes", static_cast<std::int64_t>(verified.bytes)},
                                 {"problems", problems}}),
                   verified.problems.empty() ? base::tr("La copia está entera: {0} miembros, {1} MB",
                                                        verified.members, verified.bytes / 1'000'000)
                                             : base::tr("La copia no sirve."));
}

}  // namespace

void add_backup(CLI::App& app, Context& context) {
    auto* copy = app.add_subcommand("backup", base::tr("Una copia de todo, o de un municipio, sin parar"));
    auto asked = std::make_shared<BackupOptions>();
    common_options(copy, context);
    copy->add_option("--tenant", asked->tenant, base::tr("Solo este municipio"));
    copy->add_option("--to", asked->to, base::tr("Archivo o carpeta (por defecto, data/copias)"));
    auto* check = copy->add_subcommand("verify", base::tr("Si una copia está entera"));
    check->add_option("file", asked->file, base::tr("La copia"))->required();
    common_options(check, context);
    check->callback([&context, asked] { verify(context, *asked); });
    copy->callback([&context, asked, copy] {
        if (copy->get_subcommands().empty()) make(context, *asked);
    });
}

void add_tenant_export(CLI::App& tenant, Context& context) {
    auto* out =
        tenant.add_subcommand("export", base::tr("Todo lo de un municipio en un archivo, para llevárselo"));
    auto asked = std::make_shared<BackupOptions>();
    common_options(out, context);
    out->add_option("--tenant", asked->tenant, base::tr("Municipio (nombre de su archivo)"))->required();
    out->add_option("--to", asked->to, base::tr("Archivo o carpeta"))->required();
    out->callback([&context, asked] { make(context, *asked); });
}

}  // namespace kernel::cli
