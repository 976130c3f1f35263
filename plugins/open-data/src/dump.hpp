// A resource's rows as a file, in the formats that people and programs ask for.
#pragma once

#include "ckan_arguments.hpp"
#include "dataset.hpp"

#include <concejo/call.hpp>

namespace open_data {

struct DumpFormat {
    const char* name;   ///< as the file's name ends: csv
    const char* label;  ///< CSV
    const char* media_type;
};
/// csv, xlsx, hoja.csv, json, ndjson, geojson, tsv, xml. Null: there is no such one.
const DumpFormat* dump_format(std::string_view name);
const std::vector<DumpFormat>& dump_formats();
/// Those that the catalogue names, each with its size once it is made.
inline constexpr const char* described_formats[] = {"csv", "json", "geojson"};
/// Whether its rows can be written so: geojson needs to know where they are.
bool offers(const Resource&, const DumpFormat&);

struct Dump {
    std::string blob, file_name;
    std::int64_t bytes = 0;
};

/// Which rows: all of them, or what the parameters of datastore_search select.
struct DumpOf {
    const DumpFormat& format;
    bool numbered = false;        ///< with the column _id, as CKAN's
    ckan::Arguments selection{};  ///< of selecting_parameters, or "table": what a TableAsked selects
    bool bom = false;             ///< with U+FEFF before it: of csv, tsv, json and xml, as CKAN's
    bool all() const { return selection.values().empty(); }
};

/// Made in constant memory and kept for the version, a selection for a day; the same bytes for whoever asks,
/// so that an interrupted download goes on where it was. In transactions of its own. Throws Error{invalid}
/// for a selection that means nothing, Error{unavailable} where too much was selected today.
Dump dump_of(const concejo::Call&, const Resource&, const DumpOf&);
/// Nothing where it is not made yet.
std::optional<Dump> made_dump(const concejo::Call&, const Resource&, const DumpOf&);

/// Those of that version, and of the ones before it, are not what they would be now.
void forget_dumps(const concejo::Call&, concejo::Transaction&, const std::string& resource, int version);

/// A job makes those in described_formats once the transaction has committed: not of a table whose files nobody could wait
/// for, which are made when somebody asks.
void prepare_files(const concejo::Call&, concejo::Transaction&, const Resource&);
bool prepares_files(const Resource&);

/// Forgets selections of yesterday.
void drop_old_selections(const concejo::Call&);

}  // namespace open_data
