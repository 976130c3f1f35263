// Pages are found by what they were drawn of, and make room for each other.
#include "drawn_pages.hpp"

#include <catch2/catch.hpp>

using concejo::Json;
using open_data::DrawnPages;

namespace {

Json page_of(std::size_t size, char letter) {
    return Json::object({{"body_html", std::string(size, letter)}});
}

}  // namespace

TEST_CASE("a page is found by what it was drawn of, and by nothing else") {
    DrawnPages pages(10'000);
    CHECK_FALSE(pages.find("row 1"));
    CHECK(pages.keep("row 1", page_of(10, 'a'))->string_or("body_html", "") == "aaaaaaaaaa");
    CHECK(*pages.find("row 1") == page_of(10, 'a'));
    CHECK_FALSE(pages.find("row 2"));
    CHECK(*pages.keep("", page_of(10, 'b')) == page_of(10, 'b'));
    CHECK_FALSE(pages.find(""));
}

TEST_CASE("the pages shown last stay") {
    DrawnPages pages(3'500);
    for (const char* of : {"1", "2", "3"}) pages.keep(of, page_of(1'000, *of));
    CHECK(pages.find("1"));
    pages.keep("4", page_of(1'000, '4'));
    CHECK(pages.find("1"));
    CHECK_FALSE(pages.find("2"));
    const auto held = pages.find("3");
    CHECK_FALSE(pages.keep("big", page_of(4'000, 'x'))->empty());
    CHECK_FALSE(pages.find("big"));
    for (const char* of : {"5", "6", "7"}) pages.keep(of, page_of(1'000, *of));
    CHECK_FALSE(pages.find("3"));
    CHECK(*held == page_of(1'000, '3'));  // whoever shows it still has it
}
