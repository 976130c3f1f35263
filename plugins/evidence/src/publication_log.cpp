#include "publication_log.hpp"

#include "sdk.hpp"

#include "plugins/evidence/crypto/encoding.hpp"

namespace evidence {
namespace {

std::string unhexed(std::string_view text) {
    auto bytes = crypto::unhex(text);
    if (!bytes) throw Error(ErrorKind::internal, "evidence: la base de datos no devuelve hexadecimal");
    return std::move(*bytes);
}

crypto::Digest digest_of(std::string_view text) {
    const auto bytes = unhexed(text);
    crypto::Digest digest{};
    if (bytes.size() != digest.size())
        throw Error(ErrorKind::internal, "evidence: un hash no tiene 32 bytes");
    std::copy(bytes.begin(), bytes.end(), digest.begin());
    return digest;
}

[[noreturn]] void tampered(const std::string& what) {
    throw Error(ErrorKind::conflict, "El registro de publicación está alterado: " + what +
                                         ". No se anota nada más hasta que se restaure una copia.");
}

}  // namespace

std::vector<crypto::Digest> NodeTable::hashes(unsigned level, std::uint64_t first, std::size_t count) const {
    const auto rows = tx_.exec(
        "SELECT encode(hash, 'hex') FROM evidence_nodo WHERE nivel = $1 AND indice >= $2 AND indice < $3 "
        "ORDER BY indice",
        level, first, first + count);
    if (rows.size() != count)
        throw Error(ErrorKind::internal, "evidence: faltan nodos del registro de publicación");
    std::vector<crypto::Digest> all;
    all.reserve(count);
    for (const auto& row : rows) all.push_back(digest_of(row.view(0)));
    return all;
}

void NodeTable::add(unsigned level, std::uint64_t index, const crypto::Digest& hash) {
    tx_.exec("INSERT INTO evidence_nodo (nivel, indice, hash) VALUES ($1, $2, decode($3, 'hex'))", level,
             index, crypto::hex(crypto::view(hash)));
}

std::optional<std::string> LogReader::origin() const {
    const auto rows = tx_.exec("SELECT origen FROM evidence_registro");
    return rows.empty() ? std::nullopt : std::optional(rows[0].text(0));
}

std::optional<Punto> LogReader::read(std::string_view which, const std::vector<Param>& params) const {
    const auto rows = tx_.exec_list(
        "SELECT nota, encode(sello, 'hex'), autoridad FROM evidence_punto " + std::string(which) + " LIMIT 1",
        params);
    if (rows.empty()) return std::nullopt;
    auto checkpoint = log::SignedCheckpoint::parse(rows[0].view(0));
    if (!checkpoint)
        throw Error(ErrorKind::internal, "evidence: un punto de control guardado no se puede leer");
    Punto punto{std::move(*checkpoint), std::nullopt, rows[0].text(2)};
    if (!rows[0].is_null(1)) punto.token = unhexed(rows[0].view(1));
    for (const auto& row :
         tx_.exec("SELECT linea FROM evidence_cosignatura WHERE tamano = $1 ORDER BY testigo",
                  punto.checkpoint.head.size)) {
        if (auto line = log::NoteSignature::parse(row.view(0)))
            punto.checkpoint.note.signatures.push_back(std::move(*line));
    }
    return punto;
}

std::optional<Punto> LogReader::latest() const { return read("ORDER BY tamano DESC", {}); }

std::optional<Punto> LogReader::covering(std::uint64_t leaf) const {
    const std::string witnessed =
        "WHERE tamano = (SELECT c.tamano FROM evidence_cosignatura c JOIN evidence_punto p USING (tamano) "
        "WHERE p.sello IS NOT NULL AND c.tamano > $1 ORDER BY c.tamano DESC LIMIT 1)";
    if (auto both = read(witnessed, {Param(leaf)})) return both;
    auto stamped = read("WHERE sello IS NOT NULL AND tamano > $1 ORDER BY tamano DESC", {Param(leaf)});
    return stamped ? std::move(stamped) : latest();
}

std::vector<std::string> LogReader::entries(std::uint64_t first, std::size_t count) const {
    const auto rows =
        tx_.exec("SELECT entrada FROM evidence_hoja WHERE indice >= $1 AND indice < $2 ORDER BY indice",
                 first, first + count);
    if (rows.size() != count)
        throw Error(ErrorKind::internal, "evidence: faltan hojas del registro de publicación");
    std::vector<std::string> all;
    for (const auto& row : rows) all.push_back(row.text(0));
    return all;
}

std::string LogReader::prove(std::uint64_t index, const log::SignedCheckpoint& checkpoint) const {
    log::TlogProof proof;
    proof.index = index;
    proof.path = log::Tree(nodes_, checkpoint.head.size).inclusion(index, checkpoint.head.size);
    proof.checkpoint = checkpoint;
    return proof.write();
}

LogWriter::LogWriter(Transaction& tx, const Office& office, const std::string& origin_of_new)
    : tx_(tx), office_(office), nodes_(tx) {
    tx_.exec("INSERT INTO evidence_registro (origen) VALUES ($1) ON CONFLICT DO NOTHING", origin_of_new);
    const auto rows = tx_.exec("SELECT origen, tamano FROM evidence_registro FOR UPDATE");
    origin_ = rows[0].text(0);
    const auto size = static_cast<std::uint64_t>(rows[0].integer(1));
    try {
        appender_.emplace(nodes_, size);
    } catch (const Error&) {
        tampered("faltan nodos");
    }
    const auto last = LogReader(tx_).latest();
    if (last ? last->checkpoint.head.size != size || last->checkpoint.head.root != appender_->root()
             : size != 0)
        tampered("su raíz no es la del último punto de control firmado");
    tx_.exec("INSERT INTO evidence_clave (publica) VALUES (decode($1, 'hex')) ON CONFLICT DO NOTHING",
             crypto::hex(
                 {reinterpret_cast<const char*>(office_.log_public().data()), office_.log_public().size()}));
}

std::uint64_t LogWriter::append(const log::Leaf& leaf) {
    const auto entry = log::to_entry(leaf);
    const auto index = appender_->append(log::leaf_hash(entry));
    tx_.exec("INSERT INTO evidence_hoja (indice, entrada) VALUES ($1, $2)", index, entry);
    return index;
}

void LogWriter::sign() {
    log::SignedCheckpoint made;
    made.head = {origin_, appender_->size(), appender_->root(), {}};
    made.note.text = made.head.body();
    made.note.signatures = {
        log::sign_note(verifier_of(origin_, office_), office_.log_signer(), made.note.text)};
    tx_.exec("INSERT INTO evidence_punto (tamano, nota) VALUES ($1, $2)", made.head.size, made.note.write());
    tx_.exec("UPDATE evidence_registro SET tamano = $1", made.head.size);
}

std::string origin_for(const concejo::Json& municipality) {
    std::string name = municipality.string_or("url", "");
    if (const auto scheme = name.find("://"); scheme != std::string::npos) name.erase(0, scheme + 3);
    while (name.ends_with('/')) name.pop_back();
    return name + "/evidencia";
}

}  // namespace evidence
