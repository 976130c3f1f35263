#include "rules.hpp"

#include <algorithm>

namespace open_data::sql {
namespace {

// No locking, INTO or VALUES lists; no recursion, LATERAL, functions or samples in FROM; no arrays, rows,
// subscripts, parameters, collations or XML; no variadic calls. None of it reads data, but each would need a
// reason of its own.
constexpr Rule all_rules[] = {
    {"SelectStmt",
     "distinctClause targetList fromClause whereClause groupClause havingClause windowClause sortClause "
     "limitOffset limitCount withClause:WithClause larg:SelectStmt rarg:SelectStmt",
     "groupDistinct limitOption op all"},
    {"WithClause", "ctes", "location"},
    {"CommonTableExpr", "aliascolnames ctequery", "ctename ctematerialized location"},
    {"ResTarget", "val", "name location"},
    {"RangeVar", "alias:Alias", "relname inh relpersistence location"},
    {"RangeSubselect", "subquery alias:Alias", ""},
    {"JoinExpr", "larg rarg usingClause join_using_alias:Alias quals alias:Alias",
     "jointype isNatural rtindex"},
    {"Alias", "colnames", "aliasname"},
    {"ColumnRef", "fields", "location"},
    {"A_Star", "", ""},
    {"A_Const", "ival:Integer fval:Float sval:String boolval:Boolean", "isnull location"},
    {"Integer", "", "ival"},
    {"Float", "", "fval"},
    {"String", "", "sval"},
    {"Boolean", "", "boolval"},
    {"A_Expr", "name lexpr rexpr", "kind location"},
    {"List", "items", ""},
    {"BoolExpr", "args", "boolop location"},
    {"NullTest", "arg", "nulltesttype location"},
    {"BooleanTest", "arg", "booltesttype location"},
    {"CaseExpr", "arg args defresult", "location"},
    {"CaseWhen", "expr result", "location"},
    {"CoalesceExpr", "args", "location"},
    {"MinMaxExpr", "args", "op location"},
    {"SubLink", "testexpr operName subselect", "subLinkType location"},
    {"TypeCast", "arg typeName:TypeName", "location"},
    {"TypeName", "names typmods", "typemod location"},
    {"FuncCall", "funcname args agg_order agg_filter over:WindowDef",
     "agg_within_group agg_star agg_distinct funcformat location"},
    {"WindowDef", "partitionClause orderClause startOffset endOffset", "name refname frameOptions location"},
    {"SortBy", "node", "sortby_dir sortby_nulls location"},
    {"SQLValueFunction", "", "op typmod location"},
};

// Those that only calculate with what they are given, and give no more than they were given: no sleeping, no
// files, no settings, no catalogue, no session; and nothing that makes long texts of short ones.
constexpr std::string_view functions[] = {"abs",
                                          "age",
                                          "avg",
                                          "bool_and",
                                          "bool_or",
                                          "btrim",
                                          "ceil",
                                          "ceiling",
                                          "char_length",
                                          "character_length",
                                          "corr",
                                          "count",
                                          "covar_pop",
                                          "covar_samp",
                                          "cume_dist",
                                          "date_bin",
                                          "date_part",
                                          "date_trunc",
                                          "dense_rank",
                                          "every",
                                          "extract",
                                          "first_value",
                                          "floor",
                                          "initcap",
                                          "isfinite",
                                          "lag",
                                          "last_value",
                                          "lead",
                                          "left",
                                          "length",
                                          "ln",
                                          "log",
                                          "lower",
                                          "ltrim",
                                          "make_date",
                                          "max",
                                          "min",
                                          "mod",
                                          "mode",
                                          "nth_value",
                                          "ntile",
                                          "octet_length",
                                          "percent_rank",
                                          "percentile_cont",
                                          "percentile_disc",
                                          "position",
                                          "rank",
                                          "regr_count",
                                          "regr_intercept",
                                          "regr_r2",
                                          "regr_slope",
                                          "right",
                                          "round",
                                          "row_number",
                                          "rtrim",
                                          "sign",
                                          "split_part",
                                          "sqrt",
                                          "starts_with",
                                          "stddev",
                                          "stddev_pop",
                                          "stddev_samp",
                                          "strpos",
                                          "substr",
                                          "substring",
                                          "sum",
                                          "timezone",
                                          "to_char",
                                          "to_date",
                                          "to_number",
                                          "to_timestamp",
                                          "trunc",
                                          "upper",
                                          "var_pop",
                                          "var_samp",
                                          "variance",
                                          "width_bucket"};
constexpr std::string_view operators[] = {"%",
                                          "*",
                                          "+",
                                          "-",
                                          "/",
                                          "<",
                                          "<=",
                                          "<>",
                                          "=",
                                          ">",
                                          ">=",
                                          "BETWEEN",
                                          "BETWEEN SYMMETRIC",
                                          "NOT BETWEEN",
                                          "NOT BETWEEN SYMMETRIC",
                                          "!=",
                                          "~~",
                                          "!~~",
                                          "~~*",
                                          "!~~*"};
constexpr std::string_view types[] = {"bool", "boolean", "date",      "float4",      "float8",
                                      "int2", "int4",    "int8",      "interval",    "numeric",
                                      "text", "time",    "timestamp", "timestamptz", "varchar"};
constexpr std::string_view values[] = {
    "SVFOP_CURRENT_DATE",      "SVFOP_CURRENT_TIME",        "SVFOP_CURRENT_TIME_N",
    "SVFOP_CURRENT_TIMESTAMP", "SVFOP_CURRENT_TIMESTAMP_N", "SVFOP_LOCALTIME",
    "SVFOP_LOCALTIME_N",       "SVFOP_LOCALTIMESTAMP",      "SVFOP_LOCALTIMESTAMP_N"};

template <class List>
bool holds(const List& list, std::string_view wanted) {
    return std::find(std::begin(list), std::end(list), wanted) != std::end(list);
}

}  // namespace

std::span<const Rule> rules() { return all_rules; }

const Rule* find_rule(std::string_view node) {
    const auto* found = std::find_if(std::begin(all_rules), std::end(all_rules),
                                     [&](const Rule& rule) { return rule.node == node; });
    return found == std::end(all_rules) ? nullptr : found;
}

bool is_allowed_function(std::string_view name) { return holds(functions, name); }
bool is_allowed_operator(std::string_view name) { return holds(operators, name); }
bool is_allowed_type(std::string_view name) { return holds(types, name); }
bool is_allowed_value(std::string_view op) { return holds(values, op); }

}  // namespace open_data::sql
