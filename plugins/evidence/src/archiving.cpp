#include "archiving.hpp"

#include "material.hpp"
#include "pages.hpp"
#include "stamping.hpp"

#include "plugins/evidence/archive/record.hpp"
#include "plugins/evidence/crypto/encoding.hpp"
#include "plugins/evidence/signature/cades.hpp"
#include "plugins/evidence/timestamp/token.hpp"

#include <map>

namespace evidence {
namespace {

constexpr int most_in_a_tree = 5000;
constexpr const char* stamp_one = "sello-del-archivo";

std::string unhexed_column(const concejo::Rows::Row& row, std::uint32_t column) {
    auto bytes = crypto::unhex(row.view(column));
    if (!bytes) throw Error(ErrorKind::internal, "evidence: la base de datos no devuelve hexadecimal");
    return std::move(*bytes);
}

/// Records as the tables hold them; each tree is read once.
class ArchiveReader {
public:
    explicit ArchiveReader(Transaction& tx) : tx_(tx) {}

    /// Without chains where it is not archived. `last`: the tree that the last chain has come to.
    archive::EvidenceRecord record(std::string_view csv, std::int64_t* last = nullptr) {
        archive::EvidenceRecord made;
        for (const auto& row : tx_.exec("SELECT arbol, encode(lista, 'hex'), hasta FROM evidence_archivado "
                                        "WHERE csv = $1 ORDER BY cadena",
                                        csv)) {
            archive::Chain chain;
            auto lists = unhexed_column(row, 1);
            auto at = row.integer(0);
            for (;;) {
                const auto& tree = this->tree(at);
                if (tree.token.empty()) break;  // nobody has stamped it yet
                chain.push_back({tree.digest, archive::read_lists(lists), tree.token});
                if (last) *last = at;
                if (!tree.next || (!row.is_null(2) && row.integer(2) == at)) break;
                lists = tree.lists;
                at = *tree.next;
            }
            if (chain.empty()) break;
            made.chains.push_back(std::move(chain));
        }
        return made;
    }

private:
    struct Tree {
        std::string digest, token, lists;
        std::optional<std::int64_t> next;
    };
    const Tree& tree(std::int64_t id) {
        if (const auto found = trees_.find(id); found != trees_.end()) return found->second;
        const auto rows = tx_.exec(
            "SELECT resumen, encode(sello, 'hex'), encode(lista, 'hex'), siguiente "
            "FROM evidence_arbol WHERE arbol = $1",
            id);
        if (rows.empty()) throw Error(ErrorKind::internal, "evidence: falta un árbol del archivo");
        Tree tree{rows[0].text(0), unhexed_column(rows[0], 1), unhexed_column(rows[0], 2), {}};
        if (!rows[0].is_null(3)) tree.next = rows[0].integer(3);
        return trees_.emplace(id, std::move(tree)).first->second;
    }
    Transaction& tx_;
    std::map<std::int64_t, Tree> trees_;
};

/// Something that goes into the tree.
struct Leaf {
    archive::Hashes hashes;
    std::string csv;  ///< a document: where `chain` of its record begins
    int chain = 1;
    std::int64_t renewed =
        0;  ///< else the tree whose timestamp is renewed; of a document, where its chain ends
    std::optional<std::int64_t> material = {};  ///< of a document: what its seal has inside
};

struct Waiting {
    std::string csv, sha256, signature, before;  ///< before: what there is of its record
    std::uint64_t bytes = 0;
    int chain = 1;
    std::int64_t last = 0;
    std::optional<std::int64_t> material;
};

std::vector<Waiting> waiting(Transaction& tx, const std::string& digest) {
    std::vector<Waiting> all;
    ArchiveReader archive(tx);
    for (const auto& row :
         tx.exec("SELECT d.csv, d.sha256, d.bytes, encode(d.firma, 'hex'), encode(d.sello, 'hex'), "
                 "coalesce(a.cadena, 0), extract(epoch FROM d.sellado_en)::bigint FROM evidence_documento d "
                 "LEFT JOIN evidence_archivado a ON a.csv = "
                 "d.csv AND a.hasta IS NULL LEFT JOIN evidence_arbol t ON t.arbol = a.arbol WHERE d.sello IS "
                 "NOT NULL AND d.sal IS NOT NULL AND (a.csv IS NULL OR (t.resumen <> $1 AND t.sello IS NOT "
                 "NULL)) ORDER BY d.hoja LIMIT $2",
                 digest, most_in_a_tree)) {
        Waiting one{.csv = row.text(0),
                    .sha256 = row.text(1),
                    .signature = {},
                    .before = {},
                    .bytes = static_cast<std::uint64_t>(row.integer(2)),
                    .material = {}};
        auto seal = long_term_seal(tx, one.csv,
                                   signature::with_timestamp(unhexed_column(row, 3), unhexed_column(row, 4)),
                                   row.integer(6));
        one.signature = std::move(seal.cms);
        one.material = seal.material;
        one.chain = static_cast<int>(row.integer(5)) + 1;
        if (one.chain > 1) {
            const auto record = archive.record(one.csv, &one.last);
            one.before = record.sequence(record.chains.size());
        }
        all.push_back(std::move(one));
    }
    return all;
}

/// Of trees that some document's record still leads to.
std::vector<Leaf> due(Transaction& tx, const std::string& digest, int days, bool everything) {
    std::vector<Leaf> all;
    for (const auto& row : tx.exec(
             "WITH RECURSIVE r AS (SELECT DISTINCT arbol FROM evidence_archivado WHERE hasta IS NULL UNION "
             "SELECT t.siguiente FROM r JOIN evidence_arbol t ON t.arbol = r.arbol WHERE t.siguiente IS NOT "
             "NULL) SELECT t.arbol, encode(t.sello, 'hex') FROM r JOIN evidence_arbol t ON t.arbol = r.arbol "
             "WHERE t.sello IS NOT NULL AND t.siguiente IS NULL AND t.resumen = $1 AND ($3 OR t.vale_hasta < "
             "now() + make_interval(days => $2)) ORDER BY t.arbol",
             digest, days, everything)) {
        Leaf leaf;
        leaf.hashes = {archive::digest(digest, unhexed_column(row, 1))};
        leaf.renewed = row.integer(0);
        all.push_back(std::move(leaf));
    }
    return all;
}

std::string content_hash(const Call& call, const Waiting& one, const std::string& digest) {
    if (digest == "SHA256") return crypto::unhex(one.sha256).value_or("");
    const crypto::DigestContext context(EVP_MD_CTX_new());
    const auto* function = EVP_get_digestbyname(digest.c_str());
    if (!context || EVP_DigestInit_ex(context.get(), function, nullptr) != 1) crypto::throw_openssl(digest);
    for (std::uint64_t at = 0; at < one.bytes;) {
        const auto piece = call.read_blob(one.sha256, at, 1 << 20);
        if (piece.empty()) throw Error(ErrorKind::internal, "el contenido es más corto de lo que se selló");
        if (EVP_DigestUpdate(context.get(), piece.data(), piece.size()) != 1) crypto::throw_openssl(digest);
        at += piece.size();
    }
    unsigned char made[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (EVP_DigestFinal_ex(context.get(), made, &size) != 1) crypto::throw_openssl(digest);
    return {reinterpret_cast<const char*>(made), size};
}

std::optional<Leaf> leaf_of(const Call& call, const Waiting& one, const std::string& digest) {
    try {
        Leaf leaf{{content_hash(call, one, digest), archive::digest(digest, one.signature)},
                  one.csv,
                  one.chain,
                  one.last,
                  one.material};
        if (one.chain > 1)
            for (auto& hash : leaf.hashes) hash = archive::renewed_leaf(digest, hash, one.before);
        return leaf;
    } catch (const Error& error) {  // one lost file is no reason not to renew the rest
        call.log(CONCEJO_ERROR, "evidence: " + one.csv + " no se puede archivar: " + error.what());
        return std::nullopt;
    }
}

std::int64_t unix_seconds(crypto::Time time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

void once(const concejo::Rows& changed) {
    if (changed.affected() != 1)
        throw Error(ErrorKind::conflict, "evidence: otro proceso ha renovado el archivo mientras tanto");
}

void write_leaf(Transaction& tx, const Leaf& leaf, std::int64_t tree, const std::string& lists) {
    if (leaf.csv.empty())
        return once(
            tx.exec("UPDATE evidence_arbol SET siguiente = $2, lista = decode($3, 'hex') WHERE arbol "
                    "= $1 AND siguiente IS NULL",
                    leaf.renewed, tree, lists));
    if (leaf.chain > 1)
        once(
            tx.exec("UPDATE evidence_archivado SET hasta = $3 WHERE csv = $1 AND cadena = $2 AND hasta IS "
                    "NULL",
                    leaf.csv, leaf.chain - 1, leaf.renewed));
    tx.exec(
        "INSERT INTO evidence_archivado (csv, cadena, arbol, lista, material) VALUES ($1, $2, $3, decode($4, "
        "'hex'), $5)",
        leaf.csv, leaf.chain, tree, lists, leaf.material);
}

/// Plans one tree; the number of documents in it. Its timestamp is asked for afterwards.
std::size_t plan_tree(const Call& call, Transaction& tx, const std::string& digest, bool documents,
                      bool everything, Archived& told) {
    const Json settings = call.settings();
    auto leaves =
        due(tx, digest, static_cast<int>(settings["archivo"].int_or("renovar_dias", 90)), everything);
    const auto timestamps = leaves.size();
    if (documents)
        for (const auto& one : waiting(tx, digest))
            if (auto leaf = leaf_of(call, one, digest)) leaves.push_back(std::move(*leaf));
    if (leaves.empty()) return 0;
    std::vector<archive::Hashes> hashes;
    for (const auto& leaf : leaves) hashes.push_back(leaf.hashes);
    const archive::HashTree tree(digest, std::move(hashes));
    const auto id = tx.exec(
                          "INSERT INTO evidence_arbol (resumen, raiz) VALUES ($1, decode($2, 'hex')) "
                          "RETURNING arbol",
                          digest, crypto::hex(tree.root()))[0]
                        .integer(0);
    for (std::size_t i = 0; i < leaves.size(); ++i)
        write_leaf(tx, leaves[i], id, crypto::hex(archive::write_lists(tree.reduced(i))));
    told.renewed += timestamps;
    for (std::size_t i = timestamps; i < leaves.size(); ++i)
        ++(leaves[i].chain == 1 ? told.documents : told.rehashed);
    return leaves.size() - timestamps;
}

Archived plan(const Call& call, Transaction& tx, bool everything) {
    const auto present = call.settings()["archivo"].string_or("resumen", "SHA256");
    Archived told;
    // Renewed once, with the first tree; the rest of a large archive is new.
    bool again = everything;
    while (plan_tree(call, tx, present, true, std::exchange(again, false), told) == most_in_a_tree) {
    }
    for (const char* other : {"SHA256", "SHA384", "SHA512"})
        if (other != present) plan_tree(call, tx, other, false, everything, told);
    return told;
}

/// Trees that nobody has stamped yet: {"arbol", "raiz", "resumen"}.
std::vector<Json> unstamped(Transaction& tx) {
    std::vector<Json> all;
    for (const auto& row : tx.exec("SELECT arbol, encode(raiz, 'hex'), resumen FROM evidence_arbol WHERE "
                                   "sello IS NULL ORDER BY arbol"))
        all.push_back(
            Json::object({{"arbol", row.integer(0)}, {"raiz", row.text(1)}, {"resumen", row.text(2)}}));
    return all;
}

/// Asks first and writes afterwards. False where there is nobody to ask.
bool stamp_tree(const Call& call, const Json& tree) {
    const auto root = crypto::unhex(tree.string_or("raiz", "")).value_or("");
    const auto made = stamp(call, timestamp::Imprint(root, tree.string_or("resumen", "")));
    if (!made) return false;
    const auto token = timestamp::read_token(made->token);
    const auto own = timestamp::token_certificates(token);
    const auto ends = own.empty() ? std::nullopt : crypto::time_of(X509_get0_notAfter(own.front().get()));
    auto tx = call.begin();
    tx.exec(
        "UPDATE evidence_arbol SET sello = decode($2, 'hex'), autoridad = $3, sellado_en = "
        "to_timestamp($4), vale_hasta = to_timestamp($5) WHERE arbol = $1 AND sello IS NULL",
        tree.int_or("arbol", 0), crypto::hex(made->token), made->authority, unix_seconds(token.time),
        unix_seconds(ends.value_or(token.time)));
    tx.commit();
    return true;
}

void plan_nightly(const Call& call, const Json&, const Job&) {
    auto tx = call.begin();
    plan(call, tx, false);
    for (auto& tree : unstamped(tx)) {
        const auto key = "arbol-" + std::to_string(tree.int_or("arbol", 0));
        call.enqueue(tx, Json::object({{"kind", stamp_one}, {"payload", std::move(tree)}, {"unique", key}}));
    }
    tx.commit();
}

}  // namespace

Archived archive_now(const Call& call, bool everything) {
    std::vector<Json> trees;
    const auto told = [&] {
        auto tx = call.begin();
        const auto planned = plan(call, tx, everything);
        trees = unstamped(tx);
        tx.commit();
        return planned;
    }();
    for (const auto& tree : trees)
        if (!stamp_tree(call, tree))
            throw Error(ErrorKind::unavailable,
                        N_("No hay ninguna autoridad de sellado de tiempo a la que pedir el sello."));
    return told;
}

std::optional<std::string> evidence_record(Transaction& tx, const Csv& csv) {
    const auto record = ArchiveReader(tx).record(csv.text());
    return record.chains.empty() ? std::nullopt : std::optional(record.der());
}

void register_archiving(concejo::Kernel& kernel) {
    kernel.job("archivar", plan_nightly, {.label = N_("Renueva los sellos de tiempo del archivo")});
    kernel.job(stamp_one, [](const Call& call, const Json& tree, const Job&) { stamp_tree(call, tree); },
               {.label = N_("Sello de tiempo del archivo"), .max_attempts = 12, .backoff_s = 60});
    kernel.schedule(Json::object({{"kind", "archivar"}, {"cron", "17 3 * * *"}}));
}

}  // namespace evidence
