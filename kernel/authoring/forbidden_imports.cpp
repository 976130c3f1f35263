#include "kernel/authoring/forbidden_imports.hpp"

#include "kernel/base/tr.hpp"

#include <algorithm>
#include <array>

namespace kernel::authoring {
namespace {

constexpr std::string_view
    ends = base::N_("acaba el proceso, con las peticiones de otros complementos a medias"),
    throws = base::N_("lance concejo::Error: solo acaba su petición"),
    forks = base::N_("copia un proceso con varios hilos y los candados como estén en ese instante"),
    runs = base::N_("use run() (servicio process/1), que pone límites y quita la red"),
    locale = base::N_("cambia el idioma de todo el proceso, también de otros municipios"),
    formats = base::N_("use date(), number() y money(), que escriben en el idioma de quien lee"),
    folder = base::N_("cambia la carpeta de todo el proceso"), absolute = base::N_("use rutas absolutas"),
    signals = base::N_("las señales son del supervisor: con ellas sabe qué complemento ha fallado"),
    nothing = base::N_("no hace falta: el núcleo para el complemento con stop()"),
    environment = base::N_("cambia el entorno mientras otros hilos lo leen, que puede acabar en fallo"),
    settings = base::N_("use los ajustes de config.schema.yaml"),
    loads = base::N_("carga código que nadie ha comprobado"), links = base::N_("enlácelo al compilar"),
    identity = base::N_("cambia quién es el proceso entero"),
    kernels = base::N_("eso es del núcleo: quítelo"),
    waits = base::N_("recoge hijos del núcleo, que se queda sin saber cómo acabaron"),
    threads = base::N_("un hilo propio no sabe de qué municipio es, y no se espera a que acabe"),
    jobs = base::N_("use un trabajo (enqueue o schedule)"),
    maskfile = base::N_("cambia los permisos de los ficheros que crea todo el proceso"),
    limits = base::N_("cambia los límites de todo el proceso");

constexpr std::array<ForbiddenImport, 56> table{{
    // abort() and assert() are allowed: they leave a crash that is put down to the plugin, and hide nothing.
    {"exit", "exit()", ends, throws},
    {"_exit", "_exit()", ends, throws},
    {"_Exit", "_Exit()", ends, throws},
    {"quick_exit", "quick_exit()", ends, throws},
    {"at_quick_exit", "at_quick_exit()", ends, throws},
    {"err", "err()", ends, throws},
    {"errx", "errx()", ends, throws},
    {"fork", "fork()", forks, runs},
    {"vfork", "vfork()", forks, runs},
    {"_Fork", "_Fork()", forks, runs},
    {"clone", "clone()", forks, runs},
    {"daemon", "daemon()", forks, jobs},
    {"system", "system()", forks, runs},
    {"popen", "popen()", forks, runs},
    {"posix_spawn", "posix_spawn()", waits, runs},
    {"posix_spawnp", "posix_spawnp()", waits, runs},
    {"execl", "execl()", ends, runs},
    {"execle", "execle()", ends, runs},
    {"execlp", "execlp()", ends, runs},
    {"execv", "execv()", ends, runs},
    {"execve", "execve()", ends, runs},
    {"execvp", "execvp()", ends, runs},
    {"execvpe", "execvpe()", ends, runs},
    {"wait", "wait()", waits, runs},
    {"waitpid", "waitpid()", waits, runs},
    {"setlocale", "setlocale()", locale, formats},
    {"_ZNSt6locale6globalERKS_", "std::locale::global()", locale, formats},
    {"_ZNSt3__16locale6globalERKS0_", "std::locale::global()", locale, formats},
    {"chdir", "chdir()", folder, absolute},
    {"fchdir", "fchdir()", folder, absolute},
    {"chroot", "chroot()", folder, absolute},
    {"_ZNSt10filesystem12current_pathERKNS_7__cxx114pathE", "std::filesystem::current_path(p)", folder,
     absolute},
    {"_ZNSt10filesystem12current_pathERKNS_7__cxx114pathERSt10error_code", "std::filesystem::current_path(p)",
     folder, absolute},
    {"_ZNSt3__14__fs10filesystem14__current_pathERKNS1_4pathEPNS_10error_codeE",
     "std::filesystem::current_path(p)", folder, absolute},
    {"signal", "signal()", signals, nothing},
    {"sigaction", "sigaction()", signals, nothing},
    {"sigaltstack", "sigaltstack()", signals, nothing},
    {"kill", "kill()", signals, nothing},
    {"raise", "raise()", signals, throws},
    {"alarm", "alarm()", signals, jobs},
    {"setitimer", "setitimer()", signals, jobs},
    {"setenv", "setenv()", environment, settings},
    {"putenv", "putenv()", environment, settings},
    {"unsetenv", "unsetenv()", environment, settings},
    {"clearenv", "clearenv()", environment, settings},
    {"dlopen", "dlopen()", loads, links},
    {"dlmopen", "dlmopen()", loads, links},
    {"setuid", "setuid()", identity, kernels},
    {"setgid", "setgid()", identity, kernels},
    {"setresuid", "setresuid()", identity, kernels},
    {"setresgid", "setresgid()", identity, kernels},
    {"umask", "umask()", maskfile, kernels},
    {"setrlimit", "setrlimit()", limits, kernels},
    {"pthread_create", "std::thread", threads, jobs},
    {"_ZNSt6thread15_M_start_threadESt10unique_ptrINS_6_StateESt14default_deleteIS1_EEPFvvE", "std::thread",
     threads, jobs},
    {"thrd_create", "thrd_create()", threads, jobs},
}};

}  // namespace

std::span<const ForbiddenImport> forbidden_imports() { return table; }

const ForbiddenImport* why_forbidden(std::string_view symbol) {
    if (symbol.ends_with("64")) symbol.remove_suffix(2);  // setrlimit64 …
    const auto found =
        std::find_if(table.begin(), table.end(), [&](const auto& entry) { return entry.symbol == symbol; });
    return found == table.end() ? nullptr : &*found;
}

}  // namespace kernel::authoring
