#include "service.hpp"

#include <catch2/catch.hpp>

using namespace open_data;

TEST_CASE("what describes a service of OGC's follows from its address; of the others only what is said") {
    Service service;
    service.meta = Json::object();
    const auto described = [&](const char* kind, const char* endpoint) {
        service.kind = kind, service.endpoint = endpoint;
        return service.described_by();
    };
    CHECK(described("wms", "https://a.es/wms") == "https://a.es/wms?service=WMS&request=GetCapabilities");
    CHECK(described("wmts", "https://a.es/w?") == "https://a.es/w?service=WMTS&request=GetCapabilities");
    CHECK(described("wfs", "https://a.es/w?m=1") == "https://a.es/w?m=1&service=WFS&request=GetCapabilities");
    CHECK(described("wfs", "https://a.es/w?m=1&") ==
          "https://a.es/w?m=1&service=WFS&request=GetCapabilities");
    CHECK(described("wms", "").empty());
    CHECK(described("rest", "https://a.es/api").empty());
    CHECK(described("unknown", "https://a.es/api").empty());
    service.meta["described_by"] = "https://a.es/capabilities.xml";
    CHECK(described("wms", "https://a.es/wms") == "https://a.es/capabilities.xml");
}

TEST_CASE("kinds of services are told apart by their codes") {
    for (const auto& one : service_kinds()) CHECK(service_kind(one.code) == &one);
    CHECK(service_kind("WMS") == nullptr);
    CHECK(service_kind("") == nullptr);
}
