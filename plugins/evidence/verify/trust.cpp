#include "plugins/evidence/verify/trust.hpp"

#include "plugins/evidence/log/decimal.hpp"

namespace evidence::verify {

bool Trust::add(std::string_view file) {
    Trust more = *this;
    bool any = false;
    std::string text;
    for (const char c : file)
        if (c != '\r') text += c;
    if (!text.ends_with('\n')) text += '\n';
    std::string_view rest = text;
    while (!rest.empty()) {
        if (rest.starts_with("-----BEGIN")) {
            constexpr std::string_view end = "-----END PUBLIC KEY-----\n";
            const auto at = rest.find(end);
            const auto size = at == std::string_view::npos ? rest.size() : at + end.size();
            const auto key = crypto::from_public_pem(rest.substr(0, size));
            if (!key) return false;
            more.keys.push_back(*key);
            any = true;
            rest.remove_prefix(size);
            continue;
        }
        const auto line = *log::take_line(rest);
        if (line.empty() || line.starts_with('#')) continue;
        auto key = log::VerifierKey::parse(line);
        if (!key) return false;
        any = true;
        (key->type() == log::SignatureType::ed25519 ? more.logs : more.witnesses).push_back(std::move(*key));
    }
    if (any) *this = std::move(more);
    return any;
}

bool Trust::is_log(std::string_view name, const crypto::PublicKey& key) const {
    return std::find(keys.begin(), keys.end(), key) != keys.end() ||
           std::any_of(logs.begin(), logs.end(),
                       [&](const log::VerifierKey& log) { return log.name() == name && log.key() == key; });
}

}  // namespace evidence::verify
