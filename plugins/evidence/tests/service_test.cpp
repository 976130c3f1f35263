// What other plugins are given to hand out: drawn, sealed and found under its code. The helper program is the real one.
#include "plugins/evidence/crypto/encoding.hpp"
#include "plugins/evidence/testing/preflight.hpp"

#include <concejo/testing.hpp>

using concejo::Json;
using concejo::testing::FakeKernel;
using namespace evidence;

namespace {

/// What process/1 is asked for, done by the program that was built.
Json run_tool(const Json& spec) {
    const testing::Workspace work;
    testing::write(work / "stdin", spec.string_or("stdin", ""));
    std::string line = std::string("ASAN_OPTIONS=detect_leaks=0 ") + CONCEJO_EVIDENCE_TOOL;
    const Json argv = spec.at("argv");
    for (std::size_t i = 1; i < argv.as_array().size(); ++i) {
        const auto& word = argv.as_array()[i].as_string();
        line += " " + (word == "{in}" ? spec.at("files").at("in").string_or("path", "") : word);
    }
    const auto done = work.run(line + " < stdin > stdout 2> stderr");
    return Json::object({{"exit", done.code},
                         {"stdout", testing::read(work / "stdout")},
                         {"stderr", testing::read(work / "stderr")}});
}

concejo::testing::Options town() {
    return {
        .database = &concejo::testing::database(),
        .settings = Json::parse(
            R"({"sello_de_tiempo": {"autoridades": [], "espera_s": 0}, "disponibilidad": {}, "testigos": [], "testigo_de": [], "archivo": {}})")};
}

const char* receipt =
    R"({"modelo": {"title": "Justificante de registro", "unit": "Oficina de asistencia", "blocks": [
  {"heading": {"level": 1, "text": "Justificante de registro"}},
  {"definitions": [{"label": "Número", "value": "2026-E-000147"}, {"label": "Asunto", "value": "Licencia de obra en la calle Ñ"}]},
  {"page_break": {}},
  {"paragraph": {"text": "Segunda página."}},
  {"signature_space": {}}]}})";

}  // namespace

CONCEJO_TEST(
    "another plugin's document is PDF/A with its code and QR on each page and a seal that pdfsig takes") {
    FakeKernel kernel(town());
    kernel.programs(run_tool);
    const auto made = kernel.ask("evidence:1", "componer", Json::parse(receipt));
    const auto pdf = crypto::unbase64(made.string_or("pdf", "")).value_or("");
    const testing::Workspace work;
    testing::write(work / "a.pdf", pdf);
    const auto text = work.run("pdftotext -layout a.pdf -").output;
    for (const auto* words :
         {"Oficina de asistencia", "2026-E-000147", "calle Ñ", "Segunda página", "DESARROLLO"})
        CONCEJO_HAS(text, words);
    CONCEJO_HAS(work.run("pdfinfo a.pdf").output, "Tagged:          yes");
    const auto judged = work.run("pdfsig -nocert a.pdf");
    CONCEJO_HAS(judged.output, "Signature is Valid.");
    CONCEJO_HAS(judged.output, "ETSI.CAdES.detached");
    for (const auto* page : {"1", "2"}) {
        const auto read = work.run(std::string("pdftoppm -r 150 -png -singlefile -f ") + page +
                                   " a.pdf p && zbarimg --nodbus -q --raw p.png");
        CONCEJO_HAS(read.output, "/verificar?csv=" + made.string_or("csv", "-"));
    }
    if (testing::has_preflight()) CONCEJO_HAS(testing::preflight(work, "a.pdf").output, "a.pdf VALID");

    const auto ask = [&](const std::string& documento, const std::string& bytes) {
        return kernel.ask("evidence:1", "sellar",
                          Json::object({{"documento", documento},
                                        {"sha256", kernel.put_blob(bytes, "application/pdf")},
                                        {"nombre", "justificante.pdf"},
                                        {"titulo", "Justificante"},
                                        {"metadatos", Json::object()},
                                        {"publicado", false},
                                        {"csv", made.string_or("csv", "")}}));
    };
    CONCEJO_EQUAL(ask("registro.147", pdf).string_or("csv", ""), made.string_or("csv", ""));
    CONCEJO_EQUAL(ask("registro.147", pdf).string_or("csv", ""), made.string_or("csv", ""));
    CONCEJO_HAS(kernel.get("/es/verificar?csv=" + made.string_or("csv", "")).send().body, "auténtico");
    CONCEJO_THROWN(ask("registro.148", pdf + " "));  // a code is one document's
    CONCEJO_CHECK(kernel.ask("evidence:1", "componer", Json::parse(receipt)).string_or("csv", "") !=
                  made.string_or("csv", ""));
}

CONCEJO_TEST("somebody else's key signs in two phases, as AutoFirma does; pdfsig and openssl take it") {
    FakeKernel kernel(town());
    const auto& pki = testing::Pki::plain();
    const testing::Workspace work;
    kernel.programs(run_tool);
    const auto pdf =
        crypto::unbase64(kernel.ask("evidence:1", "componer", Json::parse(receipt)).string_or("pdf", ""))
            .value_or("");
    // unsigned: what was sealed is certified against any other signature
    testing::write(work / "in.pdf", pdf.substr(0, pdf.find("%%EOF") + 6));
    const auto plain = testing::read(work / "in.pdf");
    kernel.programs([&](const Json& spec) {
        auto with_path = spec;
        if (with_path.at("files").find("in"))
            with_path["files"]["in"] = Json::object({{"path", (work / "in.pdf").string()}});
        return run_tool(with_path);
    });
    const auto sha256 = kernel.put_blob(plain, "application/pdf");
    for (const auto* who : {"empleado", "sello"})
        for (const auto* format : {"PAdES", "CAdES"}) {
            const auto prepared = kernel.ask(
                "evidence:1", "preparar-firma",
                Json::object({{"formato", format},
                              {"sha256", sha256},
                              {"certificado", pki.text(std::string(who) + ".pem") + pki.text("cadena.pem")},
                              {"motivo", "Solicitud"}}));
            testing::write(work / "to_sign",
                           crypto::unbase64(prepared.string_or("por_firmar", "")).value_or(""));
            CONCEJO_EQUAL(work.run("openssl dgst -sha256 -sign " +
                                   pki.path(std::string(who) + ".key").string() + " -out signature to_sign")
                              .code,
                          0);
            const auto finish = [&](const std::string& state, const std::string& signature) {
                return kernel.ask("evidence:1", "terminar-firma",
                                  Json::object({{"estado", state}, {"firma", crypto::base64(signature)}}));
            };
            const auto state = prepared.string_or("estado", ""),
                       signature = testing::read(work / "signature");
            const auto done = finish(state, signature);
            CONCEJO_CHECK(done.bool_or("fechado", false));
            testing::write(work / "out", crypto::unbase64(done.string_or("firmado", "")).value_or(""));
            const auto judged =
                std::string(format) == "PAdES"
                    ? work.run("pdfsig -nocert out")
                    : work.run(
                          "openssl cms -verify -cades -binary -inform DER -in out -content in.pdf -purpose any -out /dev/null -CAfile " +
                          pki.path("raiz.pem").string());
            CONCEJO_HAS(judged.output, std::string(format) == "PAdES" ? "Signature is Valid."
                                                                      : "CAdES Verification successful");
            if (std::string(format) == "PAdES") CONCEJO_HAS(judged.output, "Total document signed");
            auto other = Json::parse(state);
            other["cuando"] = other.int_or("cuando", 0) + 1;
            CONCEJO_THROWN(finish(other.dump(), signature));
            CONCEJO_THROWN(finish(state, signature.substr(1)));
            CONCEJO_THROWN(finish("{}", signature));
        }
    CONCEJO_THROWN(kernel.ask(
        "evidence:1", "preparar-firma",
        Json::object({{"formato", "ODF"}, {"sha256", sha256}, {"certificado", pki.text("sello.pem")}})));
}

CONCEJO_TEST("an XML is signed in two phases too; xmlsec1 takes it, and not once it is altered") {
    FakeKernel kernel(town());
    const auto& pki = testing::Pki::plain();
    const testing::Workspace work;
    const auto with_file = [&](const std::string& xml) {
        testing::write(work / "in.xml", xml);
        return kernel.put_blob(xml, "application/xml");
    };
    kernel.programs([&](const Json& spec) {
        auto with_path = spec;
        if (with_path.at("files").find("in"))
            with_path["files"]["in"] = Json::object({{"path", (work / "in.xml").string()}});
        return run_tool(with_path);
    });
    const auto prepare = [&](const std::string& who, const std::string& sha256) {
        return kernel.ask("evidence:1", "preparar-firma",
                          Json::object({{"formato", "XAdES"},
                                        {"sha256", sha256},
                                        {"certificado", pki.text(who + ".pem") + pki.text("cadena.pem")}}));
    };
    std::string finished;
    for (const auto* who : {"empleado", "sello"}) {
        const auto prepared =
            prepare(who, with_file("<solicitud><texto>Padr\u00f3n &amp; censo</texto></solicitud>"));
        testing::write(work / "to_sign", crypto::unbase64(prepared.string_or("por_firmar", "")).value_or(""));
        CONCEJO_EQUAL(work.run("openssl dgst -sha256 -sign " + pki.path(std::string(who) + ".key").string() +
                               " -out signature to_sign")
                          .code,
                      0);
        const auto state = prepared.string_or("estado", ""), signature = testing::read(work / "signature");
        const auto finish = [&](const std::string& of, const std::string& value) {
            return kernel.ask("evidence:1", "terminar-firma",
                              Json::object({{"estado", of}, {"firma", crypto::base64(value)}}));
        };
        const auto done = finish(state, signature);
        CONCEJO_CHECK(done.bool_or("fechado", false));
        finished = crypto::unbase64(done.string_or("firmado", "")).value_or("");
        CONCEJO_HAS(finished, "SignatureTimeStamp");
        CONCEJO_HAS(finished, "2.16.724.1.3.1.1.2.1.9");
        testing::write(work / "out.xml", finished);
        const auto judge = "xmlsec1 --verify --trusted-pem " + pki.path("raiz.pem").string() +
                           " --untrusted-pem " + pki.path("ca.pem").string() +
                           " --id-attr:Id http://uri.etsi.org/01903/v1.3.2#:SignedProperties out.xml";
        CONCEJO_EQUAL(work.run(judge).code, 0);
        auto altered = finished;
        altered.replace(altered.find("censo"), 5, "CENSO");
        testing::write(work / "out.xml", altered);
        CONCEJO_CHECK(work.run(judge).code != 0);
        auto other = Json::parse(state);
        other["cuando"] = other.int_or("cuando", 0) + 1;
        CONCEJO_THROWN(finish(other.dump(), signature));
        CONCEJO_THROWN(finish(state, signature.substr(1)));
        CONCEJO_THROWN(finish(state, ""));
    }
    CONCEJO_THROWN(prepare("sello", with_file(finished)));  // another signature would break the first one
    CONCEJO_THROWN(prepare("sello", with_file("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>")));
    CONCEJO_THROWN(prepare("sello", with_file("%PDF-1.4")));
}

CONCEJO_TEST("what is no model is refused as the caller's mistake") {
    FakeKernel kernel(town());
    kernel.programs(run_tool);
    for (const auto* model :
         {R"({})", R"({"modelo": {"title": "x"}})", R"({"modelo": {"title": "", "blocks": []}})",
          R"({"modelo": {"title": "x", "blocks": [{"video": {}}]}})"})
        CONCEJO_THROWN(kernel.ask("evidence:1", "componer", Json::parse(model)));
}

CONCEJO_TEST_MAIN
