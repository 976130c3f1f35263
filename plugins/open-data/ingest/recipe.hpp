// What was understood of a file: a person may correct it, and the next file of the same kind is read by it.
#pragma once

#include <concejo/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace open_data::ingest {

enum class Type { text, integer, numeric, boolean, date, time, timestamp };
std::string_view name(Type);

/// Of a date in figures: which comes first. A year of four figures in front and months by name fit any.
enum class DateOrder { dmy, mdy, ymd };

struct Column {
    std::string source;  ///< as the header calls it, blanks made single; empty: it has no name there
    std::string name;    ///< unique among the columns; never "_id"
    Type type = Type::text;
    char decimal = '.';  ///< "." or ","; the other one may stand between groups of three figures
    DateOrder order = DateOrder::dmy;
    bool skip = false;    ///< not loaded
    bool chosen = false;  ///< a person said the type: it stays, whatever the next file has in it
    bool blank = false;   ///< no cell of the file had anything in it: its type is nobody's word
    std::string
        note;  ///< unit of every cell that has one: "€", "%", "$"; "UTC": times had zones and were converted

    bool operator==(const Column&) const = default;
};

struct Recipe {
    std::string container = "csv";   ///< csv, xlsx, ods, json, ndjson, geojson
    std::string encoding = "utf-8";  ///< utf-8, utf-16-le, utf-16-be, windows-1252, iso-8859-15
    char delimiter = 0;              ///< 0: one column, or no delimited text
    char quote = '"';
    bool backslash = false;           ///< \" is a quote inside quotes
    bool wrapped = false;             ///< whole lines stand between quotes
    char newline = '\n';              ///< '\r' where the file has no '\n'
    std::string sheet;                ///< of a workbook
    std::vector<std::string> sheets;  ///< all that it has, where there are several
    std::string
        member;  ///< "result.records": where the rows are in a JSON object; empty: the outermost array
    bool named = false;             ///< the container names its columns: no header is looked for
    std::uint64_t header_line = 0;  ///< from 1; 0: none
    std::uint64_t first_line = 1;   ///< where rows begin, if there is no header
    std::string comment;            ///< how lines that are no rows begin; empty: none do
    bool late_notes =
        false;  ///< no line of its beginning has "#" in front: one behind "# " that is no row is a note
    std::vector<Column> columns;  ///< in the order in which they are loaded

    bool operator==(const Recipe&) const = default;
};

concejo::Json to_json(const Recipe&);
/// Throws Error{invalid}, in Spanish, with the member that is wrong.
Recipe recipe_from_json(const concejo::Json&);

}  // namespace open_data::ingest
