#include "eni.hpp"

#include "seal.hpp"

#include "plugins/evidence/crypto/encoding.hpp"
#include "plugins/evidence/signature/xades.hpp"

#include <concejo/text.hpp>

namespace evidence {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;
using concejo::N_;

constexpr const char* space = "http://administracionelectronica.gob.es/ENI/XSD/v1.0/";

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else
            out += c;
    }
    return out;
}

std::string element(const std::string& name, std::string_view content, const std::string& attributes = {}) {
    return "<" + name + attributes + ">" + std::string(content) + "</" + name + ">";
}

std::string one_signature(int number, const char* covers, const char* type, const std::string& content) {
    return element("enids:firma", element("enids:TipoFirma", type) + element("enids:ContenidoFirma", content),
                   " Id=\"FIRMA_" + std::to_string(number) + "\" ref=\"" + covers + "\"");
}

/// NTI de catálogo de estándares: names of formats.
std::string format_of(const Documento& d) {
    if (d.tipo_medio == "application/pdf") return "PDF";
    const auto dot = d.nombre.rfind('.');
    std::string extension;
    for (const char c : dot == std::string::npos ? std::string("BIN") : d.nombre.substr(dot + 1))
        extension += static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    return extension;
}

}  // namespace

std::string eni_identifier(const std::string& dir3, const Documento& d) {
    return "ES_" + dir3 + "_" + utc(d.sellado_en).substr(0, 4) + "_EVI" + d.csv.text();
}

std::string eni_document(const Json& municipality, const Office& office, const Documento& d,
                         std::string_view content) {
    if (!municipality["dir3"].is_string())
        throw Error(ErrorKind::invalid,
                    N_("El documento ENI necesita el código DIR3 del municipio: póngalo en municipio.dir3."));
    const auto& dir3 = municipality["dir3"].as_string();
    const std::string law =
        municipality["legal"].is_object() ? municipality["legal"]["creation"].string_or("rule", "") : "";
    const std::string state =
        element("enidocmeta:EstadoElaboracion", element("enidocmeta:ValorEstadoElaboracion", "EE01"));
    const std::string metadata =
        element("enidocmeta:VersionNTI", std::string(space) + "documento-e") +
        element("enidocmeta:Identificador", eni_identifier(dir3, d)) + element("enidocmeta:Organo", dir3) +
        element("enidocmeta:FechaCaptura", utc(d.sellado_en)) +
        element("enidocmeta:OrigenCiudadanoAdministracion", "true") + state +
        element("enidocmeta:TipoDocumental", d.metadatos.string_or("tipo_documental", "TD99"));
    const std::string xml =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" +
        element(
            "enidoc:documento",
            element("enifile:contenido",
                    element("enifile:ValorBinario", crypto::base64(content)) +
                        element("enifile:NombreFormato", escaped(format_of(d))),
                    " Id=\"CONTENIDO_1\"") +
                element("enidocmeta:metadatos", metadata, " Id=\"METADATOS_1\"") +
                element("enids:firmas",
                        one_signature(1, "CONTENIDO_1,METADATOS_1", "TF02",
                                      element("enids:FirmaConCertificado", "")) +
                            one_signature(2, "CONTENIDO_1", "TF04",
                                          element("enids:FirmaConCertificado",
                                                  element("enids:FirmaBase64",
                                                          crypto::base64(d.sello ? signature::with_timestamp(
                                                                                       d.firma, *d.sello)
                                                                                 : d.firma)))) +
                            one_signature(
                                3, "CONTENIDO_1", "TF01",
                                element("enids:CSV",
                                        element("enids:ValorCSV", d.csv.grouped()) +
                                            element("enids:RegulacionGeneracionCSV",
                                                    escaped(law.empty() ? "Real Decreto 203/2021, artículo 21"
                                                                        : law))))),
            std::string(" xmlns:enidoc=\"") + space + "documento-e\" xmlns:enifile=\"" + space +
                "documento-e/contenido\" xmlns:enidocmeta=\"" + space +
                "documento-e/metadatos\" xmlns:enids=\"" + space + "firma\" Id=\"DOCUMENTO_1\"") +
        "\n";
    const auto prepared = signature::prepare_xades(
        xml, office.seal->certificate(), office.seal->chain(),
        {{"CONTENIDO_1", "METADATOS_1"}, "FirmaConCertificado", crypto::now(), std::nullopt});
    return signature::finish_xades(prepared, office.seal->sign(prepared.to_sign));
}

}  // namespace evidence
