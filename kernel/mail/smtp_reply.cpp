#include "kernel/mail/smtp_reply.hpp"

#include "kernel/base/text.hpp"
#include "kernel/net/error.hpp"

#include <fmt/format.h>

#include <array>

namespace kernel::mail {

namespace {

[[noreturn]] void broken(const std::string& why) {
    throw net::NetError(concejo::ErrorKind::unavailable,
                        "el servidor de correo no responde como debe: " + why);
}

bool digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::string SmtpReply::text() const {
    auto all = std::to_string(code);
    for (const auto& line : lines) all += " " + line;
    all.resize(std::min<std::size_t>(all.size(), 1000));
    all.resize(base::utf8_invalid_at(all));
    for (auto& c : all) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    }
    return all;
}

std::string SmtpReplyReader::line() {
    for (;;) {
        if (const auto end = buffer_.find('\n', at_); end != buffer_.npos) {
            auto found = buffer_.substr(at_, end - at_);
            at_ = end + 1;
            if (at_ == buffer_.size()) buffer_.clear(), at_ = 0;
            if (found.ends_with('\r')) found.pop_back();
            return found;
        }
        if (buffer_.size() - at_ > 2048) broken("una línea demasiado larga");
        std::array<char, 2048> piece;
        net::error_code error;
        const auto count = source_.read_some(piece.data(), piece.size(), error);
        if (error) broken(net::explain(error));
        buffer_.append(piece.data(), count);
    }
}

SmtpReply SmtpReplyReader::next() {
    SmtpReply reply;
    for (;;) {
        const auto said = line();
        const bool shaped = said.size() >= 3 && said[0] >= '2' && said[0] <= '5' && digit(said[1]) &&
                            digit(said[2]) && (said.size() == 3 || said[3] == ' ' || said[3] == '-');
        if (!shaped) broken("«" + SmtpReply{0, {said}}.text().substr(2, 80) + "»");
        const int code = (said[0] - '0') * 100 + (said[1] - '0') * 10 + (said[2] - '0');
        if (reply.code && code != reply.code) broken("códigos distintos en una respuesta");
        reply.code = code;
        reply.lines.push_back(said.size() > 4 ? said.substr(4) : std::string());
        if (said.size() == 3 || said[3] == ' ') return reply;
        if (reply.lines.size() > 100) broken("demasiadas líneas");
    }
}

}  // namespace kernel::mail
