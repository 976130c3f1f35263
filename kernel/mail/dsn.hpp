// What came back (RFC 3464, 6522): a delivery status notification, read from the message of whoever sent it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kernel::mail {

struct Bounce {
    std::string message_id;  ///< of our message, without brackets; empty where it is not quoted
    struct Recipient {
        std::string address, original;  ///< Final-Recipient, Original-Recipient
        std::string action;             ///< failed, delayed, delivered, relayed, expanded
        std::string status;             ///< "5.1.1"
        std::string diagnostic;
    };
    std::vector<Recipient> recipients;
};

/// nullopt: the message is no such notification. Never throws; whatever is broken in it is left out.
std::optional<Bounce> parse_bounce(std::string_view message);

}  // namespace kernel::mail
