#include "kernel/authoring/scaffold.hpp"

#include "kernel/base/files.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

#include <unistd.h>

using Catch::Contains;
using namespace kernel::authoring;
namespace fs = std::filesystem;

namespace {

const fs::path skeleton = CONCEJO_SOURCE_DIR "/sdk/skeleton";

struct Folder {
    fs::path path = fs::temp_directory_path() / ("concejo-nuevo-" + std::to_string(::getpid()));
    ~Folder() { fs::remove_all(path); }
};

}  // namespace

TEST_CASE("nothing of the skeleton's own name is left in a new plugin") {
    const Folder folder;
    const auto files = scaffold(*PluginId::parse("org.san-roque.buzon-vecinal"), skeleton, folder.path);
    CHECK(files.size() > 15);
    for (const auto& file : files) {
        const auto text = kernel::base::read_file(folder.path / file, 1 << 20);
        INFO(file.string());
        CHECK_THAT(text, !Contains("squeleto") && !Contains("miayto"));
    }
    const auto read = [&](const char* file) { return kernel::base::read_file(folder.path / file, 1 << 20); };
    CHECK_THAT(read("CMakeLists.txt"), Contains("concejo_add_plugin(org.san-roque.buzon-vecinal "));
    CHECK_THAT(read("migrations/0001__notas.sql"),
               Contains("CREATE TABLE org_san_roque_buzon_vecinal_nota ("));
    CHECK_THAT(read("src/plugin.cpp"),
               Contains("class BuzonVecinalPlugin {") && Contains("\"/buzon-vecinal\""));
    CHECK(fs::exists(folder.path / ".clang-format"));
}

TEST_CASE("what is there already is not touched") {
    const Folder folder;
    fs::create_directories(folder.path);
    CHECK_THROWS_WITH(scaffold(*PluginId::parse("es.miayto.buzon"), skeleton, folder.path),
                      Contains("ya existe") && Contains("--dir"));
    CHECK(fs::is_empty(folder.path));
    CHECK_THROWS_WITH(scaffold(*PluginId::parse("es.miayto.buzon"), folder.path / "nada", folder.path / "x"),
                      Contains("instale otra vez"));
}
