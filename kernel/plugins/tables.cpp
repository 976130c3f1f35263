#include "kernel/plugins/tables.hpp"

#include "kernel/plugins/guard.hpp"

#include <array>
#include <utility>

namespace kernel::plugins {
namespace {

const std::array<std::pair<std::string_view, const void*>, 18>& all() {
    static const std::array<std::pair<std::string_view, const void*>, 18> tables{{
        {"log/1", &log_table()},
        {"http/1", &http_table()},
        {"pages/1", &pages_table()},
        {"db/1", &db_table()},
        {"config/1", &config_table()},
        {"i18n/1", &i18n_table()},
        {"identity/1", &identity_table()},
        {"cli/1", &cli_table()},
        {"bus/1", &bus_table()},
        {"audit/1", &audit_table()},
        {"blobs/1", &blobs_table()},
        {"process/1", &process_table()},
        {"jobs/1", &jobs_table()},
        {"http_client/1", &http_client_table()},
        {"outbox/1", &outbox_table()},
        {"mail/1", &mail_table()},
        {"metrics/1", &metrics_table()},
        {"tables/1", &tables_table()},
    }};
    return tables;
}

const void* service(const concejo_host*, concejo_str name) { return table(view(name)); }
void set_error(const concejo_host*, concejo_str text) { last_error() = string(text); }
void give_last_error(const concejo_host*, concejo_sink sink, void* context) {
    const std::string text = last_error();
    sink(context, c_str(text));
}

}  // namespace

const void* table(std::string_view name) {
    for (const auto& [known, table] : all()) {
        if (known == name) return table;
    }
    return nullptr;
}

std::vector<std::string> table_names() {
    std::vector<std::string> names;
    for (const auto& [name, table] : all()) names.emplace_back(name);
    return names;
}

concejo_host host_table() {
    return {sizeof(concejo_host), CONCEJO_ABI_MAJOR, CONCEJO_ABI_MINOR, &service,
            &set_error,           &give_last_error};
}

}  // namespace kernel::plugins
