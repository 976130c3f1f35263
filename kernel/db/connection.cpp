#include "kernel/db/connection.hpp"

#include "kernel/db/rows_impl.hpp"

#include <libpq-fe.h>
#include <poll.h>
#include <charconv>
#include <pqxx/pqxx>

#include "kernel/base/encoding.hpp"

namespace pqxx {

/// Lets libpqxx take our parameters as they are.
template <>
struct string_traits<kernel::db::Params::Value> {
    using Value = kernel::db::Params::Value;
    static constexpr const char* name() noexcept { return "parameter"; }
    static constexpr bool has_null() noexcept { return true; }
    static bool is_null(const Value& value) { return value.null; }
    static std::string to_string(const Value& value) {
        return value.binary ? "\\x" + kernel::base::hex(value.data) : value.data;
    }
};

}  // namespace pqxx

namespace kernel::db {
namespace {

/// Shows the libpq handle that libpqxx 6.4 keeps to itself.
class HandlePolicy : public pqxx::connectionpolicy {
public:
    using pqxx::connectionpolicy::connectionpolicy;
    handle do_startconnect(handle old) override { return old ? old : last = normalconnect(old); }
    static thread_local handle last;  ///< made on this thread; read at once by who made it
};
thread_local pqxx::connectionpolicy::handle HandlePolicy::last = nullptr;

/// libpqxx 6.4 loses the number of some errors on the way to their own class.
std::string state_of(const pqxx::sql_error& error) {
    if (!error.sqlstate().empty()) return error.sqlstate();
    if (dynamic_cast<const pqxx::insufficient_privilege*>(&error)) return "42501";
    if (dynamic_cast<const pqxx::syntax_error*>(&error)) return "42601";
    if (dynamic_cast<const pqxx::disk_full*>(&error)) return "53100";
    if (dynamic_cast<const pqxx::insufficient_resources*>(&error)) return "53000";
    if (dynamic_cast<const pqxx::unique_violation*>(&error)) return "23505";
    if (dynamic_cast<const pqxx::foreign_key_violation*>(&error)) return "23503";
    if (dynamic_cast<const pqxx::not_null_violation*>(&error)) return "23502";
    if (dynamic_cast<const pqxx::check_violation*>(&error)) return "23514";
    if (dynamic_cast<const pqxx::integrity_constraint_violation*>(&error)) return "23000";
    if (dynamic_cast<const pqxx::data_exception*>(&error)) return "22000";
    if (dynamic_cast<const pqxx::feature_not_supported*>(&error)) return "0A000";
    if (dynamic_cast<const pqxx::plpgsql_error*>(&error)) return "P0001";
    // What the server says begins with its severity; anything else is libpq's word on a connection that went.
    const std::string_view text = error.what();
    return text.starts_with("ERROR") || text.starts_with("FATAL") || text.starts_with("PANIC") ? "XX000"
                                                                                               : "08006";
}

/// Throws what the server says, where it is no result.
void need_result(PGconn* raw, const PGresult* result) {
    const auto status = PQresultStatus(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) return;
    if (PQstatus(raw) != CONNECTION_OK) throw make_error("08006", PQerrorMessage(raw));
    const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    // Without a SQLSTATE it is libpq that speaks: the connection went while it waited for the answer.
    throw make_error(state ? state : "08006", PQresultErrorMessage(result));
}

/// The statement is not what it was when it was prepared: its tables have other columns, or the session was
/// emptied.
bool is_outdated(const DbError& error) {
    return error.sqlstate() == "26000" ||
           (error.sqlstate() == "0A000" &&
            std::string_view(error.what()).find("cached plan") != std::string_view::npos);
}

void ignore_notice(void*, const char*) {}  // "already exists, skipping" and the like

}  // namespace

struct Connection::Session {
    explicit Session(const std::string& dsn) : connection(dsn) {
        raw = HandlePolicy::last;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"  // version 7 never reconnects; 6.4 must be told
        connection.inhibit_reactivation(true);
#pragma GCC diagnostic pop
        PQsetNoticeProcessor(raw, &ignore_notice, nullptr);
    }
    pqxx::basic_connection_base<HandlePolicy> connection;
    PGconn* raw = nullptr;
};

Connection::Connection(const std::string& dsn) {
    try {
        session_ = std::make_unique<Session>(dsn);
    } catch (const pqxx::failure& error) {
        throw make_error("08001", std::string("no hay conexión: ") + error.what());
    }
}

Connection::~Connection() = default;

Rows Connection::exec(std::string_view sql, const Params& params) {
    for (const auto& value : params.values()) {
        if (!value.binary && value.data.find('\0') != std::string::npos)
            throw concejo::Error(concejo::ErrorKind::invalid,
                                 "un texto para la base de datos contiene el carácter nulo");
    }
    if (const auto use = statements_.use(tenant, sql); !use.name.empty())
        return exec_prepared(use, sql, params);
    try {
        pqxx::nontransaction work(session_->connection);
        auto result = work.exec_params(std::string(sql), pqxx::prepare::make_dynamic_params(params.values()));
        return Rows(std::make_shared<const Rows::Impl>(std::move(result)));
    } catch (const pqxx::sql_error& error) {
        if (broken()) throw make_error("08006", error.what());
        throw make_error(state_of(error), error.what());
    } catch (const pqxx::broken_connection& error) {
        throw make_error("08006", error.what());
    } catch (const pqxx::failure& error) {  // deadlock and serialization come without their number
        throw make_error(broken() ? "08006" : "40001", error.what());
    }
}

Rows Connection::exec_prepared(const PreparedStatements::Use& use, std::string_view sql,
                               const Params& params) {
    const auto value_of = [](const Params::Value& value) {
        return value.binary ? "\\x" + base::hex(value.data) : value.data;
    };
    std::vector<std::string> texts;
    std::vector<const char*> values;
    texts.reserve(params.values().size());
    for (const auto& value : params.values())
        values.push_back(value.null ? nullptr : texts.emplace_back(value_of(value)).c_str());
    const auto count = static_cast<int>(values.size());
    bool known = !use.fresh;
    try {
        if (!use.instead.empty()) script("deallocate " + use.instead);
        if (!known)
            need_result(
                raw(),
                RawResult(PQprepare(raw(), use.name.c_str(), std::string(sql).c_str(), 0, nullptr), &PQclear)
                    .get());
        known = true;
        RawResult result(PQexecPrepared(raw(), use.name.c_str(), count, values.data(), nullptr, nullptr, 0),
                         &PQclear);
        need_result(raw(), result.get());
        const std::string_view tag = PQcmdTuples(result.get());
        std::uint64_t affected = 0;
        std::from_chars(tag.data(), tag.data() + tag.size(), affected);
        return Rows(std::make_shared<const Rows::Impl>(std::move(result), affected));
    } catch (const DbError& error) {
        if (!known || is_outdated(error)) statements_.forget(use.name);
        if (is_outdated(error)) throw make_error("40001", error.what());  // the next time it is prepared anew
        throw;
    }
}

std::string Connection::script(const std::string& sql) {
    const RawResult result(PQexec(session_->raw, sql.c_str()), &PQclear);
    need_result(session_->raw, result.get());
    return PQcmdStatus(result.get());
}

std::string Connection::quote(std::string_view literal) const {
    const std::unique_ptr<char, decltype(&PQfreemem)> text(
        PQescapeLiteral(raw(), literal.data(), literal.size()), &PQfreemem);
    if (!text) throw make_error("22021", PQerrorMessage(raw()));
    return text.get();
}

std::string Connection::quote_name(std::string_view identifier) const {
    const std::unique_ptr<char, decltype(&PQfreemem)> text(
        PQescapeIdentifier(raw(), identifier.data(), identifier.size()), &PQfreemem);
    if (!text) throw make_error("22021", PQerrorMessage(raw()));
    return text.get();
}

pg_conn* Connection::raw() const noexcept { return session_->raw; }

bool Connection::broken() const noexcept { return PQstatus(session_->raw) != CONNECTION_OK; }

bool Connection::still_there() const noexcept {
    pollfd socket{PQsocket(session_->raw), POLLIN, 0};
    if (broken() || socket.fd < 0) return false;
    return poll(&socket, 1, 0) == 0;  // a server that speaks unasked says goodbye, with rare exceptions
}

bool Connection::in_transaction() const noexcept {
    return PQtransactionStatus(session_->raw) != PQTRANS_IDLE;
}

DbError Connection::error() const {
    return make_error(broken() ? "08006" : "XX000", PQerrorMessage(session_->raw));
}

}  // namespace kernel::db
