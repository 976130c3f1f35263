#include "kernel/mail/mailer_fixture.hpp"

using namespace kernel::mail;
using namespace std::chrono_literals;
using concejo::Json;
using kernel::net::testing::certificates;
using kernel::net::testing::OtherSide;
using namespace kernel::mail::testing;

TEST_CASE("another's server takes what was queued, dots and all, and only what was committed") {
    Town town("mail_1", {"smtpd"});
    {
        auto tx = town.pool->begin(town.tenant);
        queue(tx, town.draft("nadie@example.es"));
    }
    auto draft = town.draft("Ana <ana@example.es>", "clave");
    draft.cc = {Address::parse("luis@example.es"), Address::parse("ana@example.es")};
    draft.text = ".\n..\nseñor\n" + std::string(200, 'x') + "\n.\n";
    const auto queued = town.post(draft);
    CHECK(queued.recipients == 2);
    CHECK_FALSE(town.post(draft).fresh);
    auto accents = town.draft("josé@example.es");
    const auto utf8 = town.post(accents);
    Post post(*town.pool, at(town.other->port()), town.folder.path());
    kernel::outbox::Dispatcher dispatcher(*town.pool, post, quick());
    dispatcher.start();
    REQUIRE(town.settles());
    dispatcher.stop();
    const auto taken = town.taken();
    REQUIRE(taken.size() == 3);
    for (const auto& one : taken) {
        const auto found = Json::parse(kernel::net::testing::output_of(
            "python3 -W ignore -B " CONCEJO_SOURCE_DIR "/kernel/net/testing/read_mail.py",
            one.at("data").as_string()));
        const bool is_utf8 = one.at("to").as_string() == "josé@example.es";
        CHECK(one.at("mail").as_string() == "sede@valdehermoso.example");
        // smtpd hands over the message without its last line end.
        CHECK(found.at("parts").as_array()[0].at("text").as_string() + "\n" ==
              (is_utf8 ? accents.text : draft.text));
        CHECK(found.at("fields").at("Message-ID").as_string() ==
              "<" + (is_utf8 ? utf8 : queued).message_id + ">");
        if (!is_utf8)
            CHECK(found.at("defects").dump() == "[]");  // Python takes raw UTF-8 in a header for one
        const auto options = one.at("options").dump();
        CHECK((options.find("SMTPUTF8") != options.npos) == is_utf8);
        CHECK(options.find("BODY=8BITMIME") != options.npos);
    }
    CHECK(town.state_of(queued) == "sent");
}

TEST_CASE("refused this time, refused for good, and accepted without a word") {
    Town town("mail_2");
    const auto good = town.post(town.draft("bien@example.es")),
               permanent = town.post(town.draft("permanente@example.es")),
               spam = town.post(town.draft("spam@example.es"));
    const auto later = town.post(town.draft("temporal@example.es")),
               drops = town.post(town.draft("cae@example.es"));
    Post post(*town.pool, at(town.other->port()), town.folder.path());
    kernel::outbox::Dispatcher dispatcher(*town.pool, post, quick());
    dispatcher.start();
    for (const auto until = std::chrono::steady_clock::now() + 15s;
         std::chrono::steady_clock::now() < until &&
         kernel::outbox::count(*town.pool, town.tenant.id).waiting > 1;)
        std::this_thread::sleep_for(20ms);
    std::this_thread::sleep_for(200ms);
    dispatcher.stop();
    CHECK(town.state_of(good) == "sent");
    CHECK(town.state_of(permanent) == "refused");
    CHECK(state(*town.pool, town.tenant.id, permanent.message_id)[0].detail == "550 5.1.1 no such user");
    CHECK(town.state_of(spam) == "refused");
    CHECK(town.state_of(later) == "queued");
    CHECK(town.state_of(drops) == "sent");
    std::map<std::string, std::vector<std::string>> copies;
    for (const auto& one : town.taken())
        copies[one.at("to").as_string()].push_back(one.at("data").as_string());
    CHECK(copies.size() == 2);
    const auto& twice = copies["RCPT TO:<cae@example.es>"];
    REQUIRE(twice.size() == 2);
    CHECK(twice[0] == twice[1]);  // Message-ID and all
    CHECK(kernel::outbox::count(*town.pool, town.tenant.id).dead == 2);
    const auto waiting = kernel::outbox::list(*town.pool, town.tenant.id, "waiting");
    REQUIRE(waiting.size() == 1);
    CHECK(waiting[0].last_error == "450 4.2.1 come back later");
    CHECK(waiting[0].attempts > 1);
}

TEST_CASE("encrypted before anything else, and the password only then") {
    const auto cert = certificates().file("good.pem") + "," + certificates().file("good.key");
    const auto wrong = certificates().file("wrong.pem") + "," + certificates().file("wrong.key");
    const auto try_it = [&](const std::vector<std::string>& options, Security security,
                            const std::string& user, const std::string& password) {
        kernel::base::TempDir folder;
        auto arguments = options;
        arguments.insert(arguments.begin(), {"habits", (folder.path() / "log").string()});
        OtherSide other("smtp_server.py", arguments);
        auto server = at(other.port(), security);
        server.user = user;
        server.password = password;
        if (options == std::vector<std::string>{"silent"}) server.reply = 500ms;
        const kernel::net::TlsTrust trust(certificates().authority());
        bool sending = false;
        try {
            send(
                server, trust, {Address::parse("a@b.es"), Address::parse("c@d.es")},
                [](bool) { return std::string("Subject: x\r\n\r\ny\r\n"); }, [&] { sending = true; });
        } catch (const concejo::Error& error) {
            CHECK_FALSE(sending);
            return std::string(error.what());
        }
        std::ifstream in(folder.path() / "log");
        std::string line;
        std::getline(in, line);
        const auto json = Json::parse(line);
        return std::string(json.at("secure").as_bool() ? "secure " : "clear ") +
               (json.at("user").is_null() ? "" : json.at("user").as_string());
    };
    CHECK(try_it({"starttls=" + cert, "auth=PLAIN+LOGIN", "user=ana:s3 creto"}, Security::starttls, "ana",
                 "s3 creto") == "secure ana");
    CHECK(try_it({"tls=" + cert, "auth=LOGIN", "user=ana:s3creto"}, Security::tls, "ana", "s3creto") ==
          "secure ana");
    CHECK(try_it({"plain"}, Security::none, "", "") == "clear ");
    using Catch::Contains;
    CHECK_THAT(
        try_it({"starttls=" + cert, "auth=PLAIN", "user=ana:otra"}, Security::starttls, "ana", "s3creto"),
        Contains("535"));
    CHECK_THAT(try_it({"starttls=" + cert, "auth=CRAM-MD5", "user=ana:x"}, Security::starttls, "ana", "x"),
               Contains("AUTH"));
    CHECK_THAT(try_it({"starttls=" + cert, "auth=PLAIN", "user=ana:x"}, Security::starttls, "", ""),
               Contains("530") && Contains("remitente"));
    CHECK_THAT(try_it({}, Security::starttls, "", ""), Contains("STARTTLS"));
    CHECK_THAT(try_it({"starttls=" + cert, "inject"}, Security::starttls, "", ""),
               Contains("antes de cifrar"));
    CHECK_THAT(try_it({"starttls=" + wrong}, Security::starttls, "", ""), Contains("no vale"));
    CHECK_THAT(try_it({"tls=" + wrong}, Security::tls, "", ""), Contains("no vale"));
    CHECK_THAT(try_it({"auth=PLAIN", "user=ana:x"}, Security::none, "ana", "x"), Contains("sin cifrar"));
    CHECK_THAT(try_it({}, Security::tls, "", ""), Contains("no se puede cifrar"));
    CHECK_THAT(try_it({"silent"}, Security::none, "", ""), Contains("ha tardado demasiado"));
}

TEST_CASE("an address with accents needs a server that takes it; a long queue's dead letter tells why") {
    Town town("mail_3", {"habits", "plain"});
    const auto queued = town.post(town.draft("josé@example.es"));
    Post post(*town.pool, at(town.other->port()), town.folder.path());
    kernel::outbox::Dispatcher dispatcher(*town.pool, post, quick());
    dispatcher.start();
    REQUIRE(town.settles());
    CHECK(town.state_of(queued) == "refused");
    CHECK(town.taken().empty());
}

TEST_CASE("attachments come from blobs, and what cannot be sent is refused when it is queued") {
    Town town("mail_4");
    Post post(*town.pool, at(town.other->port()), town.folder.path());
    auto draft = town.draft("ana@example.es");
    const std::string content(300'000, 'z');
    {
        auto tx = town.pool->begin(town.tenant);
        bool given = false;
        const auto blob = post.blobs.put(
            tx, [&] { return std::exchange(given, true) ? std::string_view() : std::string_view(content); },
            "application/pdf");
        draft.files = {{blob.id, "acta.pdf", "application/pdf"}};
        queue(tx, draft);
        tx.commit();
    }
    kernel::outbox::Dispatcher dispatcher(*town.pool, post, quick());
    dispatcher.start();
    REQUIRE(town.settles());
    REQUIRE(town.taken().size() == 1);
    const auto found = Json::parse(kernel::net::testing::output_of("python3 -W ignore -B " CONCEJO_SOURCE_DIR
                                                                   "/kernel/net/testing/read_mail.py",
                                                                   town.taken()[0].at("data").as_string()));
    CHECK(found.at("parts").as_array()[1].at("bytes").as_int() == 300'000);
    const auto refused = [&](auto&& spoil) {
        auto bad = town.draft("ana@example.es");
        spoil(bad);
        auto tx = town.pool->begin(town.tenant);
        CHECK_THROWS_AS(queue(tx, bad), concejo::Error);
    };
    refused([](Draft& d) { d.to.clear(); });
    refused([](Draft& d) { d.subject = "a\r\nBcc: x@y.es"; });
    refused([](Draft& d) { d.subject.clear(); });
    refused([](Draft& d) { d.text = std::string("a\0b", 3); });
    refused([](Draft& d) { d.text = "\xff"; });
    refused([](Draft& d) { d.text = std::string(2 << 20, 'a'); });
    refused([](Draft& d) { d.to = std::vector<Address>(101, Address::parse("a@b.es")); });
    refused([](Draft& d) { d.files = {{"x", "a\nb", ""}}; });
    refused([](Draft& d) { d.unsubscribe = "https://a.es/\r\nBcc: x@y.es"; });
    refused([](Draft& d) { d.unsubscribe = "mailto:baja@a.es"; });
}

TEST_CASE("a notification marks its recipient, in the right municipality only") {
    Town town("mail_5");
    const auto other_town = tests::cluster().tenant("mail_6");
    auto draft = town.draft("ana@example.es", "k");
    draft.to.push_back(Address::parse("luis@example.es"));
    const auto queued = town.post(draft);
    REQUIRE(mark(*town.pool, town.tenant.id, queued.message_id, "ana@example.es", "sent", "250 ok"));
    Bounce bounce{queued.message_id,
                  {{"ANA@example.es", "", "failed", "5.1.1", "550 no such user"},
                   {"otro@example.es", "", "failed", "5.0.0", ""},
                   {"luis@example.es", "", "relayed", "2.0.0", ""}}};
    const auto noted = note_bounce(*town.pool, bounce);
    REQUIRE(noted.size() == 1);
    CHECK(noted[0].tenant == "mail_5");
    auto states = state(*town.pool, town.tenant.id, queued.message_id);
    REQUIRE(states.size() == 2);
    CHECK(states[0].state == "bounced");
    CHECK(states[0].detail == "5.1.1 550 no such user");
    CHECK(states[1].state == "queued");
    CHECK(mark(*town.pool, town.tenant.id, queued.message_id, "ana@example.es", "sent", "late"));
    CHECK(state(*town.pool, town.tenant.id, queued.message_id)[0].state == "bounced");
    CHECK(state(*town.pool, other_town.id, queued.message_id).empty());
    CHECK_FALSE(mark(*town.pool, other_town.id, queued.message_id, "ana@example.es", "refused", ""));
    CHECK(note_bounce(*town.pool, {"nadie@nada", bounce.recipients}).empty());
    CHECK(note_bounce(*town.pool, {"", bounce.recipients}).empty());
}

TEST_CASE("mailman", "[.worker]") {  // the process that the next case kills
    const char* dsn = std::getenv("MAIL_TEST_DSN");
    if (!dsn) return;
    kernel::db::PoolOptions options;
    options.dsn = dsn;
    kernel::db::Pool pool(options);
    Post post(pool, at(static_cast<std::uint16_t>(std::stoi(std::getenv("MAIL_TEST_PORT")))),
              std::getenv("MAIL_TEST_FOLDER"));
    kernel::outbox::Dispatcher dispatcher(pool, post, quick());
    dispatcher.start();
    std::this_thread::sleep_for(120s);
}

TEST_CASE("killed in the middle of mail: each arrives, none is lost, the same Message-ID if twice") {
    Town town("mail_7", {"habits", "lento=0.02"});
    constexpr int count = 120;
    std::map<std::string, int> expected;
    for (int i = 0; i < count; ++i)
        expected["<" + town.post(town.draft("p" + std::to_string(i) + "@example.es")).message_id + ">"] = 0;
    setenv("MAIL_TEST_DSN", tests::cluster().app_dsn().c_str(), 1);
    setenv("MAIL_TEST_PORT", std::to_string(town.other->port()).c_str(), 1);
    setenv("MAIL_TEST_FOLDER", town.folder.path().c_str(), 1);
    const auto spawn = [] {
        pid_t pid = 0;
        const char* argv[] = {"mail_test", "mailman", nullptr};
        REQUIRE(posix_spawn(&pid, "/proc/self/exe", nullptr, nullptr, const_cast<char**>(argv), environ) ==
                0);
        return pid;
    };
    auto worker = spawn();
    int kills = 0;
    for (const auto until = std::chrono::steady_clock::now() + 60s;
         std::chrono::steady_clock::now() < until;) {
        std::this_thread::sleep_for(450ms);
        if (kills < 6) {
            ++kills;
            kill(worker, SIGKILL);
            waitpid(worker, nullptr, 0);
            worker = spawn();
            continue;
        }
        const auto left = kernel::outbox::count(*town.pool, town.tenant.id);
        if (left.waiting + left.sending == 0) break;
    }
    kill(worker, SIGKILL);
    waitpid(worker, nullptr, 0);
    std::map<std::string, std::string> bytes;
    int twice = 0;
    for (const auto& one : town.taken()) {
        const auto& data = one.at("data").as_string();
        const auto begin = data.find("Message-ID: ") + 12;
        const auto id = data.substr(begin, data.find('\r', begin) - begin);
        REQUIRE(expected.count(id) == 1);
        if (++expected[id] > 1) {
            ++twice;
            CHECK(bytes[id] == data);
        }
        bytes[id] = data;
    }
    for (const auto& [id, times] : expected) CHECK(times >= 1);
    CHECK(kills == 6);
    CHECK(kernel::outbox::count(*town.pool, town.tenant.id).dead == 0);
    WARN(count << " mails, " << kills << " kills, " << twice << " sent twice");
}
