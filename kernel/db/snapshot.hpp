// One moment of a cluster, for copies: everything read through it, and pg_dump given its id, sees the same.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kernel::db {

class Connection;

/// Held while it lives. One thread at a time. Throws DbError.
class Snapshot {
public:
    explicit Snapshot(const std::string& owner_dsn);
    ~Snapshot();

    const std::string& id() const noexcept { return id_; }

    /// The kernel's tables that hold rows of municipalities, those that others refer to first.
    std::vector<std::string> kernel_tables() const;
    /// A kernel table's rows of one municipality ("": of the installation itself) in COPY's text format, with
    /// the names of the columns as first line. Answers how many.
    std::uint64_t copy_rows(const std::string& table, const std::string& tenant,
                            const std::function<void(std::string_view)>& take) const;
    /// Two columns, where the second has a value.
    std::vector<std::pair<std::string, std::string>> pairs(const std::string& table, const std::string& first,
                                                           const std::string& second,
                                                           const std::string& tenant) const;
    bool tenant_exists(const std::string& tenant) const;
    std::uint64_t table_count(const std::string& schema) const;

private:
    std::unique_ptr<Connection> connection_;
    std::string id_;
};

/// The tables of schema concejo with a column `tenant`, in the order in which rows can be put in.
extern const char* const kernel_tables_query;

}  // namespace kernel::db
