#include "kernel/mail/dsn.hpp"
#include "kernel/mail/smtp_client.hpp"
#include "kernel/mail/smtp_reply.hpp"
#include "kernel/net/error.hpp"
#include "kernel/net/testing/other_side.hpp"

#include <boost/system/errc.hpp>
#include <catch2/catch.hpp>

#include <random>

using namespace kernel::mail;
using kernel::net::NetError;

namespace {

/// RFC 3464, appendix E.1.
const std::string of_the_rfc = R"(Date: Thu, 7 Jul 1994 17:16:05 -0400
From: Mail Delivery Subsystem <MAILER-DAEMON@CS.UTK.EDU>
Message-Id: <199407072116.RAA14128@CS.UTK.EDU>
Subject: Returned mail: Cannot send message for 5 days
To: <owner-info-mime@cs.utk.edu>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
      boundary="RAA14128.773615765/CS.UTK.EDU"

--RAA14128.773615765/CS.UTK.EDU

The original message was received at Sat, 2 Jul 1994 17:10:28 -0400
from root@localhost

--RAA14128.773615765/CS.UTK.EDU
content-type: message/delivery-status

Reporting-MTA: dns; cs.utk.edu

Original-Recipient: rfc822;louisl@larry.slip.umd.edu
Final-Recipient: rfc822;louisl@larry.slip.umd.edu
Action: failed
Status: 4.0.0
Diagnostic-Code: smtp; 426 connection timed out
Last-Attempt-Date: Thu, 7 Jul 1994 17:15:49 -0400

--RAA14128.773615765/CS.UTK.EDU
content-type: message/rfc822

Message-ID: <original@cs.utk.edu>
Subject: hello

text
--RAA14128.773615765/CS.UTK.EDU--
)";

constexpr const char* by_python = R"(
import email.message, email.policy, sys
m = email.message.EmailMessage(policy=email.policy.SMTP)
m["From"] = "MAILER-DAEMON@mx.test"; m["To"] = "sede@test.es"; m["Subject"] = "Undelivered"
m.set_type("multipart/report"); m.set_param("report-type", "delivery-status"); m.set_boundary("==b o(u)n d==")
def fields(**named):
    p = email.message.Message(policy=email.policy.SMTP)
    for name, value in named.items(): p[name.replace("_", "-")] = value
    return p
def part(kind, payload):
    p = email.message.Message(policy=email.policy.SMTP)
    p["Content-Type"] = kind
    p.set_payload(payload); m.attach(p)
part("text/plain; charset=utf-8", "No se pudo.")
part("message/delivery-status", [
    fields(Reporting_MTA="dns; mx.test", Arrival_Date="Mon, 2 Mar 2026 09:00:00 +0000"),
    fields(Final_Recipient="rfc822; <Ana@Example.es>", Action="FAILED", Status="5.1.1",
           Diagnostic_Code="smtp; 550 5.1.1 " + " ".join(["no such user"] * 12)),
    fields(Final_Recipient="rfc822;luis@example.es", Action="delayed", Status="4.4.1")])
part("text/rfc822-headers", "Received: x\r\nMessage-Id:\r\n <abc@sede.test>\r\nSubject: y\r\n")
sys.stdout.buffer.write(m.as_bytes())
)";

}  // namespace

TEST_CASE("the standard's own notification is read") {
    const auto bounce = parse_bounce(of_the_rfc);
    REQUIRE(bounce);
    CHECK(bounce->message_id == "original@cs.utk.edu");
    REQUIRE(bounce->recipients.size() == 1);
    CHECK(bounce->recipients[0].address == "louisl@larry.slip.umd.edu");
    CHECK(bounce->recipients[0].original == "louisl@larry.slip.umd.edu");
    CHECK(bounce->recipients[0].action == "failed");
    CHECK(bounce->recipients[0].status == "4.0.0");
    CHECK(bounce->recipients[0].diagnostic == "426 connection timed out");
}

TEST_CASE("a notification that Python wrote is read, encoded and folded as it is") {
    const auto bounce =
        parse_bounce(kernel::net::testing::output_of("python3 -c '" + std::string(by_python) + "'"));
    REQUIRE(bounce);
    CHECK(bounce->message_id == "abc@sede.test");
    REQUIRE(bounce->recipients.size() == 2);
    CHECK(bounce->recipients[0].address == "Ana@Example.es");
    CHECK(bounce->recipients[0].action == "failed");
    CHECK(bounce->recipients[0].diagnostic.starts_with("550 5.1.1 no such user no such user"));
    CHECK(bounce->recipients[0].diagnostic.size() == 9 + 12 * 13);
    CHECK(bounce->recipients[1].action == "delayed");
}

TEST_CASE("an encoded status part is decoded") {
    auto text = of_the_rfc;
    const auto begin = text.find("Reporting-MTA"),
               end = text.find("--RAA14128.773615765/CS.UTK.EDU\ncontent-type: message/rfc822");
    const auto status = text.substr(begin, end - begin);
    text.replace(begin, end - begin, kernel::net::testing::output_of("base64", status));
    text.insert(text.find("message/delivery-status") + 23, "\nContent-Transfer-Encoding: BASE64");
    const auto bounce = parse_bounce(text);
    REQUIRE(bounce);
    REQUIRE(bounce->recipients.size() == 1);
    CHECK(bounce->recipients[0].status == "4.0.0");
}

TEST_CASE("what is no notification is told, and nothing breaks the reader") {
    for (const char* text :
         {"", "Subject: hello\n\nFinal-Recipient: rfc822; a@b.es\n",
          "Content-Type: multipart/report; report-type=disposition-notification; "
          "boundary=x\n\n--x\n\n--x--\n",
          "Content-Type: multipart/report; report-type=delivery-status\n\n",
          "Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\n\nhello\n--x--\n"})
        CHECK_FALSE(parse_bounce(text));
    std::mt19937 chance(9);
    int read = 0;
    for (int i = 0; i < 20000; ++i) {
        auto text = of_the_rfc;
        for (auto n = chance() % 6; n > 0 && !text.empty(); --n) {
            const auto at = chance() % text.size();
            if (chance() % 2)
                text.erase(at, chance() % 60);
            else if (chance() % 2)
                text[at] = static_cast<char>(chance());
            else
                text.insert(at, text.substr(chance() % text.size(), chance() % 200));
        }
        read += parse_bounce(text).has_value();
        parse_bounce(std::string_view(text).substr(0, chance() % (text.size() + 1)));
    }
    CHECK(read > 2000);
}

namespace {

class Text : public kernel::net::ByteSource {
public:
    Text(std::string_view text, std::size_t piece) : text_(text), piece_(piece) {}
    std::size_t read_some(char* into, std::size_t size, kernel::net::error_code& error) override {
        const auto count = std::min({size, piece_, text_.size()});
        error = count ? kernel::net::error_code() : make_error_code(boost::system::errc::connection_reset);
        text_.copy(into, count);
        text_.remove_prefix(count);
        return count;
    }

private:
    std::string_view text_;
    std::size_t piece_;
};

SmtpReply reply(std::string_view text, std::size_t piece = 4096) {
    Text source(text, piece);
    return SmtpReplyReader(source).next();
}

}  // namespace

TEST_CASE("replies are read however they are cut; what is none is refused") {
    const std::string text = "250-mx.test greets\r\n250-SIZE 1000\r\n250 STARTTLS\r\n";
    for (std::size_t piece = 1; piece <= text.size(); ++piece) {
        const auto found = reply(text, piece);
        CHECK(found.code == 250);
        CHECK(found.lines == std::vector<std::string>{"mx.test greets", "SIZE 1000", "STARTTLS"});
    }
    CHECK(reply("250\r\n").lines.front().empty());
    CHECK(reply("354 go\n").good());
    CHECK(reply("550 no\r\n").for_good());
    CHECK_FALSE(reply("450 later\r\n").for_good());
    Text two("220 go\r\n250 already here\r\n", 4096);
    SmtpReplyReader reader(two);
    reader.next();
    CHECK(reader.has_more());
    for (const char* bad : {"", "2", "25 x\r\n", "999 x\r\n", "150 x\r\n", "2x0 x\r\n", "250+x\r\n",
                            "250-a\r\n251 b\r\n", "hello\r\n", "250-a\r\n"}) {
        INFO(bad);
        CHECK_THROWS_AS(reply(bad), NetError);
    }
    CHECK_THROWS_AS(reply("250 " + std::string(10000, 'x') + "\r\n"), NetError);
    std::string many;
    for (int i = 0; i < 1000; ++i) many += "250-x\r\n";
    CHECK_THROWS_AS(reply(many), NetError);
    std::mt19937 chance(2);
    const std::string alphabet = "0123456789 -\r\nabc\x01\xff";
    for (int i = 0; i < 100000; ++i) {
        std::string noise = i % 2 ? "250" : "";
        for (auto n = chance() % 30; n > 0; --n) noise += alphabet[chance() % alphabet.size()];
        try {
            reply(noise, 1 + chance() % 9).text();
        } catch (const NetError&) {
        }
    }
}

TEST_CASE("a dot at the beginning of a line is doubled, and one alone ends the message") {
    CHECK(dot_stuffed(".\r\n..a\r\nb.\r\n") == "..\r\n...a\r\nb.\r\n.\r\n");
    CHECK(dot_stuffed("a") == "a\r\n.\r\n");
    CHECK(dot_stuffed("") == "\r\n.\r\n");
}
