#include "kernel/base/tr.hpp"
#include "kernel/cli/commands.hpp"
#include "kernel/supervisor/supervisor.hpp"

namespace kernel::cli {

void add_metrics(CLI::App& app, Context& context) {
    auto* metrics =
        app.add_subcommand("metrics", base::tr("Las cifras del servidor en marcha, como las lee Prometheus"));
    common_options(metrics, context);
    metrics->callback([&context] {
        auto text =
            supervisor::fetch_metrics(context.paths(), context.json ? "application/json" : "text/plain");
        if (text.ends_with('\n')) text.pop_back();
        context.terminal.out(text);
    });
}

}  // namespace kernel::cli
