#include "eni.hpp"

#include "code_copies.hpp"
#include "eni_xml.hpp"
#include "make_bundle.hpp"
#include "material.hpp"
#include "sdk.hpp"
#include "seal.hpp"
#include "seal_xml.hpp"

#include "plugins/evidence/crypto/encoding.hpp"

#include <concejo/escape.hpp>

namespace evidence {
namespace {

std::string one_signature(int number, const char* covers, const char* type, const std::string& content) {
    return element("enids:firma", element("enids:TipoFirma", type) + element("enids:ContenidoFirma", content),
                   " Id=\"FIRMA_" + std::to_string(number) + "\" ref=\"" + covers + "\"");
}

}  // namespace

std::string format_of(const Documento& d) {
    if (d.tipo_medio == "application/pdf") return "PDF";
    const auto dot = d.nombre.rfind('.');
    std::string extension;
    for (const char c : dot == std::string::npos ? std::string("BIN") : d.nombre.substr(dot + 1))
        extension += static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    return extension;
}

bool from_citizen(const Documento& d) { return d.metadatos.string_or("origen", "") == "ciudadano"; }

namespace {

/// NTI de procedimientos de copiado auténtico, III.5: a copy says what it is a copy of.
std::string state_of_making(const Documento& d) {
    const auto source = d.metadatos.string_or("identificador_documento_origen", "");
    return element(
        "enidocmeta:EstadoElaboracion",
        element("enidocmeta:ValorEstadoElaboracion", d.metadatos.string_or("estado_elaboracion", "EE01")) +
            (source.empty()
                 ? std::string()
                 : element("enidocmeta:IdentificadorDocumentoOrigen", concejo::escape_xml(source))));
}

}  // namespace

std::string dir3_of(const Json& municipality) {
    if (!municipality["dir3"].is_string())
        throw Error(ErrorKind::invalid,
                    N_("El documento ENI necesita el código DIR3 del municipio: póngalo en municipio.dir3."));
    return municipality["dir3"].as_string();
}

std::string eni_identifier(const Json& municipality, const Documento& d) {
    const auto digest = crypto::sha256("ENI " + d.csv.text());
    return "ES_" + dir3_of(municipality) + "_" + utc(d.sellado_en).substr(0, 4) + "_EVI" +
           Csv::of(crypto::view(digest).substr(0, 16)).text();
}

namespace {

/// `seal`: the CMS of the municipality's seal.
std::string unsigned_document(const Json& municipality, const Documento& d, std::string_view content,
                              std::string_view seal) {
    const std::string law =
        municipality["legal"].is_object() ? municipality["legal"]["creation"].string_or("rule", "") : "";
    const std::string metadata =
        element("enidocmeta:VersionNTI", std::string(eni_space) + "documento-e") +
        element("enidocmeta:Identificador", eni_identifier(municipality, d)) +
        element("enidocmeta:Organo", dir3_of(municipality)) +
        element("enidocmeta:FechaCaptura", utc(d.sellado_en)) +
        element("enidocmeta:OrigenCiudadanoAdministracion", from_citizen(d) ? "false" : "true") +
        state_of_making(d) +
        element("enidocmeta:TipoDocumental", d.metadatos.string_or("tipo_documental", "TD99"));
    const auto with_certificate = [](const std::string& inside) {
        return element("enids:FirmaConCertificado", inside);
    };
    const auto code = element("enids:ValorCSV", d.csv.grouped()) +
                      element("enids:RegulacionGeneracionCSV",
                              concejo::escape_xml(law.empty() ? "Real Decreto 203/2021, artículo 21" : law));
    const auto signatures =
        one_signature(1, "CONTENIDO_1,METADATOS_1", "TF02", with_certificate("")) +
        one_signature(2, "CONTENIDO_1", "TF04",
                      with_certificate(element("enids:FirmaBase64", crypto::base64(seal)))) +
        one_signature(3, "CONTENIDO_1", "TF01", element("enids:CSV", code));
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" +
           element("enidoc:documento",
                   element("enifile:contenido",
                           element("enifile:ValorBinario", crypto::base64(content)) +
                               element("enifile:NombreFormato", concejo::escape_xml(format_of(d))),
                           " Id=\"CONTENIDO_1\"") +
                       element("enidocmeta:metadatos", metadata, " Id=\"METADATOS_1\"") +
                       element("enids:firmas", signatures),
                   std::string(" xmlns:enidoc=\"") + eni_space + "documento-e\" xmlns:enifile=\"" +
                       eni_space + "documento-e/contenido\" xmlns:enidocmeta=\"" + eni_space +
                       "documento-e/metadatos\" xmlns:enids=\"" + eni_space + "firma\" Id=\"DOCUMENTO_1\"") +
           "\n";
}

}  // namespace

std::string eni_document(const Call& call, const Documento& d) {
    std::shared_ptr<const Office> office;
    std::optional<std::string> kept;
    LongTermSeal seal{d.firma, std::nullopt};
    {
        auto tx = call.begin();
        kept = CodeCopies(tx).find(d.csv, as_eni);
        if (!kept) {
            office = office_of(call, tx);
            if (d.sello)
                seal = long_term_seal(tx, d.csv.text(), signature::with_timestamp(d.firma, *d.sello),
                                      d.sellado_en);
        }
        tx.commit();
    }
    if (kept) return whole_blob(call, *kept);
    const auto sealed =
        seal_xml(call, *office, unsigned_document(call.municipality(), d, stored_content(call, d), seal.cms),
                 {"CONTENIDO_1", "METADATOS_1"}, "FirmaConCertificado");
    // what the seal lacks today it may have tomorrow; what nobody says of it in a day, nobody is going to say
    const auto age = crypto::now() - crypto::Time(std::chrono::seconds(d.sellado_en));
    const bool complete = d.sello && (seal.material || age > std::chrono::hours(24));
    if (sealed.dated && complete && d.bytes <= largest_code_copy)
        keep_copy(call, *office, d, as_eni, sealed.xml, "application/xml");
    return sealed.xml;
}

}  // namespace evidence
