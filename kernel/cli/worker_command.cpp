#include "kernel/cli/commands.hpp"
#include "kernel/runtime/worker.hpp"
#include "kernel/supervisor/child.hpp"

namespace kernel::cli {

void add_worker(CLI::App& app, Context& context) {
    struct Asked {
        std::string kind;
        runtime::WorkerOptions options;
    };
    auto* worker = app.add_subcommand("worker", "")->group("");  // the supervisor's, not for people
    auto asked = std::make_shared<Asked>();
    common_options(worker, context);
    worker->add_option("--kind", asked->kind)->required();
    worker->add_option("--generation", asked->options.generation)->required();
    worker->add_flag("--safe", asked->options.safe);
    worker->callback([&context, asked] {
        auto& options = asked->options;
        options.listen_fd = supervisor::listen_descriptor;
        options.pipe_fd = supervisor::pipe_descriptor;
        options.page_fd = supervisor::page_descriptor;
        options.metrics_fd = supervisor::metrics_descriptor;
        context.exit_code = asked->kind == "web" ? runtime::run_web_worker(context.paths(), options)
                                                 : runtime::run_job_worker(context.paths(), options);
    });
}

}  // namespace kernel::cli
