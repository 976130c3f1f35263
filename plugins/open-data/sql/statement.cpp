#include "statement.hpp"

#include "rules.hpp"

#include <concejo/json.hpp>

#include <pg_query.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <set>

// libpg_query brings PostgreSQL's error handling with it, which ends the process after a FATAL. A parser
// raises none; if it ever did, a plugin does not end the process with exit(), whose handlers would run under
// other threads.
extern "C" [[noreturn]] void __wrap_exit(int) { std::abort(); }  // NOLINT(bugprone-reserved-identifier)

namespace open_data::sql {
namespace {

using concejo::Json;
using Why = NotAllowed::Why;

/// `list` has blanks between; gives the entry that is `name` or begins with "name:".
std::string_view entry_of(std::string_view list, std::string_view name) {
    while (!list.empty()) {
        const auto entry = list.substr(0, list.find(' '));
        if (entry.substr(0, entry.find(':')) == name) return entry;
        list.remove_prefix(std::min(list.size(), entry.size() + 1));
    }
    return {};
}

bool is_resource(std::string_view name) {
    if (name.size() != 36) return false;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        const char c = name[i];
        if (dash ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
    }
    return true;
}

/// Goes through the whole tree. Throws NotAllowed at the first thing that is not known.
class Judge {
public:
    void node(std::string_view kind, const Json& members) {
        const auto* rule = find_rule(kind);
        if (!rule || !members.is_object()) throw NotAllowed{Why::other, std::string(kind)};
        note(kind, members);
        for (const auto& [name, value] : members.as_object()) {
            if (const auto entry = entry_of(rule->nodes, name); !entry.empty()) {
                if (entry.size() > name.size())
                    node(entry.substr(name.size() + 1), value);
                else
                    wrapped(value);
            } else if (entry_of(rule->scalars, name).empty() || value.is_object() || value.is_array()) {
                const bool placed = kind == "RangeVar" && value.is_string();  // in a schema or a database
                throw NotAllowed{placed ? Why::table : Why::other,
                                 placed ? value.as_string() : std::string(kind) + "." + name};
            }
        }
    }

    /// A table that is none of its own names would be looked up in the database.
    void finish(Statement& statement) const {
        for (const auto& name : tables_) {
            if (is_resource(name))
                statement.resources.push_back(name);
            else if (!ctes_.count(name))
                throw NotAllowed{Why::table, name};
        }
        for (const auto& name : members_)
            if (!declared_.count(name) && !is_allowed_function(name)) statement.members.push_back(name);
    }

private:
    /// {"Name": {members}}, or a list of such; an empty element stands for nothing.
    void wrapped(const Json& value) {
        if (value.is_array()) {
            for (const auto& one : value.as_array()) wrapped(one);
            return;
        }
        if (!value.is_object()) throw NotAllowed{Why::other, "value"};
        for (const auto& [kind, members] : value.as_object()) node(kind, members);
    }

    static std::vector<std::string> names_of(const Json& list) {
        std::vector<std::string> names;
        if (list.is_array())
            for (const auto& one : list.as_array()) names.push_back(one["String"].string_or("sval", ""));
        return names;
    }
    void declare(const Json& list) {
        for (auto& name : names_of(list)) declared_.insert(std::move(name));
    }

    void note(std::string_view kind, const Json& members) {
        if (kind == "RangeVar")
            tables_.insert(members.string_or("relname", ""));
        else if (kind == "CommonTableExpr")
            note_cte(members);
        else if (kind == "Alias")
            declared_.insert(members.string_or("aliasname", "")), declare(members["colnames"]);
        else if (kind == "ResTarget")
            declared_.insert(members.string_or("name", ""));
        else if (kind == "ColumnRef")
            note_column(members["fields"]);
        else if (kind == "FuncCall")
            note_function(names_of(members["funcname"]));
        else if (kind == "A_Expr")
            need_operator(names_of(members["name"]));
        else if (kind == "SubLink" && members["operName"].is_array())
            need_operator(names_of(members["operName"]));
        else if (kind == "TypeName")
            need_type(names_of(members["names"]));
        else if (kind == "SQLValueFunction" && !is_allowed_value(members.string_or("op", "")))
            throw NotAllowed{Why::function, members.string_or("op", "")};
    }

    /// Outside the part that has it, a name is looked up in the database: none may be one of the catalogue's
    /// or a resource's.
    void note_cte(const Json& members) {
        const auto name = members.string_or("ctename", "");
        if (name.rfind("pg_", 0) == 0 || is_resource(name)) throw NotAllowed{Why::table, name};
        ctes_.insert(name);
        declare(members["aliascolnames"]);
    }

    /// "t.f" is f(t) to PostgreSQL where t has no column f.
    void note_column(const Json& fields) {
        const auto names = names_of(fields);
        if (names.size() > 2) throw NotAllowed{Why::table, names.front() + "." + names[1]};
        if (names.size() == 2 && !names.back().empty()) members_.insert(names.back());
    }

    static void note_function(const std::vector<std::string>& names) {
        const auto& name = names.empty() ? std::string() : names.back();
        const bool plain = names.size() == 1 || (names.size() == 2 && names.front() == "pg_catalog");
        if (!plain || !is_allowed_function(name)) throw NotAllowed{Why::function, name};
    }
    static void need_operator(const std::vector<std::string>& names) {
        if (names.size() != 1 || !is_allowed_operator(names.front()))
            throw NotAllowed{Why::other, names.empty() ? "operator" : "operator " + names.back()};
    }
    static void need_type(const std::vector<std::string>& names) {
        const bool plain = names.size() == 1 || (names.size() == 2 && names.front() == "pg_catalog");
        if (!plain || !is_allowed_type(names.back()))
            throw NotAllowed{Why::other, names.empty() ? "type" : "type " + names.back()};
    }

    std::set<std::string> tables_, ctes_, declared_, members_;
};

/// The parser's own writing: comments, escapes and odd blanks are gone.
std::string rewritten(const std::string& text) {
    const auto parsed = pg_query_parse_protobuf(text.c_str());
    if (parsed.error) {
        const NotAllowed why{Why::syntax, parsed.error->message};
        pg_query_free_protobuf_parse_result(parsed);
        throw why;
    }
    const auto written = pg_query_deparse_protobuf(parsed.parse_tree);
    const std::string again = written.query ? written.query : "";
    const bool failed = written.error != nullptr;
    pg_query_free_deparse_result(written);
    pg_query_free_protobuf_parse_result(parsed);
    if (failed) throw NotAllowed{Why::other, "statement"};
    return again;
}

Json tree_of(const std::string& text) {
    const auto parsed = pg_query_parse(text.c_str());
    const std::string tree = parsed.parse_tree ? parsed.parse_tree : "",
                      error = parsed.error ? parsed.error->message : "";
    pg_query_free_parse_result(parsed);
    if (!error.empty()) throw NotAllowed{Why::syntax, error};
    try {
        return Json::parse(tree);
    } catch (const concejo::Error&) {  // nested deeper than it reads
        throw NotAllowed{Why::other, "statement nested too deep"};
    }
}

Statement judged(std::string_view text) {
    if (text.size() > longest_statement) throw NotAllowed{Why::other, "statement longer than 8192 bytes"};
    if (text.find('\0') != std::string_view::npos)
        throw NotAllowed{Why::syntax, "a character that text does not have"};
    Statement statement;
    statement.text = rewritten(std::string(text));
    const auto tree = tree_of(statement.text);
    const auto& all = tree["stmts"];
    if (!all.is_array() || all.size() != 1) throw NotAllowed{Why::no_select, "exactly one statement"};
    const auto& one = all.as_array().front()["stmt"];
    if (!one.contains("SelectStmt")) throw NotAllowed{Why::no_select, "a SELECT"};
    Judge judge;
    judge.node("SelectStmt", one["SelectStmt"]);
    judge.finish(statement);
    return statement;
}

}  // namespace

concejo::Result<Statement, NotAllowed> read_statement(std::string_view text) {
    try {
        return judged(text);
    } catch (NotAllowed& why) {
        return std::move(why);
    }
}

}  // namespace open_data::sql
