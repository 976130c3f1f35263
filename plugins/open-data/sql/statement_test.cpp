// The judge of what a statement may do is PostgreSQL itself, in tests/integration/cases/ckan_sql.mjs. Here:
// what is let through, and why something is not.
#include "statement.hpp"
#include "rules.hpp"

#include <catch2/catch.hpp>

using namespace open_data::sql;
using Why = NotAllowed::Why;

namespace {

const std::string one = "b0ed965e-a66a-4ac1-8e2d-994e78787649",
                  other = "00000000-0000-4000-8000-000000000001";
const std::string from = " FROM \"" + one + "\"";

std::string why_of(const std::string& text) {
    const auto read = read_statement(text);
    if (read) return "";
    switch (read.error().why) {
        case Why::syntax:
            return "syntax";
        case Why::no_select:
            return "no select";
        case Why::table:
            return "table " + read.error().what;
        case Why::function:
            return "function " + read.error().what;
        case Why::other:
            break;
    }
    return "other " + read.error().what;
}

}  // namespace

TEST_CASE("what people ask of data is let through, and is run as the parser writes it") {
    for (const auto& text : {
             "SELECT *" + from,
             "select \"año\", count(*) AS n" + from +
                 " where \"importe\" > 10.5 and barrio ilike 'cen%' group by 1 having count(*) > 1 order by "
                 "n desc nulls last limit 5 offset 2;",
             "SELECT DISTINCT ON (a) a, b" + from + " t(a, b)",
             "SELECT t.a, u.b" + from + " AS t JOIN \"" + other + "\" u USING (a) LEFT JOIN (SELECT a, b" +
                 from + ") v ON v.a = t.a",
             "WITH x AS (SELECT a AS aa" + from + ") SELECT aa FROM x UNION ALL SELECT a" + from,
             "SELECT CASE WHEN a IS NULL THEN 0 ELSE coalesce(b, nullif(c, 1)) END, greatest(a, b), "
             "a::numeric(10,2), CAST(b AS text)" +
                 from,
             "SELECT rank() OVER (PARTITION BY a ORDER BY b ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), "
             "sum(a) FILTER (WHERE b) OVER w" +
                 from + " WINDOW w AS (ORDER BY a)",
             "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY a), count(DISTINCT b)" + from,
             "SELECT extract(year FROM d), date_trunc('month', d), d + interval '1 day', current_date, "
             "to_char(d, 'YYYY-MM'), d AT TIME ZONE 'UTC'" +
                 from,
             "SELECT substring(a FROM 1 FOR 2), trim(both ' ' from a), position('x' in a), -b" + from +
                 " WHERE a IN (1, 2) AND b NOT BETWEEN 1 AND 2 AND EXISTS (SELECT 1" + from +
                 ") AND a = ANY (SELECT b" + from + ")",
             std::string("SELECT 1"),
         }) {
        INFO(text);
        CHECK(why_of(text) == "");
    }
    const auto read = read_statement("/* x */ select  U&'\\0061' -- y\n, t.\"año\"" + from + " T");
    REQUIRE(read);
    CHECK(read->text == "SELECT 'a', t.\"año\"" + from + " t");
    CHECK(read->resources == std::vector<std::string>{one});
    CHECK(read->members == std::vector<std::string>{"año"});
}

TEST_CASE("what is no SELECT of published resources is refused, with its reason") {
    for (const auto& [text, why] : std::initializer_list<std::pair<std::string, std::string>>{
             {"SELEC 1", "syntax"},
             {"SELECT 'abierto", "syntax"},
             {std::string("SELECT 1\0", 9), "syntax"},
             {"", "no select"},
             {"SELECT 1; SELECT 2", "no select"},
             {"DELETE" + from, "no select"},
             {"EXPLAIN ANALYZE SELECT 1", "no select"},
             {"COPY (SELECT 1) TO PROGRAM 'id'", "no select"},
             {"DO $$ BEGIN END $$", "no select"},
             {"SET ROLE concejo_owner", "no select"},
             {"SELECT * FROM pg_user", "table pg_user"},
             {"SELECT * FROM open_data_dataset", "table open_data_dataset"},
             {"SELECT * FROM concejo.tenants", "table concejo"},
             {"SELECT * FROM m_28079.\"" + one + "\"", "table m_28079"},
             {"SELECT * FROM otra.public.x", "table otra"},
             {"SELECT pg_catalog.pg_user.usename" + from, "table pg_catalog.pg_user"},
             {"SELECT (SELECT passwd FROM pg_shadow LIMIT 1)" + from, "table pg_shadow"},
             {"WITH pg_user AS (SELECT 1) SELECT * FROM pg_user", "table pg_user"},
             {"WITH \"" + one + "\" AS (SELECT 1) SELECT 1", "table " + one},
             {"SELECT pg_sleep(1)", "function pg_sleep"},
             {"SELECT set_config('role', 'concejo_owner', true)", "function set_config"},
             {"SELECT lo_create(0)", "function lo_create"},
             {"SELECT public.count(1)", "function count"},
             {"SELECT pg_catalog.pg_read_file('/etc/passwd')", "function pg_read_file"},
             {"SELECT query_to_xml('select 1', true, true, '')", "function query_to_xml"},
             {"SELECT current_user", "function SVFOP_CURRENT_USER"},
             {"SELECT current_schema", "function SVFOP_CURRENT_SCHEMA"},
             {"SELECT string_agg(a, ',')" + from, "function string_agg"},
             {"SELECT 'pg_user'::regclass", "other type regclass"},
             {"SELECT a || b" + from, "other operator ||"},
             {"SELECT a OPERATOR(public.+) b" + from, "other operator +"},
             {"SELECT a ~ '(a+)+b'" + from, "other operator ~"},
             {"SELECT *" + from + " FOR UPDATE", "other SelectStmt.lockingClause"},
             {"SELECT * INTO x" + from, "other SelectStmt.intoClause"},
             {"VALUES (1)", "other SelectStmt.valuesLists"},
             {"WITH RECURSIVE x AS (SELECT 1 UNION ALL SELECT 1 FROM x) SELECT * FROM x",
              "other WithClause.recursive"},
             {"WITH x AS (DELETE" + from + " RETURNING *) SELECT * FROM x", "other DeleteStmt"},
             {"SELECT * FROM generate_series(1, 1000000000)", "other RangeFunction"},
             {"SELECT *" + from + " TABLESAMPLE system (1)", "other RangeTableSample"},
             {"SELECT *" + from + " t, LATERAL (SELECT t.a) u", "other RangeSubselect.lateral"},
             {"SELECT ARRAY[1]", "other A_ArrayExpr"},
             {"SELECT ROW(1)", "other RowExpr"},
             {"SELECT (a).b" + from, "other A_Indirection"},
             {"SELECT $1", "other ParamRef"},
             {"SELECT a COLLATE \"C\"" + from, "other CollateClause"},
             {"SELECT xmlparse(document '<a/>')", "other XmlExpr"},
             {"SELECT 1 GROUP BY CUBE (1, 2)", "other GroupingSet"},
             {"SELECT a" + from + " ORDER BY a USING <", "other SortBy.useOp"},
             {"SELECT * FROM \"" + one + "\" *", ""},
         }) {
        INFO(text);
        CHECK(why_of(text) == why);
    }
    CHECK(why_of("SELECT " + std::string(9000, ' ') + "1") == "other statement longer than 8192 bytes");
    std::string minus = "n";
    for (int i = 0; i < 3000; ++i) minus = "- " + minus;
    CHECK(why_of("SELECT " + minus) == "other statement nested too deep");
    std::string deep = "1";
    for (int i = 0; i < 1000; ++i) deep = "abs(" + deep + ")";
    CHECK(why_of("SELECT " + deep) == "other statement nested too deep");
    CHECK(read_statement("SELECT t.pg_sleep FROM \"" + one + "\" t")->members ==
          std::vector<std::string>{"pg_sleep"});
}

TEST_CASE("every cut and every changed byte of a statement is answered") {
    const std::string text = "WITH x(a) AS (SELECT \"año\" FROM \"" + one +
                             "\" t WHERE b = 'c''d' AND e IN (1,2.5)) SELECT count(*) FROM x ORDER BY 1";
    for (std::size_t size = 0; size <= text.size(); ++size) (void)read_statement(text.substr(0, size));
    unsigned state = 7;
    for (int i = 0; i < 20'000; ++i) {
        auto changed = text;
        for (int n = 0; n < 3; ++n) {
            state = state * 1664525u + 1013904223u;
            changed[(state >> 8) % changed.size()] = static_cast<char>(state >> 24);
        }
        const auto read = read_statement(changed);
        if (!read) continue;
        // What is let through is its own writing: reading it again gives the same.
        const auto again = read_statement(read->text);
        REQUIRE(again);
        REQUIRE(again->text == read->text);
        for (const auto& name : read->resources) REQUIRE(name.size() == 36);
    }
}
