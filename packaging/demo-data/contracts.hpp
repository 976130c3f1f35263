// A spreadsheet as municipalities have them: Windows-1252, semicolons, a title, decimal commas and a row of totals.
#pragma once

#include <string>

namespace demo {

/// `year`: the last one of the two that it covers, up to `month`.
std::string minor_contracts(int year, int month);

}  // namespace demo
