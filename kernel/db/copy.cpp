// COPY, by libpq: any format, any size, nothing held in memory.
#include "kernel/db/lease.hpp"
#include "kernel/db/statement.hpp"
#include "kernel/db/transaction.hpp"

#include <libpq-fe.h>

#include <charconv>
#include <memory>

namespace kernel::db {
namespace {

using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

[[noreturn]] void fail(const Connection& connection, const PGresult* result) {
    if (connection.broken()) throw make_error("08006", PQerrorMessage(connection.raw()));
    const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    throw make_error(state ? state : "XX000", PQresultErrorMessage(result));
}

/// Extended protocol: a second statement in the text is refused by the server.
void start(Connection& connection, std::string_view sql, ExecStatusType wanted) {
    check_statement(sql, true);
    const Result result(
        PQexecParams(connection.raw(), std::string(sql).c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0),
        &PQclear);
    const auto status = PQresultStatus(result.get());
    if (status == wanted) return;
    if (status == PGRES_COPY_IN) PQputCopyEnd(connection.raw(), "COPY en la otra dirección");
    if (status == PGRES_COPY_OUT) {
        char* row = nullptr;
        while (PQgetCopyData(connection.raw(), &row, 0) > 0) PQfreemem(row);
    }
    while (PGresult* rest = PQgetResult(connection.raw())) PQclear(rest);
    if (status == PGRES_FATAL_ERROR) fail(connection, result.get());
    throw concejo::Error(concejo::ErrorKind::invalid, "COPY en la dirección equivocada");
}

std::uint64_t finish(Connection& connection) {
    std::uint64_t count = 0;
    Result failed(nullptr, &PQclear);
    while (PGresult* raw = PQgetResult(connection.raw())) {
        Result result(raw, &PQclear);
        const std::string_view tag = PQcmdTuples(raw);
        if (PQresultStatus(raw) == PGRES_COMMAND_OK)
            std::from_chars(tag.data(), tag.data() + tag.size(), count);
        else if (!failed)
            failed = std::move(result);
    }
    if (failed) fail(connection, failed.get());
    if (connection.broken()) throw connection.error();
    return count;
}

/// Brings the protocol in order where the caller's function throws: its exception goes on, the connection
/// stays.
struct Unfinished {
    Connection* connection;
    bool sending;

    ~Unfinished() {
        if (!connection) return;
        PGconn* raw = connection->raw();
        if (sending) {
            PQputCopyEnd(raw, "interrumpido por quien enviaba");
        } else {
            char reason[256];
            const std::unique_ptr<PGcancel, decltype(&PQfreeCancel)> cancel(PQgetCancel(raw), &PQfreeCancel);
            PQcancel(cancel.get(), reason, sizeof reason);
            char* row = nullptr;
            while (PQgetCopyData(raw, &row, 0) > 0) PQfreemem(row);
        }
        while (PGresult* rest = PQgetResult(raw)) PQclear(rest);
    }
};

}  // namespace

std::uint64_t Transaction::copy_in(std::string_view sql, const std::function<std::string_view()>& next) {
    require_open();
    auto& connection = **lease_;
    start(connection, sql, PGRES_COPY_IN);
    Unfinished copy{&connection, true};
    for (auto piece = next(); !piece.empty(); piece = next()) {
        if (PQputCopyData(connection.raw(), piece.data(), static_cast<int>(piece.size())) != 1) break;
    }
    copy.connection = nullptr;
    PQputCopyEnd(connection.raw(), nullptr);
    return finish(connection);
}

std::uint64_t Transaction::copy_out(std::string_view sql, const std::function<void(std::string_view)>& take) {
    require_open();
    auto& connection = **lease_;
    start(connection, sql, PGRES_COPY_OUT);
    Unfinished copy{&connection, false};
    char* row = nullptr;
    for (int size; (size = PQgetCopyData(connection.raw(), &row, 0)) > 0;) {
        const std::unique_ptr<char, decltype(&PQfreemem)> owned(row, &PQfreemem);
        take({row, static_cast<std::size_t>(size)});
    }
    copy.connection = nullptr;
    return finish(connection);
}

}  // namespace kernel::db
