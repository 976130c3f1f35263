// For tests and measurements: a log with its keys, and bundles made with it.
#pragma once

#include "plugins/evidence/bundle/bundle.hpp"
#include "plugins/evidence/log/cosignature.hpp"
#include "plugins/evidence/log/leaf.hpp"
#include "plugins/evidence/log/tlog_proof.hpp"
#include "plugins/evidence/log/tree.hpp"

namespace evidence::testing {

struct SampleLog {
    crypto::Key key = crypto::generate_ed25519(), witness_key = crypto::generate_ed25519();
    log::VerifierKey verifier{"sede.pruebas.example/registro", log::SignatureType::ed25519,
                              crypto::public_key(*key)};
    log::VerifierKey witness{"testigo.example", log::SignatureType::cosignature,
                             crypto::public_key(*witness_key)};
    log::MemoryStore store;
    log::Appender appender{store, 0};

    crypto::Ed25519Signer signer() const {
        return [this](std::string_view text) { return crypto::sign_ed25519(*key, text); };
    }
    crypto::Ed25519Signer witness_signer() const {
        return [this](std::string_view text) { return crypto::sign_ed25519(*witness_key, text); };
    }
    /// Other leaves, so that the tree is of `size`.
    void grow(std::uint64_t size) {
        while (appender.size() < size)
            appender.append(log::leaf_hash("otra " + std::to_string(appender.size())));
    }
    log::SignedCheckpoint checkpoint(bool witnessed = false) const {
        log::SignedCheckpoint made;
        made.head = {verifier.name(), appender.size(), appender.root(), {}};
        made.note.text = made.head.body();
        made.note.signatures = {log::sign_note(verifier, signer(), made.note.text)};
        if (witnessed)
            made.note.signatures.push_back(
                log::cosign(witness, witness_signer(), made.note.text, 1768467600));
        return made;
    }
    std::string prove(std::uint64_t index, const log::SignedCheckpoint& checkpoint) const {
        log::TlogProof proof;
        proof.index = index;
        proof.path = log::Tree(store, checkpoint.head.size).inclusion(index, checkpoint.head.size);
        proof.checkpoint = checkpoint;
        return proof.write();
    }
};

inline const std::string sample_salt(32, 'S');

inline log::Leaf a_publication(std::string_view document) {
    log::Leaf leaf;
    leaf.municipio = "45900";
    leaf.documento = "EDICTO-2026-1";
    leaf.fecha = "2026-01-15T09:00:00Z";
    leaf.huella = log::salted(sample_salt, crypto::sha256(document));
    return leaf;
}

inline log::Leaf a_sample_of(const log::Leaf& publication) {
    log::Leaf leaf;
    leaf.what = log::What::disponibilidad;
    leaf.municipio = publication.municipio;
    leaf.documento = publication.documento;
    leaf.fecha = "2026-01-15T09:05:00Z";
    leaf.anterior = log::leaf_hash(log::to_entry(publication));
    leaf.testigo = "sede.riomar.example/testigo";
    leaf.resultado = log::Seen::visible;
    return leaf;
}

/// A document, its publication among `before` and `after` other leaves, and more leaves about it.
inline bundle::Contents some_contents(SampleLog& log, std::string document, const log::Leaf& publication,
                                      const std::vector<log::Leaf>& more = {}, std::uint64_t before = 5,
                                      std::uint64_t after = 4) {
    bundle::Contents contents;
    contents.document = std::move(document);
    contents.salt = sample_salt;
    contents.metadata = concejo::Json::object({{"titulo", "Edicto de prueba"}, {"organo", "Alcaldía"}});
    log.grow(log.appender.size() + before);
    std::vector<std::uint64_t> indexes;
    std::vector<log::Leaf> leaves{publication};
    leaves.insert(leaves.end(), more.begin(), more.end());
    for (const auto& leaf : leaves)
        indexes.push_back(log.appender.append(log::leaf_hash(log::to_entry(leaf))));
    log.grow(log.appender.size() + after);
    const auto checkpoint = log.checkpoint(true);
    for (std::size_t i = 0; i < leaves.size(); ++i)
        contents.statements.push_back({log::to_entry(leaves[i]), log.prove(indexes[i], checkpoint)});
    return contents;
}

inline bundle::Contents some_contents(SampleLog& log, const std::string& document = "%PDF-1.4 prueba\n") {
    return some_contents(log, document, a_publication(document));
}

inline std::string make(const SampleLog& log, const bundle::Contents& contents) {
    return bundle::make(contents, log.verifier.key(), log.signer());
}

}  // namespace evidence::testing
