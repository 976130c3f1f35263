#include "make_bundle.hpp"

#include "archiving.hpp"
#include "availability.hpp"
#include "material.hpp"
#include "rotation.hpp"
#include "sdk.hpp"
#include "seal.hpp"

#include "plugins/evidence/bundle/bundle.hpp"
#include "plugins/evidence/crypto/der.hpp"
#include "plugins/evidence/signature/long_term.hpp"

namespace evidence {
namespace {

constexpr std::uint64_t largest_document = 60ull << 20;  // the format stops at 64 MiB for all of it
constexpr std::uint64_t read_at_once = 1 << 20;

}  // namespace

std::string whole_blob(const Call& call, const std::string& sha256) {
    std::string content;
    for (;;) {
        auto more = call.read_blob(sha256, content.size(), read_at_once);
        if (more.empty()) return content;
        content += more;
    }
}

std::string stored_content(const Call& call, const Documento& d) {
    if (d.bytes > largest_document)
        throw Error(ErrorKind::invalid, N_("El documento es demasiado grande para un archivo de evidencia."));
    std::string content;
    content.reserve(d.bytes);
    while (content.size() < d.bytes) {
        const auto more = call.read_blob(d.sha256, content.size(), read_at_once);
        if (more.empty())
            throw Error(ErrorKind::internal,
                        "evidence: el documento guardado es más corto de lo que se selló");
        content += more;
    }
    return content;
}

namespace {

std::string extension_of(const Documento& d) {
    const auto dot = d.nombre.rfind('.');
    std::string extension;
    for (const char c : dot == std::string::npos ? std::string() : d.nombre.substr(dot + 1))
        extension += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    const bool plain =
        !extension.empty() && extension.size() <= 5 &&
        extension.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") == std::string::npos;
    return plain ? extension : d.tipo_medio == "application/pdf" ? "pdf" : "bin";
}

/// A TimeStampResp that grants the token.
std::string response_with(std::string_view token) {
    using crypto::sequence;
    return sequence({sequence({crypto::tlv(crypto::integer_tag, std::string(1, '\0'))}), std::string(token)});
}

}  // namespace

namespace {

/// A bundle holds 999 leaves: of more, the first ones (its publication among them) and the last ones (its
/// withdrawal).
std::vector<std::uint64_t> told(std::vector<std::uint64_t> leaves) {
    constexpr std::ptrdiff_t at_each_end = 450;
    if (leaves.size() > 2 * at_each_end)
        leaves.erase(leaves.begin() + at_each_end, leaves.end() - at_each_end);
    return leaves;
}

std::string seal_of(Transaction& tx, const Documento& d) {
    return d.sello
               ? long_term_seal(tx, d.csv.text(), signature::with_timestamp(d.firma, *d.sello), d.sellado_en)
                     .cms
               : d.firma;
}

}  // namespace

std::string bundle_name(const Documento& d) { return d.csv.grouped() + ".evidencia"; }

std::string make_bundle(const Call& call, Transaction& tx, const Documento& d) {
    if (d.sal.empty())
        throw Error(
            ErrorKind::conflict,
            N_("Este documento se suprimió por protección de datos: ya no se puede probar de qué trataba."));
    const auto office = office_of(call, tx);
    const LogReader reader(tx);
    // What has come since the last timestamp is told when there is a next one.
    auto point = reader.covering(d.menciones.empty() ? d.hoja : d.menciones.back());
    if (point && !point->token) point = reader.covering(d.hoja);
    if (!point) throw Error(ErrorKind::internal, "evidence: no hay ningún punto de control");
    const auto checkpoint = under_present_key(tx, *office, point->checkpoint);

    const Json town = call.municipality();
    bundle::Contents contents;
    contents.extension = extension_of(d);
    contents.document = stored_content(call, d);
    contents.salt = d.sal;
    contents.metadata = d.metadatos;
    contents.metadata["titulo"] = d.titulo;
    contents.metadata["municipio"] = town.string_or("name", "");
    contents.metadata["csv"] = d.csv.grouped();
    contents.metadata["nombre"] = d.nombre;
    if (keys::of_development(*signature::signers_in(d.firma).at(0)))
        contents.metadata["aviso"] =
            N_("Sellado con claves de DESARROLLO: sin ningún valor fuera de pruebas.");
    contents.statements.push_back({reader.entry(d.hoja), reader.prove(d.hoja, checkpoint)});
    for (const auto leaf : told(d.menciones))
        if (leaf < checkpoint.head.size)
            contents.statements.push_back({reader.entry(leaf), reader.prove(leaf, checkpoint)});
    if (const auto seen = availability_of(
            call, tx, d.csv,
            std::chrono::floor<std::chrono::seconds>(crypto::now()).time_since_epoch().count()))
        contents.availability = seen->json();
    const auto document = bundle::document_name(contents.extension);
    contents.attachments.push_back({document, bundle::Attached::cms, seal_of(tx, d)});
    if (auto record = evidence_record(tx, d.csv))
        contents.attachments.push_back({document, bundle::Attached::evidence_record, std::move(*record)});
    if (point->token)
        contents.attachments.push_back({std::string(bundle::checkpoint_name), bundle::Attached::timestamp,
                                        response_with(*point->token)});
    return bundle::make(contents, office->log_public(), office->log_signer());
}

}  // namespace evidence
