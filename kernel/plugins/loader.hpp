// Finds plugins in their folders, checks them, loads them in order and starts them.
#pragma once

#include "kernel/plugins/loaded_plugin.hpp"
#include "kernel/plugins/registry.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace kernel::plugins {

/// A folder <plugins>/<id>/ with <id>.so in it.
struct Candidate {
    std::string id;
    std::filesystem::path folder;
    std::filesystem::path library() const { return folder / (id + ".so"); }
};

/// In every folder of the list, by name; where two hold the same id, the first folder wins.
std::vector<Candidate> discover(const std::vector<std::filesystem::path>& folders);

struct Refusal {
    std::string id;
    std::filesystem::path file;
    std::vector<std::string> reasons;  ///< all of them at once
    std::string text() const;          ///< "file: reason; reason"
};

class Loader {
public:
    /// `pins`: id -> sha-256 that the file must have.
    Loader(Registry& registry, std::map<std::string, std::string> pins)
        : registry_(registry), pins_(std::move(pins)) {}
    ~Loader();
    Loader(const Loader&) = delete;
    Loader& operator=(const Loader&) = delete;

    /// Loads and starts those of `wanted`; answers those that could not be, with why. What a refused plugin
    /// had registered is taken back.
    std::vector<Refusal> load(const std::vector<Candidate>& candidates, const std::set<std::string>& wanted);

    const std::vector<std::unique_ptr<LoadedPlugin>>& plugins() const { return plugins_; }
    void stop();

private:
    void open(LoadedPlugin&);
    void start(LoadedPlugin&);

    Registry& registry_;
    std::map<std::string, std::string> pins_;
    std::vector<std::unique_ptr<LoadedPlugin>> plugins_;  ///< in start order
};

}  // namespace kernel::plugins
