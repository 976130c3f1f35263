#include "eni_metadata.hpp"

#include "copies.hpp"
#include "eni.hpp"
#include "sdk.hpp"

#include <algorithm>

namespace evidence {

const std::vector<std::pair<const char*, const char*>>& kinds_of_document() {
    static const std::vector<std::pair<const char*, const char*>> all{
        {"TD99", N_("Otros")},        {"TD14", N_("Solicitud")},
        {"TD15", N_("Denuncia")},     {"TD16", N_("Alegación")},
        {"TD17", N_("Recurso")},      {"TD18", N_("Comunicación de un ciudadano")},
        {"TD19", N_("Factura")},      {"TD01", N_("Resolución")},
        {"TD02", N_("Acuerdo")},      {"TD03", N_("Contrato")},
        {"TD04", N_("Convenio")},     {"TD05", N_("Declaración")},
        {"TD06", N_("Comunicación")}, {"TD07", N_("Notificación")},
        {"TD08", N_("Publicación")},  {"TD09", N_("Acuse de recibo")},
        {"TD10", N_("Acta")},         {"TD11", N_("Certificado")},
        {"TD12", N_("Diligencia")},   {"TD13", N_("Informe")}};
    return all;
}

Json eni_metadata(const Call& call, const Documento& d) {
    const Json town = call.municipality();
    Json rows = Json::array();
    const auto row = [&](std::string label, std::string text) {
        rows.push_back(
            Json::object({{"label", std::move(label)}, {"text", std::move(text)}, {"href", Json()}}));
    };
    const auto state = d.metadatos.string_or("estado_elaboracion", "EE01"),
               kind = d.metadatos.string_or("tipo_documental", "TD99");
    const char* condition = condition_of(d);
    if (!condition) condition = N_("Original");
    const auto& kinds = kinds_of_document();
    const auto named =
        std::find_if(kinds.begin(), kinds.end(), [&](const auto& one) { return kind == one.first; });
    row(call.tr("Versión de la norma"), "http://administracionelectronica.gob.es/ENI/XSD/v1.0/documento-e");
    row(call.tr("Identificador"), eni_identifier(town, d));
    row(call.tr("Órgano"), dir3_of(town) + " · " + town.string_or("name", ""));
    row(call.tr("Fecha de captura"),
        call.instant(d.sellado_en, concejo::Style::long_, concejo::Style::medium));
    row(call.tr("Origen"), from_citizen(d) ? call.tr("Ciudadano") : call.tr("Administración"));
    row(call.tr("Estado de elaboración"), state + " · " + call.tr(condition));
    if (const auto source = d.metadatos.string_or("identificador_documento_origen", ""); !source.empty())
        row(call.tr("Documento de origen"), source);
    row(call.tr("Formato"), format_of(d));
    row(call.tr("Tipo documental"), named == kinds.end() ? kind : kind + " · " + call.tr(named->second));
    row(call.tr("Tipos de firma"), call.tr("TF04 · CAdES separada; TF01 · código seguro de verificación"));
    return rows;
}

}  // namespace evidence
