#include "kernel/cli/tenant_create.hpp"

#include "kernel/base/files.hpp"
#include "kernel/base/tr.hpp"
#include "kernel/supervisor/supervisor.hpp"

#include <concejo/error.hpp>

namespace kernel::cli {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;
namespace fs = std::filesystem;

std::string what_next(const paths::Paths& paths, const runtime::NewTenant& asked, const fs::path& file) {
    const auto dir = paths.dir.string();
    const bool runs = supervisor::supervisor_runs(paths);
    return base::tr("Creado {}. Lo que sigue:", file.string()) + "\n  1. " +
           base::tr("complete el archivo: contacto, páginas legales, módulos") +
           "\n  2. concejo config check --dir " + dir + "\n  3. concejo " + (runs ? "reload" : "serve") +
           " --dir " + dir + "\n  4. concejo user add --dir " + dir + " --tenant " + asked.slug +
           " --login … --name … --role …";
}

}  // namespace

void create_tenant(Context& context, const runtime::NewTenant& asked) {
    const auto paths = context.paths();
    if (asked.ine.empty() == asked.id.empty())
        throw Error(ErrorKind::invalid,
                    base::tr("hace falta --ine, o --id si la entidad no es un municipio, y no ambos"));
    const auto draft = runtime::draft_of(paths, asked);
    const auto file = paths.config() / draft.name();
    fs::create_directories(file.parent_path());
    base::write_file_atomically(file, draft.text);
    const auto made = runtime::read_configuration(paths, paths.config());
    const auto* municipio = made.installation.find(asked.slug);
    context.answer(Json::object({{"slug", asked.slug},
                                 {"file", file.string()},
                                 {"id", asked.id.empty() ? asked.ine : asked.id},
                                 {"url", municipio ? Json(municipio->public_url) : Json()}}),
                   what_next(paths, asked, file));
}

}  // namespace kernel::cli
