// For commands that need the plugins and the database: both, ready, for as long as it lives.
#pragma once

#include "kernel/cli/commands.hpp"
#include "kernel/runtime/core.hpp"
#include "kernel/runtime/database_keeper.hpp"

namespace kernel::cli {

class CommandCore {
public:
    explicit CommandCore(const Context&);

    runtime::Core& core() { return *core_; }
    /// By slug. Throws Error{invalid} naming those that there are.
    const tenancy::Tenant& tenant(const std::string& slug) const;

private:
    std::unique_ptr<runtime::DatabaseSession> database_;
    std::unique_ptr<runtime::Core> core_;
};

}  // namespace kernel::cli
