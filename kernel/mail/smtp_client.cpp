#include "kernel/mail/smtp_client.hpp"

#include "kernel/base/encoding.hpp"
#include "kernel/base/text.hpp"
#include "kernel/mail/smtp_reply.hpp"
#include "kernel/net/error.hpp"
#include "kernel/net/line_wire.hpp"

#include <fmt/format.h>

#include <optional>
#include <set>

namespace kernel::mail {

using concejo::ErrorKind;

namespace {

class Session {
public:
    Session(const SmtpServer& server, const net::TlsTrust& trust) : server_(server), trust_(trust) {}

    void open() {
        wire_.connect(server_.host, server_.port, server_.resolve, server_.connect);
        if (server_.security == Security::tls) secure();
        reader_.emplace(wire_);
        expect(listen(server_.reply), "no atiende");
        hello();
        if (server_.security != Security::starttls) return;
        if (!offers("STARTTLS"))
            throw net::NetError(ErrorKind::forbidden,
                                "el servidor de correo no ofrece STARTTLS: no se le envía nada sin cifrar");
        expect(ask("STARTTLS"), "no cifra");
        if (reader_->has_more())
            throw net::NetError(ErrorKind::forbidden, "el servidor de correo ha hablado antes de cifrar");
        secure();
        reader_.emplace(wire_);
        hello();
    }

    /// PLAIN where there is a choice. Refusals are the installation's fault, not the message's: they are for
    /// now.
    void log_in() {
        if (server_.user.empty()) return;
        if (server_.security == Security::none)
            throw net::NetError(
                ErrorKind::forbidden,
                "la contraseña del correo no se envía sin cifrar: use «cifrado: starttls» o «tls»");
        if (auth_.contains("PLAIN")) {
            expect(ask("AUTH PLAIN " + base::base64(std::string(1, '\0') + server_.user +
                                                    std::string(1, '\0') + server_.password)),
                   "no admite el usuario");
        } else if (auth_.contains("LOGIN")) {
            expect(ask("AUTH LOGIN"), "no admite el usuario");
            expect(ask(base::base64(server_.user)), "no admite el usuario");
            expect(ask(base::base64(server_.password)), "no admite el usuario");
        } else {
            throw net::NetError(ErrorKind::unavailable,
                                "el servidor de correo no ofrece AUTH PLAIN ni LOGIN");
        }
    }

    bool offers(const std::string& extension) const { return extensions_.contains(extension); }

    void say_to_whom(const Envelope& envelope) {
        const bool utf8 = envelope.utf8 || !envelope.to.ascii() || !envelope.from.ascii();
        if (utf8 && !offers("SMTPUTF8"))
            throw SmtpRefused("el servidor de correo no admite direcciones con acentos (SMTPUTF8)", true);
        // Who may send is a matter of the installation (530 before AUTH, 550 for a sender), not of this
        // message.
        expect(ask(fmt::format("MAIL FROM:<{}>{}{}", envelope.from.address,
                               offers("8BITMIME") ? " BODY=8BITMIME" : "", utf8 ? " SMTPUTF8" : "")),
               "no admite el remitente");
        accept(ask(fmt::format("RCPT TO:<{}>", envelope.to.address)));
    }

    std::string give(const std::string& message, const std::function<void()>& about_to_send) {
        const auto ready = ask("DATA");
        if (ready.code != 354) accept(ready, true);
        about_to_send();
        wire_.allow(server_.accepted);
        wire_.write(dot_stuffed(message));
        const auto last = listen(server_.accepted);
        accept(last);
        return last.text();
    }

    void leave() noexcept {
        try {
            wire_.allow(std::chrono::seconds(2));
            wire_.write("QUIT\r\n");
        } catch (const concejo::Error&) {  // the message has been taken: how the server says good-bye matters
                                           // no more
        }
    }

private:
    void secure() { wire_.start_tls(trust_, server_.host, server_.connect); }

    SmtpReply listen(std::chrono::milliseconds limit) {
        wire_.allow(limit);
        return reader_->next();
    }
    SmtpReply ask(const std::string& line) {
        wire_.allow(server_.reply);
        wire_.write(line + "\r\n");
        return listen(server_.reply);
    }

    /// Of the conversation itself: a refusal may pass, whatever its code.
    static void expect(const SmtpReply& reply, const char* what) {
        if (!reply.good())
            throw net::NetError(ErrorKind::unavailable,
                                fmt::format("el servidor de correo {}: {}", what, reply.text()));
    }
    /// Of the message: 4xx may pass, 5xx is for good. 421 closes the conversation.
    static void accept(const SmtpReply& reply, bool never_good = false) {
        if (never_good || !reply.good()) throw SmtpRefused(reply.text(), reply.for_good());
    }

    void hello() {
        auto reply = ask("EHLO " + server_.hello);
        extensions_.clear();
        auth_.clear();
        expect(reply, "no saluda");
        for (const auto& line : reply.lines) {
            const auto words = base::split(base::trim(line), ' ');
            const auto name = base::upper_ascii(words.front());
            extensions_.insert(name);
            for (std::size_t i = 1; name == "AUTH" && i < words.size(); ++i)
                auth_.insert(base::upper_ascii(words[i]));
        }
    }

    const SmtpServer& server_;
    const net::TlsTrust& trust_;
    net::LineWire wire_;
    std::optional<SmtpReplyReader> reader_;
    std::set<std::string> extensions_, auth_;
};

}  // namespace

std::string dot_stuffed(std::string_view message) {
    std::string out;
    out.reserve(message.size() + 64);
    bool line_begins = true;
    for (const char c : message) {
        if (line_begins && c == '.') out += '.';
        out += c;
        line_begins = c == '\n';
    }
    if (!out.ends_with("\r\n")) out += "\r\n";
    return out + ".\r\n";
}

std::string send(const SmtpServer& server, const net::TlsTrust& trust, const Envelope& envelope,
                 const std::function<std::string(bool)>& message,
                 const std::function<void()>& about_to_send) {
    Session session(server, trust);
    session.open();
    session.log_in();
    const auto text = message(session.offers("8BITMIME"));
    session.say_to_whom(envelope);
    const auto last = session.give(text, about_to_send);
    session.leave();
    return last;
}

}  // namespace kernel::mail
