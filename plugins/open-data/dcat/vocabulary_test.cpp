#include "vocabulary.hpp"
#include "testing/sample.hpp"
#include "testing/workspace.hpp"
#include "text.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <set>

using namespace open_data::dcat;
using namespace open_data::dcat::testing;

namespace {

/// The URIs under `prefix` that a file of the conformance data names between "<" and ">".
std::set<std::string> uris_in(const std::string& file, const std::string& prefix) {
    std::ifstream in(file);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    std::set<std::string> found;
    for (auto at = text.find("<" + prefix); at != std::string::npos; at = text.find("<" + prefix, at + 1))
        found.insert(text.substr(at + 1, text.find('>', at) - at - 1));
    return found;
}

}  // namespace

TEST_CASE("sectors and territories are those of the taxonomies of datos.gob.es") {
    const auto sector_file = conformance("nti-risp-1.0.0/skos/nti-risp_vocab_sector.ttl");
    const auto territory_file = conformance("nti-risp-1.0.0/skos/nti-risp_vocab_territorio.ttl");
    if (sector_file.empty() || territory_file.empty()) {
        WARN("taxonomies not compared: CONCEJO_CONFORMANCE is not here");
        return;
    }
    std::set<std::string> ours;
    for (const auto& sector : sectors()) ours.emplace(sector.term.uri);
    CHECK(ours == uris_in(sector_file, "http://datos.gob.es/kos/sector-publico/sector/"));
    ours.clear();
    for (const auto& territory : territories()) ours.emplace(territory.uri);
    CHECK(ours == uris_in(territory_file, "http://datos.gob.es/recurso/sector-publico/territorio/"));
}

TEST_CASE("there are 22 sectors, each with a European theme, and 72 territories") {
    CHECK(sectors().size() == 22);
    for (const auto& sector : sectors()) CHECK(find_data_theme(sector.data_theme));
    CHECK(find_sector("vivienda")->data_theme == "REGI");
    CHECK(find_sector("http://datos.gob.es/kos/sector-publico/sector/hacienda")->data_theme == "GOVE");
    int provinces = 0, autonomies = 0;
    for (const auto& t : territories()) {
        provinces += t.level == Level::province;
        autonomies += t.level == Level::autonomy;
        CHECK((t.west < t.longitude && t.longitude < t.east && t.south < t.latitude && t.latitude < t.north));
        const auto* whole = t.level == Level::province ? find_autonomy(t.autonomy) : &territories()[0];
        REQUIRE(whole);
        CHECK((whole->west <= t.west && t.east <= whole->east && whole->south <= t.south &&
               t.north <= whole->north));
    }
    CHECK(provinces == 52);
    CHECK(autonomies == 19);
}

TEST_CASE("a municipality's territory is its province, or its autonomy where that is one province") {
    CHECK(territory_of_province("45")->label == "Toledo");
    CHECK(territory_of_province("28079")->label == "Comunidad de Madrid");
    CHECK(territory_of_province("30")->uri.ends_with("Autonomia/Region-Murcia"));
    CHECK(territory_of_province("00") == nullptr);
    CHECK(territory_of_province("4") == nullptr);
    CHECK(find_territory("http://datos.gob.es/recurso/sector-publico/territorio/Pais/Espa%C3%B1a")->label ==
          "España");
    CHECK(find_territory("Provincia/Toledo")->ine == "45");
    CHECK(find_territory("Toledo") == nullptr);
}

TEST_CASE("formats, licences, languages and frequencies are found by the names that people use") {
    CHECK(find_file_type("CSV")->media_type == "text/csv");
    CHECK_FALSE(find_file_type("xlsx")->non_proprietary);
    CHECK(find_file_type("JSON_LD")->format == "jsonld");
    CHECK(find_media_type("Text/CSV; charset=utf-8")->format == "csv");
    CHECK_FALSE(find_media_type("application/x-ndjson")->registered);
    CHECK(find_license("CC_BY_SA_4_0")->term.code() == "CC_BYSA_4_0");
    CHECK(find_license("http://creativecommons.org/licenses/by/4.0")->term.code() == "CC_BY_4_0");
    for (const auto& license : licenses()) CHECK(find_license_type(license.type));
    CHECK(find_language("es-ES")->term.code() == "SPA");
    CHECK(find_language("EUS")->tag == "eu");
    CHECK(find_frequency("QUARTERLY")->duration == "P3M");
    CHECK(find_hvd_category("c_b79e35eb")->es == "Movilidad");
    CHECK(find_access_right("PUBLIC"));
    CHECK(find_availability("STABLE"));
}

TEST_CASE("no lookup finds anything for what is no code") {
    std::mt19937 random(7);
    std::string text;
    for (int i = 0; i < 3000; ++i) {
        text.resize(random() % 40);
        for (char& c : text) c = static_cast<char>(random());
        if (text.size() < 4) text += "....";
        CHECK_FALSE(find_sector(text));
        CHECK_FALSE(find_territory(text));
        CHECK_FALSE(find_license(text));
        CHECK_FALSE(find_file_type(text));
        CHECK_FALSE(find_media_type(text));
        CHECK_FALSE(find_frequency(text));
        CHECK_FALSE(find_hvd_category(text));
        find_language(text), territory_of_province(text), language_tag(text), is_web_url(text),
            clean_text(text);
        const auto encoded = encode_uri(text);
        CHECK(encode_uri(encoded) == encoded);
    }
    CHECK_FALSE(find_sector(""));
    CHECK_FALSE(find_license(""));
    CHECK_FALSE(find_language(""));
    CHECK_FALSE(find_territory("/"));
}

TEST_CASE("addresses are encoded once, where RFC 3986 asks for it") {
    CHECK(encode_uri("http://a.es/año 1?q=<b>&x=[1]") == "http://a.es/a%C3%B1o%201?q=%3Cb%3E&x=%5B1%5D");
    CHECK(encode_uri("http://[::1]:80/a%20b%zz") == "http://[::1]:80/a%20b%25zz");
    CHECK(is_web_url("HTTPS://a.es"));
    CHECK(is_web_url("http://[2001:db8::1]:8080/x"));
    CHECK_FALSE(is_web_url("http://a b.es/"));
    CHECK_FALSE(is_web_url("//a.es/"));
}

TEST_CASE("texts keep what XML can hold") {
    CHECK(clean_text(" a\r\nb\rc\x01\x1F\x7F ") == "a\nb\nc");
    CHECK(clean_text("\xC3(\xED\xA0\x80") == "\xEF\xBF\xBD(\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK(clean_text("\xEF\xBF\xBE").empty());
    CHECK(language_tag("es-ES") == "es-es");
    CHECK(language_tag("no_es").empty());
    CHECK(language_tag("-es").empty());
    CHECK(length_in_characters("año 𝒳") == 5);
}
