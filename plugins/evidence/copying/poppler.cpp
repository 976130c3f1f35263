#include "plugins/evidence/copying/poppler.hpp"

#include <concejo/error.hpp>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

namespace evidence::copying {
namespace {

using concejo::Error;
using concejo::ErrorKind;
namespace fs = std::filesystem;

std::string contents(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// Both outputs go to `output`.
int run(const std::vector<std::string>& words, const std::string& output) {
    std::vector<char*> argv;
    for (const auto& word : words) argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    pid_t child = 0;
    const int failed = posix_spawnp(&child, argv.front(), &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed)
        throw Error(ErrorKind::unavailable,
                    "No se puede ejecutar " + words.front() + ": instale poppler-utils");
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

}  // namespace

Poppler::Poppler(std::string_view pdf) {
    std::string name = (fs::temp_directory_path() / "concejo-copia-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw Error(ErrorKind::internal, "no se puede crear una carpeta temporal");
    folder_ = name;
    std::ofstream(path("in.pdf"), std::ios::binary) << pdf;
}

Poppler::~Poppler() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

std::string Poppler::picture(int page, int dpi) const {
    const auto n = std::to_string(page);
    fs::remove(path("page.ppm"));
    const int code = run({"pdftoppm", "-r", std::to_string(dpi), "-cropbox", "-singlefile", "-f", n, "-l", n,
                          path("in.pdf"), path("page")},
                         path("said"));
    auto picture = contents(path("page.ppm"));
    if (code != 0 || !picture.starts_with("P6"))
        throw Error(ErrorKind::invalid, "La página " + n + " del PDF no se puede dibujar");
    return picture;
}

std::string Poppler::redrawn(int first, int last) const {
    const int code = run({"pdftocairo", "-pdf", "-f", std::to_string(first), "-l", std::to_string(last),
                          path("in.pdf"), path("out.pdf")},
                         path("said"));
    auto pdf = contents(path("out.pdf"));
    if (code != 0 || !pdf.starts_with("%PDF-"))
        throw Error(ErrorKind::invalid, "El PDF no se puede volver a dibujar");
    return pdf;
}

std::string Poppler::words() const {
    if (run({"pdftotext", "-bbox", "-cropbox", path("in.pdf"), path("words.html")}, path("said")) != 0)
        throw Error(ErrorKind::invalid, "El texto del PDF no se puede leer");
    return contents(path("words.html"));
}

std::string Poppler::list_images() const {
    if (run({"pdfimages", "-list", path("in.pdf")}, path("said")) != 0)
        throw Error(ErrorKind::invalid, "Las imágenes del PDF no se pueden leer");
    return contents(path("said"));
}

std::string Poppler::version() {
    const Poppler nothing("");
    run({"pdftoppm", "-v"}, nothing.path("said"));
    const auto said = contents(nothing.path("said"));
    const auto at = said.find("version ");
    return at == std::string::npos ? std::string() : said.substr(at + 8, said.find('\n', at) - at - 8);
}

}  // namespace evidence::copying
