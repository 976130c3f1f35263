#include "kernel/db/pool.hpp"
#include "kernel/plugins/tables.hpp"
#include "kernel/plugins/transaction.hpp"

namespace kernel::plugins {
namespace {

using namespace std::chrono_literals;

/// A statement may run no longer than the request has left: an answer 503 then means "not done".
db::Timeouts timeouts_of(const concejo_call& call) {
    db::Timeouts timeouts;
    const auto deadline = call.scope->deadline;
    if (deadline == std::chrono::steady_clock::time_point::max()) {
        timeouts.statement = 0ms;
        return timeouts;
    }
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left <= 0ms)
        throw concejo::Error(concejo::ErrorKind::unavailable, "la petición ha agotado su tiempo");
    timeouts.statement = std::min(timeouts.statement, left);
    return timeouts;
}

concejo_status begin(concejo_call* call, concejo_tx** out) {
    return host_guard([&] {
        auto tx = std::make_unique<concejo_tx>();
        tx->call = call;
        if (call->joined) {
            tx->outer = &call->joined->get();
            tx->part.emplace(*tx->outer);
        } else {
            tx->own.emplace(call->services->databases.of(call->tenant())
                                .begin(db::Tenant::of(call->tenant().id), timeouts_of(*call)));
        }
        *out = tx.release();
        ++open_transactions();
    });
}

concejo_status commit(concejo_tx* raw) {
    const std::unique_ptr<concejo_tx> tx(raw);
    --open_transactions();
    return host_guard([&] {
        if (std::chrono::steady_clock::now() > tx->call->scope->deadline)
            throw concejo::Error(concejo::ErrorKind::unavailable,
                                 "la petición ha agotado su tiempo: no se ha guardado nada");
        if (tx->own)
            tx->own->commit();
        else
            tx->part->release();
    });
}

void rollback(concejo_tx* tx) {
    --open_transactions();
    (void)host_guard([&] { delete tx; });
}

concejo_status exec(concejo_tx* tx, concejo_str sql, const concejo_param* params, std::uint32_t count,
                    concejo_rows** out) {
    return host_guard([&] {
        db::Params values;
        for (std::uint32_t i = 0; i < count; ++i) {
            if (params[i].is_null)
                values.null();
            else
                values.text(view(params[i].text));
        }
        *out = new concejo_rows{transaction_of(tx).exec(view(sql), values)};
    });
}

std::uint64_t rows_size(const concejo_rows* rows) { return rows->rows.rows(); }
std::uint32_t rows_columns(const concejo_rows* rows) {
    return static_cast<std::uint32_t>(rows->rows.columns());
}
std::uint64_t rows_affected(const concejo_rows* rows) { return rows->rows.affected(); }
concejo_str rows_value(const concejo_rows* rows, std::uint64_t row, std::uint32_t column,
                       std::int32_t* is_null) {
    std::optional<std::string_view> value;
    if (row < rows->rows.rows() && column < rows->rows.columns()) value = rows->rows.view(row, column);
    *is_null = !value;
    return value ? c_str(*value) : concejo_str{nullptr, 0};
}
concejo_str rows_name(const concejo_rows* rows, std::uint32_t column) {
    return column < rows->rows.columns() ? c_str(rows->rows.name(column)) : concejo_str{nullptr, 0};
}
void rows_free(concejo_rows* rows) { delete rows; }

concejo_status copy_in(concejo_tx* tx, concejo_str sql, concejo_source source, void* context) {
    return host_guard([&] {
        transaction_of(tx).copy_in(view(sql), [&]() -> std::string_view {
            concejo_str piece{nullptr, 0};
            raise(source(context, &piece));
            return view(piece);
        });
    });
}

concejo_status copy_out(concejo_tx* tx, concejo_str sql, concejo_sink sink, void* context) {
    return host_guard([&] {
        transaction_of(tx).copy_out(view(sql), [&](std::string_view row) { sink(context, c_str(row)); });
    });
}

}  // namespace

int& open_transactions() {
    thread_local int count = 0;
    return count;
}

void refuse_inside_transaction(const concejo_call& call, const char* what) {
    if (open_transactions() > 0 || (call.joined && call.joined->begun()))
        throw concejo::Error(concejo::ErrorKind::invalid,
                             std::string(what) +
                                 " no puede hacerse con una transacción abierta: hágala antes, o "
                                 "deje un efecto en la bandeja de salida (outbox)");
}

const concejo_db_1& db_table() {
    static const concejo_db_1 table{
        sizeof(concejo_db_1), &begin,      &commit,    &rollback,  &exec,    &rows_size, &rows_columns,
        &rows_affected,       &rows_value, &rows_name, &rows_free, &copy_in, &copy_out};
    return table;
}

}  // namespace kernel::plugins
