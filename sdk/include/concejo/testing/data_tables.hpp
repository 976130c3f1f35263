// The fake kernel's db/1 and audit/1: what a transaction holds together.
#pragma once

#include <concejo/testing/world.hpp>

namespace concejo::inline v1::testing::detail {

/// What a concejo_tx* is. What is queued, told or noted in it counts when it commits, and not before.
struct Transaction {
    Call* call;
    Transaction* outer = nullptr;  ///< a part of that one
    std::unique_ptr<Connection> connection;
    std::vector<JobStep> jobs;
    std::vector<BlobStep> blobs;
    std::vector<Effect> effects;
    std::vector<Mail> mails;
    std::vector<Event> events;
    std::vector<AuditEntry> audit;
    int pages_changed = 0;
    int savepoints = 0;  ///< made so far, of the outermost one
    int savepoint = 0;   ///< its own, where it is a part
    bool begun = true;   ///< false: a job's, which a real kernel begins when the job first asks for it

    Connection& sql() {
        if (outer) return outer->sql();
        if (!connection)
            throw Error(ErrorKind::unavailable,
                        "esta prueba no tiene base de datos: cree el núcleo de pruebas con "
                        "«.database = &concejo::testing::database()»");
        return *connection;
    }
    Transaction& top() { return outer ? outer->top() : *this; }

    /// Theirs and this one's, in the order in which they were noted.
    template <class T>
    std::vector<T> noted(std::vector<T> Transaction::*list) const {
        auto all = outer ? outer->noted(list) : std::vector<T>();
        all.insert(all.end(), (this->*list).begin(), (this->*list).end());
        return all;
    }
};
inline Transaction& transaction_of(concejo_tx* raw) {
    if (!raw) throw Error(ErrorKind::internal, "falta la transacción");
    return *reinterpret_cast<Transaction*>(raw);
}
/// As the register of activity names them: "staff:prueba".
inline std::string actor_of(const Caller& who) {
    return who.kind + (who.login.empty() ? "" : ":" + who.login);
}

struct Rows {
    Table table;
    World* world;
};

inline std::unique_ptr<Connection> open_connection(World& world) {
    if (!world.database) return nullptr;
    std::unique_ptr<Connection> connection;
    if (world.idle.empty()) {
        connection = world.database->connect();
    } else {
        connection = std::move(world.idle.back());
        world.idle.pop_back();
    }
    connection->script("begin; set local search_path = " + world.schema + ", ext, pg_temp; set local role " +
                       world.schema + "; set local timezone = 'UTC'; set local statement_timeout = '10s'");
    return connection;
}

inline std::unique_ptr<Transaction> begin_transaction(Call& call) {
    auto tx = std::make_unique<Transaction>();
    tx->call = &call;
    if (call.joined) {
        tx->outer = call.joined;
        auto& top = tx->top();
        top.begun = true;
        tx->savepoint = ++top.savepoints;
        if (top.connection) tx->sql().script("savepoint s" + std::to_string(tx->savepoint));
    } else {
        tx->connection = open_connection(*call.world);
    }
    ++call.world->open_transactions;
    return tx;
}

inline void commit_transaction(std::unique_ptr<Transaction> tx) {
    auto& world = *tx->call->world;
    --world.open_transactions;
    if (tx->outer) {
        auto& outer = *tx->outer;
        const auto add = [](auto& into, auto& from) { into.insert(into.end(), from.begin(), from.end()); };
        add(outer.jobs, tx->jobs);
        add(outer.blobs, tx->blobs);
        add(outer.effects, tx->effects);
        add(outer.mails, tx->mails);
        add(outer.events, tx->events);
        add(outer.audit, tx->audit);
        outer.pages_changed += tx->pages_changed;
        return;
    }
    if (tx->connection) {
        if (tx->connection->script("commit") != "COMMIT")
            throw Error(ErrorKind::internal,
                        "base de datos: no se confirmó nada, porque una sentencia anterior falló");
        world.idle.push_back(std::move(tx->connection));
    }
    for (const auto& step : tx->jobs) world.jobs_book.take(step);
    for (const auto& step : tx->blobs) world.blobs.take(step);
    world.effects.insert(world.effects.end(), tx->effects.begin(), tx->effects.end());
    world.mails.insert(world.mails.end(), tx->mails.begin(), tx->mails.end());
    for (auto& event : tx->events) {
        world.events.push_back(event);
        world.undelivered.push_back(std::move(event));
    }
    world.audit.insert(world.audit.end(), tx->audit.begin(), tx->audit.end());
    world.pages_changed += tx->pages_changed;
}

inline void roll_back_transaction(std::unique_ptr<Transaction> tx) {
    auto& world = *tx->call->world;
    --world.open_transactions;
    if (tx->outer) {
        auto& top = tx->top();
        if (top.connection) tx->sql().script("rollback to savepoint s" + std::to_string(tx->savepoint));
    } else if (tx->connection) {
        tx->connection->script("rollback");
        world.idle.push_back(std::move(tx->connection));
    }
}

inline const concejo_db_1& db_table() {
    static const concejo_db_1 table = [] {
        concejo_db_1 t{};
        t.size = sizeof t;
        t.begin = [](concejo_call* call, concejo_tx** out) {
            return answer(
                [&] { *out = reinterpret_cast<concejo_tx*>(begin_transaction(call_of(call)).release()); });
        };
        t.commit = [](concejo_tx* tx) {
            return answer([&] { commit_transaction(std::unique_ptr<Transaction>(&transaction_of(tx))); });
        };
        t.rollback = [](concejo_tx* tx) {
            (void)answer([&] { roll_back_transaction(std::unique_ptr<Transaction>(&transaction_of(tx))); });
        };
        t.exec = [](concejo_tx* tx, concejo_str sql, const concejo_param* params, std::uint32_t count,
                    concejo_rows** out) {
            return answer([&] {
                std::vector<std::optional<std::string>> values;
                for (std::uint32_t i = 0; i < count; ++i)
                    values.push_back(params[i].is_null ? std::nullopt
                                                       : std::optional(std::string(cpp(params[i].text))));
                auto& on = transaction_of(tx);
                auto* world = on.call->world;
                *out = reinterpret_cast<concejo_rows*>(
                    new Rows{on.sql().exec(std::string(cpp(sql)), values), world});
                ++world->open_rows;
            });
        };
        static const auto table_of = [](const concejo_rows* rows) -> const Table& {
            return reinterpret_cast<const Rows*>(rows)->table;
        };
        t.rows_size = [](const concejo_rows* rows) -> std::uint64_t { return table_of(rows).rows.size(); };
        t.rows_columns = [](const concejo_rows* rows) {
            return static_cast<std::uint32_t>(table_of(rows).names.size());
        };
        t.rows_affected = [](const concejo_rows* rows) { return table_of(rows).affected; };
        t.rows_value = [](const concejo_rows* rows, std::uint64_t row, std::uint32_t column,
                          std::int32_t* is_null) -> concejo_str {
            const auto& all = table_of(rows).rows;
            const bool there = row < all.size() && column < all[row].size() && all[row][column];
            *is_null = !there;
            return there ? c(*all[row][column]) : concejo_str{nullptr, 0};
        };
        t.rows_name = [](const concejo_rows* rows, std::uint32_t column) -> concejo_str {
            const auto& names = table_of(rows).names;
            return column < names.size() ? c(names[column]) : concejo_str{nullptr, 0};
        };
        t.rows_free = [](concejo_rows* raw) {
            auto* rows = reinterpret_cast<Rows*>(raw);
            --rows->world->open_rows;
            delete rows;
        };
        t.copy_in = [](concejo_tx* tx, concejo_str sql, concejo_source source, void* context) {
            return answer([&] {
                transaction_of(tx).sql().copy_in(std::string(cpp(sql)), [&] {
                    concejo_str piece{nullptr, 0};
                    raise(source(context, &piece));
                    return cpp(piece);
                });
            });
        };
        t.copy_out = [](concejo_tx* tx, concejo_str sql, concejo_sink sink, void* context) {
            return answer([&] {
                transaction_of(tx).sql().copy_out(std::string(cpp(sql)),
                                                  [&](std::string_view row) { give(sink, context, row); });
            });
        };
        return t;
    }();
    return table;
}

inline const concejo_audit_1& audit_table() {
    static const concejo_audit_1 table = [] {
        concejo_audit_1 t{};
        t.size = sizeof t;
        t.record = [](concejo_call* raw, concejo_tx* tx, concejo_str action, concejo_str object,
                      concejo_str result, concejo_str details) {
            return answer([&] {
                auto& call = call_of(raw);
                const auto& who = call.caller;
                AuditEntry entry{actor_of(who), std::string(cpp(action)), std::string(cpp(object)),
                                 std::string(cpp(result)), details.size ? Json::parse(cpp(details)) : Json()};
                auto& into = tx ? transaction_of(tx).audit : call.world->audit;
                into.push_back(std::move(entry));
            });
        };
        t.action = [](const concejo_host* host, concejo_str declaration) {
            return answer([&] {
                auto json = Json::parse(cpp(declaration));
                (void)json.at("action").as_string();
                (void)json.at("label").as_string();
                registering(host, "una acción del registro").actions.push_back(std::move(json));
            });
        };
        t.automated = [](concejo_call* raw, concejo_sink sink, void* context) {
            return answer([&] {
                Json list = Json::array();
                for (const auto& action : call_of(raw).world->actions) {
                    const auto description = action.string_or("automated", "");
                    if (!description.empty())
                        list.push_back(Json::object({{"action", action.at("action")},
                                                     {"label", action.at("label")},
                                                     {"description", description}}));
                }
                give(sink, context, list.dump());
            });
        };
        return t;
    }();
    return table;
}

inline std::string quoted_name(std::string_view name) {
    std::string text = "\"";
    for (const char c : name) text += c == '"' ? std::string("\"\"") : std::string(1, c);
    return text + "\"";
}
inline std::string quoted_names(const Json& names) {
    std::string text;
    for (const auto& one : names.as_array())
        text += (text.empty() ? "" : ", ") + quoted_name(one.as_string());
    return text;
}
inline std::string column_of(const Json& column) {
    return quoted_name(column.at("name").as_string()) + " " + column.at("type").as_string() +
           (column.bool_or("required", false) ? " not null" : "");
}

/// As the owner, who may read everything: what a stranger may not read, only the real kernel shows. Every
/// type is "text".
inline void select_shown(World& world, const Json& query, concejo_sink columns, concejo_row_sink row,
                         void* context) {
    if (!world.database) throw Error(ErrorKind::unavailable, "esta prueba no tiene base de datos");
    const auto connection = world.database->connect();
    connection->script("begin read only; set local search_path = " + world.schema + "_shown");
    connection->script("declare answer no scroll cursor for " + query.at("sql").as_string());
    const auto table =
        connection->exec("fetch " + std::to_string(query.int_or("rows", 32'000)) + " from answer", {});
    Json names = Json::array();
    for (const auto& name : table.names) names.push_back(Json::object({{"name", name}, {"type", "text"}}));
    give(columns, context, names.dump());
    for (const auto& values : table.rows) {
        std::vector<concejo_param> given;
        for (const auto& one : values) given.push_back({one ? c(*one) : concejo_str{nullptr, 0}, !one});
        row(context, given.data(), static_cast<std::uint32_t>(given.size()));
    }
}

/// tables/1 without the real kernel's checks: as the owner, in the same transaction.
inline const concejo_tables_1& tables_table() {
    static const auto run = [](concejo_call* raw, concejo_tx* tx, const std::string& statements) {
        const auto& schema = call_of(raw).world->schema;
        transaction_of(tx).sql().script("reset role; " + statements +
                                        "; grant select, insert, update, delete on all tables in schema " +
                                        schema + " to " + schema + "; set local role " + schema);
    };
    static const concejo_tables_1 table = [] {
        concejo_tables_1 t{};
        t.size = sizeof t;
        t.make = [](concejo_call* call, concejo_tx* tx, concejo_str text) {
            return answer([&] {
                const auto json = Json::parse(cpp(text));
                std::string columns;
                for (const auto& one : json.at("columns").as_array())
                    columns += (columns.empty() ? "" : ", ") + column_of(one);
                run(call, tx,
                    "create table " + quoted_name(json.at("table").as_string()) + " (" + columns + ")");
            });
        };
        t.change = [](concejo_call* call, concejo_tx* tx, concejo_str text) {
            return answer([&] {
                const auto json = Json::parse(cpp(text));
                const auto name = quoted_name(json.at("table").as_string());
                std::string all = "select";
                const auto each = [&](const char* key, auto one) {
                    if (json[key].is_array())
                        for (const auto& item : json[key].as_array()) all += "; " + one(item);
                };
                each("add", [&](const Json& column) {
                    return "alter table " + name + " add column " + column_of(column);
                });
                each("drop", [&](const Json& column) {
                    return "alter table " + name + " drop column " + quoted_name(column.as_string());
                });
                if (json["key"].is_array())
                    all += "; alter table " + name + " add primary key (" + quoted_names(json["key"]) + ")";
                each("index", [&](const Json& index) {
                    const auto method = index.string_or("method", "btree");
                    return std::string("create ") + (index.bool_or("unique", false) ? "unique " : "") +
                           "index " + quoted_name(index.at("name").as_string()) + " on " + name +
                           (method == "btree" ? " (" : " using gin (") + quoted_names(index.at("columns")) +
                           (method == "trigram" ? " ext.gin_trgm_ops)" : ")");
                });
                each("drop_index",
                     [&](const Json& index) { return "drop index " + quoted_name(index.as_string()); });
                run(call, tx, all);
            });
        };
        t.drop = [](concejo_call* call, concejo_tx* tx, concejo_str name) {
            return answer([&] { run(call, tx, "drop table if exists " + quoted_name(cpp(name))); });
        };
        t.view = [](concejo_call* call, concejo_tx* tx, concejo_str text) {
            return answer([&] {
                const auto json = Json::parse(cpp(text));
                const auto shown = call_of(call).world->schema + "_shown";
                const auto name = quoted_name(json.at("name").as_string()),
                           table_name = json.at("table").as_string();
                std::string literal;
                for (const char c : table_name) literal += c == '\'' ? std::string("''") : std::string(1, c);
                run(call, tx,
                    "create schema if not exists " + shown + "; drop view if exists " + shown + "." + name +
                        "; create view " + shown + "." + name + " as select " +
                        quoted_names(json.at("columns")) + " from " + quoted_name(table_name) +
                        " where exists (select from " +
                        quoted_name(json.at("while").at("table").as_string()) + " w where w." +
                        quoted_name(json.at("while").at("column").as_string()) + " = '" + literal + "')");
            });
        };
        t.select = [](concejo_call* raw, concejo_str query, concejo_sink columns, concejo_row_sink row,
                      void* context) {
            return answer(
                [&] { select_shown(*call_of(raw).world, Json::parse(cpp(query)), columns, row, context); });
        };
        return t;
    }();
    return table;
}

}  // namespace concejo::inline v1::testing::detail
