// A plugin in this process. Plugins are never unloaded: a reload is a new generation of processes.
#pragma once

#include "kernel/plugins/descriptor.hpp"

#include <boost/dll/shared_library.hpp>

#include <filesystem>
#include <string>

namespace kernel::plugins {

struct Registry;
struct LoadedPlugin;

/// What the plugin holds as its `concejo_host *`: the table, and behind it whose it is.
struct HostHandle {
    concejo_host table;
    LoadedPlugin* plugin;
    Registry* registry;  ///< written only while the plugin starts
    bool starting;
};

struct LoadedPlugin {
    std::string id;
    std::filesystem::path folder;
    Descriptor descriptor;
    HostHandle host{};
    boost::dll::shared_library library;
    const concejo_plugin* entry = nullptr;
    void* instance = nullptr;
};

inline HostHandle& handle_of(const concejo_host* host) {
    return *const_cast<HostHandle*>(reinterpret_cast<const HostHandle*>(host));
}

}  // namespace kernel::plugins
