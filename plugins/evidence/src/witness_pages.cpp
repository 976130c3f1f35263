// As a witness of other municipalities' logs (c2sp.org/tlog-witness): the submission prefix is /evidencia,
// the monitoring prefix /evidencia/testigo. Whoever asks brings a log's signature; nothing else says who it
// is.
#include "pages.hpp"
#include "publication_log.hpp"
#include "witness_key.hpp"

#include "plugins/evidence/crypto/encoding.hpp"
#include "plugins/evidence/log/decimal.hpp"
#include "plugins/evidence/log/witness.hpp"

namespace evidence {
namespace {

constexpr std::uint64_t longest_request = 300 * 1024;  // a note of 256 KiB and 63 hashes
constexpr int most_forks = 20;                         // of one log: one is enough to know

/// What was cosigned last, in the transaction that is committed before it is answered.
class TestimonyTable final : public log::WitnessMemory {
public:
    explicit TestimonyTable(Transaction& tx) : tx_(tx) {}

    Head latest(std::string_view origin) const override {
        const auto rows =
            tx_.exec("SELECT tamano, encode(raiz, 'hex') FROM evidence_testimonio WHERE origen = $1", origin);
        if (rows.empty()) return {};
        const auto root = log::digest_of_hex(rows[0].view(1));
        if (!root) throw Error(ErrorKind::internal, "evidence: una raíz guardada no tiene 32 bytes");
        return {static_cast<std::uint64_t>(rows[0].integer(0)), *root};
    }
    bool replace(std::string_view origin, std::uint64_t old_size,
                 const log::SignedCheckpoint& with) override {
        return tx_.exec(
                      "INSERT INTO evidence_testimonio AS t (origen, tamano, raiz, nota) VALUES ($1, $3, "
                      "decode($4, 'hex'), $5) ON CONFLICT (origen) DO UPDATE SET tamano = $3, raiz = "
                      "decode($4, 'hex'), nota = $5, cofirmado_en = now() WHERE t.tamano = $2",
                      origin, old_size, with.head.size, crypto::hex(crypto::view(with.head.root)),
                      with.note.write())
                   .affected() == 1;
    }

private:
    Transaction& tx_;
};

/// Two trees of one size, both signed by that log: nobody has to believe us. Kept for whoever has to know.
void keep_fork(const Request& request, Transaction& tx, const std::vector<log::VerifierKey>& logs) {
    const auto asked = log::AddCheckpoint::parse(request.body);
    auto checkpoint = asked ? log::SignedCheckpoint::parse(asked->checkpoint) : std::nullopt;
    if (!checkpoint) return;
    const auto known = TestimonyTable(tx).latest(checkpoint->head.origin);
    if (known.size != checkpoint->head.size || known.root == checkpoint->head.root) return;
    std::erase_if(checkpoint->note.signatures, [&](const log::NoteSignature& line) {
        return std::none_of(logs.begin(), logs.end(),
                            [&](const log::VerifierKey& key) { return line.by(key); });
    });
    const auto note = checkpoint->note.write();
    tx.exec(
        "INSERT INTO evidence_bifurcacion (huella, origen, nota, conocida) SELECT decode($1, 'hex'), $2, "
        "$3, t.nota FROM evidence_testimonio t WHERE t.origen = $2 AND (SELECT count(*) FROM "
        "evidence_bifurcacion b WHERE b.origen = $2) < $4 ON CONFLICT DO NOTHING",
        crypto::hex(crypto::view(crypto::sha256(note))), checkpoint->head.origin, note, most_forks);
    request.log(CONCEJO_ERROR, "evidence: el registro «" + checkpoint->head.origin +
                                   "» firmó dos árboles distintos de un mismo tamaño");
}

void add_checkpoint(const Request& request, Reply& reply) {
    const auto logs = followed_logs(request);
    auto tx = request.begin();
    reply.field("Cache-Control", "no-store");
    TestimonyTable memory(tx);
    // Without any log there is nothing to sign, and no key is made because somebody asks.
    const auto key = logs.empty() ? std::nullopt : std::optional(witness_key_of(request, tx));
    const auto answer =
        key ? log::Witness(key->verifier, key->signer, logs, memory)
                  .add_checkpoint(request.body, static_cast<std::uint64_t>(std::time(nullptr)))
            : log::Witness::Answer{log::AddCheckpoint::parse(request.body) ? 404 : 400, {}};
    if (answer.status == 422) keep_fork(request, tx, logs);
    if (answer.status == 200 || answer.status == 422) tx.commit();
    reply.status(answer.status)
        .body(answer.status == 409 ? "text/x.tlog.size" : "text/plain; charset=utf-8", answer.body);
}

void own_key(const Request& request, Reply& reply) {
    auto tx = request.begin();
    const bool named = !request.settings()["testigo"].string_or("clave", "").empty();
    if (!named && followed_logs(request).empty() && !LogReader(tx).origin())
        throw Error(ErrorKind::not_found, request.tr("Este municipio no es testigo de ningún registro."));
    const auto key = witness_key_of(request, tx);
    tx.commit();  // the development hierarchy, where it was made just now
    reply.field("Access-Control-Allow-Origin", "*").field("Cache-Control", "no-cache");
    reply.body("text/plain; charset=utf-8", key.verifier.text() + "\n");
}

/// For monitors: what we cosigned last of the log whose origin has that SHA-256.
void latest_of_log(const Request& request, Reply& reply) {
    auto tx = request.begin();
    const auto rows = tx.exec(
        "SELECT nota FROM evidence_testimonio WHERE encode(sha256(convert_to(origen, 'UTF8')), "
        "'hex') = $1",
        request.segment("origen"));
    if (rows.empty())
        throw Error(ErrorKind::not_found, request.tr("Este municipio no es testigo de ese registro."));
    reply.field("Access-Control-Allow-Origin", "*").field("Cache-Control", "no-cache");
    reply.body("text/plain; charset=utf-8", rows[0].view(0));
}

}  // namespace

void register_witness(concejo::Kernel& kernel) {
    kernel.bare("POST", "/evidencia/add-checkpoint", add_checkpoint,
                {.permission = "", .uploads = false, .cached = false, .body_limit = longest_request});
    kernel.bare("GET", "/evidencia/testigo", own_key);
    kernel.bare("GET", "/evidencia/testigo/:origen/checkpoint", latest_of_log);
}

}  // namespace evidence
