// The installation's own key, and what is made from it: seals and signatures. It stands in a file, never in
// the database whose content it protects. Every node of an installation has the same one.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace kernel::identity {

class Keys {
public:
    /// 32 bytes. Throws Error{invalid} for another length.
    explicit Keys(std::string_view master);
    /// Of 64 hexadecimal digits. Throws Error{invalid}.
    static Keys from_text(std::string_view text);
    /// Makes the file (0600) where there is none; several processes may do so at once. Throws Error{invalid}
    /// for a file that holds no key, Error{forbidden|internal} where it cannot be read or written.
    static Keys from_file(const std::filesystem::path& file);

    /// Only this key opens it, and only under the same `purpose` ("totp <user>"). base64url.
    std::string seal(std::string_view plain, std::string_view purpose) const;
    std::optional<std::string> open(std::string_view sealed, std::string_view purpose) const;
    /// HMAC-SHA-256 (32 bytes) under a key of its own for each purpose.
    std::string sign(std::string_view text, std::string_view purpose) const;

private:
    std::string master_;
};

/// RFC 2104 with SHA-256; 32 bytes.
std::string hmac_sha256(std::string_view key, std::string_view text);

}  // namespace kernel::identity
