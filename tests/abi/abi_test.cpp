#include "kernel/plugins/loader.hpp"

#include <catch2/catch.hpp>

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <functional>

using namespace kernel::plugins;
using Catch::Contains;
namespace fs = std::filesystem;

namespace {

struct Outcome {
    Registry registry;
    std::vector<Refusal> refusals;
    std::string why(const std::string& id) const {
        for (const auto& refusal : refusals) {
            if (refusal.id == id) return refusal.text();
        }
        return "";
    }
};

void load(Outcome& outcome, const std::set<std::string>& wanted, const fs::path& folder = FIXTURES,
          std::map<std::string, std::string> pins = {}) {
    Loader loader(outcome.registry, std::move(pins));
    outcome.refusals = loader.load(discover({folder}), wanted);
}

/// A folder of plugins of the test's own, gone with it.
struct Folder {
    fs::path path = fs::temp_directory_path() / ("concejo-abi-" + std::to_string(::getpid()));
    Folder() { fs::create_directories(path); }
    ~Folder() { fs::remove_all(path); }
    fs::path copy(const std::string& from, const std::string& id) const {
        fs::create_directories(path / id);
        fs::copy_file(fs::path(FIXTURES) / from / (from + ".so"), path / id / (id + ".so"),
                      fs::copy_options::overwrite_existing);
        return path / id / (id + ".so");
    }
};

}  // namespace

TEST_CASE("plugins of g++, clang++ and clang++ with libc++ load into one process and register their routes") {
    std::set<std::string> ids{"saludo.gcc", "saludo.clang", "saludo.libcxx"};
    for (const auto& candidate : discover({FIXTURES})) {  // and those of headers that were released
        if (candidate.id.starts_with("saludo.")) ids.insert(candidate.id);
    }
    for (const auto& id : ids) {
        if (!fs::exists(fs::path(FIXTURES) / id)) {
            WARN("skipped " << id << ": its compiler or library is not installed");
            continue;
        }
        Outcome outcome;
        load(outcome, {id});
        INFO(outcome.why(id));
        CHECK(outcome.refusals.empty());
        CHECK(outcome.registry.routes.size() == 4);
    }
}

TEST_CASE("exceptions of any kind stop inside the plugin and arrive as kind and text") {
    Outcome outcome;
    Loader loader(outcome.registry, {});
    REQUIRE(loader.load(discover({FIXTURES}), {"saludo.gcc"}).empty());
    for (const auto& [pattern, kind, text] :
         std::vector<std::tuple<std::string, concejo_status, std::string>>{
             {"/falla", CONCEJO_INTERNAL, "sin interesado"},
             {"/raro", CONCEJO_INTERNAL, "not a std::exception"},
             {"/prohibido", CONCEJO_FORBIDDEN, "identificarse"}}) {
        for (const auto& route : outcome.registry.routes) {
            if (route.pattern != pattern) continue;
            const concejo_request request{sizeof request, {}, {}, {}, {}};
            CHECK(route.handler(route.context, nullptr, &request, nullptr) == kind);
            std::string said;
            route.plugin->host.table.last_error(
                &route.plugin->host.table,
                [](void* into, concejo_str piece) {
                    static_cast<std::string*>(into)->append(piece.data, piece.size);
                },
                &said);
            CHECK_THAT(said, Contains(text));
        }
    }
}

TEST_CASE("defective plugins are refused with what, against what, and what to do; the others load") {
    Outcome outcome;
    load(outcome, {"mayor", "menor", "otro", "pide", "ciclo.a", "ciclo.b", "falla", "nadie", "huerfano",
                   "promete", "mudo", "enlaza", "saludo.gcc"});
    CHECK(outcome.refusals.size() == 12);
    const auto ours = std::to_string(CONCEJO_ABI_MAJOR) + "." + std::to_string(CONCEJO_ABI_MINOR);
    CHECK_THAT(outcome.why("mayor"), Contains("hecho para el SDK 9.x") &&
                                         Contains("este núcleo ofrece el SDK " + ours) &&
                                         Contains("recompílelo con este SDK"));
    CHECK_THAT(outcome.why("menor"), Contains("pide el SDK " + std::to_string(CONCEJO_ABI_MAJOR) + ".99") &&
                                         Contains("este núcleo ofrece el " + ours) &&
                                         Contains("actualice la plataforma"));
    CHECK_THAT(outcome.why("otro"), Contains("dice llamarse «saludo»") &&
                                        Contains("está en la carpeta «otro»") && Contains("deben coincidir"));
    CHECK_THAT(outcome.why("pide"), Contains("necesita el servicio «telepatia/7»") &&
                                        Contains("este núcleo no ofrece") &&
                                        Contains("actualice la plataforma"));
    CHECK_THAT(outcome.why("huerfano"), Contains("necesita el servicio «nadie:1»") &&
                                            Contains("ningún complemento activo lo ofrece") &&
                                            Contains("active el que"));
    CHECK_THAT(outcome.why("promete"),
               Contains("su descriptor ofrece «promete:1»") && Contains("no lo ha registrado"));
    CHECK_THAT(outcome.why("mudo"), Contains("no exporta «concejo_plugin_entry»") && Contains("plugin.map"));
    CHECK_THAT(outcome.why("enlaza"), Contains("libconcejo-noexiste.so.7"));
    CHECK_THAT(outcome.why("ciclo.a") + outcome.why("ciclo.b"), Contains("ciclo.a → ciclo.b → ciclo.a"));
    CHECK_THAT(outcome.why("falla"), Contains("no encuentro la plantilla del saludo"));
    CHECK_THAT(outcome.why("nadie"), Contains("plugins.carpetas"));
    CHECK(outcome.registry.routes.size() == 4);
}

TEST_CASE("no code of a refused plugin runs, not even its static constructors") {
    const auto mark = fs::temp_directory_path() / ("concejo-noisy-" + std::to_string(::getpid()));
    fs::remove(mark);
    ::setenv("CONCEJO_NOISY_FILE", mark.c_str(), 1);
    Outcome outcome;
    load(outcome, {"mayor"});
    CHECK_FALSE(fs::exists(mark));
    load(outcome, {"noisy"});  // the proof that the mark would have been seen
    CHECK(fs::exists(mark));
    fs::remove(mark);
}

TEST_CASE("what is no plugin file is refused") {
    const Folder folder;
    const auto write = [&](const std::string& id, const std::string& bytes) {
        fs::create_directories(folder.path / id);
        std::ofstream(folder.path / id / (id + ".so"), std::ios::binary) << bytes;
    };
    write("texto", "#!/bin/sh\necho hola\n" + std::string(200, ' '));
    write("corto",
          "\x7f"
          "ELF");
    folder.copy("saludo.gcc", "truncado");
    fs::resize_file(folder.path / "truncado/truncado.so", 4000);
    const auto open = folder.copy("saludo.gcc", "saludo.gcc");
    ::chmod(open.c_str(), 0666);
    fs::create_directories(folder.path / "carpeta/carpeta.so");
    fs::create_directories(folder.path / "colgado");
    fs::create_symlink("no-esta.so", folder.path / "colgado/colgado.so");
    fs::create_directories(folder.path / "vacio");
    Outcome outcome;
    load(outcome, {"texto", "corto", "truncado", "saludo.gcc", "carpeta", "colgado", "vacio"}, folder.path);
    CHECK(outcome.refusals.size() == 7);
    CHECK_THAT(outcome.why("truncado"), Contains("truncado"));
    CHECK_THAT(outcome.why("colgado"), Contains("un enlace que no lleva a ningún fichero"));
    CHECK_THAT(outcome.why("vacio"), Contains("no existe; compílelo"));
    CHECK_THAT(outcome.why("texto"), Contains("no es una biblioteca compartida"));
    CHECK_THAT(outcome.why("corto"), Contains("demasiado corto"));
    CHECK_THAT(outcome.why("saludo.gcc"), Contains("chmod o-w"));
    CHECK_THAT(outcome.why("carpeta"), Contains("no es un fichero corriente"));
}

TEST_CASE("what the bytes say is not what this machine and this kernel need") {
    const Folder folder;
    const auto changed = [&](const std::string& id, const std::function<void(std::string&)>& change) {
        const auto file = folder.copy("saludo.gcc", id);
        std::ifstream in(file, std::ios::binary);
        std::string bytes{std::istreambuf_iterator<char>(in), {}};
        change(bytes);
        std::ofstream(file, std::ios::binary) << bytes;
        Outcome outcome;
        load(outcome, {id}, folder.path);
        return outcome.why(id);
    };
    const auto put = [](std::string& bytes, std::string_view before, std::string_view after) {
        const auto at = bytes.find(before);
        REQUIRE(at != std::string::npos);
        bytes.replace(at, after.size(), after);
    };
    CHECK_THAT(changed("de32", [](std::string& b) { b[4] = 1; }),
               Contains("otra máquina") && Contains("recompílelo"));
    CHECK_THAT(changed("arm", [](std::string& b) { b[18] = static_cast<char>(183); }),
               Contains("este núcleo es x86-64"));
    CHECK_THAT(changed("programa", [](std::string& b) { b[16] = 2; }),
               Contains("no una biblioteca compartida"));
    CHECK_THAT(changed("sin-nota",
                       [&](std::string& b) {
                           put(b, {"Concejo\0CONCEJO", 15}, "Conceja");
                       }),
               Contains("le falta el descriptor que pone CONCEJO_PLUGIN"));
    CHECK_THAT(changed("sin-marca",
                       [&](std::string& b) {
                           put(b, {"CONCEJO\0", 8}, "CONCEJA");
                       }),
               Contains("su descriptor no es de Concejo"));
    CHECK_THAT(
        changed("otra-maquina", [&](std::string& b) { put(b, "x86_64-linux-lp64", "riscv-linux-lp64\0"); }),
        Contains("compilado para «riscv-linux-lp64") && Contains("esta máquina es «x86_64-linux-lp64»") &&
            Contains("recompílelo aquí"));
    CHECK_THAT(changed("sin-fin",
                       [&](std::string& b) {
                           put(b, {"saludo.gcc\0", 11}, std::string(64, 'x'));
                       }),
               Contains("su descriptor está dañado: «id» no termina"));
    // every mismatch of a file at once
    const auto both =
        changed("varios", [&](std::string& b) { put(b, "x86_64-linux-lp64", "riscv-linux-lp64\0"); });
    CHECK_THAT(both, Contains("recompílelo aquí") && Contains("dice llamarse «saludo.gcc»"));
}

TEST_CASE("a pinned plugin must have the sha-256 of platform.yaml") {
    Outcome outcome;
    load(outcome, {"saludo.gcc"}, FIXTURES, {{"saludo.gcc", std::string(64, '0')}});
    CHECK_THAT(outcome.why("saludo.gcc"), Contains("SHA-256"));
}

TEST_CASE("damaged files never do more than be refused") {
    const Folder folder;
    const auto file = folder.copy("saludo.gcc", "roto");
    std::ifstream in(file, std::ios::binary);
    const std::string good{std::istreambuf_iterator<char>(in), {}};
    unsigned state = 1;
    const auto random = [&] { return state = state * 1664525u + 1013904223u, state >> 8; };
    for (int i = 0; i < 300; ++i) {
        auto bytes = good;
        for (int n = 0; n < 8; ++n) bytes[random() % 1024] = static_cast<char>(random());
        std::ofstream(file, std::ios::binary) << bytes;
        try {
            (void)check_descriptor(read_descriptor(file), "roto", {});
        } catch (const concejo::Error&) {
        }
    }
}
