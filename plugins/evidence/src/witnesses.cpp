// Asking the witnesses of this log for their cosignature of its latest checkpoint (c2sp.org/tlog-witness).
#include "witnesses.hpp"

#include "pages.hpp"
#include "rotation.hpp"

#include "plugins/evidence/crypto/encoding.hpp"
#include "plugins/evidence/log/cosignature.hpp"
#include "plugins/evidence/log/decimal.hpp"
#include "plugins/evidence/log/witness.hpp"

namespace evidence {
namespace {

constexpr const char* ask_one = "cosignatura";

/// What the witness was asked.
struct Question {
    log::AddCheckpoint body;
    log::SignedCheckpoint checkpoint;
    std::int64_t attempt = 1;
};

void write_state(Transaction& tx, const Witnessing& witness, std::uint64_t size, const char* state,
                 const std::string& detail) {
    tx.exec(
        "INSERT INTO evidence_testigo (testigo, tamano, estado, detalle) VALUES ($1, $2, $3, $4) ON "
        "CONFLICT (testigo) DO UPDATE SET tamano = $2, estado = $3, detalle = $4, visto_en = now()",
        witness.key.text(), size, state, detail);
}

std::uint64_t known_size(Transaction& tx, const Witnessing& witness) {
    const auto rows = tx.exec("SELECT tamano FROM evidence_testigo WHERE testigo = $1", witness.key.text());
    return rows.empty() ? 0 : static_cast<std::uint64_t>(rows[0].integer(0));
}

/// Leaves a job that asks that witness about the latest checkpoint: a job that has a transaction asks nobody.
/// `theirs`: the size that the witness is thought to know.
void leave_question(const Call& call, Transaction& tx, const Witnessing& witness, std::uint64_t theirs,
                    std::int64_t attempt) {
    const LogReader reader(tx);
    auto last = reader.latest();
    if (!last) return;
    const auto checkpoint = under_present_key(tx, *office_of(call, tx), std::move(last->checkpoint));
    const auto size = checkpoint.head.size;
    if (theirs > size) {
        write_state(tx, witness, theirs, "disconforme", "");
        return call.log(CONCEJO_ERROR, "evidence: el testigo «" + witness.key.name() +
                                           "» vio un registro de publicación mayor que el que hay");
    }
    auto note = checkpoint.note;  // the log's own signatures; a witness has no use for the others'
    std::erase_if(note.signatures,
                  [&](const log::NoteSignature& line) { return line.name != checkpoint.head.origin; });
    const log::AddCheckpoint body{theirs, theirs == 0 ? log::Proof{} : reader.consistency(theirs, size),
                                  note.write()};
    call.enqueue(tx, Json::object({{"kind", ask_one},
                                   {"payload", Json::object({{"testigo", witness.key.text()},
                                                             {"peticion", body.write()},
                                                             {"vez", attempt}})},
                                   {"unique", witness.key.text() + " " + std::to_string(attempt)}}));
}

/// The line of that witness in its answer, where it is a good one. Others' are not looked at.
std::optional<std::pair<log::NoteSignature, std::uint64_t>> cosignature_in(std::string_view body,
                                                                           const Question& asked,
                                                                           const Witnessing& witness) {
    while (const auto line = log::take_line(body)) {
        const auto signature = log::NoteSignature::parse(*line);
        if (!signature) return std::nullopt;
        const auto when = log::cosigned_at(asked.checkpoint.note.text, *signature, witness.key);
        if (when && *when != 0) return std::pair{*signature, *when};
    }
    return std::nullopt;
}

void keep_cosignature(Transaction& tx, const Question& asked, const Witnessing& witness,
                      const std::string& body) {
    const auto found = cosignature_in(body, asked, witness);
    if (!found) return write_state(tx, witness, asked.body.old_size, "rechaza", "HTTP 200");
    auto line = found->first.line();
    line.pop_back();
    const auto size = asked.checkpoint.head.size;
    tx.exec(
        "INSERT INTO evidence_cosignatura (tamano, testigo, linea, fecha) VALUES ($1, $2, $3, "
        "to_timestamp($4)) ON CONFLICT DO NOTHING",
        size, witness.key.text(), line, found->second);
    write_state(tx, witness, size, "conforme", "");
}

void keep_refusal(const Call& call, Transaction& tx, const Question& asked, const Witnessing& witness,
                  int status) {
    // 422: signed by this log, and no continuation of what it had signed before. That is never a mishap.
    const auto answered = "HTTP " + std::to_string(status);
    write_state(tx, witness, asked.body.old_size, status == 422 ? "disconforme" : "rechaza", answered);
    call.log(CONCEJO_ERROR, "evidence: el testigo «" + witness.key.name() +
                                "» no cofirma el registro de publicación: " + answered);
}

std::optional<std::uint64_t> size_told(std::string_view body) {
    const auto line = log::take_line(body);
    return line ? log::parse_decimal(*line) : std::nullopt;
}

void ask_witness(const Call& call, const Json& payload, const Job&) {
    const Json settings = call.settings();
    const auto witnesses = witnesses_of(settings);
    const auto witness = std::find_if(witnesses.begin(), witnesses.end(), [&](const Witnessing& one) {
        return one.key.text() == payload.string_or("testigo", "");
    });
    auto body = log::AddCheckpoint::parse(payload.string_or("peticion", ""));
    auto checkpoint = body ? log::SignedCheckpoint::parse(body->checkpoint) : std::nullopt;
    if (witness == witnesses.end() || !checkpoint) return;
    const Question asked{std::move(*body), std::move(*checkpoint), payload.int_or("vez", 1)};
    const auto answer =
        call.http(Json::object({{"method", "POST"},
                                {"url", witness->address + "/add-checkpoint"},
                                {"headers", Json::array({Json::array({"Content-Type", "text/plain"})})},
                                {"seconds", 15},
                                {"max_bytes", 100'000}}),
                  asked.body.write());
    if (answer.status >= 500 || answer.status == 429)
        throw Error(ErrorKind::unavailable, "HTTP " + std::to_string(answer.status));
    auto tx = call.begin();
    const auto told = answer.status == 409 ? size_told(answer.body) : std::nullopt;
    if (answer.status == 200)
        keep_cosignature(tx, asked, *witness, answer.body);
    else if (told && asked.attempt < 4)
        leave_question(call, tx, *witness, *told, asked.attempt + 1);
    else
        keep_refusal(call, tx, asked, *witness, answer.status);
    tx.commit();
}

/// A job for each witness that has not cosigned the latest checkpoint.
void find_unwitnessed(const Call& call, const Json&, const Job&) {
    const Json settings = call.settings();
    const auto witnesses = witnesses_of(settings);
    if (witnesses.empty()) return;
    auto tx = call.begin();
    const auto last = LogReader(tx).latest();
    if (!last) return;
    for (const auto& witness : witnesses) {
        const auto& signatures = last->checkpoint.note.signatures;
        if (std::none_of(signatures.begin(), signatures.end(),
                         [&](const log::NoteSignature& one) { return one.by(witness.key); }))
            leave_question(call, tx, witness, known_size(tx, witness), 1);
    }
    tx.commit();
}

}  // namespace

std::vector<Witnessing> witnesses_of(const Json& settings) {
    std::vector<Witnessing> all;
    for (const auto& one : settings["testigos"].as_array()) {
        auto key = log::VerifierKey::parse(one.string_or("clave", ""));
        if (!key || key->type() != log::SignatureType::cosignature)
            throw Error(ErrorKind::invalid,
                        N_("modulos.evidence.testigos: una de sus claves no es la de un testigo "
                           "(«nombre+id+clave», lo que enseña su /evidencia/testigo)"));
        auto address = one.string_or("direccion", "");
        while (address.ends_with('/')) address.pop_back();
        all.push_back({std::move(*key), std::move(address)});
    }
    return all;
}

std::vector<std::string> complaints(const Call& call, Transaction& tx) {
    std::vector<std::string> all;
    const auto last = LogReader(tx).latest();
    const auto size = last ? static_cast<std::int64_t>(last->checkpoint.head.size) : 0;
    for (const auto& witness : witnesses_of(call.settings())) {
        const auto& name = witness.key.name();
        for (const auto& row : tx.exec("SELECT estado, tamano, detalle FROM evidence_testigo WHERE testigo = "
                                       "$1 AND estado <> 'conforme'",
                                       witness.key.text())) {
            if (row.view(0) == "rechaza")
                all.push_back(fill(call.tr("El testigo «{nombre}» no cofirma el registro: {respuesta}."),
                                   {{"nombre", name}, {"respuesta", row.text(2)}}));
            else if (row.integer(1) > size)
                all.push_back(fill(call.tr("El registro ha menguado: el testigo «{nombre}» vio {suyo} "
                                           "anotaciones y ahora hay {n}."),
                                   {{"nombre", name},
                                    {"suyo", std::to_string(row.integer(1))},
                                    {"n", std::to_string(size)}}));
            else
                all.push_back(fill(call.tr("El registro se ha bifurcado: no continúa el de {suyo} "
                                           "anotaciones que vio el testigo «{nombre}»."),
                                   {{"nombre", name}, {"suyo", std::to_string(row.integer(1))}}));
        }
    }
    return all;
}

void register_witnesses(concejo::Kernel& kernel) {
    kernel.job("cofirmar", find_unwitnessed,
               {.label = N_("Busca los testigos que no han cofirmado el registro de publicación")});
    kernel.schedule(Json::object({{"kind", "cofirmar"}, {"cron", "*/10 * * * *"}}));
    kernel.job(ask_one, ask_witness,
               {.label = N_("Pide a un testigo que cofirme el registro de publicación"),
                .max_attempts = 6,
                .backoff_s = 20});
}

}  // namespace evidence
