// Mails of which nobody finds out whom they went to.
#include "kernel/mail/mailer_fixture.hpp"

using namespace kernel::mail;
using namespace std::chrono_literals;
using concejo::Json;
using kernel::net::testing::certificates;
using kernel::net::testing::OtherSide;
using namespace kernel::mail::testing;

TEST_CASE("of what is to be forgotten nothing says whom it went to, nor the one-click end of it") {
    Town town("mail_7");
    const auto draft_to = [&](const std::string& to) {
        auto draft = town.draft(to);
        draft.forget = true, draft.unsubscribe = "https://datos.valdehermoso.example/baja/abc";
        return draft;
    };
    const auto sent = town.post(draft_to("bien@example.es")),
               refused = town.post(draft_to("permanente@example.es"));
    Post post(*town.pool, at(town.other->port()), town.folder.path());
    kernel::outbox::Dispatcher dispatcher(*town.pool, post, quick());
    dispatcher.start();
    REQUIRE(town.settles());
    dispatcher.stop();
    REQUIRE(town.taken().size() == 1);
    const auto fields = Json::parse(kernel::net::testing::output_of("python3 -W ignore -B " CONCEJO_SOURCE_DIR
                                                                    "/kernel/net/testing/read_mail.py",
                                                                    town.taken()[0].at("data").as_string()))
                            .at("fields");
    CHECK(fields.at("List-Unsubscribe").as_string() == "<https://datos.valdehermoso.example/baja/abc>");
    CHECK(fields.at("List-Unsubscribe-Post").as_string() == "List-Unsubscribe=One-Click");
    CHECK(town.state_of(sent) == "sent");
    CHECK(town.state_of(refused) == "refused");
    CHECK(state(*town.pool, town.tenant.id, refused.message_id)[0].recipient == "1");
    CHECK(kernel::outbox::count(*town.pool, town.tenant.id).dead == 0);
    const auto kept = tests::cluster().superuser(
        "select count(*) from (select to_jsonb(o)::text as row from concejo.outbox o union all select "
        "to_jsonb(m)::text from concejo.mail m where tenant = 'mail_7') r where row like '%example.es%'");
    CHECK(kept == "0");
}
