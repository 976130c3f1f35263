// The last text of each municipality's file that was right and served, kept under the data folder.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace kernel::config {

struct Installation;

class LastGood {
public:
    /// `folder`: …/data/config; made when needed.
    explicit LastGood(std::filesystem::path folder) : folder_(std::move(folder)) {}

    /// The kept text; nullopt where there is none.
    std::optional<std::string> text(std::string_view slug) const;
    /// Keeps every municipality that was read from its own file, and forgets those whose file is gone. Called
    /// once this configuration serves. Throws Error{internal} where the folder cannot be written.
    void keep(const Installation& installation) const;

    std::filesystem::path file(std::string_view slug) const;

private:
    std::filesystem::path folder_;
};

}  // namespace kernel::config
