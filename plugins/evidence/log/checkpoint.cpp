#include "plugins/evidence/log/checkpoint.hpp"

#include "plugins/evidence/log/decimal.hpp"

namespace evidence::log {

std::string Checkpoint::body() const {
    std::string text =
        origin + "\n" + std::to_string(size) + "\n" + crypto::base64(crypto::view(root)) + "\n";
    for (const auto& line : extensions) text += line + "\n";
    return text;
}

std::optional<Checkpoint> Checkpoint::parse(std::string_view body) {
    Checkpoint head;
    const auto origin = take_line(body), size = take_line(body), root = take_line(body);
    if (!origin || origin->empty() || !size || !root) return std::nullopt;
    const auto number = parse_decimal(*size);
    const auto hash = digest_of_base64(*root);
    if (!number || !hash) return std::nullopt;
    head.origin = *origin;
    head.size = *number;
    head.root = *hash;
    while (!body.empty()) {
        const auto line = take_line(body);
        if (!line || line->empty()) return std::nullopt;
        head.extensions.emplace_back(*line);
    }
    return head;
}

std::optional<SignedCheckpoint> SignedCheckpoint::parse(std::string_view bytes) {
    auto note = Note::parse(bytes);
    if (!note) return std::nullopt;
    auto head = Checkpoint::parse(note->text);
    if (!head) return std::nullopt;
    return SignedCheckpoint{std::move(*head), std::move(*note)};
}

}  // namespace evidence::log
