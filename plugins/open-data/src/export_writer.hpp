// Rows as a file of some format: what stands before them, each of them, and what stands after them. In
// constant memory.
#pragma once

#include "projection.hpp"
#include "records.hpp"
#include "spool.hpp"

#include <ctime>
#include <memory>

namespace open_data {

class ExportWriter {
public:
    virtual ~ExportWriter() = default;
    virtual void row(Cells) = 0;
    /// Nothing more comes; afterwards the file is whole.
    virtual void finish() = 0;
};

struct ExportTable {
    std::vector<Field> fields;
    std::string title, publisher, license, url;  ///< for formats that have a place for them
    std::time_t changed = 0;                     ///< of the data: the same rows are the same bytes
    const ReferenceSystem* system = nullptr;     ///< of its coordinates, where it is known
};

std::unique_ptr<ExportWriter> make_text_writer(std::string_view format, const ExportTable&,
                                               Spool&);  ///< csv, tsv, hoja.csv, json, ndjson, xml
std::unique_ptr<ExportWriter> make_xlsx_writer(const ExportTable&, Spool&);
std::unique_ptr<ExportWriter> make_geojson_writer(const ExportTable&, Spool&);

/// For spreadsheets: a text that one of them would take for a formula, with an apostrophe before it (OWASP,
/// CSV Injection).
std::string without_formula(std::string_view text);

}  // namespace open_data
