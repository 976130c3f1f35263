#include "office.hpp"

#include "plugins/evidence/testing/workspace.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

#include <future>

using namespace evidence;

TEST_CASE("a token that does not answer keeps waiting only who seals") {
    std::promise<void> asked, answers;
    const SealKey seal([&] {
        asked.set_value();
        answers.get_future().wait();
        return testing::Pki::get().key("sello");
    });
    auto sealing = std::async(std::launch::async, [&] { return seal.get(); });
    asked.get_future().wait();
    CHECK(seal.get_or_none() == nullptr);  // and comes back at once
    answers.set_value();
    CHECK(sealing.get() == seal.get_or_none());
}

TEST_CASE("a token that was unplugged is asked again by who seals, and by nobody else for a while") {
    int asked = 0;
    const SealKey seal([&]() -> keys::SigningKey {
        if (++asked == 1) throw concejo::Error(concejo::ErrorKind::unavailable, "no está");
        return testing::Pki::get().key("sello");
    });
    CHECK(seal.get_or_none() == nullptr);
    CHECK(seal.get_or_none() == nullptr);
    CHECK(asked == 1);
    REQUIRE(seal.get());
    CHECK(seal.get_or_none() == seal.get());
    CHECK(asked == 2);
}
