#include "kernel/db/reader.hpp"
#include "kernel/plugins/call.hpp"
#include "kernel/plugins/tables.hpp"
#include "kernel/plugins/transaction.hpp"

#include <algorithm>

namespace kernel::plugins {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;

/// Throws Error{invalid} for a table or an index that is another plugin's.
void require_own(const concejo_call& call, const std::string& name) {
    auto prefix = call.plugin->id + "_";
    std::replace_if(
        prefix.begin(), prefix.end(), [](char c) { return c == '.' || c == '-'; }, '_');
    if (!name.starts_with(prefix))
        throw Error(ErrorKind::invalid,
                    "la tabla «" + name.substr(0, 100) + "» debe empezar por «" + prefix + "»");
}

/// Runs one of the functions of kernel/db/migrations/0010.
void run(concejo_tx* tx, const char* statement, const std::string& argument) {
    auto& transaction = transaction_of(tx);
    transaction.exec_kernel(statement, db::Params(transaction.tenant().schema, argument));
}

concejo_status make(concejo_call* call, concejo_tx* tx, concejo_str table) {
    return host_guard([&] {
        require_own(*call, Json::parse(view(table)).at("table").as_string());
        run(tx, "select concejo.make_plugin_table($1, $2)", string(table));
    });
}

concejo_status change(concejo_call* call, concejo_tx* tx, concejo_str change) {
    return host_guard([&] {
        const auto json = Json::parse(view(change));
        require_own(*call, json.at("table").as_string());
        if (json["index"].is_array())
            for (const auto& index : json["index"].as_array())
                require_own(*call, index.at("name").as_string());
        if (json["drop_index"].is_array())
            for (const auto& name : json["drop_index"].as_array()) require_own(*call, name.as_string());
        run(tx, "select concejo.change_plugin_table($1, $2)", string(change));
    });
}

concejo_status drop(concejo_call* call, concejo_tx* tx, concejo_str name) {
    return host_guard([&] {
        require_own(*call, string(name));
        run(tx, "select concejo.drop_plugin_table($1, $2)", string(name));
    });
}

concejo_status show(concejo_call* call, concejo_tx* tx, concejo_str shown) {
    return host_guard([&] {
        const auto json = Json::parse(view(shown));
        require_own(*call, json.at("table").as_string());
        require_own(*call, json.at("while").at("table").as_string());
        run(tx, "select concejo.make_reader_view($1, $2)", string(shown));
    });
}

concejo_status select(concejo_call* call, concejo_str query, concejo_sink columns, concejo_row_sink row,
                      void* context) {
    return host_guard([&] {
        refuse_inside_transaction(*call, "una sentencia ajena");
        const auto json = Json::parse(view(query));
        db::ReaderLimits limits;
        limits.rows =
            static_cast<std::size_t>(std::clamp<std::int64_t>(json.int_or("rows", 32'000), 1, 100'000));
        limits.statement = std::chrono::milliseconds(
            std::clamp<std::int64_t>(json.int_or("milliseconds", 5'000), 1, 60'000));
        std::vector<concejo_param> values;
        db::read_for_stranger(call->services->databases.of(call->tenant()), db::Tenant::of(call->tenant().id),
                              json.at("sql").as_string(), limits,
                              {[&](const std::vector<db::ReaderColumn>& all) {
                                   auto list = Json::array();
                                   for (const auto& one : all)
                                       list.push_back(Json::object({{"name", one.name}, {"type", one.type}}));
                                   columns(context, c_str(list.dump()));
                               },
                               [&](std::span<const std::optional<std::string_view>> given) {
                                   values.clear();
                                   for (const auto& one : given)
                                       values.push_back({one ? c_str(*one) : concejo_str{nullptr, 0}, !one});
                                   row(context, values.data(), static_cast<std::uint32_t>(values.size()));
                               }});
    });
}

}  // namespace

const concejo_tables_1& tables_table() {
    static const concejo_tables_1 table{sizeof(concejo_tables_1), &make, &change, &drop, &show, &select};
    return table;
}

}  // namespace kernel::plugins
