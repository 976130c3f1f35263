#include "kernel/db/error.hpp"

#include <array>

namespace kernel::db {
namespace {

using concejo::ErrorKind;

struct Meaning {
    std::string_view prefix;  // of the SQLSTATE; longer ones first
    ErrorKind kind;
    bool transient;
};

constexpr std::array<Meaning, 29> meanings{{
    {"23502", ErrorKind::invalid, false},     // not null
    {"23514", ErrorKind::invalid, false},     // check
    {"23", ErrorKind::conflict, false},       // unique, foreign key, exclusion
    {"40", ErrorKind::unavailable, true},     // serialization, deadlock
    {"55P03", ErrorKind::unavailable, true},  // lock timeout
    {"55P04", ErrorKind::unavailable, true},  {"55", ErrorKind::conflict, false},
    {"57014", ErrorKind::unavailable, false},  // statement timeout: it would only take as long again
    {"57P05", ErrorKind::unavailable, true},   // idle session ended
    {"57", ErrorKind::unavailable, true},      // shutdown, crash of another session, starting up
    {"25P03", ErrorKind::unavailable, true},   // idle in transaction
    {"25006", ErrorKind::unavailable, true},   // read only: the other node is the primary now
    {"25P02", ErrorKind::internal, false},     // statement after a failed one
    {"08", ErrorKind::unavailable, true},      // connection
    {"53300", ErrorKind::unavailable, true},   // too many connections
    {"53", ErrorKind::unavailable, false},     // disk full, out of memory
    {"58", ErrorKind::unavailable, false},     // file system
    {"54", ErrorKind::invalid, false},         // too long, too complex
    {"22", ErrorKind::invalid, false},         // a value the type refuses
    {"21", ErrorKind::invalid, false},        {"42501", ErrorKind::forbidden, false},
    {"44", ErrorKind::forbidden, false},  // check option of a view
    {"28", ErrorKind::forbidden, false},      {"0A", ErrorKind::invalid, false},
    {"P0002", ErrorKind::not_found, false},  // no_data_found raised by a function
    {"P0", ErrorKind::invalid, false},       // raise exception
    {"3D", ErrorKind::unavailable, false},   // database not created
    {"42", ErrorKind::internal, false},      // wrong statement
    {"", ErrorKind::internal, false},
}};

}  // namespace

DbError make_error(std::string_view sqlstate, std::string_view message) {
    while (!message.empty() && (message.back() == '\n' || message.back() == ' ')) message.remove_suffix(1);
    if (sqlstate.empty())
        return {ErrorKind::unavailable, std::string(error_prefix) + std::string(message), {}, true};
    for (const auto& meaning : meanings) {
        if (sqlstate.substr(0, meaning.prefix.size()) != meaning.prefix) continue;
        return {meaning.kind,
                std::string(error_prefix) + std::string(message) + " [" + std::string(sqlstate) + "]",
                std::string(sqlstate), meaning.transient};
    }
    return {ErrorKind::internal, std::string(message), std::string(sqlstate), false};
}

}  // namespace kernel::db
