#include "kernel/plugins/order.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using Catch::Contains;
using kernel::plugins::start_order;
using Ids = std::vector<std::string>;

TEST_CASE("who provides starts before who requires") {
    const auto order = start_order({{"sede", {"evidence:1", "db/1"}, {}, {}},
                                    {"evidence", {"calendar:1"}, {}, {"evidence:1"}},
                                    {"calendar", {}, {}, {"calendar:1"}}});
    CHECK(order.ids == Ids{"calendar", "evidence", "sede"});
    CHECK(order.impossible.empty());
}

TEST_CASE("an optional service orders, and may be missing") {
    CHECK(start_order({{"a", {}, {"b:1", "x:1"}, {}}, {"b", {}, {}, {"b:1"}}}).ids == Ids{"b", "a"});
}

TEST_CASE("a missing service leaves out the plugin and those that need it, not the others") {
    const auto order =
        start_order({{"a", {"nadie:1"}, {}, {"a:1"}}, {"b", {"a:1"}, {}, {}}, {"c", {}, {}, {}}});
    CHECK(order.ids == Ids{"c"});
    REQUIRE(order.impossible.size() == 2);
    CHECK_THAT(order.impossible[0].second, Contains("nadie:1"));
}

TEST_CASE("a cycle is named") {
    const auto order = start_order({{"a", {"b:1"}, {}, {"a:1"}},
                                    {"b", {"c:1"}, {}, {"b:1"}},
                                    {"c", {"a:1"}, {}, {"c:1"}},
                                    {"d", {}, {}, {}}});
    CHECK(order.ids == Ids{"d"});
    REQUIRE(order.impossible.size() == 3);
    CHECK_THAT(order.impossible[0].second, Contains("a → b → c → a"));
}

TEST_CASE("two plugins that offer the same service: the second is refused") {
    const auto order = start_order({{"a", {}, {}, {"x:1"}}, {"b", {}, {}, {"x:1"}}});
    CHECK(order.ids == Ids{"a"});
    CHECK_THAT(order.impossible.at(0).second, Contains("«a»"));
}
