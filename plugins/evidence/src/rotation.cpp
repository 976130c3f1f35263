#include "rotation.hpp"

#include "seal.hpp"

#include "plugins/evidence/crypto/encoding.hpp"

#include <algorithm>

namespace evidence {
namespace {

log::VerifierKey under_name(const std::string& origin, const crypto::PublicKey& key) {
    return {origin, log::SignatureType::ed25519, key};
}

}  // namespace

std::vector<LogKey> log_keys(concejo::Transaction& tx, const Office& office) {
    std::vector<LogKey> all;
    for (const auto& row : tx.exec("SELECT encode(publica, 'hex'), extract(epoch FROM desde)::bigint FROM "
                                   "evidence_clave ORDER BY desde DESC, publica")) {
        const auto bytes = crypto::unhex(row.view(0)).value_or("");
        LogKey one;
        if (bytes.size() != one.key.size()) continue;
        std::copy(bytes.begin(), bytes.end(), one.key.begin());
        one.since = row.integer(1);
        all.push_back(one);
    }
    const auto present = std::find_if(all.begin(), all.end(),
                                      [&](const LogKey& one) { return one.key == office.log_public(); });
    if (present == all.end())
        all.insert(all.begin(), {office.log_public(), std::nullopt});
    else
        std::rotate(all.begin(), present, present + 1);
    return all;
}

std::string all_verifier_keys(concejo::Transaction& tx, const Office& office, const std::string& origin) {
    std::string text;
    for (const auto& one : log_keys(tx, office))
        text += "# " + (one.since ? utc(*one.since) : std::string("-")) + "\n" +
                under_name(origin, one.key).text() + "\n";
    return text;
}

bool signed_by_the_log(concejo::Transaction& tx, const Office& office,
                       const log::SignedCheckpoint& checkpoint) {
    auto result = log::Signed::no;
    for (const auto& one : log_keys(tx, office)) {
        const auto found = log::signed_by(checkpoint.note, under_name(checkpoint.head.origin, one.key));
        if (found == log::Signed::badly) return false;
        if (found == log::Signed::yes) result = found;
    }
    return result == log::Signed::yes;
}

log::SignedCheckpoint under_present_key(concejo::Transaction& tx, const Office& office,
                                        log::SignedCheckpoint checkpoint) {
    const auto& head = checkpoint.head;
    const auto own = verifier_of(head.origin, office);
    if (checkpoint.note.signatures.front().by(own) &&
        log::signed_by(checkpoint.note, own) == log::Signed::yes)
        return checkpoint;
    // Nothing is signed because a row says so: an older key has to have signed it, and the leaves to lead to
    // it.
    const NodeTable nodes(tx);
    if (!signed_by_the_log(tx, office, checkpoint) || log::Tree(nodes, head.size).root() != head.root)
        throw concejo::Error(concejo::ErrorKind::conflict,
                             "El registro de publicación está alterado: un punto de control no lleva la "
                             "firma de ninguna de sus claves");
    auto& signatures = checkpoint.note.signatures;
    std::erase_if(signatures, [&](const log::NoteSignature& one) { return one.by(own); });
    signatures.insert(signatures.begin(), log::sign_note(own, office.log_signer(), checkpoint.note.text));
    return checkpoint;
}

}  // namespace evidence
