#include "kernel/outbox/fixture.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <mutex>

using namespace kernel::outbox;
using concejo::Error;
using concejo::ErrorKind;

TEST_CASE(
    "an effect is delivered once its transaction commits, with its key; of two with one key there is one") {
    Desk desk("outbox_1");
    std::mutex mutex;
    std::vector<std::string> keys;
    desk.courier.known["aviso"] = {};
    desk.courier.doing = [&](Delivery& delivery) {
        const std::lock_guard lock(mutex);
        keys.push_back(delivery.key());
        delivery.note("recibido");
    };
    {
        auto tx = desk.pool->begin(desk.tenant);
        put(tx, {"prueba", "aviso", concejo::Json::object({}), "deshecho"});
    }
    const auto first = desk.place("aviso", "clave-1"), again = desk.place("aviso", "clave-1"),
               other = desk.place("aviso");
    CHECK(first.fresh);
    CHECK_FALSE(again.fresh);
    CHECK(again.id == first.id);
    CHECK(other.key.size() == 36);
    Dispatcher dispatcher(*desk.pool, desk.courier, quick());
    dispatcher.start();
    REQUIRE(desk.reaches(first.id, "delivered"));
    REQUIRE(desk.reaches(other.id, "delivered"));
    dispatcher.stop();
    CHECK(keys.size() == 2);
    CHECK(std::count(keys.begin(), keys.end(), "clave-1") == 1);
    CHECK(desk.look(first.id).note == "recibido");
    CHECK_FALSE(show(*desk.pool, "otro", first.id));
    // Kept to know the key again after it has arrived.
    CHECK_FALSE(desk.place("aviso", "clave-1").fresh);
}

TEST_CASE("what may pass is tried again, what failed for good is dead, and a person brings it back") {
    Desk desk("outbox_2");
    std::atomic<bool> broken{true};
    desk.courier.known["aviso"] = {false, OnUnknown::ask, 3};
    desk.courier.doing = [&](Delivery& delivery) {
        if (delivery.key() == "mal") throw Error(ErrorKind::invalid, "esa dirección no existe");
        if (delivery.key() == "dicho") {
            delivery.sending();
            delivery.not_done();
            throw Error(ErrorKind::invalid, "rechazado");
        }
        if (broken && (delivery.key() == "nunca" || delivery.attempt() < 3))
            throw std::runtime_error("no hay línea");
    };
    Dispatcher dispatcher(*desk.pool, desk.courier, quick());
    dispatcher.start();
    const auto third = desk.place("aviso", "tercera"), never = desk.place("aviso", "nunca"),
               wrong = desk.place("aviso", "mal"), said = desk.place("aviso", "dicho");
    REQUIRE(desk.reaches(third.id, "delivered"));
    CHECK(desk.look(third.id).attempts == 3);
    REQUIRE(desk.reaches(never.id, "dead"));
    CHECK(desk.look(never.id).attempts == 3);
    CHECK(desk.look(never.id).last_error == "no hay línea");
    REQUIRE(desk.reaches(wrong.id, "dead"));
    CHECK(desk.look(wrong.id).attempts == 1);
    CHECK(desk.reaches(said.id, "dead"));
    broken = false;
    CHECK(desk.decide(Decision::retry, never.id));
    CHECK(desk.reaches(never.id, "delivered"));
    CHECK(desk.look(never.id).settled_by == "user:1");
    CHECK(desk.decide(Decision::settle, wrong.id));
    CHECK(desk.look(wrong.id).state == "delivered");
    CHECK_FALSE(desk.decide(Decision::retry, third.id));
    CHECK_FALSE(desk.decide(Decision::settle, third.id));
    CHECK(count(*desk.pool, desk.tenant.id).dead == 1);
    CHECK(tests::cluster().superuser("select string_agg(action || ' ' || actor, ', ' order by id) from "
                                     "concejo.audit where tenant = 'outbox_2'") ==
          "envios.repetir user:1, envios.dar_por_hecho user:1");
    CHECK_FALSE(decide(*desk.pool, "otro", said.id, Decision::retry, {}));
}

TEST_CASE("sent and no answer: each kind's policy decides") {
    Desk desk("outbox_3");
    std::atomic<int> asked{0}, calls{0};
    desk.courier.known = {{"pregunta", {false, OnUnknown::ask}},
                          {"repite", {false, OnUnknown::retry}},
                          {"supone", {false, OnUnknown::assume_done}},
                          {"mira", {false, OnUnknown::reconcile}},
                          {"sabe", {true, OnUnknown::ask}}};
    desk.courier.doing = [&](Delivery& delivery) {
        ++calls;
        delivery.sending();
        if (delivery.attempt() == 1 || delivery.kind() == "pregunta")
            throw Error(ErrorKind::invalid, "se cortó");
    };
    desk.courier.finding = [&](Delivery& delivery) {
        if (delivery.key() == "llegó") return Found::done;
        if (delivery.key() == "no llegó") return Found::not_done;
        return ++asked < 3 ? Found::unknown : Found::done;
    };
    Dispatcher dispatcher(*desk.pool, desk.courier, quick());
    dispatcher.start();
    const auto ask = desk.place("pregunta"), repeat = desk.place("repite"), assume = desk.place("supone"),
               knows = desk.place("sabe");
    const auto arrived = desk.place("mira", "llegó"), lost = desk.place("mira", "no llegó"),
               unclear = desk.place("mira", "no sé");
    REQUIRE(desk.reaches(ask.id, "unknown"));
    REQUIRE(desk.reaches(repeat.id, "delivered"));
    CHECK(desk.look(repeat.id).attempts == 2);
    REQUIRE(desk.reaches(assume.id, "delivered"));
    CHECK(desk.look(assume.id).attempts == 1);
    CHECK_FALSE(desk.look(assume.id).note.empty());
    // Error{invalid} of a kind that the other side deduplicates is an answer: never again.
    REQUIRE(desk.reaches(knows.id, "dead"));
    REQUIRE(desk.reaches(arrived.id, "delivered"));
    CHECK(desk.look(arrived.id).attempts == 1);
    REQUIRE(desk.reaches(lost.id, "delivered"));
    CHECK(desk.look(lost.id).attempts == 2);
    REQUIRE(desk.reaches(unclear.id, "delivered"));
    CHECK(asked == 3);
    CHECK_FALSE(desk.look(ask.id).sent_at.empty());
    const int before = calls;
    std::this_thread::sleep_for(200ms);
    CHECK(calls == before);  // nobody repeats what a person has to decide
    CHECK(desk.look(ask.id).state == "unknown");
    CHECK(desk.decide(Decision::settle, ask.id));
    CHECK(desk.look(ask.id).state == "delivered");
}

TEST_CASE("a lane keeps the order of the commits, also while its first one fails") {
    Desk desk("outbox_4");
    std::mutex mutex;
    std::map<std::string, std::vector<std::int64_t>> arrived;
    std::atomic<int> failures{0};
    desk.courier.known["orden"] = {true, OnUnknown::ask, 100};
    desk.courier.doing = [&](Delivery& delivery) {
        if (delivery.id() % 3 == 0 && delivery.attempt() < 3) {
            ++failures;
            throw std::runtime_error("todavía no");
        }
        const std::lock_guard lock(mutex);
        arrived[delivery.payload().at("n").as_string()].push_back(delivery.payload().at("i").as_int());
    };
    auto options = quick();
    options.first_pause = 5ms;
    Dispatcher dispatcher(*desk.pool, desk.courier, options);
    dispatcher.start();
    std::atomic<std::int64_t> clock{0};
    const auto writer = [&](const std::string& lane) {
        for (int i = 0; i < 30; ++i) {
            auto tx = desk.pool->begin(desk.tenant);
            // Numbered by who holds the lane: the order in which they will commit.
            const auto placed = put(tx, {"prueba", "orden", concejo::Json::object({{"n", lane}}), {}, lane});
            tx.exec_kernel(
                "update concejo.outbox set payload = jsonb_build_object('n', $2::text, 'i', $3::bigint) "
                "where id = $1",
                kernel::db::Params(placed.id, lane, ++clock));
            if (i % 7 == 0) continue;  // undone
            tx.commit();
        }
    };
    std::vector<std::thread> writers;
    for (const char* lane : {"a", "a", "a", "b", "b"}) writers.emplace_back(writer, lane);
    for (auto& thread : writers) thread.join();
    for (const auto until = std::chrono::steady_clock::now() + 60s; std::chrono::steady_clock::now() < until;
         std::this_thread::sleep_for(20ms)) {
        const auto left = count(*desk.pool, desk.tenant.id);
        if (left.waiting + left.sending == 0) break;
    }
    dispatcher.stop();
    CHECK(failures > 10);
    CHECK(arrived["a"].size() == 75);
    CHECK(arrived["b"].size() == 50);
    for (const auto& [lane, order] : arrived) CHECK(std::is_sorted(order.begin(), order.end()));
}

TEST_CASE("what nobody here delivers waits, and a dead one holds its lane until a person decides") {
    Desk desk("outbox_5");
    std::atomic<bool> served{false};
    desk.courier.known["aviso"] = {true, OnUnknown::ask, 1};
    desk.courier.doing = [&](Delivery& delivery) {
        if (delivery.key() == "ausente" && !served) throw NotServed("el módulo no está activo");
        if (delivery.key() == "primero") throw std::runtime_error("no");
    };
    Dispatcher dispatcher(*desk.pool, desk.courier, quick());
    dispatcher.start();
    const auto foreign = desk.place("de otro proceso"), absent = desk.place("aviso", "ausente");
    const auto first = desk.place("aviso", "primero", "carril"),
               second = desk.place("aviso", "segundo", "carril");
    REQUIRE(desk.reaches(first.id, "dead"));
    std::this_thread::sleep_for(200ms);
    CHECK(desk.look(second.id).state == "waiting");
    CHECK(desk.look(foreign.id).state == "waiting");
    CHECK(desk.look(foreign.id).attempts == 0);
    CHECK(desk.look(absent.id).state == "waiting");
    CHECK(desk.look(absent.id).attempts == 0);
    CHECK(desk.look(absent.id).last_error == "el módulo no está activo");
    CHECK(desk.decide(Decision::settle, first.id));
    CHECK(desk.reaches(second.id, "delivered"));
    served = true;
    CHECK(desk.decide(Decision::retry, absent.id));
    CHECK(desk.reaches(absent.id, "delivered"));
}

TEST_CASE("an attempt that lost its lease marks nothing and is told so before it sends") {
    Desk desk("outbox_6");
    std::atomic<bool> inside{false}, go{false};
    std::atomic<int> sent{0}, refused{0};
    desk.courier.known["lento"] = {};
    desk.courier.doing = [&](Delivery& delivery) {
        if (delivery.attempt() == 1) {
            inside = true;
            while (!go) std::this_thread::sleep_for(5ms);
        }
        try {
            delivery.sending();
        } catch (const Error&) {
            ++refused;
            throw;
        }
        ++sent;
    };
    Dispatcher dispatcher(*desk.pool, desk.courier, quick());
    dispatcher.start();
    const auto placed = desk.place("lento");
    while (!inside) std::this_thread::sleep_for(5ms);
    tests::cluster().superuser(
        "update concejo.outbox set lease_token = gen_random_uuid(), lease_until = now() - interval '1 s' "
        "where id = " +
        std::to_string(placed.id));
    REQUIRE(desk.reaches(placed.id, "delivered"));
    go = true;
    dispatcher.stop();
    CHECK(sent == 1);
    CHECK(refused == 1);
    CHECK(desk.look(placed.id).attempts == 2);
}
