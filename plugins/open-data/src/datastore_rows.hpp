// Rows that clients send, into a resource's table: one statement for all that have the same fields.
#pragma once

#include "datastore_table.hpp"

namespace open_data::ckan {

/// A table being written to: its resource's row is locked, for rows have their numbers from one counter.
class RowWriter {
public:
    RowWriter(Ask& ask, const Resource& resource, std::vector<std::string> key);

    /// Each gives how many rows there are more. CKAN's Validation Error for whatever does not fit.
    std::int64_t insert(const Json& records);
    std::int64_t upsert(const Json& records);
    void update(const Json& records);

private:
    struct Source {
        std::string text;  ///< "SELECT ord, … FROM jsonb_array_elements($1) …"
        std::vector<const Column*> columns;
        Parameters parameters;
    };
    void check(const Json& records) const;
    Source source_of(const std::vector<std::string>& names, const Json& records) const;
    std::int64_t write(const std::vector<std::string>& names, const Json& records, bool upserts);
    std::int64_t write_grouped(const Json& records, bool upserts);
    void need_key(const Json& record) const;

    Ask& ask_;
    std::string table_;
    std::vector<Column> columns_;
    std::vector<std::string> key_;
};

}  // namespace open_data::ckan
