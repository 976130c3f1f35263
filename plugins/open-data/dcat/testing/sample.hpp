// For tests: a municipality's catalogue, with texts that try to break out of every syntax.
#pragma once

#include "plugins/open-data/dcat/model.hpp"

namespace open_data::dcat::testing {

using namespace std::chrono;

inline Instant at(int y, unsigned m, unsigned d) { return sys_days(year(y) / m / d); }
inline Day on(int y, unsigned m, unsigned d) { return year(y) / m / d; }

inline const std::string sha256 = "b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c";

inline Distribution a_distribution(const std::string& dataset, const std::string& format) {
    Distribution file;
    file.uri = dataset + "/" + format;
    file.title = {{"es", "Datos en " + format}};
    file.description = {{"es", "Una fila por cada elemento, en UTF-8"}};
    file.access_url = dataset;
    file.download_url = "https://datos.ejemplo.es/archivos/1." + format;
    file.format = format;
    file.license = "CC_BY_4_0";
    file.bytes = 123456;
    file.sha256 = sha256;
    file.availability = "STABLE";
    file.issued = at(2026, 1, 1);
    file.modified = at(2026, 2, 1);
    return file;
}

inline Dataset a_dataset(const std::string& name = "padron") {
    Dataset dataset;
    dataset.uri = "http://datos.ejemplo.es/dataset/" + name;
    dataset.identifier = "http://datos.ejemplo.es/dataset/550e8400-e29b-41d4-a716-" + name;
    dataset.title = {{"es", "Padrón municipal por barrio: " + name}};
    dataset.description = {
        {"es", "Habitantes de cada barrio por edad y sexo, según el padrón municipal de cada año."}};
    dataset.keywords = {{"es", {"padrón", "población"}}};
    dataset.sectors = {"demografia"};
    dataset.spatial = {"http://datos.gob.es/recurso/sector-publico/territorio/Provincia/Toledo"};
    dataset.temporal = Period{on(2020, 1, 1), on(2025, 12, 31)};
    dataset.issued = at(2026, 1, 1);
    dataset.modified = at(2026, 2, 1);
    dataset.frequency = "ANNUAL";
    dataset.access_right = "PUBLIC";
    dataset.landing_page = "https://datos.ejemplo.es/es/dataset/" + name;
    dataset.related = {"http://datos.ejemplo.es/dataset/callejero", "https://otra.ejemplo.es/d/1"};
    dataset.distributions = {a_distribution(dataset.uri, "csv")};
    return dataset;
}

inline DataService a_service() {
    DataService service;
    service.uri = "http://datos.ejemplo.es/servicio/api";
    service.title = {{"es", "API de datos abiertos"}};
    service.description = {{"es", "Consulta de las filas de los conjuntos de datos"}};
    service.keywords = {{"es", {"API"}}};
    service.endpoint_url = "https://datos.ejemplo.es/api/3/action/";
    service.endpoint_description = "https://datos.ejemplo.es/api/openapi.json";
    service.page = "https://datos.ejemplo.es/es/api";
    service.sectors = {"sector-publico"};
    service.license = "CC_BY_4_0";
    service.access_right = "PUBLIC";
    service.conforms_to = {"https://spec.openapis.org/oas/v3.1.0"};
    return service;
}

/// A map service of somebody else's program, with a publisher and a contact of its own.
inline DataService a_map_service() {
    auto service = a_service();
    service.uri = "http://datos.ejemplo.es/servicio/mapas";
    service.title = {{"es", "Mapas <del> \"término\""}, {"ca", "Mapes"}, {"eu", ""}};
    service.endpoint_url = "https://mapas.ejemplo.es/wms?mapa=año&x=\"1\"";
    service.endpoint_description = service.endpoint_url + "&service=WMS&request=GetCapabilities";
    service.sectors = {"urbanismo-infraestructuras"};
    service.publisher = Agent{"L01450028", {{"es", "Patronato de Ejemplo"}}};
    service.contact =
        Contact{"", {{"es", "Cartografía"}}, "mapas@ejemplo.es", "925 00 00 01", "https://mapas.ejemplo.es/"};
    service.spatial = {"http://datos.gob.es/recurso/sector-publico/territorio/Provincia/Toledo"};
    service.conforms_to = {"http://www.opengis.net/def/serviceType/ogc/wms"};
    return service;
}

inline Catalog a_catalog() {
    Catalog catalog;
    catalog.uri = "http://datos.ejemplo.es/catalogo";
    catalog.title = {{"es", "Datos abiertos de Ejemplo"}, {"en", "Open data of Ejemplo"}};
    catalog.description = {{"es", "Catálogo de datos del Ayuntamiento de Ejemplo"}};
    catalog.publisher = {"L01450017", {{"es", "Ayuntamiento de Ejemplo"}}};
    catalog.contact = {"",
                       {{"es", "Oficina de datos"}},
                       "datos@ejemplo.es",
                       "+34 925 00 00 00",
                       "https://datos.ejemplo.es/contacto"};
    catalog.homepage = "https://datos.ejemplo.es/";
    catalog.issued = at(2026, 1, 1);
    catalog.modified = at(2026, 2, 1);
    catalog.license = "CC_BY_4_0";
    catalog.spatial = {"http://datos.gob.es/recurso/sector-publico/territorio/Provincia/Toledo"};
    catalog.services = {a_service(), a_map_service()};
    return catalog;
}

inline const std::vector<std::string>& hostile_texts() {
    static const std::vector<std::string> texts{
        "<script>alert('x')</script> & \"comillas\" ]]> <!-- no --> &amp; &#0;",
        "barra \\ invertida \\u0041 \\\" y \"\"\" tres",
        "emoji 👩🏽‍🌾🏛️ y par suplente 𝒳",
        "derecha a izquierda \xE2\x80\xAE"
        "abc\xE2\x80\xAC שלום مرحبا",
        std::string("control \x01\x02\x08\x0B\x0C\x1B\x7F y nulo ") + '\0' + " fin \xEF\xBF\xBF",
        "varias\r\nlíneas\rcon\ttabulador\n\n@es . <http://x> ^^xsd:date",
        "UTF-8 roto \xC3\x28 \xF5\x80\x80\x80 \xED\xA0\x80 fin\xE2\x82",
        "{\"@id\": \"x\", \"@value\": null} @prefix : <> . %s %n {placeholder}",
    };
    return texts;
}

/// Without anything that DCAT-AP-ES neither asks for nor recommends.
inline void leave_out_the_optional(Dataset& dataset) {
    dataset.identifier.clear(), dataset.frequency.clear(), dataset.access_right.clear();
    dataset.landing_page.clear(), dataset.version.clear(), dataset.version_notes.clear();
    dataset.issued.reset(), dataset.modified.reset();
    dataset.conforms_to.clear(), dataset.served_by.clear(), dataset.languages.clear();
    for (auto& file : dataset.distributions) {
        file.download_url.clear(), file.media_type.clear(), file.sha256.clear(), file.described_by.clear();
        file.issued.reset(), file.modified.reset(), file.bytes.reset(), file.conforms_to.clear();
    }
}

/// Each dataset with another of the texts, sectors, territories, formats and frequencies; every seventh of
/// high value, every fifth with nothing that is optional.
inline std::vector<Dataset> hostile_datasets(std::size_t how_many) {
    static constexpr const char* sectors[] = {"economia", "urbanismo-infraestructuras", "medio-ambiente",
                                              "turismo", "hacienda"};
    static constexpr const char* formats[] = {"csv",     "json", "ndjson", "xlsx",
                                              "geojson", "pdf",  "ods",    "ttl"};
    static constexpr const char* places[] = {"Provincia/Toledo", "Autonomia/Region-Murcia", "Pais/España",
                                             "Provincia/A-Coruna"};
    static constexpr const char* frequencies[] = {"DAILY", "WEEKLY", "QUARTERLY", "IRREG", "BIENNIAL"};
    const auto& texts = hostile_texts();
    std::vector<Dataset> datasets;
    for (std::size_t i = 0; i < how_many; ++i) {
        const auto& text = texts[i % texts.size()];
        auto dataset = a_dataset("d" + std::to_string(i));
        dataset.title = {
            {"es", text},    {"ca", "títol " + text}, {"gl", "título " + text}, {"eu", "izenburua " + text},
            {"no_es", text}, {"en", " \t\n"}};
        dataset.description["es"] += " " + text;
        dataset.keywords = {{"es", {text, "", "a,b;c"}}, {"eu", {"hitza"}}};
        dataset.sectors = {sectors[i % 5], "sector-publico"};
        dataset.spatial = {std::string("http://datos.gob.es/recurso/sector-publico/territorio/") +
                           places[i % 4]};
        dataset.frequency = frequencies[i % 5];
        dataset.languages = {"es", "gl"};
        dataset.landing_page += "?q=año y <b>&x=\"1\"";
        dataset.version = "1." + std::to_string(i);
        dataset.version_notes = {{"es", text}};
        dataset.conforms_to = {"https://datos.ejemplo.es/esquemas/" + std::to_string(i)};
        dataset.withdrawn = i % 11 == 0;
        if (i % 55 == 0) dataset.withdrawn_at = at(2026, 2, 3), dataset.withdrawn_reason = text;
        if (i % 7 == 0) dataset.hvd_categories = {"c_e1da4e07"};
        if (i % 3 == 0) dataset.temporal = Period{on(2021, 5, 1), std::nullopt};
        for (const auto* format : {formats[i % 8], formats[(i + 3) % 8]}) {
            auto file = a_distribution(dataset.uri, format);
            file.title = {{"es", text}};
            file.download_url += "?nombre=" + text;
            file.sha1 = i % 2 ? "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8" : "";
            file.conforms_to = {dataset.uri + "/esquema"};
            file.described_by = dataset.uri + "/" + format + "-metadata.json";
            dataset.distributions.push_back(std::move(file));
        }
        dataset.distributions.erase(dataset.distributions.begin());
        dataset.served_by = {"http://datos.ejemplo.es/servicio/api"};
        if (i % 4 == 1) dataset.served_by.push_back("http://datos.ejemplo.es/servicio/mapas");
        if (i % 5 == 2) leave_out_the_optional(dataset);
        datasets.push_back(std::move(dataset));
    }
    return datasets;
}

}  // namespace open_data::dcat::testing
