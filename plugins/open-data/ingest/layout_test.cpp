#include "plugins/open-data/ingest/test_support.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

using open_data::ingest::Bytes;
using open_data::ingest::make_source;
using open_data::ingest::Recipe;
using open_data::ingest::understand;
using open_data::ingest::testing::read_by;
using open_data::ingest::testing::read_bytes;
using Cells = std::vector<std::string>;

TEST_CASE("the header is found below titles and notes, or is none") {
    struct Case {
        std::string text;
        std::uint64_t header;
        std::string names;
        std::uint64_t rows;
    };
    const std::vector<Case> cases = {
        {"Contratos menores 2024\n\nFuente: Intervención\nid;objeto;importe\n1;x;2,5\n2;y;3,5\n", 4,
         "id|objeto|importe", 2},
        {"Contratos;;\n;;\nid;objeto;importe\n1;x;2,5\n", 3, "id|objeto|importe", 1},
        {"# de la Intervención\n# 2024\nid;objeto\n1;x\n# fin\n2;y\n", 3, "id|objeto", 2},
        {"#id;objeto\n1;x\n2;#y\n", 1, "#id|objeto", 2},
        {"id;objeto\n1;x\n# revisado; con notas; y más\n2;y\n", 1, "id|objeto", 2},
        {"id;objeto;n\n1;x;1\n# nota; suelta\n\n2;y;2\n#fin\n", 1, "id|objeto|n", 2},
        {"id;objeto;n\n1;x;1\n#N/D;;\n2;y;2\n", 1, "id|objeto|n", 3},
        {"Listado\n# id;objeto\n1;x\n2;y\n", 2, "# id|objeto", 2},
        {"id;objeto\n1;x\n#2;y\n3;z\n", 1, "id|objeto", 3},
        {"orden;n\n# 1;10\n# 2;20\n# 3;30\n", 1, "orden|n", 3},
        {"1;x;2,5\n2;y;3,5\n3;x;4,5\n", 0, "columna_1|columna_2|columna_3", 3},
        {"uno;dos\nuno;tres\nuno;cuatro\n", 0, "columna_1|columna_2", 3},
        {"nombre;cargo\nAna;Alcaldesa\nLuis;Concejal\n", 1, "nombre|cargo", 2},
        {"Municipio;2019;2020;2021\nAlbacete;100;200;300\nHellín;1;2;3\n", 1, "Municipio|2019|2020|2021", 2},
        {"a;;a;A;a_2; a \n1;2;3;4;5;6\n", 1, "a|columna_2|a_3|A|a_2|a_4", 1},
        {"\"Importe\nsin IVA\"; n \n1;2\n", 1, "Importe sin IVA|n", 1},
        {"_id;b\n1;2\n", 1, "_id_2|b", 1},
        {"a;b;\n1;2;\n3;4;\n", 1, "a|b", 2},
        {";a;b\n;1;2\n;3;4\n", 1, "a|b", 2},
        {"Actualizado;01/03/2024\nNombre;Importe\nx;1,5\ny;2,5\n", 2, "Nombre|Importe", 2},
        {"a;b;c\n", 1, "a|b|c", 0},
        {"Datos;;Importes;\nid;objeto;neto;bruto\n1;x;2;3\n2;y;3;4\n", 2, "id|objeto|neto|bruto", 2},
    };
    for (const auto& one : cases) {
        INFO(one.text);
        const auto outcome = read_bytes(one.text);
        CHECK(outcome.recipe.header_line == one.header);
        CHECK(outcome.names() == one.names);
        CHECK(outcome.report.accepted == one.rows);
        CHECK(outcome.report.rejected == 0);
    }
}

TEST_CASE("rows that are no data are rejected with a reason") {
    struct Case {
        std::string text, reasons;
        std::uint64_t accepted;
    };
    const std::string head = "id;objeto;importe\n1;x;2,50\n2;y;3,50\n";
    const std::string total = "es una fila de totales, no un dato", note = "es una nota al pie, no un dato";
    const std::vector<Case> cases = {
        {head + ";TOTAL GENERAL;6,00\n", "4 " + total, 2},
        {head + "Total;;6,00\n\nFuente: Intervención municipal\n", "4 " + total + "|6 " + note, 2},
        {head + "Suma:;;6,00\n", "4 " + total, 2},
        {head + "(1) Sin IVA;;\n", "4 " + note, 2},
        {head + "3;z;4,50;sobra\n4;z;4,50\n", "4 tiene más datos que columnas hay", 3},
        {head + "3;z;4,50;;;\n4;z\n", "", 4},
        {head + "id;objeto;importe\n3;z;4,50\n", "4 es la cabecera, que se repite", 3},
        {head + "Totalizador;z;6,00\n", "", 3},
        {"sexo;n\nHombres;1\nTotal;1\nMujeres;2\nTotal;2\n", "", 4},
        {"a;b;c\nDistrito 1;;\n1;2;3\nDistrito 2;;\n", "", 3},
    };
    for (const auto& one : cases) {
        INFO(one.text);
        const auto outcome = read_bytes(one.text);
        std::string reasons;
        for (const auto& reject : outcome.report.rejects)
            reasons += (reasons.empty() ? "" : "|") + std::to_string(reject.line) + " " + reject.text();
        CHECK(reasons == one.reasons);
        CHECK(outcome.report.accepted == one.accepted);
        CHECK(outcome.report.accepted + outcome.report.rejected == outcome.report.read);
    }
}

TEST_CASE("the next file is read by the recipe of the first, wherever its header and columns are") {
    const auto first = make_source(Bytes("id;objeto;importe\n1;x;2,50\n2;y;3,50\n"));
    const Recipe kept =
        open_data::ingest::recipe_from_json(concejo::Json::parse(to_json(understand(*first)).dump()));
    CHECK(to_json(kept) == to_json(understand(*first)));
    const auto second = make_source(Bytes("Enero\n\nobjeto;importe;id\nz;1.234,5;7\nw;mucho;8\n"));
    const auto outcome = read_by(*second, kept);
    CHECK(outcome.rows == std::vector<Cells>{{"7", "z", "1234.5"}});
    REQUIRE(outcome.report.rejects.size() == 1);
    CHECK(outcome.report.rejects[0].text() == "columna «importe»: «mucho» no es un número");
    const auto other = make_source(Bytes("id;objeto\n1;x\n"));
    CHECK_THROWS_AS(read_by(*other, kept), concejo::Error);
}

TEST_CASE("a person corrects a recipe: a column is text, another is left out") {
    const auto source = make_source(Bytes("cp;n\n2001;1\n2002;2\n"));
    Recipe recipe = understand(*source);
    recipe.columns[0].type = open_data::ingest::Type::text;
    recipe.columns[1].skip = true;
    CHECK(read_by(*source, recipe).rows == std::vector<Cells>{{"2001"}, {"2002"}});
}

TEST_CASE("the report has the form that scripts rely on") {
    const auto outcome = read_bytes("id;fecha\n1;01/02/2024\n2;-\nTotal;\n");
    CHECK(to_json(outcome.report, outcome.recipe).dump() ==
          R"({"encoding":"utf-8","delimiter":";","header_line":1,"columns":[{"name":"id","type":"integer"},)"
          R"({"name":"fecha","type":"date"}],"rows_read":3,"rows_accepted":2,"rows_rejected":1,)"
          R"("rejects":[{"line":4,"reason":"es una fila de totales, no un dato"}]})");
}

TEST_CASE("a recipe that cannot be is refused with what is wrong in it") {
    for (const char* wrong :
         {R"({"container":"pdf"})", R"({"delimiter":";;"})", R"({"delimiter":"\""})",
          R"({"columns":[{"name":"a","type":"money"}]})", R"({"columns":[{"name":"a"},{"name":"a"}]})",
          R"({"columns":[{"name":"_id"}]})", R"({"header_line":-1})"}) {
        INFO(wrong);
        CHECK_THROWS_AS(open_data::ingest::recipe_from_json(concejo::Json::parse(wrong)), concejo::Error);
    }
}

TEST_CASE("notes behind a number sign far below are no rows, where nothing else of the file begins so") {
    using namespace open_data::ingest;
    using namespace open_data::ingest::testing;
    const auto read = [](const std::string& header, const std::string& usual, const std::string& other) {
        std::string text = header + "\n";
        for (int i = 0; i < 3000; ++i) text += (i == 2000 ? other : usual) + "\n";
        return read_bytes(text);
    };
    for (const auto* note :
         {"# revisado en mayo", "# revisado en mayo;;", "# revisado; en mayo; y en junio; y más"}) {
        CAPTURE(note);
        const auto outcome = read("id;dia;importe", "1;2024-02-01;12.5", note);
        CHECK(outcome.types() == "integer date numeric");
        CHECK(outcome.report.read == 2999);
        CHECK(outcome.report.rejected == 0);
    }
    // What may be a row is one.
    for (const auto* row : {"# 7;2024-02-01;12.5", "#ocio;;", "#N/D;2024-02-01;1", "#;;"}) {
        CAPTURE(row);
        const auto outcome = read("id;dia;importe", "1;2024-02-01;12.5", row);
        CHECK(outcome.report.read == 3000);
    }
    CHECK(read("color;n;m", "#00ff00;1;2", "# sin color;;").report.read == 3000);
    CHECK(read("nota", "una", "# otra").report.read == 3000);
}
