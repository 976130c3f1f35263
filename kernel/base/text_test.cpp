#include "kernel/base/text.hpp"

#include <catch2/catch.hpp>

using namespace kernel::base;

TEST_CASE("trim, split, join and case") {
    CHECK(trim(" \t a b\r\n") == "a b");
    CHECK(trim(" ").empty());
    CHECK(split("a,,b", ',') == std::vector<std::string_view>{"a", "", "b"});
    CHECK(split("", ',') == std::vector<std::string_view>{""});
    CHECK(split("a,", ',') == std::vector<std::string_view>{"a", ""});
    CHECK(join(std::vector<std::string>{"a", "b"}, ", ") == "a, b");
    CHECK(join(std::vector<std::string>{}, ", ").empty());
    CHECK(lower_ascii("AZÑ-az") == "azÑ-az");
    CHECK(upper_ascii("azñ") == "AZñ");
    CHECK((starts_with("abc", "ab") && !starts_with("a", "ab") && ends_with("abc", "bc") &&
           !ends_with("c", "bc")));
}

TEST_CASE("UTF-8 as Unicode's table of well-formed sequences has it") {
    for (const char* good : {"", "a", "\xC3\xB1", "\xE2\x82\xAC", "\xED\x9F\xBF", "\xEE\x80\x80",
                             "\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBF"})
        CHECK(utf8_valid(good));
    for (const char* bad :
         {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF",
          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xC3", "\xE2\x82", "\xF0\x9F\x98", "\xC3("})
        CHECK_FALSE(utf8_valid(bad));
    CHECK(utf8_invalid_at("año\xFFx") == 4);
    CHECK(utf8_length("Ñandú €") == 7);
}

TEST_CASE("edit distance") {
    CHECK(edit_distance("kitten", "sitting") == 3);
    CHECK(edit_distance("", "abc") == 3);
    CHECK(edit_distance("abc", "abc") == 0);
    CHECK(edit_distance("ab", "ba") == 1);
}

TEST_CASE("the nearest word, or none") {
    const std::vector<std::string> keys = {"dominios", "idiomas", "indicadores", "tema"};
    CHECK(nearest("indicador", keys) == "indicadores");
    CHECK(nearest("dominio", keys) == "dominios");
    CHECK(nearest("Tema", keys) == "tema");
    CHECK(nearest("tmea", keys) == "tema");
    CHECK(nearest("nombre", keys).empty());
    CHECK(nearest("", keys).empty());
    CHECK(nearest(std::string(1000, 'x'), keys).empty());
}
