// Pages are found by what they were drawn of, and make room for each other.
#include "drawn_pages.hpp"

#include <catch2/catch.hpp>

using open_data::DrawnPages;

TEST_CASE("a page is found by what it was drawn of, and by nothing else") {
    DrawnPages pages(10'000);
    CHECK_FALSE(pages.find("row 1"));
    CHECK(*pages.keep("row 1", "first") == "first");
    CHECK(*pages.find("row 1") == "first");
    CHECK_FALSE(pages.find("row 2"));
    CHECK(*pages.keep("", "of nobody") == "of nobody");
    CHECK_FALSE(pages.find(""));
}

TEST_CASE("the pages shown last stay") {
    DrawnPages pages(3'500);
    const auto page = [](char letter) { return std::string(1'000, letter); };
    for (const char* of : {"1", "2", "3"}) pages.keep(of, page(*of));
    CHECK(pages.find("1"));
    pages.keep("4", page('4'));
    CHECK(pages.find("1"));
    CHECK_FALSE(pages.find("2"));
    const auto held = pages.find("3");
    CHECK(pages.keep("big", std::string(4'000, 'x'))->size() == 4'000);
    CHECK_FALSE(pages.find("big"));
    for (const char* of : {"5", "6", "7"}) pages.keep(of, page(*of));
    CHECK_FALSE(pages.find("3"));
    CHECK(*held == page('3'));  // whoever shows it still has it
}
