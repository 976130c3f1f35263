// Files that are no tables (documents, drawings, archives), kept to be downloaded as they are.
#pragma once

#include "load_file.hpp"

namespace open_data {

/// "csv" of "Gastos.CSV"; empty where there is no dot.
std::string ending_of(std::string_view file_name);

/// "Gastos por programa 2026" of "gastos_por_programa_2026.csv": what a resource is called until somebody says
/// it better. The name itself where nothing else is left.
std::string title_of_file(std::string_view file_name);

/// Whether files of that ending are loaded as rows.
bool is_table(std::string_view ending);

/// Whether it is a file to download, without rows and none on the way.
bool is_kept(const Resource&);

/// "CSV", "GeoJSON": as the catalogue writes the formats that it knows; others as they come.
std::string written_format(std::string_view format);

/// With the media type of its ending where the sender said none that means anything.
Incoming with_media_type(Incoming);

/// What the resource offers from now on, without rows; a load that waits is not wanted any more.
Resource keep_file(const concejo::Call&, concejo::Transaction&, Resource, const Incoming&);

}  // namespace open_data
