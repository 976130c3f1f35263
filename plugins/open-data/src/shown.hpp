// Values as people read them, in their language.
#pragma once

#include "records.hpp"

#include <concejo/call.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace open_data {

/// With the reader's separators, and as many decimals as it has; a number that a double does not hold stays
/// as it is.
std::string shown_number(const concejo::Call&, std::string_view text);

/// With so many decimals as are asked for.
std::string shown_rounded(const concejo::Call&, std::string_view text, int decimals);
int decimals_of(std::string_view text);

/// A text of trn with its "{n}" written as the reader writes numbers.
std::string counted(const concejo::Call&, std::string_view text, std::int64_t n);

/// "5 leídas, 4 cargadas, 1 rechazada": the rows of a load.
std::string counted_rows(const concejo::Call&, std::int64_t read, std::int64_t accepted,
                         std::int64_t rejected);

/// A value as PostgreSQL writes it. Of whole numbers nobody knows which are years or codes: they stay as they
/// are.
std::string shown(const concejo::Call&, std::optional<std::string_view> value, const Field&);

/// "Importe (€)": what people call a column, with its unit.
std::string column_title(const Json& column, std::string_view language);

/// [{"text","first"}]: one for each line that is not empty.
Json lines_of_text(const std::string& text);

inline bool is_number(const Field& field) { return field.type == "integer" || field.type == "numeric"; }

}  // namespace open_data
