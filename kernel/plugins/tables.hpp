// The host's tables by name: each lives in its own host_<service>.cpp.
#pragma once

#include <concejo/abi.h>

#include <string>
#include <string_view>
#include <vector>

namespace kernel::plugins {

const concejo_log_1& log_table();
const concejo_http_1& http_table();
const concejo_pages_1& pages_table();
const concejo_db_1& db_table();
const concejo_config_1& config_table();
const concejo_i18n_1& i18n_table();
const concejo_identity_1& identity_table();
const concejo_cli_1& cli_table();
const concejo_bus_1& bus_table();
const concejo_audit_1& audit_table();
const concejo_blobs_1& blobs_table();
const concejo_process_1& process_table();
const concejo_jobs_1& jobs_table();
const concejo_http_client_1& http_client_table();
const concejo_outbox_1& outbox_table();
const concejo_mail_1& mail_table();
const concejo_metrics_1& metrics_table();
const concejo_tables_1& tables_table();

const void* table(std::string_view name);
std::vector<std::string> table_names();
concejo_host host_table();

}  // namespace kernel::plugins
