// Entries as lines of a file: CSV for spreadsheets, JSON for programs.
#pragma once

#include "kernel/audit/audit.hpp"

#include <string>

namespace kernel::audit {

/// RFC 4180, every field in quotes, \r\n at the end. A field that a spreadsheet would take for a formula has an
/// apostrophe before it.
std::string csv_head();
std::string csv_line(const Entry&);
/// One object and \n.
std::string json_line(const Entry&);

}  // namespace kernel::audit
