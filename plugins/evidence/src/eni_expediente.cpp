#include "eni_expediente.hpp"

#include "eni.hpp"
#include "eni_xml.hpp"
#include "pages.hpp"
#include "seal.hpp"
#include "seal_xml.hpp"

#include "plugins/evidence/bundle/zip.hpp"
#include "plugins/evidence/crypto/encoding.hpp"

#include <concejo/escape.hpp>

#include <algorithm>
#include <cstdio>

namespace evidence {

std::string eni_identifier(const Json& municipality, const ExpedienteEni& expediente) {
    return "ES_" + dir3_of(municipality) + "_" + utc(expediente.abierto_en).substr(0, 4) + "_EXP_" +
           expediente.especifico;
}

std::string eni_index(const Call& call, const Office& office, const ExpedienteEni& expediente,
                      const std::vector<std::string>& xml) {
    const Json municipality = call.municipality();
    const auto dir3 = dir3_of(municipality);
    const auto now =
        std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()).time_since_epoch().count();
    std::string documents = element("eniconexpind:FechaIndiceElectronico", utc(now));
    for (std::size_t n = 0; n < xml.size(); ++n) {
        const auto& d = expediente.documentos.at(n);
        const auto order = std::to_string(n + 1);
        documents += element(
            "eniconexpind:DocumentoIndizado",
            element("eniconexpind:IdentificadorDocumento", eni_identifier(municipality, d)) +
                element("eniconexpind:ValorHuella", crypto::base64(crypto::view(crypto::sha256(xml[n])))) +
                element("eniconexpind:FuncionResumen", "http://www.w3.org/2001/04/xmlenc#sha256") +
                element("eniconexpind:FechaIncorporacionExpediente", utc(d.sellado_en)) +
                element("eniconexpind:OrdenDocumentoExpediente", order),
            " Id=\"DOCUMENTO_" + order + "\"");
    }
    std::string interested;
    for (const auto& one : expediente.interesados)
        interested += element("eniexpmeta:Interesado", concejo::escape_xml(one));
    const auto index =
        element("eniexpind:IndiceContenido", documents, " Id=\"INDICE_CONTENIDO_1\"") +
        element("enids:firmas",
                element("enids:firma",
                        element("enids:TipoFirma", "TF02") +
                            element("enids:ContenidoFirma", element("enids:FirmaConCertificado", "")),
                        " Id=\"FIRMA_1\" ref=\"INDICE_CONTENIDO_1,METADATOS_1\""));
    const auto metadata = element("eniexpmeta:VersionNTI", std::string(eni_space) + "expediente-e") +
                          element("eniexpmeta:Identificador", eni_identifier(municipality, expediente)) +
                          element("eniexpmeta:Organo", dir3) +
                          element("eniexpmeta:FechaAperturaExpediente", utc(expediente.abierto_en)) +
                          element("eniexpmeta:Clasificacion", concejo::escape_xml(expediente.clasificacion)) +
                          element("eniexpmeta:Estado", expediente.estado) + interested;
    const auto text =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" +
        element("eniexp:expediente",
                element("eniexpind:indice", index, " Id=\"INDICE_1\"") +
                    element("eniexpmeta:metadatosExp", metadata, " Id=\"METADATOS_1\""),
                std::string(" xmlns:eniexp=\"") + eni_space + "expediente-e\" xmlns:eniexpind=\"" +
                    eni_space + "expediente-e/indice-e\" xmlns:eniconexpind=\"" + eni_space +
                    "expediente-e/indice-e/contenido\" xmlns:eniexpmeta=\"" + eni_space +
                    "expediente-e/metadatos\" xmlns:enids=\"" + eni_space + "firma\" Id=\"EXPEDIENTE_1\"") +
        "\n";
    return seal_xml(call, office, text, {"INDICE_CONTENIDO_1", "METADATOS_1"}, "FirmaConCertificado").xml;
}

std::string eni_zip(const Call& call, const Office& office, const ExpedienteEni& expediente) {
    std::vector<std::string> names{"expediente.eni.xml"}, xml;
    for (const auto& d : expediente.documentos) {
        xml.push_back(eni_document(call, d));
        char name[64];
        std::snprintf(name, sizeof name, "documento-%03zu.eni.xml", xml.size());
        names.emplace_back(name);
    }
    const auto index = eni_index(call, office, expediente, xml);
    std::vector<bundle::File> files{{names[0], index}};
    for (std::size_t n = 0; n < xml.size(); ++n) files.push_back({names[n + 1], xml[n]});
    return bundle::write_zip(files);
}

namespace {

Json expediente_option(const char* name, const char* help, bool required = false) {
    return Json::object({{"name", name}, {"help", help}, {"required", required}, {"flag", false}});
}

std::vector<std::string> listed(const std::string& text, char at) {
    std::vector<std::string> parts;
    for (std::size_t from = 0; from <= text.size();) {
        const auto end = std::min(text.find(at, from), text.size());
        auto part = text.substr(from, end - from);
        const auto first = part.find_first_not_of(" \t");
        if (first != std::string::npos)
            parts.push_back(part.substr(first, part.find_last_not_of(" \t") - first + 1));
        from = end + 1;
    }
    return parts;
}

/// What is sealed under a reference, but for the copies of it that were given to somebody.
std::vector<Documento> documents_of(Transaction& tx, const std::string& referencia) {
    std::vector<Documento> all;
    for (
        const auto& row : tx.exec_list(
            "SELECT d.csv FROM evidence_documento d WHERE d.metadatos ->> 'referencia' = $1 AND d.sal IS NOT NULL AND NOT "
            "EXISTS (SELECT 1 FROM evidence_copia c WHERE c.csv = d.csv AND c.origen IS NOT NULL) ORDER BY d.hoja LIMIT 999",
            {Param(referencia)}))
        all.push_back(*Documents(tx).find(*Csv::parse(row.view(0))));
    return all;
}

/// "2026/0043-bis" → "20260043bis".
std::string letters_and_digits(const std::string& text) {
    std::string out;
    for (const char c : text)
        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')) out += c;
    return out.substr(0, 30);
}

/// Seconds of a day's beginning in UTC; nothing where it is no AAAA-MM-DD.
std::optional<std::int64_t> day_of(const std::string& text) {
    int year = 0, month = 0, day = 0, used = 0;
    if (std::sscanf(text.c_str(), "%4d-%2d-%2d%n", &year, &month, &day, &used) != 3 || used != 10 ||
        text.size() != 10)
        return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_seconds(std::chrono::sys_days(date)).time_since_epoch().count();
}

void expediente_command(const Call& call, const Json& arguments, const Terminal& terminal) {
    const auto refuse_with = [&](const std::string& text, int code) {
        terminal.err(text);
        terminal.exit_code(code);
    };
    const auto referencia = arguments.string_or("referencia", ""), codes = arguments.string_or("csv", "");
    if (referencia.empty() == codes.empty())
        return refuse_with(call.tr("Diga los documentos con --referencia o con --csv, y no con las dos."), 2);
    ExpedienteEni expediente;
    expediente.estado = arguments.string_or("estado", "E03");
    if (expediente.estado != "E01" && expediente.estado != "E02" && expediente.estado != "E03")
        return refuse_with(
            call.tr("--estado es E01 (abierto), E02 (cerrado) o E03 (índice cerrado para remitirlo)."), 2);
    expediente.clasificacion = arguments.string_or("clasificacion", "");
    expediente.interesados = listed(arguments.string_or("interesados", ""), ',');
    expediente.especifico = letters_and_digits(arguments.string_or("identificador", referencia));
    if (expediente.especifico.empty())
        return refuse_with(
            call.tr("Falta --identificador: de 1 a 30 letras y cifras que no tenga otro expediente."), 2);
    auto tx = call.begin();
    if (!referencia.empty()) expediente.documentos = documents_of(tx, referencia);
    for (const auto& code : listed(codes, ',')) {
        const auto csv = Csv::parse(code);
        auto found = csv ? Documents(tx).find(*csv) : std::nullopt;
        if (!found || found->sal.empty())
            return refuse_with(fill(call.tr("Ningún documento tiene el código {csv}."), {{"csv", code}}), 1);
        expediente.documentos.push_back(std::move(*found));
    }
    if (expediente.documentos.empty())
        return refuse_with(call.tr("Ningún documento sellado tiene esa referencia."), 1);
    expediente.abierto_en = expediente.documentos.front().sellado_en;
    for (const auto& d : expediente.documentos)
        expediente.abierto_en = std::min(expediente.abierto_en, d.sellado_en);
    if (const auto opened = arguments.string_or("apertura", ""); !opened.empty()) {
        const auto day = day_of(opened);
        if (!day) return refuse_with(call.tr("--apertura es una fecha AAAA-MM-DD."), 2);
        expediente.abierto_en = *day;
    }
    const auto office = office_of(call, tx);
    tx.commit();
    terminal.write(eni_zip(call, *office, expediente));
}

}  // namespace

void register_expediente(concejo::Kernel& kernel) {
    kernel.command(
        Json::object(
            {{"verb", "expediente"},
             {"help",
              N_("Escribe en la salida un expediente ENI en un zip: su índice firmado y sus documentos.")},
             {"options",
              Json::array(
                  {expediente_option("clasificacion",
                                     N_("código SIA del procedimiento, o DIR3_PRO_código propio"), true),
                   expediente_option("referencia", N_("todos los documentos sellados con esa referencia")),
                   expediente_option("csv", N_("estos documentos, por sus códigos separados por comas")),
                   expediente_option("identificador",
                                     N_("parte propia del identificador; si falta, la referencia")),
                   expediente_option("apertura",
                                     N_("fecha de apertura, AAAA-MM-DD; si falta, la del primer documento")),
                   expediente_option("estado",
                                     N_("E01 abierto, E02 cerrado, E03 índice cerrado para remitirlo")),
                   expediente_option("interesados",
                                     N_("NIF u otro identificador de cada uno, separados por comas"))})}}),
        expediente_command);
}

}  // namespace evidence
