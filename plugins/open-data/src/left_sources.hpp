// Sources that the configuration named once and does not name any more: what came from them stays as it is
// until somebody says what becomes of it.
#pragma once

#include "portal.hpp"

namespace open_data {

struct LeftSource {
    std::string name;
    std::int64_t datasets = 0;  ///< that stand here still, drafts too
};

/// Those of which something stands here, by name.
std::vector<LeftSource> left_sources(concejo::Transaction&, const Json& settings);
std::optional<LeftSource> left_source(concejo::Transaction&, const Json& settings, const std::string& name);

/// Everything of it that is published is withdrawn, with a tombstone. How many. Throws Error{conflict} where
/// the configuration names it, Error{not_found} where nothing of it stands here.
std::int64_t withdraw_source(const concejo::Call&, concejo::Transaction&, const std::string& name);
/// All of it stays where it is, and is changed here from now on. How many; throws the same.
std::int64_t keep_source(const concejo::Call&, concejo::Transaction&, const std::string& name);

/// By a job, once the transaction has committed: there may be thousands.
void settle_source_soon(const concejo::Call&, concejo::Transaction&, const std::string& name, bool withdraw);

void register_left_sources(concejo::Kernel&);  ///< the job, and concejo open-data sources

}  // namespace open_data
