#include "kernel/audit/export.hpp"

#include <catch2/catch.hpp>

using namespace kernel::audit;

TEST_CASE("a spreadsheet takes nothing of the record for a formula") {
    for (const char* text : {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"}) {
        Entry entry;
        entry.object = text;
        CHECK_THAT(csv_line(entry), Catch::Contains(",\"'" + std::string(text)));
    }
    Entry entry;
    entry.number = 7;
    entry.actor = "user:1";
    entry.object = "a \"b\", c";
    CHECK_THAT(csv_line(entry), Catch::StartsWith("\"7\",\"\",\"user:1\",") &&
                                    Catch::Contains("\"a \"\"b\"\", c\"") && Catch::EndsWith("\r\n"));
    CHECK(concejo::Json::parse(json_line(entry))["sobre"].as_string() == "a \"b\", c");
}
