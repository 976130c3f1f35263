#include "kernel/base/tr.hpp"
#include "kernel/cli/commands.hpp"

#include <concejo/error.hpp>

namespace kernel::cli {

paths::Paths Context::paths() const {
    if (dir.empty())
        throw concejo::Error(
            concejo::ErrorKind::invalid,
            base::tr("falta la carpeta de la instalación: use --dir DIR o la variable CONCEJO_DIR"));
    return paths::Paths(dir);
}

void common_options(CLI::App* command, Context& context) {
    command->add_option("--dir", context.dir,
                        base::tr("Carpeta de la instalación (por defecto, $CONCEJO_DIR)"));
    command->add_flag("--json", context.json, base::tr("Un objeto JSON en la salida estándar"));
    command->set_help_flag("-h,--help", base::tr("Muestra esta ayuda"));
}

void Context::answer(const concejo::Json& json_form, std::string_view text_form) {
    terminal.out(json ? json_form.dump() : std::string(text_form));
}

}  // namespace kernel::cli
