#include "kernel/mail/mime.hpp"

#include "kernel/base/digest.hpp"
#include "kernel/base/text.hpp"
#include "kernel/mail/encoded.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

namespace kernel::mail {
namespace {

/// One body part: its own header fields, an empty line, its content.
struct Part {
    std::string text;
};

std::string address_text(const Address& address) {
    const auto name = header_name(address.name);
    return name.empty() ? address.address : name + " <" + address.address + ">";
}

void add_addresses(std::string& out, const char* field, const std::vector<Address>& list) {
    if (list.empty()) return;
    out += fmt::format("{}: ", field);
    for (std::size_t i = 0; i < list.size(); ++i) out += (i ? ",\r\n " : "") + address_text(list[i]);
    out += "\r\n";
}

bool fits_eight_bit(std::string_view text) {
    std::size_t line = 0;
    for (const char c : text) {
        if (c == '\0' || ++line > 990) return false;
        if (c == '\n') line = 0;
    }
    return true;
}

bool only_short_ascii(std::string_view text) {
    std::size_t line = 0;
    for (const char c : text) {
        if (static_cast<unsigned char>(c) > 0x7e || c == '\0' || ++line > 76) return false;
        if (c == '\n') line = 0;
    }
    return true;
}

Part text_part(const char* type, const std::string& raw, bool eight_bit) {
    auto text = with_crlf(raw);
    if (!text.ends_with("\r\n")) text += "\r\n";
    const auto part = [&](const char* encoding, const std::string& body) {
        return Part{fmt::format("Content-Type: {}; charset=utf-8\r\nContent-Transfer-Encoding: {}\r\n\r\n{}",
                                type, encoding, body)};
    };
    if (only_short_ascii(text)) return part("7bit", text);
    if (eight_bit && fits_eight_bit(text)) return part("8bit", text);
    return part("quoted-printable", quoted_printable(text));
}

bool is_media_type(std::string_view text) {
    const auto slash = text.find('/');
    const auto token = [](std::string_view part) {
        return !part.empty() && part.size() < 64 && std::all_of(part.begin(), part.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                   c == '.' || c == '+';
        });
    };
    return slash != text.npos && token(text.substr(0, slash)) && token(text.substr(slash + 1)) &&
           !text.starts_with("multipart/") && !text.starts_with("message/");
}

Part attachment_part(const Attachment& attachment) {
    refuse_control("el nombre de un archivo adjunto", attachment.name);
    const auto type =
        is_media_type(attachment.media_type) ? attachment.media_type : "application/octet-stream";
    return {
        fmt::format("Content-Type: {}\r\nContent-Disposition: attachment{}\r\nContent-Transfer-Encoding: "
                    "base64\r\n\r\n{}",
                    type, header_parameter("filename", attachment.name), base64_lines(attachment.content))};
}

/// The boundary begins with "=_", which quoted-printable and base64 never write, and 8-bit text is looked
/// through.
Part multipart(const char* subtype, const std::vector<Part>& parts, const std::string& seed) {
    std::string boundary;
    for (int n = 0; boundary.empty(); ++n) {
        const auto tried = "=_" + base::sha256_hex(fmt::format("{} {} {}", seed, subtype, n)).substr(0, 32);
        if (std::none_of(parts.begin(), parts.end(),
                         [&](const auto& part) { return part.text.find(tried) != part.text.npos; }))
            boundary = tried;
    }
    auto out = fmt::format("Content-Type: multipart/{};\r\n boundary=\"{}\"\r\n\r\n", subtype, boundary);
    // The line end before a boundary is the boundary's (RFC 2046, 5.1.1), not the part's.
    for (const auto& part : parts) out += "--" + boundary + "\r\n" + part.text + "\r\n";
    return {out + "--" + boundary + "--\r\n"};
}

}  // namespace

std::string mail_date(std::chrono::system_clock::time_point date) {
    static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto time = std::chrono::system_clock::to_time_t(date);
    std::tm utc{};
    ::gmtime_r(&time, &utc);
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000", days[utc.tm_wday], utc.tm_mday,
                       months[utc.tm_mon], utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

std::string message_id(const std::string& tenant, const std::string& plugin, const std::string& key,
                       std::string_view domain) {
    return base::sha256_hex(tenant + '\n' + plugin + '\n' + key).substr(0, 40) + "@" + std::string(domain);
}

std::string build(const Message& message, bool eight_bit) {
    if (message.to.empty())
        throw concejo::Error(concejo::ErrorKind::invalid, "el correo no tiene destinatario");
    refuse_control("el asunto", message.subject);
    refuse_control("el identificador del mensaje", message.message_id);
    std::string out = "Date: " + mail_date(message.date) + "\r\n";
    add_addresses(out, "From", {message.from});
    if (message.reply_to) add_addresses(out, "Reply-To", {*message.reply_to});
    add_addresses(out, "To", message.to);
    add_addresses(out, "Cc", message.cc);
    out += "Subject: " + header_text(message.subject) + "\r\n";
    out += "Message-ID: <" + message.message_id + ">\r\n";
    if (!message.unsubscribe.empty())
        out += "List-Unsubscribe: <" + message.unsubscribe +
               ">\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n";
    out += "Auto-Submitted: auto-generated\r\nContent-Language: " + message.language +
           "\r\nMIME-Version: 1.0\r\n";
    auto body = text_part("text/plain", message.text, eight_bit);
    if (!message.html.empty())
        body = multipart("alternative", {body, text_part("text/html", message.html, eight_bit)},
                         message.message_id);
    if (!message.attachments.empty()) {
        std::vector<Part> parts{std::move(body)};
        for (const auto& attachment : message.attachments) parts.push_back(attachment_part(attachment));
        body = multipart("mixed", parts, message.message_id);
    }
    return out + body.text;
}

}  // namespace kernel::mail
