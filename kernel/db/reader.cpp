#include "kernel/db/reader.hpp"

#include "kernel/db/connection.hpp"
#include "kernel/db/dsn.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>

namespace kernel::db {
namespace {

constexpr std::size_t rows_at_once = 1'000;

std::string secret_of(Pool& application, const Tenant& tenant) {
    auto tx = application.begin_kernel(tenant.id);
    const auto found =
        tx.exec_kernel("select secret from concejo.readers where tenant = $1", Params(tenant.id));
    if (found.empty())
        throw concejo::Error(concejo::ErrorKind::unavailable,
                             "el municipio no tiene aún quien responda sentencias: «concejo migrate»");
    return found.text(0, 0);
}

std::string dsn_of(Pool& application, const Tenant& tenant) {
    return Dsn::parse(application.options().dsn)
        .set("user", reader_name(tenant))
        .set("password", secret_of(application, tenant))
        .set("options", "")  // those of the application's login change its role
        .set("application_name", "concejo sql")
        .set_default("connect_timeout", "5")
        .text();
}

/// The names of its types need a statement of their own, on the same session.
std::vector<ReaderColumn> columns_of(Connection& session, const Rows& rows) {
    std::vector<ReaderColumn> all;
    for (std::size_t i = 0; i < rows.columns(); ++i) {
        const auto type = session.exec("select typname from pg_catalog.pg_type where oid = $1::oid",
                                       Params(std::to_string(rows.type(i))));
        all.push_back({std::string(rows.name(i)), type.empty() ? "text" : type.text(0, 0)});
    }
    return all;
}

/// Rows as they come, up to the limits.
class Taken {
public:
    Taken(const ReaderLimits& limits, const ReaderTakes& takes) : limits_(limits), takes_(takes) {}

    std::size_t wanted() const { return std::min(rows_at_once, limits_.rows - rows_); }
    /// False: there are no more.
    bool take(Connection& session, const Rows& rows) {
        if (rows_ == 0) takes_.columns(columns_of(session, rows));
        const bool more = rows.rows() == wanted();
        for (std::size_t row = 0; row < rows.rows(); ++row) {
            values_.clear();
            for (std::size_t i = 0; i < rows.columns(); ++i) {
                values_.push_back(rows.view(row, i));
                bytes_ += values_.back() ? values_.back()->size() : 0;
            }
            if (bytes_ > limits_.bytes)
                throw concejo::Error(concejo::ErrorKind::invalid,
                                     "la respuesta es demasiado grande: pida menos filas");
            takes_.row(values_);
        }
        rows_ += rows.rows();
        return more;
    }

private:
    const ReaderLimits& limits_;
    const ReaderTakes& takes_;
    std::size_t rows_ = 0, bytes_ = 0;
    std::vector<std::optional<std::string_view>> values_;
};

/// What is wrong with a stranger's statement is his to mend; said in the server's first line.
[[noreturn]] void refuse(const DbError& error) {
    const auto state = error.sqlstate();
    const bool of_statement = state.starts_with("42") || state.starts_with("25") || state.starts_with("34");
    if (!of_statement || state == "42501") throw error;
    std::string text = error.what();
    text = text.substr(0, text.find('\n'));
    if (const auto at = text.find("ERROR:"); at != std::string::npos)
        text = text.substr(text.find_first_not_of(' ', at + 6));
    throw concejo::Error(concejo::ErrorKind::invalid, text);
}

}  // namespace

std::string reader_name(const Tenant& tenant) { return "r_" + tenant.schema.substr(2); }

void read_for_stranger(Pool& application, const Tenant& tenant, std::string_view sql,
                       const ReaderLimits& limits, const ReaderTakes& takes) {
    if (sql.find('\0') != std::string_view::npos)
        throw concejo::Error(concejo::ErrorKind::invalid, "una sentencia no lleva el carácter nulo");
    Connection session(dsn_of(application, tenant));
    session.script(
        fmt::format("begin read only; set local search_path = {}; set local timezone = 'UTC'; set local "
                    "lock_timeout = '1s'; set local standard_conforming_strings = on; set local "
                    "statement_timeout = {}; set local work_mem = '8MB'",
                    reader_name(tenant), limits.statement.count()));
    try {
        // A cursor is of one SELECT that changes nothing, and gives no more rows than are asked of it.
        session.exec("declare answer no scroll cursor for " + std::string(sql));
        Taken taken(limits, takes);
        while (
            taken.wanted() > 0 &&
            taken.take(session, session.exec(fmt::format("fetch forward {} from answer", taken.wanted())))) {
        }
    } catch (const DbError& error) {
        refuse(error);
    }
}

}  // namespace kernel::db
