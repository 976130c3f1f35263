#include "kernel/db/transaction.hpp"

#include "kernel/db/lease.hpp"
#include "kernel/db/statement.hpp"

#include <fmt/format.h>

namespace kernel::db {

Tenant Tenant::of(std::string_view id) {
    const bool safe = !id.empty() && id.size() <= 60 &&
                      id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
    if (!safe)
        throw concejo::Error(concejo::ErrorKind::invalid,
                             "'" + std::string(id.substr(0, 80)) +
                                 "' no sirve de identificador de municipio: solo a-z, 0-9 y _, hasta 60");
    return {std::string(id), "m_" + std::string(id)};
}

Transaction::Transaction(std::unique_ptr<Lease> lease, Tenant tenant, bool kernel)
    : lease_(std::move(lease)), tenant_(std::move(tenant)), kernel_(kernel) {}

Transaction::~Transaction() { rollback(); }
Transaction::Transaction(Transaction&&) noexcept = default;

Transaction& Transaction::operator=(Transaction&& other) noexcept {
    if (this != &other) {
        rollback();
        lease_ = std::move(other.lease_);
        tenant_ = std::move(other.tenant_);
        kernel_ = other.kernel_;
        savepoints_ = other.savepoints_;
    }
    return *this;
}

bool Transaction::open() const noexcept { return lease_ != nullptr; }

void Transaction::require_open() const {
    if (!lease_) throw concejo::Error(concejo::ErrorKind::internal, "la transacción ya terminó");
}

void Transaction::control(std::string_view sql) {
    require_open();
    (*lease_)->script(std::string(sql));
}

Rows Transaction::exec(std::string_view sql, const Params& params) {
    require_open();
    check_statement(sql);
    return (*lease_)->exec(sql, params);
}

Rows Transaction::exec_kernel(std::string_view sql, const Params& params) {
    if (kernel_) return exec(sql, params);
    require_open();
    auto& connection = **lease_;
    // A failing statement leaves the transaction failed, so the role is never left switched in a usable one.
    connection.script(fmt::format(
        "select set_config('role', 'concejo_kernel', true), set_config('concejo.tenant', '{}', true), "
        "set_config('search_path', 'concejo, ext, pg_temp', true)",
        tenant_.id));
    Rows rows = connection.exec(sql, params);
    connection.script(fmt::format(
        "select set_config('role', '{0}', true), set_config('search_path', '{0}, ext, pg_temp', true)",
        tenant_.schema));
    return rows;
}

void Transaction::notify(std::string_view channel, std::string_view payload) {
    exec("select pg_notify($1, $2)", Params(channel, payload));
}

void Transaction::set_statement_timeout(std::chrono::milliseconds timeout) {
    control(fmt::format("set local statement_timeout = {}", timeout.count()));
}

void Transaction::commit() {
    require_open();
    const auto lease = std::move(lease_);
    try {
        const auto tag = (*lease)->script("commit");
        if (tag != "COMMIT")
            throw DbError(
                concejo::ErrorKind::internal,
                "base de datos: no se confirmó nada, porque una sentencia anterior de la transacción falló",
                "25P02", false);
    } catch (const DbError& error) {
        if (!(*lease)->broken()) throw;
        throw DbError(
            concejo::ErrorKind::unavailable,
            std::string(
                "base de datos: se cortó la conexión sin respuesta a COMMIT; no se sabe si quedó hecho: ") +
                error.what(),
            "08007", false);
    }
}

void Transaction::rollback() noexcept {
    const auto lease = std::move(lease_);
    if (!lease || (*lease)->broken()) return;
    try {
        (*lease)->script("rollback");
    } catch (const concejo::Error&) {
        // The pool sees a connection inside a transaction or a broken one, and closes it.
    }
}

Transaction::Savepoint::Savepoint(Transaction& tx) : tx_(tx), name_(fmt::format("s{}", ++tx.savepoints_)) {
    tx_.control("savepoint " + name_);
}

Transaction::Savepoint::~Savepoint() {
    if (!open_ || !tx_.open()) return;
    try {
        tx_.control("rollback to savepoint " + name_ + "; release savepoint " + name_);
    } catch (const concejo::Error&) {
        // A broken connection: the next statement of the transaction says so.
    }
}

void Transaction::Savepoint::release() {
    tx_.control("release savepoint " + name_);
    open_ = false;
}

}  // namespace kernel::db
