// The fake kernel's tokens of tokens: what abi_identity.h promises of them.
#include <concejo/plugin.hpp>
#include <concejo/testing/fake_kernel.hpp>

#include <catch2/catch.hpp>

using concejo::Json;
using concejo::testing::Caller;
using concejo::testing::FakeKernel;

namespace {

std::function<void(const concejo::Request&, concejo::Transaction&)> token_work;

struct Keys {
    explicit Keys(concejo::Kernel& kernel) {
        kernel.page("/haz", [](const concejo::Request& request, concejo::Reply&) {
            auto tx = request.begin();
            token_work(request, tx);
            tx.commit();
        });
    }
};

struct KeysEntry {
    concejo_descriptor descriptor{};
    concejo_plugin plugin{sizeof(concejo_plugin), &descriptor, &concejo::detail::start<Keys>,
                          &concejo::detail::stop<Keys>};
    KeysEntry() { std::snprintf(descriptor.id, sizeof descriptor.id, "es.llaves"); }
};

}  // namespace

TEST_CASE("a token makes others of no more than it may, and revokes its own") {
    const KeysEntry entry;
    FakeKernel kernel({.plugin = &entry.plugin});
    const auto as = [&](const Caller& who, decltype(token_work) what) {
        token_work = std::move(what);
        return kernel.get("/es/haz").as(who).send().status;
    };
    const auto token = Caller::token({"a", "b"});
    const auto asking = [](std::string_view scope) {
        return Json::object({{"name", "otra"}, {"scopes", Json::array({scope})}});
    };
    Json made, list;
    CHECK(as(token, [&](auto& request, auto& tx) { made = request.make_token(tx, asking("a")); }) == 200);
    CHECK(as(token, [&](auto& request, auto& tx) { list = request.list_tokens(tx); }) == 200);
    REQUIRE(list.size() == 2);
    CHECK(list.as_array()[0]["id"] == Json(token.id));
    CHECK(list.as_array()[1]["id"] == made["id"]);
    CHECK(as(token, [&](auto& request, auto& tx) { (void)request.make_token(tx, asking("c")); }) == 403);
    const auto revoke = [&](const Caller& who, const Json& which) {
        return as(who, [which](auto& request, auto& tx) { request.revoke_token(tx, which); });
    };
    CHECK(revoke(Caller::staff({"a"}), made) == 403);
    CHECK(revoke(token, Json::object({{"id", "nada"}})) == 404);
    CHECK(revoke(token, Json::object({{"secret", made["secret"]}})) == 200);
    CHECK(revoke(token, made) == 404);
    CHECK(revoke(token, Json::object({{"id", token.id}})) == 200);
}

TEST_CASE("the tokens that the municipality made for something are known by their names") {
    const KeysEntry entry;
    FakeKernel kernel({.plugin = &entry.plugin});
    kernel.token_names("a", {"Museo", "Autobuses"});
    std::vector<std::string> with, without;
    token_work = [&](const auto& request, auto& tx) {
        with = request.token_names(tx, "a"), without = request.token_names(tx, "b");
    };
    CHECK(kernel.get("/es/haz").as(Caller::token({"c"})).send().status == 200);
    CHECK(with == std::vector<std::string>{"Autobuses", "Museo"});
    CHECK(without.empty());
}
