// The municipality's publication log in its tables.
#pragma once

#include "office.hpp"

#include "plugins/evidence/log/checkpoint.hpp"
#include "plugins/evidence/log/leaf.hpp"
#include "plugins/evidence/log/tlog_proof.hpp"
#include "plugins/evidence/log/tree.hpp"

namespace evidence {

/// Hashes in the table evidence_nodo.
class NodeTable final : public log::NodeStore {
public:
    explicit NodeTable(concejo::Transaction& tx) : tx_(tx) {}
    std::vector<crypto::Digest> hashes(unsigned level, std::uint64_t first, std::size_t count) const override;
    void add(unsigned level, std::uint64_t index, const crypto::Digest& hash) override;

private:
    concejo::Transaction& tx_;
};

/// A checkpoint as it was signed, then what its witnesses signed, and its timestamp where it has one.
struct Punto {
    log::SignedCheckpoint checkpoint;
    std::optional<std::string> token;  ///< TimeStampToken, DER
    std::string authority;
};

/// Reading. Throws concejo::Error{internal} where the tables contradict themselves.
class LogReader {
public:
    explicit LogReader(concejo::Transaction& tx) : tx_(tx), nodes_(tx) {}

    std::optional<std::string> origin() const;
    std::optional<Punto> latest() const;
    /// The latest with a timestamp and a witness that holds `leaf`; else with a timestamp; else the latest.
    std::optional<Punto> covering(std::uint64_t leaf) const;
    std::vector<std::string> entries(std::uint64_t first, std::size_t count) const;
    std::string entry(std::uint64_t index) const { return entries(index, 1).at(0); }
    crypto::Digest hash_of(std::uint64_t index) const { return log::leaf_hash(entry(index)); }
    std::string prove(std::uint64_t index, const log::SignedCheckpoint&) const;
    log::Proof consistency(std::uint64_t from, std::uint64_t to) const {
        return log::Tree(nodes_, to).consistency(from, to);
    }
    const NodeTable& nodes() const { return nodes_; }

private:
    std::optional<Punto> read(std::string_view which, const std::vector<concejo::Param>&) const;
    concejo::Transaction& tx_;
    NodeTable nodes_;
};

/// Appending: nobody else does until the transaction ends.
class LogWriter {
public:
    /// Begins the log where there is none. Throws Error{conflict} where what is stored is not what the last
    /// checkpoint signed.
    LogWriter(concejo::Transaction&, const Office&, const std::string& origin_of_new);
    std::uint64_t append(const log::Leaf&);  ///< its index
    /// Signs what was appended; before the transaction ends.
    void sign();

private:
    concejo::Transaction& tx_;
    const Office& office_;
    std::string origin_;
    NodeTable nodes_;
    std::optional<log::Appender> appender_;
};

/// "sede.ribera.example/evidencia".
std::string origin_for(const concejo::Json& municipality);

}  // namespace evidence
