#include "kernel/db/statement.hpp"

#include "kernel/db/sql_words.hpp"

#include <concejo/error.hpp>

#include <algorithm>
#include <array>
#include <string>

namespace kernel::db {
namespace {

constexpr std::array<std::string_view, 13> allowed{"select",  "with",   "values", "table", "insert",
                                                   "update",  "delete", "merge",  "lock",  "explain",
                                                   "declare", "fetch",  "close"};
constexpr std::array<std::string_view, 9> forbidden{"set_config",
                                                    "pg_advisory_lock",
                                                    "pg_advisory_lock_shared",
                                                    "pg_try_advisory_lock",
                                                    "pg_try_advisory_lock_shared",
                                                    "pg_terminate_backend",
                                                    "pg_cancel_backend",
                                                    "pg_reload_conf",
                                                    "dblink_connect"};

[[noreturn]] void refuse(const std::string& why) {
    throw concejo::Error(concejo::ErrorKind::invalid, "sentencia SQL rechazada: " + why);
}

}  // namespace

void check_statement(std::string_view sql, bool copy) {
    SqlWords scanner(sql);
    const std::string first = scanner.next();
    const bool fits =
        copy ? first == "copy" : std::find(allowed.begin(), allowed.end(), first) != allowed.end();
    if (!fits)
        refuse("empieza por '" + first.substr(0, 40) +
               (copy ? "'; aquí va un COPY" : "'; solo consultas y cambios de datos"));
    bool ended = false, of_cursor = first == "declare";
    for (std::string token = scanner.next(); !token.empty(); token = scanner.next()) {
        if (ended) refuse("hay más de una");
        ended = token == ";";
        if (of_cursor && token == "hold") refuse("un cursor acaba con su transacción");
        if (token == "for") of_cursor = false;
        const auto name = token.front() == '"' ? std::string_view(token).substr(1) : std::string_view(token);
        if (std::find(forbidden.begin(), forbidden.end(), name) != forbidden.end())
            refuse("usa " + std::string(name) + ", que cambia la sesión");
        if (copy && name == "program") refuse("COPY … PROGRAM no se admite");
    }
}

}  // namespace kernel::db
