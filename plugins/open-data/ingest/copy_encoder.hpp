// Typed rows in PostgreSQL's binary COPY format (PostgreSQL documentation, COPY, "Binary Format").
#pragma once

#include "plugins/open-data/ingest/reader.hpp"

#include <string>

namespace open_data::ingest {

/// For `copy t (_id, …) from stdin (format binary)`: a bigint `_id` from 1, then the columns that are not
/// skipped.
class CopyEncoder {
public:
    explicit CopyEncoder(Reader& reader) : reader_(reader) {}

    /// A piece of 32 KiB and a row at most; the header is in the first, the trailer in the last. False:
    /// there is no more.
    bool next(std::string& piece);

private:
    void header();
    void row(std::span<const Value>);
    char* room(std::size_t size);

    Reader& reader_;
    std::string buffer_;
    std::size_t used_ = 0;
    std::int64_t id_ = 0;
    bool began_ = false, ended_ = false;
};

/// "bigint", "numeric", "boolean", "date", "time", "timestamp", "text": of the column in PostgreSQL.
std::string_view sql_type(Type);

}  // namespace open_data::ingest
