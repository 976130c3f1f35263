// Files of rows, read back by others: openpyxl, Python's csv, json and xml, GDAL.
#include "export_writer.hpp"
#include "geometry.hpp"
#include "plugins/open-data/dcat/testing/workspace.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <random>

using namespace open_data;

namespace {

using ExportedRow = std::vector<std::optional<std::string>>;

/// As PostgreSQL writes them, and as whoever means harm would.
const ExportTable nasty_table{{{"código", "text"},
                               {"=HYPERLINK(\"http://x\")", "text"},
                               {"n", "integer"},
                               {"importe", "numeric"},
                               {"sí", "boolean"},
                               {"día", "date"},
                               {"hora", "time"},
                               {"momento", "timestamp"}},
                              "Título <&>",
                              "Ayuntamiento",
                              "CC_BY_4_0",
                              "https://datos.example/dataset/x",
                              1'764'000'000};
const std::vector<ExportedRow> nasty_rows{
    {"00123", "=cmd|' /C calc'!A0", "7", "1234.56", "t", "2026-02-28", "10:30:00", "2026-02-28 10:30:00"},
    {"@SUM(1)", "-2+3", "-9007199254740993", "12345678901234567.89", "f", "1821-05-05", "24:00:00",
     "2026-02-28 10:30:00.5"},
    {"_x0041_", "a;b\"c\nd\te", "0", "NaN", std::nullopt, std::nullopt, std::nullopt, std::nullopt},
    {"\x01\x1F<script>", "+1", std::nullopt, "-0.5", "t", "1900-03-01", "00:00:00", "1999-12-31 23:59:59"}};

std::string written_as(std::string_view format, const ExportTable& table,
                       const std::vector<ExportedRow>& rows) {
    Spool spool;
    const auto writer = format == "xlsx"      ? make_xlsx_writer(table, spool)
                        : format == "geojson" ? make_geojson_writer(table, spool)
                                              : make_text_writer(format, table, spool);
    for (const auto& row : rows) {
        std::vector<Cell> cells;
        for (const auto& one : row) cells.push_back(one ? Cell(*one) : Cell());
        writer->row(cells);
    }
    writer->finish();
    std::ifstream in(spool.path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// What Python says of the file, as JSON.
Json judged(const std::string& bytes, const std::string& file, const std::string& script) {
    dcat::testing::Workspace workspace;
    workspace.file(file, bytes);
    workspace.file("judge.py", "import json,sys\n" + script);
    const auto outcome = workspace.run("/usr/bin/python3 judge.py");
    INFO(outcome.output);
    REQUIRE(outcome.code == 0);
    return Json::parse(outcome.output);
}

bool has_openpyxl() {
    const bool has = std::system("/usr/bin/python3 -c 'import openpyxl' 2>/dev/null") == 0;
    if (!has) WARN("skipped: python3-openpyxl is not installed");
    return has;
}

}  // namespace

TEST_CASE("a sheet holds what the table held: numbers, days and times as such, every text as a text") {
    if (!has_openpyxl()) return;
    const auto bytes = written_as("xlsx", nasty_table, nasty_rows);
    CHECK(bytes == written_as("xlsx", nasty_table, nasty_rows));
    const auto told = judged(
        bytes, "a.xlsx",
        "import openpyxl\nb=openpyxl.load_workbook('a.xlsx')\n"
        "print(json.dumps([[[c.data_type, c.value if isinstance(c.value,(str,int,float,bool,type(None))) "
        "else str(c.value), c.hyperlink is not None] for c in r] for r in b['Datos'].iter_rows()]))");
    REQUIRE(told.size() == 5);
    const auto cell = [&](std::size_t row, std::size_t column) {
        return told.as_array()[row].as_array()[column].as_array();
    };
    for (std::size_t row = 0; row < 5; ++row)
        for (std::size_t column = 0; column < 8; ++column) {
            CAPTURE(row, column);
            CHECK(cell(row, column)[0].as_string() != "f");
            CHECK_FALSE(cell(row, column)[2].as_bool());
        }
    CHECK(cell(1, 0)[1] == Json("00123"));
    CHECK(cell(1, 1)[1] == Json("=cmd|' /C calc'!A0"));
    CHECK(cell(1, 2)[1].as_double() == 7);
    CHECK(cell(1, 3)[1].as_double() == Approx(1234.56));
    CHECK(cell(1, 4)[1] == Json(true));
    CHECK(cell(1, 5)[1] == Json("2026-02-28 00:00:00"));
    CHECK(cell(1, 6)[1] == Json("10:30:00"));
    CHECK(cell(1, 7)[1] == Json("2026-02-28 10:30:00"));
    // What a sheet has no number or day for stays as it is written.
    CHECK(cell(2, 2)[1] == Json("-9007199254740993"));
    CHECK(cell(2, 3)[1] == Json("12345678901234567.89"));
    CHECK(cell(2, 5)[1] == Json("1821-05-05"));
    CHECK(cell(2, 6)[1] == Json("24:00:00"));
    CHECK(cell(3, 0)[1] == Json("_x005F_x0041_"));  // as ST_Xstring asks (ECMA-376, part 1, 22.9.2.19), which
                                                    // openpyxl shows as it is
    CHECK(cell(3, 3)[1] == Json("NaN"));
    CHECK(cell(3, 5)[1].is_null());
    CHECK(cell(4, 3)[1].as_double() == -0.5);
    CHECK(cell(4, 5)[1] == Json("1900-03-01 00:00:00"));
}

TEST_CASE("a sheet that is full goes on in the next one") {
    if (!has_openpyxl()) return;
    Spool spool;
    const ExportTable table{{{"n", "integer"}}, "", "", "", "", 0};
    const auto writer = make_xlsx_writer(table, spool);
    for (int n = 1; n <= 1'048'577; ++n) {
        const auto text = std::to_string(n);
        const Cell cells[] = {text};
        writer->row(cells);
    }
    writer->finish();
    dcat::testing::Workspace workspace;
    const auto outcome =
        workspace.run("ln -s '" + spool.path() +
                      "' a.xlsx && /usr/bin/python3 -c \"import openpyxl; b=openpyxl.load_workbook('a.xlsx', "
                      "read_only=True); print(b.sheetnames, [s.max_row for s in b], b['Datos "
                      "2']['A2'].value, b['Datos 2']['A3'].value)\"");
    CHECK(outcome.output == "['Datos', 'Datos 2'] [1048576, 3] 1048576 1048577\n");
}

TEST_CASE("CSV for spreadsheets has no formula; CSV for programs has what the table had") {
    const auto script = [](const std::string& separator, const std::string& encoding) {
        return "import csv\nprint(json.dumps(list(csv.reader(open('a.csv', encoding='" + encoding +
               "', newline=''), delimiter='" + separator + "'))))";
    };
    const auto exact = judged(written_as("csv", nasty_table, nasty_rows), "a.csv", script(",", "utf-8"));
    for (std::size_t row = 0; row < nasty_rows.size(); ++row)
        for (std::size_t column = 0; column < 4; ++column)
            CHECK(exact.as_array()[row + 1].as_array()[column] == Json(nasty_rows[row][column].value_or("")));
    const auto safe =
        judged(written_as("hoja.csv", nasty_table, nasty_rows), "a.csv", script(";", "utf-8-sig"));
    for (const auto& row : safe.as_array())
        for (std::size_t column : {0, 1}) {
            CAPTURE(row.dump());
            CHECK(row.as_array()[column].as_string().find_first_of("=+-@\t\r") != 0);
        }
    CHECK(safe.as_array()[1].as_array()[3] == Json("1234,56"));
    CHECK(safe.as_array()[4].as_array()[3] == Json("-0,5"));
    CHECK(without_formula("＝1+1") == "'＝1+1");
    CHECK(without_formula("a=1") == "a=1");
}

TEST_CASE("JSON and XML of nasty rows are read by others") {
    const auto json = judged(written_as("json", nasty_table, nasty_rows), "a.json",
                             "a=json.load(open('a.json'))\nprint(json.dumps([a['fields'][1]['id'], "
                             "a['records'][3][0], a['records'][2][3], a['records'][0][7]]))");
    CHECK(json ==
          Json::array({"=HYPERLINK(\"http://x\")", "\x01\x1F<script>", nullptr, "2026-02-28T10:30:00"}));
    const auto xml = judged(written_as("xml", nasty_table,
                                       {nasty_rows[3],
                                        {"\xEF\xBF\xBF"
                                         "a\r",
                                         "]]>", "1", "2", "f", std::nullopt, std::nullopt, std::nullopt}}),
                            "a.xml",
                            "import xml.etree.ElementTree as t\nprint(json.dumps([[c.text for c in r][:2] "
                            "for r in t.parse('a.xml').getroot()]))");
    CHECK(xml == Json::array({Json::array({"<script>", "+1"}), Json::array({"a\r", "]]>"})}));
}

TEST_CASE("where rows are is told by the names of their columns") {
    const auto found = [](std::vector<Field> fields) { return place_columns(fields); };
    CHECK(found({{"nombre", "text"}, {"Latitud", "numeric"}, {"LONGITUD", "numeric"}})->longitude == 2);
    CHECK(found({{"lat_fin", "numeric"},
                 {"lon_inicio", "numeric"},
                 {"lat_inicio", "numeric"},
                 {"lng_inicio", "numeric"}})
              ->latitude == 2);
    CHECK(found({{"geom", "text"}})->geometry == std::optional<std::size_t>(0));
    for (const auto& none : std::vector<std::vector<Field>>{{{"longitud", "numeric"}, {"ancho", "numeric"}},
                                                            {{"lat", "text"}, {"lon", "text"}},
                                                            {{"X", "numeric"}, {"Y", "numeric"}},
                                                            {}})
        CHECK_FALSE(found(none));
}

TEST_CASE("GeoJSON is what GDAL reads") {
    if (!dcat::testing::has_program("ogrinfo")) {
        WARN("skipped: gdal-bin is not installed");
        return;
    }
    const ExportTable points{
        {{"_id", "integer"}, {"parada", "text"}, {"lat", "numeric"}, {"lon", "numeric"}}, "", "", "", "", 0};
    dcat::testing::Workspace workspace;
    workspace.file("a.geojson", written_as("geojson", points,
                                           {{"1", "Plaza \"Mayor\"", "40.4168", "-3.7038"},
                                            {"2", "sin sitio", std::nullopt, "-3"},
                                            {"3", "en metros", "4474000", "440000"}}));
    const auto told = workspace.run("ogrinfo -al a.geojson");
    INFO(told.output);
    CHECK(told.code == 0);
    for (const char* part : {"Feature Count: 3", "parada (String) = Plaza \"Mayor\"",
                             "POINT (-3.7038 40.4168)", "WGS 84", "OGRFeature(a):3"})
        CHECK(told.output.find(part) != std::string::npos);
    CHECK(dcat::testing::occurrences(told.output, "POINT (") == 1);
    const ExportTable shapes{{{"nombre", "text"}, {"geometria", "text"}}, "", "", "", "", 0};
    workspace.file("b.geojson",
                   written_as("geojson", shapes,
                              {{"a", "POLYGON ((0 0, 0 1, 1 1, 1 0, 0 0))"},
                               {"b", "{\"type\":\"LineString\",\"coordinates\":[[-3,40],[-3.5,40.25]]}"},
                               {"c", "MULTIPOINT ((1 2), (3 4))"},
                               {"d", "POINT Z (1 2 3)"},
                               {"e", "<script>"},
                               {"f", "POINT (440000 4474000)"}}));
    const auto shown = workspace.run("ogrinfo -al b.geojson");
    INFO(shown.output);
    for (const char* part : {"Feature Count: 6", "POLYGON ((0 0,1 0,1 1,0 1,0 0))",
                             "LINESTRING (-3 40,-3.5 40.25)", "MULTIPOINT ((1 2),(3 4))", "POINT Z (1 2 3)"})
        CHECK(shown.output.find(part) != std::string::npos);
}

TEST_CASE("metres of UTM are the degrees that PROJ says, of points, lines and polygons") {
    if (!dcat::testing::has_program("gdaltransform")) {
        WARN("skipped: gdal-bin is not installed");
        return;
    }
    std::mt19937 random(25830);
    dcat::testing::Workspace workspace;
    for (const auto& system : reference_systems) {
        std::string text;
        std::vector<std::pair<long, long>> points;
        for (int i = 0; i < 1000; ++i) {
            const auto& [x, y] = points.emplace_back(-250'000 + static_cast<long>(random() % 1'600'000),
                                                     3'000'000 + static_cast<long>(random() % 1'950'000));
            text += std::to_string(x) + " " + std::to_string(y) + "\n";
        }
        workspace.file("metres", text);
        const auto told = workspace.run("gdaltransform -output_xy -s_srs " + std::string(system.code) +
                                        " -t_srs EPSG:4326 <metres");
        REQUIRE(told.code == 0);
        std::istringstream degrees(told.output);
        for (const auto& [x, y] : points) {
            double longitude = 0, latitude = 0;
            REQUIRE(degrees >> longitude >> latitude);
            const auto [ours_x, ours_y] = degrees_of(system, static_cast<double>(x), static_cast<double>(y));
            CHECK(std::abs(ours_x - longitude) < 1.1e-7);  // what rounding to 7 decimals takes
            CHECK(std::abs(ours_y - latitude) < 1.1e-7);
        }
    }
    const auto* zone = reference_system("EPSG:25830");
    const ExportTable table{
        {{"nombre", "text"}, {"X", "numeric"}, {"Y", "numeric"}}, "", "", "", "", 0, zone};
    workspace.file("a.geojson", written_as("geojson", table,
                                           {{"Puerta del Sol", "440292.5", "4474254.1"},
                                            {"sin sitio", "0", "0"},
                                            {"ya en grados", "-3.7", "40.4"}}));
    const auto back =
        workspace.run("ogr2ogr -f CSV -t_srs EPSG:25830 -lco GEOMETRY=AS_XY /vsistdout/ a.geojson");
    INFO(back.output);
    double x = 0, y = 0;
    REQUIRE(std::sscanf(back.output.c_str(), "%*[^\n]\n%lf,%lf", &x, &y) == 2);
    CHECK(std::abs(x - 440292.5) < 0.02);
    CHECK(std::abs(y - 4474254.1) < 0.02);
    CHECK(back.output.find("\n,,sin sitio") != std::string::npos);
    CHECK(geometry_of("POLYGON ((440000 4474000, 440100 4474000, 440100 4474100, 440000 4474000))",
                      zone)["coordinates"]
              .size() == 1);
    CHECK(geometry_of("POINT (440000 4474000)").is_null());
}

TEST_CASE("the system that an older GeoJSON says is known, or none is") {
    const auto said = [](const std::string& name) {
        const auto* found = reference_system_said(
            R"({"type":"FeatureCollection","crs": {"type": "name", "properties": { "name" : ")" + name +
            R"(" } }, "features": [])");
        return found ? std::string(found->code) : std::string();
    };
    CHECK(said("urn:ogc:def:crs:EPSG::25830") == "EPSG:25830");
    CHECK(said("urn:ogc:def:crs:EPSG:6.9:25831") == "EPSG:25831");
    CHECK(said("EPSG:25829") == "EPSG:25829");
    CHECK(said("urn:ogc:def:crs:OGC:1.3:CRS84").empty());
    CHECK(said("EPSG:23030").empty());  // ED50: some 200 m away
    CHECK_FALSE(reference_system_said(R"({"type":"FeatureCollection","features":[]})"));
}

TEST_CASE("geometries of any text are one or none") {
    for (const char* none :
         {"", "POINT", "POINT (1)", "POINT (1 2", "POINT (1 2) x", "POINT (1 2 3 4)", "POINT (nan 2)",
          "LINESTRING (1 2)", "POLYGON ((0 0, 1 1, 0 0))", "POLYGON ((0 0, 0 1, 1 1, 1 0))",
          "POINT M (1 2 3)", "{\"type\":\"Point\"}", "{\"type\":\"Point\",\"coordinates\":[1,91]}",
          "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,1]]]}", "[1,2]", "{", "POINT EMPTY"}) {
        CAPTURE(none);
        CHECK(geometry_of(none).is_null());
    }
    CHECK(geometry_of("multipolygon(((0 0,1 0,1 1,0 0)))")["type"].as_string() == "MultiPolygon");
    const std::string seed =
        "GEOMETRYCOLLECTION MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((2.5e0 -2, 3 2, 3 3, 2.5 -2))) "
        "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,0]]]}";
    std::mt19937 random(7946);
    for (int n = 0; n < 20'000; ++n) {
        auto text = seed.substr(random() % seed.size());
        for (std::size_t k = random() % 4; k > 0 && !text.empty(); --k)
            text[random() % text.size()] = seed[random() % seed.size()];
        const auto made = geometry_of(text);
        if (!made.is_null()) CHECK(Json::parse(made.dump()) == made);
    }
}
