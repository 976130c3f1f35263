// Whom a mail can be written to.
#include "following.hpp"

#include <catch2/catch.hpp>

using open_data::mail_address;

TEST_CASE("an address is one address and nothing else; its domain is in lower case") {
    CHECK(mail_address("Ana.Ría@example.es") == std::nullopt);
    CHECK(mail_address("Ana.Ria+datos@Example.ES") == "Ana.Ria+datos@example.es");
    CHECK(mail_address("o'neill@sub.example-dos.es") == "o'neill@sub.example-dos.es");
    for (const auto* wrong : {"",
                              "@",
                              "a@",
                              "@b.es",
                              "a@b",
                              "a b@c.es",
                              "a@b.es, c@d.es",
                              "Ana <a@b.es>",
                              "\"a b\"@c.es",
                              "a@[10.0.0.1]",
                              ".a@b.es",
                              "a.@b.es",
                              "a..b@c.es",
                              "a@b..es",
                              "a@.es",
                              "a@b.es.",
                              "a@-b.es",
                              "a@b-.es",
                              "a@b.es\r\nBcc: c@d.es",
                              "a@b@c.es",
                              "a@b.es\n",
                              "a@b_c.es",
                              "a@b.es>",
                              "mailto:a@b.es,"})
        CHECK(mail_address(wrong) == std::nullopt);
    CHECK(mail_address(std::string(64, 'a') + "@b.es"));
    CHECK_FALSE(mail_address(std::string(65, 'a') + "@b.es"));
    CHECK_FALSE(mail_address("a@" + std::string(64, 'b') + ".es"));
    CHECK_FALSE(mail_address("a@" + std::string(60, 'b') + "." + std::string(60, 'b') + "." +
                             std::string(60, 'b') + "." + std::string(60, 'b') + "." + std::string(60, 'b') +
                             ".es"));
}
