#include "material.hpp"

#include "documents.hpp"
#include "pages.hpp"
#include "tool.hpp"

#include "plugins/evidence/crypto/encoding.hpp"
#include "plugins/evidence/signature/material_json.hpp"

#include <openssl/x509v3.h>

namespace evidence {
namespace {

using signature::Material;

constexpr const char *find_job = "buscar-revocacion", *gather_job = "reunir-revocacion";

/// Whose seals the material serves, as its table names them: hexadecimal.
std::string name_of(const crypto::Certificates& signers) {
    crypto::Sha256 all;
    for (const auto& one : signers) all.add(crypto::der(*one));
    return crypto::hex(crypto::view(all.finish()));
}
std::string signers_of(std::string_view cms) { return name_of(signature::signers_in(cms)); }

std::optional<Material> kept_today(Transaction& tx, const std::string& signers) {
    for (const auto& row :
         tx.exec("SELECT datos FROM evidence_material WHERE firmantes = decode($1, 'hex') AND "
                 "recogido_en > now() - interval '20 hours' ORDER BY recogido_en DESC LIMIT 1",
                 signers))
        return signature::material_from(Json::parse(row.view(0)));
    return std::nullopt;
}

/// Where chains end: the roots that the municipality trusts, and those that came with its own keys.
std::string roots_of(const Call& call, const Office& office) {
    auto roots = trusted_roots(call) + call.settings()["sello_de_tiempo"].string_or("raices", "");
    const auto seal = office.seal.get();
    for (const auto& one : seal->chain())
        if (X509_check_issued(one.get(), one.get()) == X509_V_OK) roots += crypto::pem(*one);
    return roots;
}

/// Asks first and writes afterwards: a job that has a transaction asks no server.
Material gather(const Call& call, std::string_view cms, const std::string& roots,
                const revocation::Data& at_hand) {
    auto material = signature::collect(
        cms, {}, roots.empty() ? crypto::Certificates() : crypto::certificates_from_pem(roots),
        [&](const std::string& address, const std::string& request) {
            return ask_address(call, address, request);
        },
        at_hand);
    auto tx = call.begin();
    tx.exec("INSERT INTO evidence_material (firmantes, datos) VALUES (decode($1, 'hex'), $2::jsonb)",
            signers_of(cms), signature::to_json(material).dump());
    tx.commit();
    return material;
}

/// Leaves a job for each authority whose newest seal has nothing of today.
void find_seals(const Call& call, const Json&, const Job&) {
    auto tx = call.begin();
    const auto office = office_of(call, tx);
    Json crls = Json::array();
    for (const auto& one : office->revocation.crls) crls.push_back(crypto::base64(one));
    for (const auto& cms : Documents(tx).newest_of_each_authority()) {
        const auto signers = signers_of(cms);
        if (kept_today(tx, signers)) continue;
        call.enqueue(tx, Json::object({{"kind", gather_job},
                                       {"payload", Json::object({{"firma", crypto::base64(cms)},
                                                                 {"raices", roots_of(call, *office)},
                                                                 {"crl", crls}})},
                                       {"unique", signers}}));
    }
    tx.commit();
}

void gather_for(const Call& call, const Json& payload, const Job&) {
    revocation::Data at_hand;
    const Json crls = payload["crl"];
    for (const auto& one : crls.as_array())
        at_hand.crls.push_back(crypto::unbase64(one.as_string()).value_or(""));
    const auto material = gather(call, crypto::unbase64(payload.string_or("firma", "")).value_or(""),
                                 payload.string_or("raices", ""), at_hand);
    for (const auto& missing : material.missing)
        call.log(CONCEJO_WARNING, "evidence: falta para el largo plazo: " + missing);
}

}  // namespace

Material material_for(const Call& call, const Office& office, std::string_view cms) {
    {
        auto tx = call.begin();
        if (auto kept = kept_today(tx, signers_of(cms)); kept && kept->missing.empty())
            return std::move(*kept);
    }
    return gather(call, cms, roots_of(call, office), office.revocation);
}

signature::XadesMaterial material_for_xades(const Call& call, const Office& office, std::string_view xml,
                                            const std::string& id, std::string_view token) {
    auto at_hand = office.revocation;
    crypto::Certificates signers;
    signers.push_back(*crypto::certificate_from_der(crypto::der(office.seal.get()->certificate())));
    for (auto& one : signature::signers_in(token)) signers.push_back(std::move(one));
    {
        auto tx = call.begin();
        if (const auto kept = kept_today(tx, name_of(signers))) {
            for (const auto& one : kept->revocation.ocsps) at_hand.ocsps.push_back(one);
            for (const auto& one : kept->revocation.crls) at_hand.crls.push_back(one);
        }
    }
    const auto roots = roots_of(call, office);
    return signature::collect_xades(
        xml, id, {}, roots.empty() ? crypto::Certificates() : crypto::certificates_from_pem(roots),
        [&](const std::string& address, const std::string& request) {
            return ask_address(call, address, request);
        },
        at_hand);
}

LongTermSeal long_term_seal(Transaction& tx, const std::string& csv, std::string_view dated,
                            std::int64_t sealed) {
    const auto with_first_of = [&](const concejo::Rows& rows) {
        for (const auto& row : rows)
            if (!row.is_null(0))
                return LongTermSeal{
                    signature::with_material(dated, signature::material_from(Json::parse(row.view(0)))),
                    row.integer(1)};
        return LongTermSeal{std::string(dated), std::nullopt};
    };
    const auto archived = tx.exec(
        "SELECT m.datos, m.material FROM evidence_archivado a LEFT JOIN evidence_material m USING (material) "
        "WHERE a.csv = $1 ORDER BY a.cadena LIMIT 1",
        csv);
    if (archived.size() > 0) return with_first_of(archived);
    return with_first_of(
        tx.exec("SELECT datos, material FROM evidence_material WHERE firmantes = decode($1, 'hex') AND "
                "datos->'falta' = '[]' ORDER BY recogido_en < to_timestamp($2), abs(extract(epoch FROM "
                "recogido_en) - $2) LIMIT 1",
                signers_of(dated), sealed));
}

void ask_for_material(const Call& call, Transaction& tx) {
    call.enqueue(tx, Json::object({{"kind", find_job}, {"payload", Json::object()}, {"unique", find_job}}));
}

void register_material(concejo::Kernel& kernel) {
    kernel.job(find_job, find_seals, {.label = N_("Busca sellos sin datos de revocación del día")});
    kernel.job(gather_job, gather_for,
               {.label = N_("Datos de revocación de quien sella"), .max_attempts = 5, .backoff_s = 300});
    kernel.schedule(Json::object({{"kind", find_job}, {"cron", "17 4 * * *"}}));
}

}  // namespace evidence
