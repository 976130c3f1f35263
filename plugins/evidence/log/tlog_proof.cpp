#include "plugins/evidence/log/tlog_proof.hpp"

#include "plugins/evidence/log/decimal.hpp"

namespace evidence::log {
namespace {

constexpr std::string_view header = "c2sp.org/tlog-proof@v1";

}  // namespace

std::string TlogProof::write() const {
    std::string text(header);
    text += '\n';
    if (extra) text += "extra " + crypto::base64(*extra) + "\n";
    text += "index " + std::to_string(index) + "\n";
    for (const auto& hash : path) text += crypto::base64(crypto::view(hash)) + "\n";
    return text + "\n" + checkpoint.note.write();
}

std::optional<TlogProof> TlogProof::parse(std::string_view text) {
    TlogProof proof;
    if (take_line(text) != header) return std::nullopt;
    auto line = take_line(text);
    if (line && line->starts_with("extra ")) {
        proof.extra = crypto::unbase64(line->substr(6));
        if (!proof.extra) return std::nullopt;
        line = take_line(text);
    }
    if (!line || !line->starts_with("index ")) return std::nullopt;
    const auto index = parse_decimal(line->substr(6));
    if (!index) return std::nullopt;
    proof.index = *index;
    for (line = take_line(text); line && !line->empty(); line = take_line(text)) {
        const auto hash = digest_of_base64(*line);
        if (!hash || proof.path.size() == 63) return std::nullopt;
        proof.path.push_back(*hash);
    }
    auto checkpoint = line ? SignedCheckpoint::parse(text) : std::nullopt;
    if (!checkpoint) return std::nullopt;
    proof.checkpoint = std::move(*checkpoint);
    return proof;
}

}  // namespace evidence::log
