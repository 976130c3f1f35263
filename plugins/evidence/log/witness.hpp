// The witness of other logs (c2sp.org/tlog-witness): what is asked, and what to answer. The caller does the
// HTTP and keeps the memory.
#pragma once

#include "plugins/evidence/log/checkpoint.hpp"

namespace evidence::log {

struct AddCheckpoint {
    std::uint64_t old_size = 0;
    Proof proof;             ///< from old_size to the checkpoint's; at most 63 hashes
    std::string checkpoint;  ///< a signed note, as it is

    std::string write() const;  ///< the request's body
    static std::optional<AddCheckpoint> parse(std::string_view body);
};

/// What the witness last cosigned of each log.
class WitnessMemory {
public:
    virtual ~WitnessMemory() = default;
    struct Head {
        std::uint64_t size = 0;
        Digest root = empty_root();
    };
    /// Zero leaves where it never cosigned that log.
    virtual Head latest(std::string_view origin) const = 0;
    /// Durable before it returns; false, and nothing done, where the latest is no longer of `old_size`
    /// leaves: comparison and writing are one step, or two requests at once roll the log back.
    virtual bool replace(std::string_view origin, std::uint64_t old_size, const SignedCheckpoint& with) = 0;
};

class Witness {
public:
    /// `logs`: whose checkpoints it cosigns, each under the origin that is its key's name.
    Witness(VerifierKey own, crypto::Ed25519Signer signer, std::vector<VerifierKey> logs,
            WitnessMemory& memory)
        : own_(std::move(own)), signer_(std::move(signer)), logs_(std::move(logs)), memory_(memory) {}

    /// `status` is HTTP's: 200 with the cosignature's line, 400, 403, 404, 409 with the size that it has (of
    /// content type text/x.tlog.size), 422.
    struct Answer {
        int status = 400;
        std::string body;
    };
    Answer add_checkpoint(std::string_view body, std::uint64_t now);

private:
    int judge(const SignedCheckpoint& checkpoint, const AddCheckpoint& asked,
              const WitnessMemory::Head& known) const;
    Signed signature_of_log(const SignedCheckpoint& checkpoint, bool& known) const;
    Answer conflict(std::string_view origin) const;

    VerifierKey own_;
    crypto::Ed25519Signer signer_;
    std::vector<VerifierKey> logs_;
    WitnessMemory& memory_;
};

}  // namespace evidence::log
