// The verbs of `concejo`. Each answers the exit code: 0 good, 1 the answer is no, 2 wrong use.
#pragma once

#include "kernel/cli/terminal.hpp"
#include "kernel/paths/paths.hpp"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace kernel::cli {

/// What every command knows.
struct Context {
    std::string dir;    ///< --dir, else $CONCEJO_DIR
    bool json = false;  ///< --json: one JSON object on stdout
    Terminal terminal;
    int exit_code = 0;

    paths::Paths paths() const;  ///< throws Error{invalid} when neither --dir nor $CONCEJO_DIR says where
    void answer(const concejo::Json& json_form, std::string_view text_form);
};

/// --dir and --json, which every command takes.
void common_options(CLI::App*, Context&);

void add_serve(CLI::App&, Context&);
void add_worker(CLI::App&, Context&);
void add_demo(CLI::App&, Context&);
void add_config(CLI::App&, Context&);
void add_plugin(CLI::App&, Context&);
void add_plugin_restore(CLI::App& plugin, Context&);
void add_tenant(CLI::App&, Context&);
void add_user(CLI::App&, Context&);
void add_token(CLI::App&, Context&);
void add_jobs(CLI::App&, Context&);
void add_outbox(CLI::App&, Context&);
void add_mail(CLI::App&, Context&);
void add_migrate(CLI::App&, Context&);
void add_metrics(CLI::App&, Context&);
void add_doctor(CLI::App&, Context&);
void add_backup(CLI::App&, Context&);
void add_restore(CLI::App&, Context&);
void add_tenant_export(CLI::App& tenant, Context&);
void add_tenant_import(CLI::App& tenant, Context&);

/// `concejo <plugin> <verb> …`: the plugins say which there are.
int run_plugin_command(Context&, const std::vector<std::string>& arguments);

}  // namespace kernel::cli
