#include "kernel/runtime/plugin_list.hpp"

#include "kernel/plugins/descriptor.hpp"
#include "kernel/plugins/tables.hpp"

#include <fmt/format.h>

namespace kernel::runtime {
namespace {

using concejo::Json;

Json words(const std::vector<std::string>& list) {
    Json json = Json::array();
    for (const auto& word : list) json.push_back(word);
    return json;
}

}  // namespace

Json plugin_list(const Configuration& configuration) {
    const auto wanted = configuration.wanted();
    Json all = Json::array();
    for (const auto& candidate : configuration.candidates) {
        auto entry = Json::object({{"id", candidate.id},
                                   {"active", wanted.count(candidate.id) != 0},
                                   {"folder", candidate.folder.string()},
                                   {"version", nullptr},
                                   {"sdk", nullptr},
                                   {"toolchain", nullptr},
                                   {"requires", Json::array()},
                                   {"optional", Json::array()},
                                   {"provides", Json::array()}});
        try {
            const auto descriptor = plugins::read_descriptor(candidate.library());
            entry["version"] = descriptor.version;
            entry["sdk"] = fmt::format("{}.{}", descriptor.raw.abi_major, descriptor.raw.abi_minor);
            entry["toolchain"] = descriptor.toolchain;
            entry["requires"] = words(descriptor.requires_);
            entry["optional"] = words(descriptor.optional);
            entry["provides"] = words(descriptor.provides);
            entry["problems"] =
                words(plugins::check_descriptor(descriptor, candidate.id, plugins::table_names()));
        } catch (const std::exception& error) {
            entry["problems"] = Json::array({error.what()});
        }
        all.push_back(std::move(entry));
    }
    return all;
}

}  // namespace kernel::runtime
