// Which statements of a session the server keeps prepared: parsing and planning cost more than most of them
// do.
#pragma once

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace kernel::db {

/// Those that come a second time for the same municipality: the types of a result belong to a prepared
/// statement, and tables of one name may differ between two schemas. The ones used last stay.
class PreparedStatements {
public:
    static constexpr std::size_t most = 64, longest = 8192;

    struct Use {
        std::string name;     ///< empty: not to be prepared
        bool fresh = false;   ///< the server does not know it yet
        std::string instead;  ///< the name of one that goes for it
    };
    Use use(std::string_view tenant, std::string_view sql);
    /// It failed, or its tables are not what they were: the next use is under another name.
    void forget(const std::string& name);

private:
    struct Entry {
        std::string key, name;
    };
    std::list<Entry> entries_;  ///< the one used last in front
    std::unordered_map<std::string_view, std::list<Entry>::iterator> by_key_;
    std::unordered_set<std::size_t> seen_;  ///< digests of those that came once
    std::size_t made_ = 0;
};

}  // namespace kernel::db
