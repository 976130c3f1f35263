// The plugin's descriptor, read from the file's ELF note before any of its code runs (dlopen already runs
// static constructors), and the checks that a file must pass before it is loaded.
#pragma once

#include <concejo/abi.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace kernel::plugins {

struct Descriptor {
    concejo_descriptor raw{};
    std::string platform, toolchain, id, version;
    std::vector<std::string> requires_, optional,
        provides;  ///< "db/1" kernel services, "evidence:1" plugin services
};

/// Throws Error{invalid} saying what the file is instead of a plugin.
Descriptor read_descriptor(const std::filesystem::path& file);

/// Everything that keeps the file from being loaded as the plugin `folder_name`, all at once; empty when it
/// may be. `pin` is the sha-256 that platform.yaml asks for, if any. Each text says what is offered, what is
/// asked for and what to do.
std::vector<std::string> check_file(const std::filesystem::path& file, const std::optional<std::string>& pin);
std::vector<std::string> check_descriptor(const Descriptor&, const std::string& folder_name,
                                          const std::vector<std::string>& kernel_services);

}  // namespace kernel::plugins
