#include "kernel/metrics/page.hpp"
#include "kernel/plugins/call.hpp"
#include "kernel/plugins/tables.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace kernel;
using concejo::Json;

namespace {

/// A plugin that is starting.
struct Starting {
    plugins::LoadedPlugin plugin;
    plugins::Registry registry;

    explicit Starting(const std::string& id) {
        plugin.id = id;
        plugin.host = {plugins::host_table(), &plugin, &registry, true};
    }
    const concejo_host* host() const { return &plugin.host.table; }

    concejo_status declare(const std::string& json, const concejo_metric** metric) const {
        return plugins::metrics_table().declare(host(), plugins::c_str(json), metric);
    }
    /// Why not; empty where it was taken.
    std::string refused(const std::string& json) const {
        const concejo_metric* metric = nullptr;
        const auto status = declare(json, &metric);
        if (status == CONCEJO_OK) return {};
        CHECK(status == CONCEJO_INVALID);
        return plugins::last_error();
    }
    const concejo_metric_series* series(const concejo_metric* metric, std::vector<std::string_view> values,
                                        concejo_call* call = nullptr) const {
        std::vector<concejo_str> raw;
        for (const auto value : values) raw.push_back(plugins::c_str(value));
        const concejo_metric_series* found = nullptr;
        const auto status = plugins::metrics_table().series(host(), call, metric, raw.data(),
                                                            static_cast<std::uint32_t>(raw.size()), &found);
        return status == CONCEJO_OK ? found : nullptr;
    }
};

std::string exposed() {
    metrics::Page page;
    page.add(metrics::here().region());
    return page.text();
}

}  // namespace

TEST_CASE("what a plugin may not name is refused, saying why") {
    const Starting starting("es.prueba.uno");
    const struct {
        const char* json;
        const char* why;
    } wrong[] = {
        {R"({"name":"Vistas_total","kind":"counter","help":"x"})", "minúsculas"},
        {R"({"name":"vistas","kind":"counter","help":"x"})", "acaba en «_total»"},
        {R"({"name":"calor_total","kind":"gauge","help":"x"})", "solo un contador"},
        {R"({"name":"cosas_count","kind":"gauge","help":"x"})", "reservado"},
        {R"({"name":"calor","kind":"termometro","help":"x"})", "counter, gauge o histogram"},
        {R"({"name":"calor","kind":"gauge"})", "explicación"},
        {R"({"name":"calor","kind":"gauge","help":"x","labels":["tenant"]})", "la pone el núcleo"},
        {R"({"name":"calor","kind":"gauge","help":"x","labels":["le"]})", "la pone el núcleo"},
        {R"({"name":"calor","kind":"gauge","help":"x","labels":["a","a"]})", "repetida"},
        {R"({"name":"calor","kind":"gauge","help":"x","labels":["a-b"]})", "minúsculas"},
        {R"({"name":"calor","kind":"gauge","help":"x","labels":["a","b","c","d","e"]})", "más de cuatro"},
        {R"({"name":"espera_seconds","kind":"histogram","help":"x"})", "buckets"},
        {R"({"name":"espera_seconds","kind":"histogram","help":"x","buckets":[2,1]})", "de menor a mayor"},
        {R"({"name":"calor","kind":"gauge","help":"x","buckets":[1]})", "buckets"},
    };
    for (const auto& [json, why] : wrong) {
        INFO(json);
        CHECK_THAT(starting.refused(json), Catch::Contains(why));
    }
    CHECK(starting.refused(R"({"name":"unica_total","kind":"counter","help":"x"})").empty());
    CHECK_THAT(starting.refused(R"({"name":"unica_total","kind":"counter","help":"x"})"),
               Catch::Contains("ya está declarada"));
}

TEST_CASE("declared while it starts, and never later") {
    Starting plugin("es.prueba.tarde");
    plugin.plugin.host.starting = false;
    const concejo_metric* metric = nullptr;
    CHECK(plugin.declare(R"({"name":"a_total","kind":"counter","help":"x"})", &metric) == CONCEJO_INTERNAL);
}

TEST_CASE("a plugin's series carry its name and its municipality") {
    const Starting starting("es.prueba-dos.b");
    const concejo_metric *counter = nullptr, *gauge = nullptr, *histogram = nullptr;
    REQUIRE(starting.declare(R"({"name":"vistas_total","kind":"counter","help":"Vistas","labels":["clase"]})",
                             &counter) == CONCEJO_OK);
    REQUIRE(starting.declare(R"({"name":"calor","kind":"gauge","help":"Calor"})", &gauge) == CONCEJO_OK);
    REQUIRE(
        starting.declare(R"({"name":"espera_seconds","kind":"histogram","help":"Espera","buckets":[0.5,1]})",
                         &histogram) == CONCEJO_OK);
    tenancy::Tenant town;
    town.config.slug = "riomar";
    plugins::Scope scope;
    scope.tenant = &town;
    concejo_call call{nullptr, &scope, nullptr};
    const auto& table = plugins::metrics_table();
    const auto* of_town = starting.series(counter, {"una \"cosa\""}, &call);
    REQUIRE(of_town);
    CHECK(of_town == starting.series(counter, {"una \"cosa\""}, &call));
    table.add(of_town, 2);
    for (const double not_countable : {-1.0, 0.5, 1e300, std::numeric_limits<double>::quiet_NaN()})
        table.add(of_town, not_countable);
    table.set(of_town, 9);  // of another kind: nothing
    table.observe(of_town, 9);
    table.set(starting.series(gauge, {}), 4);
    table.add(starting.series(gauge, {}), -1.5);
    table.observe(starting.series(histogram, {}, &call), 0.75);
    const auto text = exposed();
    for (const char* line :
         {"# TYPE concejo_plugin_es_prueba_dos_b_vistas_total counter\n",
          "concejo_plugin_es_prueba_dos_b_vistas_total{tenant=\"riomar\",plugin=\"es.prueba-dos.b\","
          "clase=\"una \\\"cosa\\\"\"} 2\n",
          "concejo_plugin_es_prueba_dos_b_calor{plugin=\"es.prueba-dos.b\"} 2.5\n",
          "concejo_plugin_es_prueba_dos_b_espera_seconds_bucket{tenant=\"riomar\",plugin=\"es.prueba-dos.b\","
          "le=\"1.0\"} 1\n"}) {
        INFO(line);
        CHECK(text.find(line) != std::string::npos);
    }
    for (const auto& values :
         std::vector<std::vector<std::string_view>>{{},
                                                    {"a", "b"},
                                                    {"con\nsalto"},
                                                    {std::string_view("\xff\xfe", 2)},
                                                    {std::string_view(text).substr(0, 49)}})
        CHECK(starting.series(counter, values) == nullptr);
}

TEST_CASE("past its share a plugin counts under «otros», and that is counted") {
    const auto before = metrics::plugin_limit();
    metrics::set_plugin_limit(10);
    const Starting starting("es.prueba.muchas");
    const concejo_metric* counter = nullptr;
    REQUIRE(starting.declare(R"({"name":"n_total","kind":"counter","help":"x","labels":["n"]})", &counter) ==
            CONCEJO_OK);
    for (int i = 0; i < 25; ++i)
        plugins::metrics_table().add(starting.series(counter, {std::to_string(i)}), 1);
    metrics::set_plugin_limit(before);
    const auto text = exposed();
    CHECK(text.find("concejo_plugin_es_prueba_muchas_n_total{tenant=\"otros\",plugin=\"es.prueba.muchas\",n="
                    "\"otros\"} 15\n") != std::string::npos);
    CHECK(text.find("concejo_metrics_overflow_total{plugin=\"es.prueba.muchas\"} 15\n") != std::string::npos);
}
