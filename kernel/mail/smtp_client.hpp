// One message to one recipient over SMTP submission (RFC 5321, 6409): STARTTLS or TLS from the start, AUTH,
// SMTPUTF8.
#pragma once

#include "kernel/mail/address.hpp"
#include "kernel/net/resolver.hpp"
#include "kernel/net/tls_trust.hpp"

#include <concejo/error.hpp>

#include <chrono>
#include <functional>
#include <string>

namespace kernel::mail {

enum class Security { starttls, tls, none };

struct SmtpServer {
    std::string host;
    std::uint16_t port = 587;
    Security security = Security::starttls;
    std::string user{}, password{};   ///< empty user: no AUTH
    std::string hello = "localhost";  ///< what EHLO says of us
    std::chrono::milliseconds connect{15'000};
    std::chrono::milliseconds reply{60'000};  ///< each answer
    std::chrono::milliseconds accepted{
        300'000};  ///< the answer to a whole message, which may be looked through first
    net::Resolve resolve = net::resolve_by_system;
};

/// The server's own words about a recipient or a message. Nothing was delivered. `for_good`: it will say the
/// same again (5xx). What it says of the installation (its user, its sender) is a NetError and may pass.
class SmtpRefused : public concejo::Error {
public:
    SmtpRefused(const std::string& text, bool for_good)
        : Error(for_good ? concejo::ErrorKind::invalid : concejo::ErrorKind::unavailable, text) {}
    bool for_good() const noexcept { return kind() == concejo::ErrorKind::invalid; }
};

struct Envelope {
    Address from, to;
    bool utf8 = false;  ///< the header holds an address outside ASCII
};

/// Answers the server's last word ("250 2.0.0 Ok: queued as 1A2B"). `message(eight_bit)` gives the message
/// with CRLF line ends; `about_to_send` is called right before its bytes go out: an exception other than
/// SmtpRefused after that means that nobody knows. Before it nothing can have been delivered.
std::string send(const SmtpServer& server, const net::TlsTrust& trust, const Envelope& envelope,
                 const std::function<std::string(bool eight_bit)>& message,
                 const std::function<void()>& about_to_send);

/// RFC 5321, 4.5.2: a dot before each line that begins with one, and the line that ends it all.
std::string dot_stuffed(std::string_view message);

}  // namespace kernel::mail
