#include "kernel/cli/commands.hpp"
#include "kernel/runtime/worker.hpp"
#include "kernel/supervisor/child.hpp"

namespace kernel::cli {

void add_worker(CLI::App& app, Context& context) {
    struct Asked {
        std::string kind;
        unsigned generation = 0;
    };
    auto* worker = app.add_subcommand("worker", "")->group("");  // the supervisor's, not for people
    auto asked = std::make_shared<Asked>();
    common_options(worker, context);
    worker->add_option("--kind", asked->kind)->required();
    worker->add_option("--generation", asked->generation)->required();
    worker->callback([&context, asked] {
        const auto paths = context.paths();
        context.exit_code =
            asked->kind == "web"
                ? runtime::run_web_worker(paths, asked->generation, supervisor::listen_descriptor,
                                          supervisor::pipe_descriptor)
                : runtime::run_job_worker(paths, asked->generation, supervisor::pipe_descriptor);
    });
}

}  // namespace kernel::cli
