// Every type of the boundary, reachable from one exported symbol, for abidw and abidiff.
#include <concejo/abi.h>

extern "C" void concejo_abi_probe(concejo_descriptor*, concejo_host*, concejo_plugin*, concejo_route*,
                                  concejo_request*, concejo_upload*, concejo_param*, concejo_log_1*,
                                  concejo_http_1*, concejo_pages_1*, concejo_db_1*, concejo_config_1*,
                                  concejo_i18n_1*, concejo_identity_1*, concejo_cli_1*, concejo_bus_1*,
                                  concejo_audit_1*, concejo_blobs_1*, concejo_process_1*, concejo_jobs_1*,
                                  concejo_http_client_1*, concejo_outbox_1*, concejo_mail_1*,
                                  concejo_metrics_1*, concejo_tables_1*) {}
