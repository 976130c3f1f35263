// Secrets: files that only their owner reads, and a type that nothing prints.
#pragma once

#include "kernel/config/node.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace kernel::config {

/// A password or a connection string. No operator<<, no formatter, no comparison; wiped at the end.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string value) : value_(std::move(value)) {}
    ~Secret();
    Secret(const Secret&) = default;
    Secret(Secret&& other) noexcept;
    Secret& operator=(const Secret&) = default;
    Secret& operator=(Secret&& other) noexcept;

    bool empty() const noexcept { return value_.empty(); }
    /// The value, for the one call that needs it.
    const std::string& reveal() const noexcept { return value_; }

private:
    std::string value_;
};

/// `!secret name` is `folder`/name, a file without access for group and others, one line; or, where the
/// process has it, the systemd credential $CREDENTIALS_DIRECTORY/<prefix>name.
class SecretFolder {
public:
    /// `credential_prefix`: "" for the platform, "<slug>." for a municipality.
    SecretFolder(std::filesystem::path folder, std::string credential_prefix)
        : folder_(std::move(folder)), credential_prefix_(std::move(credential_prefix)) {}

    /// Puts the content of each secret that `file` names into the tree. Problems say which file is missing or
    /// too open; never a value.
    void resolve(Node& tree, const std::string& file, Problems& problems) const;

private:
    void resolve_one(Node& node, Problems& problems) const;

    std::filesystem::path folder_;
    std::string credential_prefix_;
};

}  // namespace kernel::config
