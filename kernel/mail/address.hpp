// E-mail addresses (RFC 5321, RFC 6531) as they may stand in an envelope and in a header.
#pragma once

#include <string>
#include <string_view>

namespace kernel::mail {

struct Address {
    std::string name{};  ///< shown; may be empty
    std::string address;

    /// "ana@example.es" or "Ana Ría <ana@example.es>". Throws Error{invalid}: no quoted local parts, no
    /// comments, no address literals, nothing that could end a line. The domain in lower case.
    static Address parse(std::string_view text);
    static Address of(std::string_view name, std::string_view address);

    bool ascii() const noexcept;  ///< of the address: others need a server that speaks SMTPUTF8
    std::string_view domain() const;
    bool operator==(const Address&) const = default;
};

/// Throws Error{invalid} where the text holds what could begin another header: a control character.
void refuse_control(std::string_view what, std::string_view text);

}  // namespace kernel::mail
