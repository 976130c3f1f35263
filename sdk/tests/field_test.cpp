#include <concejo/field.hpp>

#include <catch2/catch.hpp>

TEST_CASE("a field is described by its hint and its error, those that there are") {
    const auto described = [](const char* hint, const char* error) {
        return concejo::field_view({"correo", "Correo", "", hint, error}).string_or("described", "?");
    };
    CHECK(described("", "") == "");
    CHECK(described("Como a@b.es", "") == "correo-a");
    CHECK(described("", "No vale") == "correo-e");
    CHECK(described("Como a@b.es", "No vale") == "correo-a correo-e");
    const auto view = concejo::field_view({"correo", "Correo", "a@b.es"});
    CHECK(view.string_or("id", "") == "correo");
    CHECK(view.string_or("name", "") == "correo");
    CHECK(view.string_or("value", "") == "a@b.es");
}
