// Timestamps, after the publication: for the latest checkpoint, and for each signature that has none.
//
// A job that has a transaction asks no server. So `fechar` reads what lacks a date and leaves a job for each;
// `sello-de-tiempo` asks the authorities first and writes afterwards.
#include "documents.hpp"
#include "material.hpp"
#include "pages.hpp"
#include "publication_log.hpp"
#include "stamping.hpp"

#include "plugins/evidence/crypto/encoding.hpp"
#include "plugins/evidence/signature/cades.hpp"

namespace evidence {
namespace {

constexpr int most_at_once = 200;
constexpr const char* date_one = "sello-de-tiempo";

crypto::Digest imprint_of(const Json& payload) {
    const auto bytes = crypto::unhex(payload.string_or("resumen", "")).value_or("");
    crypto::Digest digest{};
    if (bytes.size() != digest.size()) throw Error(ErrorKind::invalid, "«resumen» no es un SHA-256");
    std::copy(bytes.begin(), bytes.end(), digest.begin());
    return digest;
}

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
    const auto made = stamp(call, imprint_of(payload));
    if (!made) return;  // nobody to ask: bundles say that there is no timestamp
    auto tx = call.begin();
    if (payload.find("csv")) {
        Documents(tx).date(payload.string_or("csv", ""), made->token, made->authority);
        ask_for_material(call, tx);
    } else
        tx.exec(
            "UPDATE evidence_punto SET sello = decode($2, 'hex'), autoridad = $3, sellado_en = now() WHERE "
            "tamano = $1 AND sello IS NULL",
            payload.int_or("tamano", 0), crypto::hex(made->token), made->authority);
    tx.commit();
}

}  // namespace

void register_dating(concejo::Kernel& kernel) {
    kernel.job("fechar", find_undated, {.label = N_("Busca firmas y puntos de control sin sello de tiempo")});
    kernel.job(date_one, date, {.label = N_("Sello de tiempo"), .max_attempts = 12, .backoff_s = 30});
    kernel.schedule(Json::object({{"kind", "fechar"}, {"cron", "*/10 * * * *"}}));
}

}  // namespace evidence
