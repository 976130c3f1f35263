#include "kernel/base/log.hpp"
#include "kernel/plugins/call.hpp"
#include "kernel/plugins/tables.hpp"

#include <algorithm>

namespace kernel::plugins {
namespace {

void write(const concejo_host* host, concejo_call* call, std::int32_t level, concejo_str text,
           concejo_str fields) {
    // Logging never fails the caller: fields that are no JSON object are written as they came.
    (void)host_guard([&] {
        base::LogContext who{"plugin", {}, handle_of(host).plugin->id, {}};
        if (call) {
            if (call->scope->tenant) who.tenant = call->scope->tenant->config.slug;
            who.request_id = call->scope->request_id;
        }
        auto json = concejo::Json::object();
        if (fields.size) {
            try {
                json = concejo::Json::parse(view(fields));
            } catch (const concejo::Error&) {
                json["fields"] = view(fields);
            }
        }
        if (!json.is_object()) json = concejo::Json::object({{"fields", json}});
        base::process_log().write(static_cast<base::LogLevel>(std::clamp(level, 0, 3)), who, view(text),
                                  json);
    });
}

}  // namespace

const concejo_log_1& log_table() {
    static const concejo_log_1 table{sizeof(concejo_log_1), &write};
    return table;
}

}  // namespace kernel::plugins
