#include "kernel/db/prepared.hpp"

#include <catch2/catch.hpp>

using kernel::db::PreparedStatements;

TEST_CASE("a statement is prepared when it comes again, for each municipality by itself") {
    PreparedStatements statements;
    CHECK(statements.use("a", "select 1").name.empty());
    const auto second = statements.use("a", "select 1");
    CHECK(second.fresh);
    CHECK_FALSE(second.name.empty());
    const auto third = statements.use("a", "select 1");
    CHECK(third.name == second.name);
    CHECK_FALSE(third.fresh);
    CHECK(statements.use("b", "select 1").name.empty());
    CHECK(statements.use("b", "select 1").name != second.name);
}

TEST_CASE("what has no plan, or is very long, is not prepared") {
    PreparedStatements statements;
    for (int i = 0; i < 3; ++i) {
        CHECK(statements.use("a", "DECLARE c CURSOR FOR SELECT 1").name.empty());
        CHECK(statements.use("a", "FETCH 10 FROM c").name.empty());
        CHECK(statements.use("a", "SELECT " + std::string(PreparedStatements::longest, '1')).name.empty());
    }
    statements.use("a", "\n  With x as (select 1) table x");
    CHECK(statements.use("a", "\n  With x as (select 1) table x").fresh);
}

TEST_CASE("the statement not used for longest goes when there are many") {
    PreparedStatements statements;
    const auto prepare = [&](int n) {
        const auto sql = "select " + std::to_string(n);
        statements.use("a", sql);
        return statements.use("a", sql);
    };
    const auto first = prepare(0), second = prepare(1);
    for (int n = 2; n < static_cast<int>(PreparedStatements::most); ++n) CHECK(prepare(n).instead.empty());
    statements.use("a", "select 0");
    CHECK(prepare(1000).instead == second.name);
    CHECK(statements.use("a", "select 0").name == first.name);
    statements.forget(first.name);
    CHECK(statements.use("a", "select 0").fresh);
}
