#include "kept_file.hpp"

#include <catch2/catch.hpp>

TEST_CASE("a resource is called as its file, as people write it") {
    for (const auto& [file, title] : {std::pair{"gastos_por_programa_2026.csv", "Gastos por programa 2026"},
                                      {"Contratos menores.XLSX", "Contratos menores"},
                                      {"contratos-menores-2026.csv", "Contratos menores 2026"},
                                      {"aforos_2026-01-31.csv", "Aforos 2026-01-31"},
                                      {"plan_covid-19.pdf", "Plan covid-19"},
                                      {"árboles__singulares_.geojson", "Árboles singulares"},
                                      {"ñ.csv", "Ñ"},
                                      {"acta.n.7.pdf", "Acta.n.7"},
                                      {"Informe 3.2026", "Informe 3.2026"},
                                      {"datos", "Datos"},
                                      {"÷.csv", "÷"},
                                      {".csv", ".csv"},
                                      {"___", "___"},
                                      {"", ""}}) {
        CAPTURE(file);
        CHECK(open_data::title_of_file(file) == title);
    }
}
