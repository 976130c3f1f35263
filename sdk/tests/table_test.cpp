#include <concejo/table.hpp>

#include <catch2/catch.hpp>

TEST_CASE("a table has every name that its template asks for") {
    auto cell = concejo::cell_view("Título", "Bases", true, "/es/tablon/1");
    CHECK(
        cell.dump() ==
        R"({"label":"Título","text":"Bases","header":true,"href":"/es/tablon/1","tone":"","note":"","numeric":false})");
    const auto table = concejo::table_view(
        "anuncios", "Anuncios", {"Título"},
        concejo::Json::array({concejo::Json::object({{"cells", concejo::Json::array({std::move(cell)})}})}));
    CHECK(table["id"].as_string() == "anuncios");
    CHECK(table["caption"].as_string() == "Anuncios");
    CHECK(table["columns"].dump() == R"([{"label":"Título","sorted":"","sort_href":"","numeric":false}])");
    CHECK(table["rows"].as_array().size() == 1);
}
