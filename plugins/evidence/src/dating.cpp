// Timestamps, after the publication: for the latest checkpoint, and for each signature that has none.
//
// A job that has a transaction asks no server. So `fechar` reads what lacks a date and leaves a job for each;
// `sello-de-tiempo` asks the authorities first and writes afterwards.
#include "dating.hpp"

#include "documents.hpp"
#include "pages.hpp"
#include "publication_log.hpp"

#include "plugins/evidence/crypto/encoding.hpp"
#include "plugins/evidence/signature/cades.hpp"
#include "plugins/evidence/timestamp/client.hpp"

#include <concejo/text.hpp>

#include <map>
#include <mutex>

namespace evidence {
namespace {

using concejo::Call;
using concejo::Error;
using concejo::ErrorKind;
using concejo::Job;
using concejo::Json;
using concejo::N_;

constexpr int most_at_once = 200;
constexpr const char* date_one = "sello-de-tiempo";

crypto::Digest imprint_of(const Json& payload) {
    const auto bytes = crypto::unhex(payload.string_or("resumen", "")).value_or("");
    crypto::Digest digest{};
    if (bytes.size() != digest.size()) throw Error(ErrorKind::invalid, "«resumen» no es un SHA-256");
    std::copy(bytes.begin(), bytes.end(), digest.begin());
    return digest;
}

std::vector<timestamp::Authority> authorities_of(const Json& settings) {
    std::vector<timestamp::Authority> all;
    for (const auto& one : settings["autoridades"].as_array()) {
        const auto policy = one.string_or("politica", "");
        all.push_back({one.string_or("nombre", ""), one.string_or("direccion", ""),
                       policy.empty() ? std::nullopt : std::optional(policy)});
    }
    return all;
}

std::string ask(const Call& call, const std::string& address, const std::string& request) {
    const auto answer = call.http(
        Json::object(
            {{"method", "POST"},
             {"url", address},
             {"headers", Json::array({Json::array({"Content-Type", "application/timestamp-query"})})},
             {"seconds", 15},
             {"max_bytes", 200'000}}),
        request);
    if (answer.status != 200) throw Error(ErrorKind::unavailable, "HTTP " + std::to_string(answer.status));
    return answer.body;
}

Stamp from_authorities(const Call& call, const Json& settings, const crypto::Digest& imprint) {
    timestamp::Client client(
        authorities_of(settings),
        [&](const std::string& address, const std::string& request) { return ask(call, address, request); },
        crypto::certificates_from_pem(settings.string_or("raices", "")));
    const auto stamped = client.stamp(imprint);
    for (const auto& failure : stamped.failures)
        call.log(CONCEJO_WARNING, "evidence: autoridad de sellado de tiempo: " + failure);
    return {stamped.token.der, stamped.authority};
}

Stamp from_ourselves(const Office& office, const crypto::Digest& imprint) {
    const auto request = timestamp::make_request(imprint);
    const auto token = timestamp::accept(request, office.own_authority->answer(request.der));
    return {token.der, crypto::common_name(*timestamp::token_certificates(token).at(0))};
}

}  // namespace

std::optional<Stamp> stamp_of(const Call& call, const Office& office, const crypto::Digest& imprint) {
    const Json settings = call.settings()["sello_de_tiempo"];
    if (!settings["autoridades"].as_array().empty()) return from_authorities(call, settings, imprint);
    if (office.own_authority) return from_ourselves(office, imprint);
    return std::nullopt;
}

namespace {

void find_undated(const Call& call, const Json&, const Job&) {
    auto tx = call.begin();
    const auto leave = [&](Json payload, const std::string& key, const crypto::Digest& imprint) {
        payload["resumen"] = crypto::hex(crypto::view(imprint));
        call.enqueue(tx,
                     Json::object({{"kind", date_one}, {"payload", std::move(payload)}, {"unique", key}}));
    };
    for (const auto& [csv, signature] : Documents(tx).undated(most_at_once))
        leave(Json::object({{"csv", csv}}), csv, signature::signature_imprint(signature));
    if (const auto last = LogReader(tx).latest(); last && !last->token) {
        const auto size = static_cast<std::int64_t>(last->checkpoint.head.size);
        leave(Json::object({{"tamano", size}}), "punto-" + std::to_string(size),
              crypto::sha256(last->checkpoint.note.text));
    }
    tx.commit();
}

void date(const Call& call, const Json& payload, const Job&) {
    const auto imprint = imprint_of(payload);
    const Json settings = call.settings()["sello_de_tiempo"];
    std::optional<Stamp> stamp;
    if (!settings["autoridades"].as_array().empty()) stamp = from_authorities(call, settings, imprint);
    auto tx = call.begin();
    if (!stamp) {
        const auto office = office_of(call, tx);
        if (!office->own_authority)
            return tx.commit();  // nobody to ask: bundles say that there is no timestamp
        stamp = from_ourselves(*office, imprint);
    }
    if (payload.find("csv"))
        Documents(tx).date(payload.string_or("csv", ""), stamp->token, stamp->authority);
    else
        tx.exec(
            "UPDATE evidence_punto SET sello = decode($2, 'hex'), autoridad = $3, sellado_en = now() WHERE "
            "tamano = $1 AND sello IS NULL",
            payload.int_or("tamano", 0), crypto::hex(stamp->token), stamp->authority);
    tx.commit();
}

}  // namespace

void register_dating(concejo::Kernel& kernel) {
    kernel.job("fechar", find_undated, {.label = N_("Busca firmas y puntos de control sin sello de tiempo")});
    kernel.job(date_one, date, {.label = N_("Sello de tiempo"), .max_attempts = 12, .backoff_s = 30});
    kernel.schedule(Json::object({{"kind", "fechar"}, {"cron", "*/10 * * * *"}}));
}

}  // namespace evidence
