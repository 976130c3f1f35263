// The words of each row of a long table, in a table beside it: made by a job once somebody has looked for words there, gone when its
// rows change. Until it is there, or where a table is short, rows are looked through as they are.
#pragma once

#include "dataset.hpp"

#include <concejo/plugin.hpp>

namespace open_data {

inline constexpr const char* words_column = "__words";
inline constexpr std::int64_t rows_worth_an_index = 5'000;

/// All that a row says, as one text: an expression of SQL. `columns` without "_id".
std::string whole_row(const std::vector<std::string>& columns);

/// The table with `_id` and `words_column`; empty: there is none yet, and it was asked for where it is worth it, in a transaction of its
/// own: the search that goes on without it may take too long.
std::string words_table_of(const concejo::Call&, concejo::Transaction& tx, const Resource&);
/// Rows changed: what was made of them is of others.
void forget_words(const concejo::Call&, concejo::Transaction& tx, const std::string& table);
/// Those of tables that are no resource's any more.
void forget_old_words(const concejo::Call&, concejo::Transaction& tx);

void register_words(concejo::Kernel&);

}  // namespace open_data
