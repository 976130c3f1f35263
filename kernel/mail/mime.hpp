// A message as it travels: RFC 5322 and MIME. The same message gives the same bytes, so that one that is sent
// twice is one.
#pragma once

#include "kernel/mail/address.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace kernel::mail {

struct Attachment {
    std::string name;        ///< any characters but control ones
    std::string media_type;  ///< "application/pdf"; what is none is sent as bytes
    std::string content;
};

struct Message {
    Address from;
    std::vector<Address> to, cc;
    std::optional<Address> reply_to;
    std::string subject;
    std::string text;  ///< UTF-8, any line ends
    std::string html;  ///< the same for those who read HTML; may be empty
    std::string language = "es";
    std::string message_id;     ///< "…@example.es", without brackets
    std::string unsubscribe{};  ///< an address that ends these mails by one POST (RFC 8058); may be empty
    std::chrono::system_clock::time_point date;
    std::vector<Attachment> attachments;
};

/// Throws Error{invalid} for control characters in a header and where there is nobody to send it to.
/// `eight_bit`: the server takes 8-bit lines (RFC 6152). Otherwise every byte is ASCII, unless an address is
/// not.
std::string build(const Message& message, bool eight_bit);

/// "5f3a…@example.es": always the same for a key of a municipality.
std::string message_id(const std::string& tenant, const std::string& plugin, const std::string& key,
                       std::string_view domain);

/// RFC 5322: "Mon, 02 Mar 2026 09:00:00 +0000".
std::string mail_date(std::chrono::system_clock::time_point date);

}  // namespace kernel::mail
