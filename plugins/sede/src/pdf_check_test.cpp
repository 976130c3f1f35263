#include "pdf_check.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace sede;
using concejo::Json;
namespace fs = std::filesystem;

namespace {

std::string slurp(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// A folder that goes with the test, and the real programs run in it without a sandbox.
struct Desk {
    fs::path folder = fs::temp_directory_path() /
                      ("sede_pdf_" + std::to_string(::getpid()) + "_" + std::to_string(std::rand()));
    Desk() { fs::create_directories(folder); }
    ~Desk() { fs::remove_all(folder); }

    fs::path write(const std::string& name, const std::string& bytes) const {
        std::ofstream(folder / name, std::ios::binary) << bytes;
        return folder / name;
    }
    int shell(const std::string& command) const {
        return WEXITSTATUS(std::system(("cd '" + folder.string() + "' && " + command).c_str()));
    }

    PdfCheck check(std::uint64_t limit_mb = 50) const {
        return PdfCheck(
            [this](const Json& spec) {
                std::string command;
                for (const auto& word : spec.at("argv").as_array()) {
                    const std::string text = word.as_string() == "{in}"
                                                 ? spec.at("files").at("in").at("path").as_string()
                                                 : word.as_string();
                    command += "'" + text + "' ";
                }
                const int exit = shell(command + ">out 2>err");
                return Json::object(
                    {{"exit", exit}, {"stdout", slurp(folder / "out")}, {"stderr", slurp(folder / "err")}});
            },
            limit_mb);
    }
    concejo::Result<Documento, Aviso> run(const fs::path& file) const {
        return check()(file.string(), fs::file_size(file));
    }
};

/// A page with "Hola, Valdehermoso", and `extra` in the catalogue. Offsets are left to qpdf.
std::string pdf(const std::string& extra = "") {
    const std::string content = "BT /F1 12 Tf 72 720 Td (Hola, Valdehermoso) Tj ET";
    return "%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R " + extra +
           " >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
           "3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>\nendobj\n"
           "4 0 obj\n<< /Length " +
           std::to_string(content.size()) + " >>\nstream\n" + content +
           "\nendstream\nendobj\n"
           "5 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>\nendobj\ntrailer\n<< /Root 1 0 R /Size 6 >>\n%%EOF\n";
}

/// The same written anew by qpdf, so that it is a whole file.
fs::path whole(const Desk& desk, const std::string& name, const std::string& extra = "") {
    desk.write("raw-" + name, pdf(extra));
    desk.shell("qpdf raw-" + name + " " + name + " >/dev/null 2>&1");
    REQUIRE(fs::exists(desk.folder / name));
    return desk.folder / name;
}

bool tools() {
    if (std::system("command -v qpdf >/dev/null && command -v pdfinfo >/dev/null") == 0) return true;
    WARN("skipped: qpdf and poppler-utils are not installed");
    return false;
}

}  // namespace

TEST_CASE("a whole PDF is taken, with its pages and its text") {
    if (!tools()) return;
    const Desk desk;
    const auto checked = desk.run(whole(desk, "good.pdf"));
    REQUIRE(checked);
    CHECK(checked->paginas == 1);
    CHECK(checked->texto == "Hola, Valdehermoso");
}

TEST_CASE("what is no PDF is refused in words") {
    const Desk desk;
    const auto checked = desk.run(desk.write("carta.pdf", "PK\x03\x04 un documento de texto"));
    REQUIRE_FALSE(checked);
    CHECK(checked.error().msgid.find("no es un PDF") != std::string::npos);
    CHECK(checked.error().campo == "documento");
}

TEST_CASE("an empty file and one above the limit are refused before any program runs") {
    const PdfCheck check(
        [](const Json&) -> Json {
            throw concejo::Error(concejo::ErrorKind::internal, "no program should run");
        },
        1);
    const Desk desk;
    CHECK_FALSE(check(desk.write("vacio.pdf", "").string(), 0));
    const auto large = check(desk.write("grande.pdf", pdf()).string(), (1u << 20) + 1);
    REQUIRE_FALSE(large);
    CHECK(large.error().arguments.front().second == "1");
}

TEST_CASE("an encrypted PDF is refused, with and without a password to open it") {
    if (!tools()) return;
    const Desk desk;
    whole(desk, "good.pdf");
    for (const std::string password : {"", "secreto"}) {
        desk.shell("qpdf --encrypt '" + password + "' dueno 256 -- good.pdf cifrado.pdf");
        const auto checked = desk.run(desk.folder / "cifrado.pdf");
        REQUIRE_FALSE(checked);
        CHECK(checked.error().msgid.find("cifrado") != std::string::npos);
        fs::remove(desk.folder / "cifrado.pdf");
    }
}

TEST_CASE("a PDF that was cut is refused") {
    if (!tools()) return;
    const Desk desk;
    const std::string bytes = slurp(whole(desk, "good.pdf"));
    for (const double part : {0.3, 0.6, 0.95}) {
        const auto checked = desk.run(
            desk.write("cortado.pdf",
                       bytes.substr(0, static_cast<std::size_t>(static_cast<double>(bytes.size()) * part))));
        CAPTURE(part);
        REQUIRE_FALSE(checked);
        CHECK(checked.error().msgid.find("dañado") != std::string::npos);
    }
}

TEST_CASE("scripts and actions that start programs are refused, however their names are written") {
    if (!tools()) return;
    const Desk desk;
    int n = 0;
    for (const char* extra :
         {"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>",
          "/OpenAction << /S /Launch /F (cmd.exe) >>", "/OpenAction << /S /J#61vaScript /J#53 (x) >>"}) {
        const auto checked = desk.run(whole(desk, "activo" + std::to_string(n++) + ".pdf", extra));
        CAPTURE(extra);
        REQUIRE_FALSE(checked);
        CHECK(checked.error().msgid.find("contenido activo") != std::string::npos);
    }
}

TEST_CASE("annexes are taken by their name and their first bytes") {
    CHECK(annex_type("Presupuesto 2027.ODS", "PK\x03\x04...") ==
          "application/vnd.oasis.opendocument.spreadsheet");
    CHECK(annex_type("datos.csv", "a;b\n1;2\n") == "text/csv");
    CHECK(annex_type("plano.png", "\x89PNG\r\n") == "image/png");
    CHECK(annex_type("falso.png", "GIF89a").empty());
    CHECK(annex_type("programa.exe", "MZ").empty());
    CHECK(annex_type("pagina.html", "<script>").empty());
    CHECK(annex_type("imagen.svg", "<svg").empty());
    CHECK(annex_type("binario.csv", std::string_view("a\0b", 3)).empty());
}
