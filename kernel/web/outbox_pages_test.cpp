// What the staff see of effects outside, and what they decide about them.
#include "kernel/outbox/effect.hpp"
#include "kernel/web/site_fixture.hpp"

#include <catch2/catch.hpp>

using namespace kernel;
using namespace kernel::web;
using Catch::Contains;

namespace {

struct Desk : World {
    Desk() {
        tests::cluster().superuser("delete from concejo.outbox");
        identity::Users users(*databases.pool, passwords, clock);
        if (!users.find(town, "jefa"))
            users.add({town, "jefa", "Sara Ría", "", {"administracion"}, "tres gatos en el tejado", false},
                      {"system:test", "", ""});
        chief = session("jefa");
    }
    std::int64_t place(const std::string& key, const std::string& state) {
        auto tx = databases.pool->begin(db::Tenant::of(town));
        const auto id = outbox::put(tx, {"buzon", "registro",
                                         concejo::Json::object({{"recipient", "a<b@example.es"}}), key})
                            .id;
        tx.commit();
        tests::cluster().superuser(
            "update concejo.outbox set state = '" + state +
            "', last_error = 'no se sabe <si> llegó', sent_at = now() where id = " + std::to_string(id));
        return id;
    }
    http::Response see(const std::string& target) { return get("ribera.test", target, {{"Cookie", chief}}); }
    http::Response press(const http::Response& page, const std::string& target) {
        const auto text = text_of(page);
        return ask(request("POST", "ribera.test", target, {{"Cookie", chief}},
                           {{"csrf_token", after(text, "name=\"csrf_token\" value=\"")},
                            {"form_key", after(text, "name=\"form_key\" value=\"")}}));
    }
    std::string chief;
    const std::string town = tenants->by_slug("ribera")->id;
};

}  // namespace

TEST_CASE("effects are listed for those who may see them, those that need a person first") {
    Desk desk;
    CHECK_THAT(text_of(desk.see("/es/gestion/envios")),
               Contains("data-c=\"outbox\"") && Contains("data-c=\"empty\""));
    const auto doubtful = desk.place("k1", "unknown"), done = desk.place("k2", "delivered");
    const auto list = text_of(desk.see("/es/gestion/envios"));
    const auto first = list.find("/es/gestion/envios/" + std::to_string(doubtful) + "\""),
               second = list.find("/es/gestion/envios/" + std::to_string(done) + "\"");
    REQUIRE(first != list.npos);
    REQUIRE(second != list.npos);
    CHECK(first < second);
    CHECK_THAT(list, Contains("no se sabe &lt;si&gt; llegó") && !Contains("<si>"));
    CHECK_THAT(text_of(desk.see("/ca/gestion/envios")), Contains("Dubtós"));
    CHECK_THAT(text_of(desk.see("/es/gestion")), Contains("/es/gestion/envios\""));
    const auto clerk = desk.session();
    CHECK(desk.get("ribera.test", "/es/gestion/envios", {{"Cookie", clerk}}).status == 403);
    CHECK_THAT(text_of(desk.get("ribera.test", "/es/gestion", {{"Cookie", clerk}})),
               !Contains("/gestion/envios"));
    CHECK(desk.see("/es/gestion/envios/999999").status == 404);
    CHECK(desk.see("/es/gestion/envios/x").status == 404);
}

TEST_CASE("a person decides, once, and the audit says who") {
    Desk desk;
    const auto id = std::to_string(desk.place("k3", "unknown"));
    const auto page = desk.see("/es/gestion/envios/" + id);
    CHECK_THAT(text_of(page), Contains("data-c=\"outbox-doubtful\"") && Contains("a&lt;b@example.es"));
    CHECK(desk.ask(request("POST", "ribera.test", "/es/gestion/envios/" + id + "/hecho",
                           {{"Cookie", desk.chief}}, {}))
              .status == 403);
    const auto settled = desk.press(page, "/es/gestion/envios/" + id + "/hecho");
    CHECK(settled.status == 200);
    CHECK_THAT(text_of(settled), Contains("Se da por hecho") && !Contains("outbox-retry"));
    CHECK(tests::cluster().superuser("select state from concejo.outbox where id = " + id) == "delivered");
    CHECK_THAT(tests::cluster().superuser("select settled_by from concejo.outbox where id = " + id),
               Catch::StartsWith("user:"));
    CHECK(tests::cluster().superuser("select count(*) from concejo.audit where tenant = '" + desk.town +
                                     "' and action "
                                     "= 'envios.dar_por_hecho' and object = 'envio:" +
                                     id + "'") == "1");
    const auto dead = std::to_string(desk.place("k4", "dead"));
    const auto again =
        desk.press(desk.see("/es/gestion/envios/" + dead), "/es/gestion/envios/" + dead + "/repetir");
    CHECK_THAT(text_of(again), Contains("Se enviará enseguida"));
    CHECK(tests::cluster().superuser("select state || ' ' || attempts from concejo.outbox where id = " +
                                     dead) == "waiting 0");
}
