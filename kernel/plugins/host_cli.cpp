#include "kernel/plugins/call.hpp"
#include "kernel/plugins/tables.hpp"

namespace kernel::plugins {
namespace {

concejo_status command(const concejo_host* host, concejo_str declaration, concejo_command run,
                       void* context) {
    return host_guard([&] {
        auto& handle = registering(host, "una orden");
        auto json = concejo::Json::parse(view(declaration));
        json.at("verb").as_string();
        handle.registry->commands.push_back(
            {handle.plugin, handle.plugin->id, std::move(json), run, context});
    });
}

void out(concejo_cli* cli, concejo_str text) {
    (void)host_guard([&] { cli->out(view(text)); });
}
void err(concejo_cli* cli, concejo_str text) {
    (void)host_guard([&] { cli->err(view(text)); });
}
void progress(concejo_cli* cli, std::uint64_t done, std::uint64_t total, concejo_str message) {
    (void)host_guard([&] { cli->progress(done, total, view(message)); });
}
void exit_code(concejo_cli* cli, std::int32_t code) { cli->exit_code = code; }
void write(concejo_cli* cli, concejo_str bytes) {
    (void)host_guard([&] { cli->write(view(bytes)); });
}

}  // namespace

const concejo_cli_1& cli_table() {
    static const concejo_cli_1 table{
        sizeof(concejo_cli_1), &command, &out, &err, &progress, &exit_code, &write};
    return table;
}

}  // namespace kernel::plugins
