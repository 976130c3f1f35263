// The fake kernel's jobs, contents, effects, mail and other servers: what abi.h and abi_outside.h promise of
// them.
#include <concejo/plugin.hpp>
#include <concejo/testing/fake_kernel.hpp>

#include <catch2/catch.hpp>

using Catch::Contains;
using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;
using concejo::Request;
using concejo::testing::Caller;
using concejo::testing::FakeKernel;
namespace testing = concejo::testing;

namespace {

std::function<void(const Request&)> work;
std::function<void(const concejo::Call&, const concejo::Job&)> job_work;
std::function<void(const Json&, const concejo::Sending&)> delivery;
std::string outcome;
std::vector<std::size_t> batches;
std::vector<std::string> seen;

struct Wide {
    explicit Wide(concejo::Kernel& kernel) {
        kernel.page("/haz", [](const Request& r, concejo::Reply&) { work(r); });
        kernel.job(
            "uno",
            [](const concejo::Call& call, const Json&, const concejo::Job& job) { job_work(call, job); },
            {.max_attempts = 3, .backoff_s = 10});
        kernel.job_batch(
            "tanda", 2,
            [](const concejo::Call&, const std::vector<concejo::BatchedJob>& jobs, const concejo::Job&) {
                batches.push_back(jobs.size());
                for (const auto& job : jobs) {
                    seen.push_back(job.payload.at("n").as_string());
                    if (jobs.size() > 1 && seen.back() == "mal") throw Error(ErrorKind::conflict, "así no");
                }
            });
        const auto deliver = [](const concejo::Call&, const Json& effect, const concejo::Sending& sending) {
            delivery(effect, sending);
        };
        kernel.effect(Json::object({{"kind", "pregunta"}, {"max_attempts", 2}}), deliver);
        kernel.effect(Json::object({{"kind", "sabe"}, {"unknown", "reconcile"}}), deliver,
                      [](const concejo::Call&, const Json&) {
                          return Json::object({{"outcome", outcome}});
                      });
    }
};

struct WideEntry {
    concejo_descriptor descriptor{};
    concejo_plugin plugin{sizeof(concejo_plugin), &descriptor, &concejo::detail::start<Wide>,
                          &concejo::detail::stop<Wide>};
    WideEntry() { std::snprintf(descriptor.id, sizeof descriptor.id, "es.ancha"); }
};

struct House {
    WideEntry entry;
    FakeKernel kernel{{.plugin = &entry.plugin}};
    /// Inside a request; answers "" or the Error's text.
    std::string in_request(std::function<void(const Request&)> what) {
        work = std::move(what);
        return kernel.get("/es/haz").send().error;
    }
    std::string in_transaction(std::function<void(const Request&, concejo::Transaction&)> what) {
        return in_request([&](const Request& r) {
            auto tx = r.begin();
            what(r, tx);
            tx.commit();
        });
    }
    void queue(const Json& job) {
        REQUIRE(in_transaction([&](auto& r, auto& tx) { r.enqueue(tx, job); }).empty());
    }
    Json find(std::string_view unique) {
        Json found;
        REQUIRE(in_transaction([&](auto& r, auto& tx) { found = r.find_job(tx, "uno", unique); }).empty());
        return found;
    }
    void send(const Json& effect) {
        REQUIRE(in_transaction([&](auto& r, auto& tx) { r.send_effect(tx, effect); }).empty());
    }
};

Json a_job(std::string_view unique, int priority = 0) {
    return Json::object({{"kind", "uno"}, {"unique", unique}, {"priority", priority}});
}

}  // namespace

TEST_CASE("a job is tried as its kind says, with one key, and then it is dead") {
    House house;
    std::vector<std::string> keys;
    job_work = [&](const concejo::Call&, const concejo::Job& job) {
        keys.push_back(job.idempotency_key());
        CHECK(job.attempt() == static_cast<int>(keys.size()));
        job(1, 4, "a medias");
        throw Error(ErrorKind::unavailable, "no contesta");
    };
    house.queue(a_job("k"));
    const auto start = 1767258000;
    CHECK_THROWS_WITH(house.kernel.run_jobs(), Contains("no contesta"));
    CHECK(house.find("k").at("state") == "waiting");
    CHECK(house.kernel.clock(start + 9).run_jobs() == 0);
    CHECK_THROWS(house.kernel.clock(start + 10).run_jobs());
    CHECK_THROWS(house.kernel.clock(start + 30).run_jobs());
    CHECK(house.kernel.clock(start + 9'999).run_jobs() == 0);
    CHECK(house.find("k").at("state") == "dead");
    CHECK(house.find("k").at("attempts") == 3);
    CHECK(house.find("k").at("total") == 4);
    CHECK(house.find("k").at("error") == "no contesta");
    REQUIRE(keys.size() == 3);
    CHECK(keys[0] == keys[2]);
    CHECK(house.find("otra").is_null());
}

TEST_CASE("larger priorities first; what is cancelled does not run, and only if its transaction commits") {
    House house;
    int ran = 0;
    job_work = [&](const concejo::Call&, const concejo::Job& job) {
        ran = ran * 10 + static_cast<int>(job.id());
    };
    house.queue(a_job("a"));
    house.queue(a_job("b", 5));
    house.queue(a_job("c"));
    house.in_request([](const Request& r) {
        auto tx = r.begin();
        r.cancel_jobs(tx, "uno", "a");
    });
    CHECK(house.find("a").at("state") == "waiting");
    CHECK(house
              .in_transaction([](auto& r, auto& tx) {
                  r.cancel_jobs(tx, "uno", "c");
                  CHECK(r.find_job(tx, "uno", "c").at("state") == "cancelled");
                  r.enqueue(tx, a_job("d"));
                  CHECK(r.find_job(tx, "uno", "d").at("state") == "waiting");
              })
              .empty());
    CHECK(house.kernel.run_jobs() == 3);
    CHECK(ran == 214);
    CHECK(house.find("c").at("state") == "cancelled");
    CHECK(house.find("d").at("state") == "done");
}

TEST_CASE("a job that is told of its cancelling leaves nothing") {
    House house;
    int rounds = 0;
    job_work = [&](const concejo::Call& call, const concejo::Job& job) {
        auto tx = call.begin();
        call.audit(tx, "hace", "1");
        tx.commit();
        while (!job.cancelled()) ++rounds;
    };
    house.queue(a_job("k"));
    CHECK(house.kernel.cancel_after(2).run_jobs() == 1);
    CHECK(rounds == 2);
    CHECK(house.kernel.audit().empty());
    CHECK(house.find("k").at("state") == "cancelled");
}

TEST_CASE("a batch runs together, and one by one when it fails") {
    House house;
    batches.clear();
    seen.clear();
    for (const char* n : {"1", "2", "3"})
        house.queue(Json::object({{"kind", "tanda"}, {"payload", Json::object({{"n", n}})}}));
    house.kernel.run_jobs();
    CHECK(batches == std::vector<std::size_t>{2, 1});
    batches.clear();
    for (const char* n : {"4", "mal"})
        house.queue(Json::object({{"kind", "tanda"}, {"payload", Json::object({{"n", n}})}}));
    house.kernel.run_jobs();
    CHECK(batches == std::vector<std::size_t>{2, 1, 1});
    for (const auto& job : house.kernel.past_jobs()) CHECK(job.attempts == 1);
}

TEST_CASE("uses of a content are counted, and an upload is taken once, by its owner, when it is finished") {
    House house;
    auto& kernel = house.kernel;
    const auto id = kernel.put_blob("hola", "text/plain");
    CHECK_THAT(house.in_transaction([&](auto& r, auto& tx) { r.remove_blob(tx, id); }), Contains("no usa"));
    CHECK(house
              .in_transaction([&](auto& r, auto& tx) {
                  r.keep_blob(tx, id);
                  r.keep_blob(tx, id);
                  r.remove_blob(tx, id);
                  CHECK(r.describe_blob(tx, id).media_type == "text/plain");
              })
              .empty());
    CHECK(kernel.blob_uses(id) == 1);
    const std::string nobody(64, '0');
    CHECK_THAT(house.in_transaction([&](auto& r, auto& tx) { r.keep_blob(tx, nobody); }), Contains(nobody));

    kernel.as(Caller::staff({}));
    const auto half = kernel.put_upload({.bytes = "me", .finished = false});
    const auto theirs = kernel.put_upload({.bytes = "suyo", .owner = "staff:otra"});
    const auto mine = kernel.put_upload({.bytes = "mío", .filename = "../a.txt", .media_type = "text/plain"});
    const auto take = [&](const std::string& name, bool commit = true) {
        work = [&](const Request& r) {
            auto tx = r.begin();
            const auto blob = r.take_upload(tx, name);
            CHECK(blob.filename == "../a.txt");
            CHECK(blob.bytes == 4);
            if (commit) tx.commit();
        };
        return kernel.get("/es/haz").send().status;
    };
    CHECK(take(half) == 409);
    CHECK(take(theirs) == 404);
    CHECK(take(mine, false) == 200);
    CHECK(kernel.blob_uses(testing::sha256_hex("mío")) == 0);
    CHECK(take(mine) == 200);
    CHECK(take(mine) == 404);
    CHECK(kernel.blob_uses(testing::sha256_hex("mío")) == 1);
}

TEST_CASE("another server answers what the test says, and not within a transaction") {
    House house;
    const auto ask = Json::object({{"url", "https://a.es/x"}, {"to_file", true}});
    CHECK_THAT(house.in_request([&](const Request& r) { r.http(ask); }),
               Contains("no ha dicho qué contesta GET"));
    house.kernel.answers("GET", "https://a.es/x", 404, "nada", {{"Etag", "e"}});
    std::string file;
    CHECK(house
              .in_request([&](const Request& r) {
                  const auto answer = r.http(ask, "cuerpo");
                  CHECK(answer.status == 404);
                  CHECK(answer.headers.at(0).second == "e");
                  CHECK(answer.body.empty());
                  file = answer.file;
                  CHECK(std::filesystem::file_size(file) == 4);
              })
              .empty());
    CHECK_FALSE(std::filesystem::exists(file));
    CHECK(house.kernel.asked().back().body == "cuerpo");
    CHECK_THAT(house.in_transaction([&](auto& r, auto&) { r.http(ask); }), Contains("transacción abierta"));
    // A job may, until it first asks for its transaction.
    job_work = [&](const concejo::Call& call, const concejo::Job&) {
        CHECK(call.http(ask).status == 404);
        call.begin().commit();
        CHECK_THROWS_WITH(call.http(ask), Contains("transacción abierta"));
    };
    house.kernel.run_job("uno");
}

TEST_CASE("an effect leaves once its transaction has committed, in its order, and once for each key") {
    House house;
    auto& kernel = house.kernel;
    std::vector<std::string> arrived;
    delivery = [&](const Json& effect, const concejo::Sending& sending) {
        sending.begins();
        sending.note("recibido");
        arrived.push_back(effect.at("key").as_string());
        if (arrived.back() == "mal") {
            sending.not_done();
            throw Error(ErrorKind::invalid, "rechazado");
        }
    };
    house.in_request([](const Request& r) {
        auto tx = r.begin();
        r.send_effect(tx, Json::object({{"kind", "pregunta"}, {"key", "no"}}));
    });
    const auto send = [&](const char* key) {
        house.send(Json::object({{"kind", "pregunta"}, {"key", key}, {"order", "o"}}));
    };
    for (const char* key : {"a", "a", "mal", "c"}) send(key);
    CHECK(kernel.deliver() == 2);
    CHECK(arrived == std::vector<std::string>{"a", "mal"});  // "c" waits for what came before it
    REQUIRE(kernel.effects().size() == 3);
    CHECK(kernel.effects()[1].state == "dead");
    CHECK(house
              .in_request([](const Request& r) {
                  CHECK(r.effect_state("pregunta", "a").at("state") == "delivered");
                  CHECK(r.effect_state("pregunta", "a").at("note") == "recibido");
                  CHECK(r.effect_state("pregunta", "c").at("state") == "waiting");
                  CHECK_THROWS_WITH(r.effect_state("pregunta", "no"), Contains("ningún envío"));
              })
              .empty());
    CHECK_THAT(house.in_transaction([](auto& r, auto& tx) {
        r.send_effect(tx, Json::object({{"kind", "nadie"}}));
    }),
               Contains("nadie ha declarado"));
}

TEST_CASE("an effect whose answer was lost is a person's, or is asked about") {
    House house;
    auto& kernel = house.kernel;
    bool sent = true;
    int attempts = 0;
    delivery = [&](const Json&, const concejo::Sending& sending) {
        if (sent) sending.begins();
        if (++attempts != 3) throw Error(ErrorKind::unavailable, "se cortó");
    };
    house.send(Json::object({{"kind", "pregunta"}}));
    house.send(Json::object({{"kind", "sabe"}}));
    const auto& effects = kernel.effects();
    CHECK(kernel.deliver() == 2);
    CHECK(effects[0].state == "unknown");
    CHECK(effects[1].state == "unknown");
    outcome = "unknown";
    CHECK(kernel.clock(effects[1].at).deliver() == 0);
    CHECK(effects[1].reconciled == 1);
    outcome = "not_done";
    CHECK(kernel.clock(effects[1].at).deliver() == 1);
    CHECK(effects[1].state == "delivered");
    CHECK(effects[1].attempts == 2);
    CHECK(effects[0].state == "unknown");

    sent = false;  // what surely failed is tried again, as often as its kind says
    house.send(Json::object({{"kind", "pregunta"}}));
    CHECK(kernel.deliver() == 1);
    CHECK(effects[2].state == "waiting");
    CHECK(kernel.clock(effects[2].at).deliver() == 1);
    CHECK(effects[2].state == "dead");
    sent = true;
    outcome = "done";
    house.send(Json::object({{"kind", "sabe"}}));
    CHECK(kernel.deliver() == 1);
    CHECK(kernel.clock(effects[3].at).deliver() == 0);
    CHECK(effects[3].state == "delivered");
}

TEST_CASE("mail is written down when its transaction commits") {
    House house;
    auto& kernel = house.kernel;
    const auto message = [](const char* to) {
        return Json::object({{"to", Json::array({Json(to)})},
                             {"cc", Json::array({Json("ana@a.es")})},
                             {"template", "plugin/correo"},
                             {"view", Json::object({{"n", 1}})},
                             {"language", "gl"},
                             {"key", "k"}});
    };
    house.in_request([&](const Request& r) {
        auto tx = r.begin();
        r.send_mail(tx, message("Ana <ana@a.es>"));
    });
    CHECK(kernel.mails().empty());
    for (int i = 0; i < 2; ++i)
        CHECK(house
                  .in_transaction(
                      [&](auto& r, auto& tx) { CHECK(r.send_mail(tx, message("Ana <ana@a.es>")) == "k"); })
                  .empty());
    REQUIRE(kernel.mails().size() == 1);
    const auto& mail = kernel.mails()[0];
    CHECK(mail.template_name == "plugin/correo");
    CHECK(mail.view.at("n") == 1);
    CHECK(mail.language == "gl");
    REQUIRE(mail.states.size() == 1);
    kernel.mail_state("k", "ana@a.es", "bounced", "buzón lleno");
    CHECK(house
              .in_request([](const Request& r) {
                  const auto states = r.mail_state("k");
                  const auto& state = states.as_array().at(0);
                  CHECK(state.at("state") == "bounced");
                  CHECK(state.at("changed_at") == "2026-01-01T09:00:00Z");
                  CHECK_THROWS_WITH(r.mail_state("otra"), Contains("ningún correo"));
              })
              .empty());
    CHECK_THAT(house.in_transaction([&](auto& r, auto& tx) { r.send_mail(tx, message("nadie")); }),
               Contains("no es una dirección"));
    CHECK_THAT(house.in_transaction([&](auto& r, auto& tx) {
        r.send_mail(tx, Json::object({{"to", "a@b.es"}, {"text", "x"}}));
    }),
               Contains("asunto"));
}

TEST_CASE("a program's progress is the job's, until somebody cancels it") {
    House house;
    const auto spec = Json::object({{"argv", Json::array({"ffmpeg"})}});
    house.kernel.programs([](const Json&) {
        return Json::parse(R"({"exit":0,"progress":[[30,90,"minuto 30"],[60,90]],"progress_ignored":2})");
    });
    job_work = [&](const concejo::Call& call, const concejo::Job& job) {
        CHECK(job.run(call, spec).at("progress_ignored").as_int() == 2);
    };
    house.queue(a_job("k"));
    CHECK(house.kernel.run_jobs() == 1);
    CHECK(house.find("k").at("done") == 60);
    std::string heard;
    CHECK(house.in_request([&](const Request& r) {
        r.run(spec, [&](auto done, auto total, auto message) {
            heard += std::to_string(done) + "/" + std::to_string(total) + "[" + std::string(message) + "]";
            if (done == 60) throw Error(ErrorKind::unavailable, "basta");
        });
    }) == "basta");
    CHECK(heard == "30/90[minuto 30]60/90[]");
    house.kernel.cancel_after(0);
    job_work = [&](const concejo::Call& call, const concejo::Job& job) {
        CHECK_THROWS_WITH(job.run(call, spec), Contains("cancelado"));
    };
    house.queue(a_job("c"));
    house.kernel.run_jobs();
}
