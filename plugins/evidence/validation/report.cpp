#include "plugins/evidence/validation/report.hpp"

#include <concejo/text.hpp>

#include <algorithm>

namespace evidence::validation {
namespace {

using concejo::Json;
using concejo::N_;

struct Text {
    std::string_view code;
    const char* text;
};
// Plain words for who is not a lawyer nor a cryptographer.
constexpr Text texts[] = {
    {"no_signature", N_("El archivo no tiene ninguna firma")},
    {"unreadable", N_("El archivo no se puede leer")},
    {"structure_damaged",
     N_("La estructura del archivo está dañada: cada programa puede mostrar algo distinto")},
    {"bytes_after_signature", N_("Después de la última firma hay datos que ningún programa debería mostrar")},
    {"signature_format", N_("La firma no tiene la forma que exige la norma")},
    {"content_missing", N_("Falta el contenido que se firmó")},
    {"content_changed", N_("El contenido no es el que se firmó")},
    {"signature_invalid", N_("La firma no corresponde a la clave del certificado")},
    {"no_signer_certificate", N_("Falta el certificado del firmante")},
    {"signing_certificate_mismatch", N_("La firma nombra un certificado distinto del que la acompaña")},
    {"no_signing_certificate_attribute", N_("La firma no nombra su certificado: es de un formato antiguo")},
    {"weak_algorithm", N_("Usa un algoritmo que ya no se considera seguro")},
    {"certificate_not_for_signing", N_("El certificado no es para firmar")},
    {"chain_not_trusted", N_("El certificado no procede de una autoridad en la que se confíe aquí")},
    {"chain_invalid", N_("La cadena de certificados no es válida")},
    {"certificate_expired",
     N_("El certificado había caducado y ningún sello de tiempo demuestra que se firmara antes")},
    {"certificate_not_yet_valid", N_("Se firmó antes de que el certificado fuera válido")},
    {"certificate_revoked", N_("El certificado estaba revocado cuando se firmó")},
    {"revoked_without_proof_of_time",
     N_("El certificado está revocado y ningún sello de tiempo demuestra que se firmara antes")},
    {"revocation_unknown", N_("No se ha podido saber si el certificado estaba revocado")},
    {"timestamp_imprint_mismatch", N_("El sello de tiempo es de otra cosa")},
    {"timestamp_invalid", N_("El sello de tiempo no es válido")},
    {"timestamp_not_trusted", N_("El sello de tiempo no procede de una autoridad en la que se confíe aquí")},
    {"timestamp_order", N_("Los sellos de tiempo se contradicen: el de fuera es anterior al de dentro")},
    {"archive_timestamp_unsupported", N_("El sello de archivo tiene una forma que aquí no se comprueba")},
    {"policy_unknown", N_("La firma declara una política que aquí no se conoce")},
    {"range_invalid", N_("La firma no cubre un tramo válido del archivo")},
    {"range_not_from_start", N_("La firma no cubre el archivo desde el principio")},
    {"range_hole", N_("Lo que la firma deja fuera no es solo su propio hueco")},
    {"range_not_a_revision", N_("La firma no llega hasta el final de una versión del archivo")},
    {"signature_shared", N_("Dos firmas usan el mismo tramo del archivo")},
    {"changed_after_signature", N_("El documento se cambió después de esta firma")},
    {"later_signatures",
     N_("Después de esta firma se añadieron otras firmas o sellos, sin cambiar el documento")},
    {"page_content_changed", N_("Cambió lo que se ve en una página")},
    {"page_resources_changed", N_("Cambiaron letras, imágenes u otros elementos de una página")},
    {"page_changed", N_("Cambió una página")},
    {"pages_added", N_("Se añadieron páginas")},
    {"pages_removed", N_("Se quitaron páginas")},
    {"pages_changed", N_("Cambió la lista de páginas")},
    {"annotation_added", N_("Se añadió una anotación, que puede tapar o alterar lo que se ve")},
    {"annotation_allowed", N_("Se añadió una anotación, como permite la certificación del documento")},
    {"annotation_changed", N_("Cambió una anotación")},
    {"annotation_removed", N_("Se quitó una anotación")},
    {"visible_signature_added", N_("Se añadió una firma con sello visible en la página")},
    {"visible_signature_large", N_("Se añadió una firma cuyo sello tapa buena parte de la página")},
    {"form_filled", N_("Se rellenó el formulario después de la firma")},
    {"form_filled_allowed", N_("Se rellenó el formulario, como permite la certificación del documento")},
    {"field_added", N_("Se añadió un campo de formulario")},
    {"field_changed", N_("Cambió un campo de formulario")},
    {"field_removed", N_("Se quitó un campo de formulario")},
    {"form_changed", N_("Cambió el formulario")},
    {"signature_changed", N_("Cambió o se quitó una firma anterior")},
    {"signature_not_allowed", N_("Se añadió una firma a un documento certificado que no las admite")},
    {"layers_changed", N_("Cambiaron las capas del documento: puede verse algo distinto")},
    {"actions_changed", N_("Cambiaron acciones, secuencias de órdenes o archivos adjuntos")},
    {"permissions_changed", N_("Cambió la certificación del documento")},
    {"structure_changed", N_("Cambió la estructura que leen los lectores de pantalla")},
    {"catalog_changed", N_("Cambió el catálogo del documento")},
    {"metadata_changed", N_("Cambiaron los metadatos")},
    {"objects", N_("Objetos añadidos y sustituidos después de esta firma")},
    {"too_many_changes", N_("Hay demasiados cambios para enumerarlos")},
    {"xml_duplicate_id", N_("Dos elementos tienen el mismo identificador: la firma podría ser de otro")},
    {"xml_reference", N_("La firma se refiere a algo que no está en el documento")},
    {"xml_transform", N_("La firma usa transformaciones que pueden ocultar cambios")},
    {"xml_properties_unsigned", N_("La firma no cubre sus propias propiedades")},
    {"xml_covers_nothing", N_("La firma no cubre ningún contenido")},
};

Json to_json(const std::vector<Reason>& reasons) {
    auto list = Json::array();
    for (const auto& reason : reasons)
        list.push_back(Json::object({{"code", reason.code},
                                     {"effect", name(reason.effect)},
                                     {"text", text(reason.code)},
                                     {"detail", reason.detail}}));
    return list;
}

Json to_json(const TimestampReport& stamp) {
    return Json::object({{"kind", stamp.kind},
                         {"time", crypto::iso(stamp.time)},
                         {"authority", stamp.authority},
                         {"policy", stamp.policy},
                         {"verdict", name(stamp.verdict)},
                         {"reasons", to_json(stamp.reasons)}});
}

Json to_json(const SignatureReport& one) {
    auto stamps = Json::array(), covers = Json::array();
    for (const auto& stamp : one.timestamps) stamps.push_back(to_json(stamp));
    for (const auto& covered : one.covers) covers.push_back(covered);
    return Json::object({{"field", one.field},
                         {"format", one.format},
                         {"level", one.level},
                         {"signer", one.signer},
                         {"subject", one.subject},
                         {"issuer", one.issuer},
                         {"serial", one.serial},
                         {"policy", one.policy},
                         {"claimed_time", one.claimed_time ? Json(crypto::iso(*one.claimed_time)) : Json()},
                         {"best_time", crypto::iso(one.best_time)},
                         {"time_proven", one.time_proven},
                         {"covers_everything", one.covers_everything},
                         {"covers", covers},
                         {"verdict", name(one.verdict)},
                         {"reasons", to_json(one.reasons)},
                         {"timestamps", stamps},
                         {"changes", to_json(one.changes)}});
}

}  // namespace

const char* name(Verdict verdict) {
    switch (verdict) {
        case Verdict::passed:
            return "total-passed";
        case Verdict::indeterminate:
            return "indeterminate";
        case Verdict::failed:
            break;
    }
    return "total-failed";
}

const char* text(std::string_view code) {
    const auto* found =
        std::find_if(std::begin(texts), std::end(texts), [&](const Text& t) { return t.code == code; });
    return found == std::end(texts) ? code.data() : found->text;
}

Verdict worst(const std::vector<Reason>& reasons) {
    auto verdict = Verdict::passed;
    for (const auto& reason : reasons) verdict = std::max(verdict, reason.effect);
    return verdict;
}

void conclude(SignatureReport& one) {
    one.verdict = std::max({one.verdict, worst(one.reasons), worst(one.changes)});
    // A timestamp that is not good proves nothing: the signature stands or falls without it. One that is
    // false is a mark of tampering.
    for (auto& stamp : one.timestamps) {
        stamp.verdict = worst(stamp.reasons);
        if (stamp.verdict == Verdict::failed) one.verdict = Verdict::failed;
    }
}

void conclude(Report& report) {
    report.verdict = worst(report.reasons);
    for (auto& one : report.signatures) {
        conclude(one);
        report.verdict = std::max(report.verdict, one.verdict);
    }
}

Json to_json(const Report& report) {
    auto signatures = Json::array();
    for (const auto& one : report.signatures) signatures.push_back(to_json(one));
    return Json::object({{"verdict", name(report.verdict)},
                         {"reasons", to_json(report.reasons)},
                         {"signatures", signatures}});
}

}  // namespace evidence::validation
