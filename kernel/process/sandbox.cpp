#include "kernel/process/sandbox.hpp"

#include "kernel/base/tr.hpp"
#include "kernel/process/child.hpp"

#include <concejo/error.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>

namespace kernel::process {
namespace {

using concejo::Error;
using concejo::ErrorKind;
namespace fs = std::filesystem;

constexpr uid_t nobody = 65534;

fs::path find_program(const std::string& name) {
    if (name.empty() || name.find('\0') != std::string::npos)
        throw Error(ErrorKind::invalid, "falta el programa que ejecutar");
    if (name.find('/') != std::string::npos) {
        if (name.front() != '/')
            throw Error(ErrorKind::invalid, name + ": la ruta de un programa empieza por /");
        if (access(name.c_str(), X_OK) == 0) return name;
        throw Error(ErrorKind::not_found, base::tr("{}: no existe o no se puede ejecutar", name));
    }
    for (const auto* folder : {"/usr/bin", "/bin", "/usr/local/bin"}) {
        const auto path = fs::path(folder) / name;
        if (access(path.c_str(), X_OK) == 0) return path;
    }
    throw Error(ErrorKind::not_found, base::tr("el programa '{}' no está instalado", name));
}

void give_to_nobody(const fs::path& path) {
    if (geteuid() == 0 && chown(path.c_str(), nobody, nobody) != 0)
        throw Error(ErrorKind::internal, path.string() + ": " + std::strerror(errno));
}

/// Removed with all it holds.
class WorkFolder {
public:
    explicit WorkFolder(const fs::path& root) {
        std::string name = (root / "concejo-run.XXXXXX").string();
        if (!mkdtemp(name.data())) throw Error(ErrorKind::unavailable, name + ": " + std::strerror(errno));
        path_ = name;
        give_to_nobody(path_);
    }
    ~WorkFolder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    WorkFolder(const WorkFolder&) = delete;
    WorkFolder& operator=(const WorkFolder&) = delete;
    const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

/// Where the program reads the file: in its place, or as root a copy that `nobody` may read.
fs::path readable(const InputFile& file, const fs::path& work_dir) {
    if (access(file.path.c_str(), R_OK) != 0)
        throw Error(ErrorKind::not_found, file.path.string() + ": " + std::strerror(errno));
    const bool plain =
        !file.name.empty() && file.name.find_first_of("/{}") == std::string::npos && file.name.front() != '.';
    if (!plain)
        throw Error(ErrorKind::invalid, "nombre de fichero de entrada incorrecto: '" + file.name + "'");
    if (geteuid() != 0) return fs::absolute(file.path);
    const auto copy = work_dir / ("in-" + file.name);
    fs::copy_file(file.path, copy, fs::copy_options::overwrite_existing);
    fs::permissions(copy, fs::perms::owner_read);
    give_to_nobody(copy);
    return copy;
}

void replace_all(std::string& text, const std::string& what, const std::string& with) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

Descriptor open_output(const fs::path& path) {
    Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (file.get() < 0) throw Error(ErrorKind::internal, path.string() + ": " + std::strerror(errno));
    return file;
}

/// Translates what the launcher could not do.
void check_report(const std::string& report, const std::string& program) {
    if (report.empty()) return;
    const auto space = report.find(' ');
    const std::string what = report.substr(0, space);
    const int cause = space == std::string::npos ? 0 : std::atoi(report.c_str() + space);
    if (what == "exec")
        throw Error(cause == ENOENT ? ErrorKind::not_found : ErrorKind::internal,
                    program + ": " + std::strerror(cause));
    if (what == "namespace")
        throw Error(
            ErrorKind::unavailable,
            base::tr(
                "esta máquina no deja aislar programas auxiliares (espacios de nombres de usuario): {}. "
                "Actívelos (sysctl kernel.unprivileged_userns_clone=1, user.max_user_namespaces) o permita "
                "ejecutarlos sin protección",
                std::strerror(cause)));
    throw Error(ErrorKind::unavailable,
                base::tr("{0}: no se pudo preparar su ejecución: {1}", program, std::strerror(cause)));
}

}  // namespace

Sandbox::Sandbox(SandboxOptions options) : options_(std::move(options)) {
    std::error_code error;
    if (options_.launcher.empty())
        options_.launcher = fs::read_symlink("/proc/self/exe", error).parent_path() / "concejo-sandbox";
    if (access(options_.launcher.c_str(), X_OK) != 0)
        throw Error(ErrorKind::unavailable,
                    base::tr("{}: falta el programa que aísla a los auxiliares; reinstale Concejo",
                             options_.launcher.string()));
    if (options_.temp_root.empty()) {
        const char* given = std::getenv("TMPDIR");
        options_.temp_root = given && *given ? given : "/tmp";
    }
}

Outcome Sandbox::run(const Spec& spec) const {
    if (spec.argv.empty()) throw Error(ErrorKind::invalid, "falta el programa que ejecutar");
    const auto program = find_program(spec.argv.front());
    std::optional<WorkFolder> own;
    auto work_dir = spec.work_dir;
    if (work_dir.empty()) {
        own.emplace(options_.temp_root);
        work_dir = own->path();
    }
    work_dir = fs::canonical(work_dir);
    std::vector<std::string> arguments = spec.argv;
    arguments.front() = program.string();
    for (const auto& file : spec.files) {
        const auto path = readable(file, work_dir).string();
        for (auto argument = arguments.begin() + 1; argument != arguments.end(); ++argument)
            replace_all(*argument, "{" + file.name + "}", path);
    }
    const auto progress = std::to_string(progress_descriptor);
    if (spec.on_progress) {
        for (auto argument = arguments.begin() + 1; argument != arguments.end(); ++argument)
            replace_all(*argument, "{progress}", progress);
    }
    const auto& limits = spec.limits;
    std::vector<std::string> argv{options_.launcher.string(),
                                  options_.allow_unprotected ? "1" : "0",
                                  std::to_string(geteuid() == 0 ? nobody : geteuid()),
                                  std::to_string(std::max<long>(1, limits.cpu.count())),
                                  std::to_string(limits.memory),
                                  std::to_string(limits.file),
                                  std::to_string(limits.processes),
                                  std::to_string(limits.files),
                                  spec.on_progress ? "1" : "0",
                                  work_dir.string()};
    for (const auto& folder : options_.hidden) {
        if (fs::is_directory(folder)) argv.push_back(fs::canonical(folder).string());
    }
    argv.push_back("--");
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    std::vector<std::string> environment{"PATH=/usr/bin:/bin", "LANG=C.UTF-8", "HOME=" + work_dir.string(),
                                         "TMPDIR=" + work_dir.string()};
    environment.insert(environment.end(), spec.environment.begin(), spec.environment.end());
    if (spec.on_progress) environment.push_back("CONCEJO_PROGRESS_FD=" + progress);

    Streams streams{memory_file(spec.input), Descriptor(),       limits.output, limits.time,
                    spec.on_progress,        spec.progress_total};
    if (!spec.output_file.empty()) streams.output = open_output(spec.output_file);
    auto ended = run_child(argv, environment, std::move(streams));
    check_report(ended.report, program.string());
    // The first process of the namespace says 128 + n for a helper that a signal ended.
    auto& outcome = ended.outcome;
    if (outcome.exit > 128 && outcome.exit <= 128 + 64) {
        outcome.signal = outcome.exit - 128;
        outcome.exit = -1;
    }
    return std::move(outcome);
}

bool Sandbox::isolated() const {
    SandboxOptions strict = options_;
    strict.allow_unprotected = false;
    try {
        Spec spec;
        spec.argv = {"/bin/true"};
        return Sandbox(strict).run(spec).ok();
    } catch (const Error&) {
        return false;
    }
}

}  // namespace kernel::process
