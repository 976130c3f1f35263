#include "kernel/db/pool.hpp"

#include "kernel/db/dsn.hpp"
#include "kernel/db/lease.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>

namespace kernel::db {
namespace {

using Steady = std::chrono::steady_clock;

/// BEGIN and everything that confines the transaction, in one trip. All of it ends with the transaction.
std::string begin_text(const Connection& connection, std::string_view role, std::string_view search_path,
                       std::string_view tenant, const Timeouts& timeouts) {
    return fmt::format(
        "begin; select set_config('search_path', {}, true), set_config('concejo.tenant', {}, true), "
        "set_config('statement_timeout', '{}', true), set_config('lock_timeout', '{}', true), "
        "set_config('idle_in_transaction_session_timeout', '{}', true), set_config('role', {}, true){}",
        connection.quote(search_path), connection.quote(tenant), timeouts.statement.count(),
        timeouts.lock.count(), timeouts.idle.count(), connection.quote(role),
        timeouts.durable ? "" : ", set_config('synchronous_commit', 'off', true)");
}

}  // namespace

bool is_transient(const concejo::Error& error) noexcept {
    const auto* ours = dynamic_cast<const DbError*>(&error);
    return ours && ours->transient();
}

std::chrono::milliseconds retry_pause(int attempt) {
    thread_local std::minstd_rand chance{std::random_device{}()};
    const int most = std::min(1000, 25 << std::min(attempt, 6));
    return std::chrono::milliseconds(std::uniform_int_distribution<int>(most / 2, most)(chance));
}

std::unique_ptr<Connection> Pool::State::pick(const std::string& tenant) {
    if (idle.empty()) return nullptr;
    auto chosen = std::find_if(idle.begin(), idle.end(), [&](const auto& c) { return c->tenant == tenant; });
    if (chosen != idle.end()) {
        ++stats.affine;
    } else {
        if (stats.open < options.size) return nullptr;  // a new one keeps the others warm
        chosen = std::min_element(idle.begin(), idle.end(),
                                  [](const auto& a, const auto& b) { return a->used < b->used; });
    }
    auto connection = std::move(*chosen);
    idle.erase(chosen);
    return connection;
}

std::unique_ptr<Connection> Pool::State::connect() {
    struct Place {  // becomes free again where no connection comes of it
        State* state;
        ~Place() {
            if (!state) return;
            const std::lock_guard lock(state->mutex);
            --state->stats.open;
            --state->stats.busy;
            state->freed.notify_one();
        }
    } place{this};
    auto connection = std::make_unique<Connection>(dsn);
    place.state = nullptr;
    return connection;
}

std::unique_ptr<Connection> Pool::State::take(const std::string& tenant) {
    const auto asked = Steady::now();
    auto connection = wait_for_one(tenant);
    waits.observe(std::chrono::duration<double>(Steady::now() - asked).count());
    return connection;
}

std::unique_ptr<Connection> Pool::State::wait_for_one(const std::string& tenant) {
    const auto until = Steady::now() + options.wait;
    std::unique_lock lock(mutex);
    for (;;) {
        if (auto connection = pick(tenant)) {
            if (connection->still_there()) {
                ++stats.busy;
                return connection;
            }
            --stats.open;
            ++stats.replaced;
            continue;  // closed here; the others are looked at as they come
        }
        if (stats.open < options.size) {
            ++stats.open;
            ++stats.busy;
            ++stats.opened;
            lock.unlock();
            return connect();
        }
        if (freed.wait_until(lock, until) == std::cv_status::timeout && idle.empty() &&
            stats.open >= options.size) {
            timeouts.add();
            throw DbError(concejo::ErrorKind::unavailable,
                          fmt::format("base de datos: las {} conexiones están ocupadas", options.size),
                          "53300", false);
        }
    }
}

void Pool::State::give_back(std::unique_ptr<Connection> connection) noexcept {
    if (!connection) return;
    const bool broken = connection->broken() || connection->in_transaction();
    const bool worn = connection->tenants.size() > options.tenants_per_connection ||
                      Steady::now() - connection->opened > options.age;
    connection->used = Steady::now();
    {
        const std::lock_guard lock(mutex);
        --stats.busy;
        if (broken || worn) {
            --stats.open;
            ++(broken ? stats.replaced : stats.recycled);
        } else {
            idle.push_back(std::move(connection));
        }
    }
    freed.notify_one();
}

Pool::Pool(PoolOptions options) : state_(std::make_shared<State>(std::move(options))) {
    state_->dsn = Dsn::parse(state_->options.dsn)
                      .set_default("connect_timeout", std::to_string(state_->options.connect_timeout.count()))
                      .set_default("application_name", state_->options.application)
                      .set_default("client_encoding", "UTF8")
                      .set_default("keepalives_idle", "30")
                      .set_default("tcp_user_timeout", "15000")
                      .set_default("target_session_attrs", "read-write")
                      .text();
}

Pool::~Pool() = default;

Transaction Pool::begin(const Tenant& tenant, const Timeouts& timeouts) {
    if (tenant.schema != Tenant::of(tenant.id).schema)
        throw concejo::Error(concejo::ErrorKind::internal,
                             "el esquema '" + tenant.schema + "' no es el del municipio '" + tenant.id + "'");
    auto lease = std::make_unique<Lease>(state_, tenant.id);
    auto& connection = **lease;
    connection.tenant = tenant.id;
    connection.tenants.insert(tenant.id);
    try {
        connection.script(
            begin_text(connection, tenant.schema, tenant.schema + ", ext, pg_temp", tenant.id, timeouts));
    } catch (const DbError& error) {
        if (error.sqlstate() != "22023") throw;  // there is no such role
        throw DbError(concejo::ErrorKind::unavailable,
                      "el municipio '" + tenant.id +
                          "' no está preparado en la base de datos: ejecute «concejo migrate»",
                      error.sqlstate(), false);
    }
    return {std::move(lease), tenant, false};
}

Transaction Pool::begin_kernel(std::string_view tenant_id, const Timeouts& timeouts) {
    Tenant tenant = tenant_id.empty() ? Tenant{} : Tenant::of(tenant_id);
    auto lease = std::make_unique<Lease>(state_, tenant.id);
    auto& connection = **lease;
    connection.tenant = tenant.id;
    connection.script(begin_text(connection, "concejo_kernel", "concejo, ext, pg_temp", tenant.id, timeouts));
    return {std::move(lease), std::move(tenant), true};
}

PoolStats Pool::stats() const {
    const std::lock_guard lock(state_->mutex);
    return state_->stats;
}

const PoolOptions& Pool::options() const noexcept { return state_->options; }

}  // namespace kernel::db
