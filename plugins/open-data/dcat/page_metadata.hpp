// What goes beside the pages of datasets and services, and beside files: schema.org, CSVW and Frictionless.
#pragma once

#include "model.hpp"

#include <concejo/json.hpp>

#include <string>
#include <vector>

namespace open_data::dcat {

/// schema.org/Dataset as Google Dataset Search reads it, in that language where there are texts in it,
/// otherwise in Spanish. The description has at most 5,000 characters.
concejo::Json schema_org(const Dataset& dataset, const Catalog& catalog, const std::string& language = "es");

/// schema.org/DataCatalog, without its datasets.
concejo::Json schema_org(const Catalog& catalog, const std::string& language = "es");

/// schema.org/WebAPI, which its page is about.
concejo::Json schema_org(const DataService& service, const Catalog& catalog,
                         const std::string& language = "es");

/// JSON as the content of <script type="application/ld+json">: no "<" in it, whatever the texts hold.
std::string for_script(const concejo::Json& json);

struct Column {
    std::string name;  ///< the header's cell
    std::string type;  ///< text, integer, numeric, boolean, date, time, timestamp; anything else is text
    Texts title, description;
    std::string unit;
};

/// A CSV file (RFC 4180, UTF-8, with header; dates and times as ISO 8601) and its columns.
struct Table {
    Distribution file;
    std::vector<Column> columns;
    char delimiter = ',';
};

/// Model for Tabular Data and Metadata on the Web (W3C, 2015): the document at "<file>-metadata.json". Texts in all the
/// languages that they have; what the header says is in none ("und").
concejo::Json csvw_metadata(const Table& table, const Dataset& dataset);

/// Table Schema 1 (Frictionless), which has one language: that one where there are texts in it, otherwise Spanish.
concejo::Json table_schema(const std::vector<Column>& columns, const std::string& language = "es");

/// datapackage.json (Tabular Data Package 1) of the dataset's tables; the same of its language.
concejo::Json data_package(const Dataset& dataset, const std::vector<Table>& tables,
                           const std::string& language = "es");

}  // namespace open_data::dcat
