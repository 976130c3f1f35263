#include "plugins/evidence/eni/import.hpp"

#include "plugins/evidence/crypto/encoding.hpp"
#include "plugins/evidence/eni/names.hpp"
#include "plugins/evidence/eni/shape.hpp"
#include "plugins/evidence/signature/xades.hpp"
#include "plugins/evidence/testing/workspace.hpp"

#include <catch2/catch.hpp>

using namespace evidence;
using evidence::testing::Pki;
using evidence::testing::Workspace;

namespace {

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    const auto at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), with);
}

const std::string spaces = std::string(" xmlns:d=\"") + eni::documento_ns + "\" xmlns:c=\"" +
                           eni::contenido_ns + "\" xmlns:m=\"" + eni::metadatos_ns + "\" xmlns:f=\"" +
                           eni::firma_ns + "\" xmlns:e=\"" + eni::expediente_ns + "\" xmlns:i=\"" +
                           eni::indice_ns + "\" xmlns:ic=\"" + eni::indice_contenido_ns + "\" xmlns:em=\"" +
                           eni::expediente_meta_ns + "\"";

std::string a_documento(const std::string& id = "ES_L01099999_2026_EVI01") {
    return "<d:documento" + spaces +
           " Id=\"D1\"><c:contenido Id=\"C1\"><c:ValorBinario>ZWRpY3Rv</c:ValorBinario><c:NombreFormato>TXT</c:NombreFormato>"
           "</c:contenido><m:metadatos Id=\"M1\"><m:VersionNTI>" +
           eni::documento_ns + "</m:VersionNTI><m:Identificador>" + id +
           "</m:Identificador><m:Organo>L01099999</m:Organo><m:FechaCaptura>2026-11-20T09:00:00Z</m:FechaCaptura>"
           "<m:OrigenCiudadanoAdministracion>true</m:OrigenCiudadanoAdministracion><m:EstadoElaboracion>"
           "<m:ValorEstadoElaboracion>EE04</m:ValorEstadoElaboracion><m:IdentificadorDocumentoOrigen>ES_L01099999_2026_X"
           "</m:IdentificadorDocumentoOrigen></m:EstadoElaboracion><m:TipoDocumental>TD08</m:TipoDocumental></m:metadatos>"
           "<f:firmas><f:firma Id=\"F1\" ref=\"C1,M1\"><f:TipoFirma>TF02</f:TipoFirma><f:ContenidoFirma>"
           "<f:FirmaConCertificado/></f:ContenidoFirma></f:firma></f:firmas></d:documento>";
}

std::string an_expediente(const std::vector<std::pair<std::string, std::string>>& entries) {
    std::string listed;
    for (const auto& [id, bytes] : entries)
        listed += "<ic:DocumentoIndizado><ic:IdentificadorDocumento>" + id +
                  "</ic:IdentificadorDocumento><ic:ValorHuella>" +
                  crypto::base64(crypto::view(crypto::sha256(bytes))) +
                  "</ic:ValorHuella><ic:FuncionResumen>SHA-256</ic:FuncionResumen></ic:DocumentoIndizado>";
    return "<e:expediente" + spaces +
           "><i:indice><i:IndiceContenido Id=\"I1\"><ic:FechaIndiceElectronico>2026-11-20T09:00:00+01:00"
           "</ic:FechaIndiceElectronico>" +
           listed +
           "</i:IndiceContenido><f:firmas><f:firma><f:TipoFirma>TF02</f:TipoFirma><f:ContenidoFirma><f:FirmaConCertificado/>"
           "</f:ContenidoFirma></f:firma></f:firmas></i:indice><em:metadatosExp Id=\"M1\"><em:VersionNTI>" +
           eni::expediente_ns +
           "</em:VersionNTI><em:Identificador>ES_L01099999_2026_EXP_1</em:Identificador><em:Organo>L01099999</em:Organo>"
           "<em:FechaAperturaExpediente>2026-11-20T09:00:00Z</em:FechaAperturaExpediente><em:Clasificacion>L01099999_PRO_1"
           "</em:Clasificacion><em:Estado>E03</em:Estado><em:Interesado>00000000T</em:Interesado></em:metadatosExp>"
           "</e:expediente>";
}

std::string signed_over(const std::string& xml, std::vector<std::string> ids) {
    const auto key = Pki::plain().key("sello");
    const auto prepared =
        signature::prepare_xades(xml, key.certificate(), key.chain(),
                                 {std::move(ids), "FirmaConCertificado", crypto::now(), std::nullopt});
    return signature::finish_xades(prepared, key.sign(prepared.to_sign));
}

std::string sealed_documento(const std::string& id = "ES_L01099999_2026_EVI01") {
    return signed_over(a_documento(id), {"C1", "M1"});
}

validation::Options trusting() {
    validation::Options options;
    options.roots = Pki::plain().roots();
    options.require_revocation = false;
    return options;
}

std::string verdict(const std::string& file) {
    return eni::judge_received(file, trusting()).string_or("veredicto", "");
}

bool says(const concejo::Json& report, const std::string& code) {
    for (const auto& one : report.at("hallazgos").as_array())
        if (one.string_or("codigo", "") == code) return true;
    return false;
}

std::string zipped(const Workspace& work, const std::vector<std::pair<std::string, std::string>>& files) {
    std::filesystem::remove(work / "all.zip");
    std::string names;
    for (const auto& [name, bytes] : files) testing::write(work / name, bytes), names += " " + name;
    REQUIRE(work.run("python3 -m zipfile -c all.zip" + names).code == 0);
    return testing::read(work / "all.zip");
}

/// xmllint's word, by the official schema; nothing where there are no schemas here.
std::optional<bool> official(const Workspace& work, const std::string& xml, const std::string& schema) {
    const auto folder = testing::conformance("eni");
    if (folder.empty()) return std::nullopt;
    testing::write(work / "judged.xml", xml);
    return work.run("XML_CATALOG_FILES=" + (folder / "catalog.xml").string() +
                    " xmllint --nonet --noout --schema " + (folder / "eni-xsd" / schema).string() +
                    " judged.xml")
               .code == 0;
}

bool shaped(const std::string& xml, bool expediente) {
    const xml::Document document(xml);
    const auto wrong =
        expediente ? eni::wrong_in_expediente(document.root()) : eni::wrong_in_documento(document.root());
    for (const auto& one : wrong) UNSCOPED_INFO(one);
    return wrong.empty();
}

}  // namespace

TEST_CASE("the shape of a documento is judged as the official schema judges it") {
    const Workspace work;
    const auto good = sealed_documento();
    CHECK(shaped(good, false));
    CHECK(official(work, good, "documentoEni.xsd").value_or(true));
    const std::pair<const char*, const char*> changes[] = {
        {">EE04<", ">EE05<"},
        {">TD08<", ">TD21<"},
        {">TF02<", ">TF07<"},
        {">true<", ">si<"},
        {"2026-11-20T09:00:00Z", "2026-11-20"},
        {"2026-11-20T09:00:00Z", "2026-13-20T09:00:00Z"},
        {"<c:ValorBinario>ZWRpY3Rv</c:ValorBinario>", ""},
        {"<m:Organo>L01099999</m:Organo>", ""},
        {"<c:NombreFormato>TXT</c:NombreFormato>", ""},
        {"<m:TipoDocumental>TD08</m:TipoDocumental>", "<m:TipoDocumental>TD08</m:TipoDocumental><m:Otro/>"},
        {"<f:TipoFirma>TF02</f:TipoFirma>", ""},
        {"<m:VersionNTI>", "<m:Identificador>a</m:Identificador><m:VersionNTI>"},
    };
    for (const auto& [what, with] : changes) {
        INFO(what << " → " << with);
        const auto bad = replaced(good, what, with);
        CHECK_FALSE(shaped(bad, false));
        CHECK_FALSE(official(work, bad, "documentoEni.xsd").value_or(false));
    }
    CHECK_FALSE(shaped(replaced(good, ">ZWRpY3Rv<", ">%%%<"), false));  // libxml2 lets it pass
}

TEST_CASE(
    "the shape of an expediente is judged as the official schema judges it, folders and nested ones too") {
    const Workspace work;
    auto good = signed_over(an_expediente({{"a", "a"}, {"b", "b"}}), {"I1", "M1"});
    CHECK(shaped(good, true));
    CHECK(official(work, good, "expedienteEni.xsd").value_or(true));
    const auto folder = replaced(
        good, "</ic:FechaIndiceElectronico>",
        "</ic:FechaIndiceElectronico><ic:CarpetaIndizada><ic:IdentificadorCarpeta>x</ic:IdentificadorCarpeta>"
        "<ic:ExpedienteIndizado><ic:FechaIndiceElectronico>2026-11-20T09:00:00</ic:FechaIndiceElectronico>"
        "<ic:DocumentoIndizado><ic:IdentificadorDocumento>c</ic:IdentificadorDocumento><ic:ValorHuella>c"
        "</ic:ValorHuella><ic:FuncionResumen>SHA-1</ic:FuncionResumen></ic:DocumentoIndizado>"
        "</ic:ExpedienteIndizado></ic:CarpetaIndizada>");
    CHECK(shaped(folder, true));
    CHECK(official(work, folder, "expedienteEni.xsd").value_or(true));
    const std::pair<const char*, const char*> changes[] = {
        {">E03<", ">E04<"},
        {"<em:Clasificacion>L01099999_PRO_1</em:Clasificacion>", ""},
        {"<ic:FechaIndiceElectronico>2026-11-20T09:00:00+01:00</ic:FechaIndiceElectronico>", ""},
        {"<ic:FuncionResumen>SHA-256</ic:FuncionResumen>", ""},
        {"<em:Interesado>", "<em:Otro>x</em:Otro><em:Interesado>"},
    };
    for (const auto& [what, with] : changes) {
        INFO(what << " → " << with);
        const auto bad = replaced(good, what, with);
        CHECK_FALSE(shaped(bad, true));
        CHECK_FALSE(official(work, bad, "expedienteEni.xsd").value_or(false));
    }
}

TEST_CASE(
    "a documento that came whole is right; with a letter changed it is wrong; of strangers nobody knows") {
    const auto good = sealed_documento();
    const auto report = eni::judge_received(good, trusting());
    INFO(report.dump(true));
    CHECK(report.string_or("veredicto", "") == "correcto");
    CHECK(report.string_or("identificador", "") == "ES_L01099999_2026_EVI01");
    CHECK(report.at("metadatos").string_or("EstadoElaboracion", "") == "EE04");
    CHECK(report.at("metadatos").string_or("IdentificadorDocumentoOrigen", "") == "ES_L01099999_2026_X");
    CHECK(verdict(replaced(good, ">TD08<", ">TD09<")) == "incorrecto");
    CHECK(verdict(replaced(good, ">ZWRpY3Rv<", ">ZWRpY3RB<")) == "incorrecto");
    CHECK(eni::judge_received(good, {}).string_or("veredicto", "") == "indeterminado");
    for (const auto* bad :
         {"", "nada", "<a/>", "PK\3\4", "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>"})
        CHECK(verdict(bad) == "incorrecto");
}

TEST_CASE("a true signature of something else does not make a documento good") {
    const auto only_metadata = signed_over(a_documento(), {"M1"});
    auto report = eni::judge_received(only_metadata, trusting());
    CHECK(report.string_or("veredicto", "") == "indeterminado");
    CHECK(says(report, "content_unsigned"));
    // The signed content is moved aside, with its Id, and another takes its place.
    const auto good = sealed_documento();
    const auto from = good.find("<c:contenido"), to = good.find("</c:contenido>") + 14;
    const auto moved = good.substr(from, to - from);
    auto wrapped =
        replaced(good, moved, replaced(replaced(moved, "Id=\"C1\"", "Id=\"C2\""), "ZWRpY3Rv", "b3Rybw=="));
    wrapped = replaced(wrapped, "<ds:KeyInfo>", "<ds:Object>" + moved + "</ds:Object><ds:KeyInfo>");
    report = eni::judge_received(wrapped, trusting());
    INFO(report.dump(true));
    CHECK(report.string_or("veredicto", "") != "correcto");
    CHECK(verdict(replaced(good, "<c:contenido Id=\"C1\"", "<c:contenido Id=\"M1\"")) == "incorrecto");
    report = eni::judge_received(signed_over(a_documento(), {"C1"}), trusting());
    CHECK(report.string_or("veredicto", "") == "correcto");
    CHECK(says(report, "metadata_unsigned"));
}

TEST_CASE("the index of an expediente answers for its documents") {
    const Workspace work;
    const auto one = sealed_documento("uno"), two = sealed_documento("dos");
    const auto index = signed_over(an_expediente({{"uno", one}, {"dos", "edicto"}}), {"I1", "M1"});
    auto report = eni::judge_received(
        zipped(work, {{"e.xml", index}, {"1.xml", one}, {"2.xml", two}, {"nota.txt", "x"}}), trusting());
    INFO(report.dump(true));
    CHECK(report.string_or("veredicto", "") == "correcto");
    CHECK(report.at("documentos").as_array().size() == 2);
    CHECK(report.at("documentos").as_array()[1].string_or("huella", "") ==
          "correcta");  // of the content in it

    report = eni::judge_received(zipped(work, {{"e.xml", index}, {"1.xml", one}}), trusting());
    CHECK(report.string_or("veredicto", "") == "indeterminado");
    CHECK(says(report, "document_missing"));
    const auto other = signed_over(replaced(a_documento("uno"), ">ZWRpY3Rv<", ">b3Rybw==<"), {"C1", "M1"});
    report =
        eni::judge_received(zipped(work, {{"e.xml", index}, {"1.xml", other}, {"2.xml", two}}), trusting());
    CHECK(report.string_or("veredicto", "") == "incorrecto");
    CHECK(says(report, "hash_wrong"));
    report = eni::judge_received(
        zipped(work, {{"e.xml", index}, {"1.xml", one}, {"2.xml", two}, {"3.xml", sealed_documento("tres")}}),
        trusting());
    CHECK(says(report, "document_extra"));
    report = eni::judge_received(
        zipped(work, {{"e.xml", index}, {"1.xml", one}, {"2.xml", two}, {"3.xml", other}}), trusting());
    CHECK(says(report, "document_twice"));
    CHECK(verdict(replaced(index, "<ic:IdentificadorDocumento>dos", "<ic:IdentificadorDocumento>tres")) ==
          "incorrecto");
    const auto unsigned_index = signed_over(an_expediente({{"uno", one}}), {"M1"});
    report = eni::judge_received(zipped(work, {{"e.xml", unsigned_index}, {"1.xml", one}}), trusting());
    CHECK(says(report, "index_unsigned"));
    CHECK(report.string_or("veredicto", "") == "indeterminado");
}

TEST_CASE("the BOE's own example, whose signature is empty, is not taken for good") {
    const auto sample = testing::conformance("eni/NTI-BOE-A-2011-13169_ex_XAdES_Internally_detached.xml");
    if (sample.empty()) {
        WARN("CONCEJO_CONFORMANCE is not set");
        return;
    }
    const auto report = eni::judge_received(testing::read(sample), trusting());
    INFO(report.dump(true));
    CHECK(report.string_or("veredicto", "") != "correcto");
}
