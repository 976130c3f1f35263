// A resource's rows as a file, in the formats that people and programs ask for.
#pragma once

#include "dataset.hpp"

#include <concejo/call.hpp>

namespace open_data {

struct DumpFormat {
    const char* name;        ///< as in the address: csv
    const char* label;       ///< CSV
    const char* media_type;
};
/// csv, tsv, json, ndjson, xml. Null: there is no such one.
const DumpFormat* dump_format(std::string_view name);
const std::vector<DumpFormat>& dump_formats();

struct Dump {
    std::string blob, file_name;
    std::int64_t bytes = 0;
};

/// Made in constant memory and kept for the version; the same bytes for whoever asks. In a transaction of its own.
/// `numbered`: with the column _id, as CKAN's.
Dump dump_of(const concejo::Call&, const Resource&, const DumpFormat&, bool numbered);

}  // namespace open_data
