#include "kernel/blobs/store.hpp"
#include "kernel/plugins/call.hpp"
#include "kernel/plugins/tables.hpp"
#include "kernel/process/sandbox.hpp"

#include <algorithm>

namespace kernel::plugins {
namespace {

using concejo::Json;

/// `contents` keeps what the program reads for as long as it runs.
process::Spec spec_of(const concejo_call& call, const Json& json, std::vector<blobs::LocalFile>& contents) {
    process::Spec spec;
    for (const auto& argument : json.at("argv").as_array()) spec.argv.push_back(argument.as_string());
    if (const auto* files = json.find("files")) {
        for (const auto& [name, file] : files->as_object()) {
            if (const auto* blob = file.find("blob")) {
                contents.push_back(
                    call.services->blobs.local(db::Tenant::of(call.tenant().id), blob->as_string()));
                spec.files.push_back({name, contents.back().path()});
            } else {
                spec.files.push_back({name, file.at("path").as_string()});
            }
        }
    }
    spec.input = json.string_or("stdin", "");
    const auto seconds = std::clamp<std::int64_t>(json.int_or("seconds", 10), 1, 24 * 3600);
    spec.limits.time = std::chrono::seconds(seconds);
    spec.limits.cpu = std::chrono::seconds(seconds);
    spec.limits.memory =
        static_cast<std::uint64_t>(std::clamp<std::int64_t>(json.int_or("memory_mb", 512), 16, 16384)) << 20;
    spec.limits.output = static_cast<std::uint64_t>(
        std::clamp<std::int64_t>(json.int_or("output_limit", 1 << 20), 0, 64 << 20));
    spec.output_file = json.string_or("output_file", "");
    spec.limits.file =
        static_cast<std::uint64_t>(std::clamp<std::int64_t>(json.int_or("file_mb", 256), 0, 16384)) << 20;
    return spec;
}

/// What a program prints may be anything; JSON is UTF-8.
std::string readable(std::string text) {
    for (auto& c : text) {
        if (c == '\0') c = ' ';
    }
    return text;
}

Json describe(const process::Outcome& outcome) {
    return Json::object({{"exit", outcome.exit},
                         {"signal", outcome.signal},
                         {"timed_out", outcome.timed_out},
                         {"truncated", outcome.truncated},
                         {"stdout", readable(outcome.out)},
                         {"stderr", readable(outcome.err)}});
}

concejo_status run(concejo_call* call, concejo_str raw, concejo_sink sink, void* context) {
    return host_guard([&] {
        std::vector<blobs::LocalFile> contents;
        const auto outcome = call->services->sandbox.run(spec_of(*call, Json::parse(view(raw)), contents));
        sink(context, c_str(describe(outcome).dump()));
    });
}

concejo_status run_watched(concejo_call* call, concejo_str raw, concejo_progress told, void* told_context,
                           concejo_sink sink, void* context) {
    return host_guard([&] {
        std::vector<blobs::LocalFile> contents;
        const auto json = Json::parse(view(raw));
        auto spec = spec_of(*call, json, contents);
        spec.progress_total =
            static_cast<std::uint64_t>(std::max<std::int64_t>(0, json.int_or("progress_total", 0)));
        spec.on_progress = [&](const process::Progress& progress) {
            enter(*call,
                  [&] { return told(told_context, progress.done, progress.total, c_str(progress.message)); });
        };
        const auto outcome = call->services->sandbox.run(spec);
        auto answer = describe(outcome);
        answer["progress_ignored"] = static_cast<std::int64_t>(outcome.progress_ignored);
        sink(context, c_str(answer.dump()));
    });
}

}  // namespace

const concejo_process_1& process_table() {
    static const concejo_process_1 table{sizeof(concejo_process_1), &run, &run_watched};
    return table;
}

}  // namespace kernel::plugins
