#include "read_workbook.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

namespace {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;

std::string as_it_is(std::string_view text) { return std::string(text); }

/// How the program ended.
Json ended(int exit, int signal = 0, bool timed_out = false, const std::string& err = {}) {
    return Json::object({{"exit", exit},
                         {"signal", signal},
                         {"timed_out", timed_out},
                         {"truncated", false},
                         {"stdout", ""},
                         {"stderr", err}});
}

Error refusal(const Json& how) {
    try {
        open_data::read_workbook([&](const Json&) { return how; }, as_it_is, {"libro.xlsx", "", "filas", 20});
    } catch (const Error& error) {
        return error;
    }
    return {ErrorKind::internal, ""};
}

}  // namespace

TEST_CASE("a workbook is read by the helper program, within limits, into a file") {
    Json asked;
    const auto sheets = open_data::read_workbook(
        [&](const Json& spec) { return asked = spec, ended(0, 0, false, "Hoja {in}\nDatos 2\n"); }, as_it_is,
        {"libro.xlsx", "Hoja {in}", "filas", 20});
    CHECK(sheets == std::vector<std::string>{"Hoja {in}", "Datos 2"});
    const Json argv = asked.at("argv");
    CHECK(argv.as_array().at(0).as_string().ends_with("/concejo-open-data"));
    CHECK(argv.as_array().back().as_string() == "Hoja {in}");
    CHECK(asked.at("files").at("in").at("path") == "libro.xlsx");
    CHECK(asked.at("output_file") == "filas");
    CHECK(asked.at("seconds") == 20);
    CHECK(asked.at("memory_mb").as_int() <= 1024);
}

TEST_CASE("however the helper ends, it is said what happened and what to do") {
    const auto wrong =
        refusal(ended(3, 0, false, "está dañada ({parte}): guárdela\nparte=xl/a=b.xml\nand more"));
    CHECK(wrong.kind() == ErrorKind::invalid);
    CHECK(std::string(wrong.what()) == "está dañada (xl/a=b.xml): guárdela");
    CHECK(refusal(ended(4, 0, false, "no queda sitio")).kind() == ErrorKind::unavailable);
    const auto slow = refusal(ended(-1, 9, true));
    CHECK(slow.kind() == ErrorKind::invalid);
    CHECK_THAT(slow.what(), Catch::Contains("más de 20 segundos") && Catch::Contains(".csv"));
    for (const auto& [how, cause] : {std::pair(ended(-1, 9), "SIGKILL"),
                                     {ended(-1, 11), "SIGSEGV"},
                                     {ended(2, 0, false, "usage"), "(2)"},
                                     {ended(3), "(3)"}}) {
        const auto error = refusal(how);
        CHECK(error.kind() == ErrorKind::unavailable);
        CHECK_THAT(error.what(), Catch::Contains(cause) && Catch::Contains("no se ha cargado nada"));
    }
    CHECK_THAT(refusal(ended(3, 0, false, std::string(5000, 'x') + "\x01\xFF")).what(),
               !Catch::Contains("\xFF"));
}
