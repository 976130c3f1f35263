#include "plugins/evidence/log/witness.hpp"

#include "plugins/evidence/log/cosignature.hpp"
#include "plugins/evidence/log/decimal.hpp"

namespace evidence::log {

std::string AddCheckpoint::write() const {
    std::string body = "old " + std::to_string(old_size) + "\n";
    for (const auto& hash : proof) body += crypto::base64(crypto::view(hash)) + "\n";
    return body + "\n" + checkpoint;
}

std::optional<AddCheckpoint> AddCheckpoint::parse(std::string_view body) {
    AddCheckpoint asked;
    auto line = take_line(body);
    if (!line || !line->starts_with("old ")) return std::nullopt;
    const auto size = parse_decimal(line->substr(4));
    if (!size) return std::nullopt;
    asked.old_size = *size;
    for (line = take_line(body); line && !line->empty(); line = take_line(body)) {
        const auto hash = digest_of_base64(*line);
        if (!hash || asked.proof.size() == 63) return std::nullopt;
        asked.proof.push_back(*hash);
    }
    if (!line) return std::nullopt;
    asked.checkpoint = body;
    return asked;
}

Signed Witness::signature_of_log(const SignedCheckpoint& checkpoint, bool& known) const {
    auto result = Signed::no;
    for (const auto& key : logs_) {
        if (key.name() != checkpoint.head.origin) continue;
        known = true;
        const auto one = signed_by(checkpoint.note, key);
        if (one == Signed::badly) return one;
        if (one == Signed::yes) result = one;
    }
    return result;
}

/// 200 where the checkpoint continues what is known; the proof and the root are the last thing looked at.
int Witness::judge(const SignedCheckpoint& checkpoint, const AddCheckpoint& asked,
                   const WitnessMemory::Head& known) const {
    const auto& head = checkpoint.head;
    if (asked.old_size > head.size) return 400;
    if (asked.old_size != known.size) return 409;
    if (head.size == 0 && head.root != empty_root()) return 422;
    const bool right = known.size == 0
                           ? asked.proof.empty()
                           : verify_consistency(known.size, head.size, known.root, head.root, asked.proof);
    return right ? 200 : 422;
}

Witness::Answer Witness::conflict(std::string_view origin) const {
    return {409, std::to_string(memory_.latest(origin).size) + "\n"};
}

Witness::Answer Witness::add_checkpoint(std::string_view body, std::uint64_t now) {
    const auto asked = AddCheckpoint::parse(body);
    const auto checkpoint = asked ? SignedCheckpoint::parse(asked->checkpoint) : std::nullopt;
    if (!checkpoint) return {400, {}};
    bool known = false;
    const auto signature = signature_of_log(*checkpoint, known);
    if (!known) return {404, {}};
    if (signature != Signed::yes) return {403, {}};
    const auto& origin = checkpoint->head.origin;
    const int status = judge(*checkpoint, *asked, memory_.latest(origin));
    if (status == 409) return conflict(origin);
    if (status != 200) return {status, {}};
    const auto cosignature = cosign(own_, signer_, checkpoint->note.text, now);
    auto kept = *checkpoint;  // for monitors: the log's signature and ours, and nothing that a stranger adds
    std::erase_if(kept.note.signatures, [this](const NoteSignature& line) {
        return std::none_of(logs_.begin(), logs_.end(), [&](const VerifierKey& key) { return line.by(key); });
    });
    kept.note.signatures.push_back(cosignature);
    if (!memory_.replace(origin, asked->old_size, kept)) return conflict(origin);
    return {200, cosignature.line()};
}

}  // namespace evidence::log
