#include "kernel/mail/dsn.hpp"

#include "kernel/base/text.hpp"
#include "kernel/mail/encoded.hpp"

#include <algorithm>
#include <utility>

namespace kernel::mail {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;
constexpr std::size_t most_fields = 500, most_parts = 50, most_refused = 200;

/// The next line without its end; `text` loses it.
std::string_view take_line(std::string_view& text) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    text = end == text.npos ? std::string_view() : text.substr(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

/// Header fields up to the empty line, unfolded, names in lower case. `text` is left behind the empty line.
Fields take_fields(std::string_view& text) {
    Fields fields;
    while (!text.empty() && fields.size() < most_fields) {
        const auto line = take_line(text);
        if (line.empty()) break;
        if ((line.front() == ' ' || line.front() == '\t') && !fields.empty()) {
            fields.back().second += " " + std::string(base::trim(line));
            continue;
        }
        const auto colon = line.find(':');
        if (colon == line.npos) continue;
        fields.emplace_back(base::lower_ascii(base::trim(line.substr(0, colon))),
                            base::trim(line.substr(colon + 1)));
    }
    return fields;
}

std::string field(const Fields& fields, std::string_view name) {
    for (const auto& [key, value] : fields) {
        if (key == name) return value;
    }
    return {};
}

/// `name=value` or `name="value"` of a structured field.
std::string parameter(const std::string& value, const std::string& name) {
    const auto lower = base::lower_ascii(value);
    for (std::size_t at = 0; (at = lower.find(name + "=", at)) != lower.npos; at += name.size()) {
        if (at == 0 || (lower[at - 1] != ';' && lower[at - 1] != ' ' && lower[at - 1] != '\t')) continue;
        auto rest = std::string_view(value).substr(at + name.size() + 1);
        if (rest.starts_with('"')) return std::string(rest.substr(1, rest.find('"', 1) - 1));
        return std::string(base::trim(rest.substr(0, rest.find(';'))));
    }
    return {};
}

std::string type_of(const Fields& fields) {
    const auto value = field(fields, "content-type");
    return base::lower_ascii(base::trim(std::string_view(value).substr(0, value.find(';'))));
}

struct BouncePart {
    Fields fields;
    std::string body;
};

std::string decoded(const Fields& fields, std::string_view body) {
    const auto encoding = base::lower_ascii(field(fields, "content-transfer-encoding"));
    if (encoding == "base64") return from_base64(body);
    if (encoding == "quoted-printable") return from_quoted_printable(body);
    return std::string(body);
}

std::vector<BouncePart> parts_of(std::string_view body, const std::string& boundary) {
    std::vector<BouncePart> parts;
    const auto mark = "--" + boundary;
    std::optional<std::string_view> begin;
    while (!body.empty() && parts.size() < most_parts) {
        const auto before = body;
        const auto line = take_line(body);
        if (!line.starts_with(mark)) continue;
        const auto rest = base::trim(line.substr(mark.size()));
        if (!rest.empty() && rest != "--") continue;
        if (begin) {
            auto text = begin->substr(0, begin->size() - before.size());
            auto fields = take_fields(text);
            auto content = decoded(fields, text);
            parts.push_back({std::move(fields), std::move(content)});
        }
        begin = body;
        if (rest == "--") return parts;
    }
    if (begin && parts.size() < most_parts) {  // cut off: what is there
        auto text = *begin;
        auto fields = take_fields(text);
        auto content = decoded(fields, text);
        parts.push_back({std::move(fields), std::move(content)});
    }
    return parts;
}

/// "rfc822; ana@example.es" -> "ana@example.es"
std::string typed(const std::string& value) {
    const auto semicolon = value.find(';');
    auto text = base::trim(std::string_view(value).substr(semicolon == value.npos ? 0 : semicolon + 1));
    if (text.starts_with('<') && text.ends_with('>')) text = text.substr(1, text.size() - 2);
    return std::string(text.substr(0, 400));
}

std::string bare_id(const std::string& value) {
    const auto open = value.find('<'), close = value.find('>');
    return open != value.npos && close != value.npos && close > open
               ? value.substr(open + 1, close - open - 1)
               : std::string();
}

/// Groups of fields with empty lines between them; the first one is about the message.
void read_status(std::string_view text, Bounce& bounce) {
    while (!text.empty() && bounce.recipients.size() < most_refused) {
        const auto fields = take_fields(text);
        const auto final = field(fields, "final-recipient");
        if (final.empty()) continue;
        bounce.recipients.push_back({typed(final), typed(field(fields, "original-recipient")),
                                     base::lower_ascii(field(fields, "action")),
                                     field(fields, "status").substr(0, 40),
                                     typed(field(fields, "diagnostic-code"))});
    }
}

}  // namespace

std::optional<Bounce> parse_bounce(std::string_view message) {
    if (message.starts_with("From ")) take_line(message);  // as mbox files have it
    const auto fields = take_fields(message);
    const auto type = field(fields, "content-type");
    if (type_of(fields) != "multipart/report" ||
        base::lower_ascii(parameter(type, "report-type")) != "delivery-status")
        return std::nullopt;
    const auto boundary = parameter(type, "boundary");
    if (boundary.empty()) return std::nullopt;
    Bounce bounce;
    bool status = false;
    for (const auto& part : parts_of(message, boundary)) {
        const auto kind = type_of(part.fields);
        if (kind == "message/delivery-status" || kind == "message/global-delivery-status") {
            read_status(part.body, bounce);
            status = true;
        } else if (kind == "message/rfc822" || kind == "text/rfc822-headers" || kind == "message/global" ||
                   kind == "message/global-headers") {
            std::string_view text = part.body;
            bounce.message_id = bare_id(field(take_fields(text), "message-id"));
        }
    }
    if (!status) return std::nullopt;
    return bounce;
}

}  // namespace kernel::mail
