// What the cells of a column can be read as, counted over the whole file, and the type that follows.
#pragma once

#include "plugins/open-data/ingest/recipe.hpp"

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace open_data::ingest {

/// Blank or "-": null, and no evidence of anything.
inline bool is_null(std::string_view cell) { return cell.empty() || (cell.size() == 1 && cell[0] == '-'); }

/// Every way in which one cell can be read, and what tells those ways apart.
namespace reads {
inline constexpr std::uint32_t number_comma = 1U << 0;  ///< with a decimal comma, points grouping
inline constexpr std::uint32_t number_point = 1U << 1;
inline constexpr std::uint32_t whole_comma =
    1U << 2;  ///< and then it is an int64 without a currency or a percent sign
inline constexpr std::uint32_t whole_point = 1U << 3;
inline constexpr std::uint32_t date_dmy = 1U << 4;
inline constexpr std::uint32_t date_mdy = 1U << 5;
inline constexpr std::uint32_t stamp_dmy = 1U << 6;  ///< a date is one too: its midnight
inline constexpr std::uint32_t stamp_mdy = 1U << 7;
inline constexpr std::uint32_t zoned_dmy = 1U << 8;
inline constexpr std::uint32_t zoned_mdy = 1U << 9;
inline constexpr std::uint32_t time = 1U << 10;
inline constexpr std::uint32_t si_no = 1U << 11;
inline constexpr std::uint32_t true_false = 1U << 12;
inline constexpr std::uint32_t verdadero_falso = 1U << 13;
inline constexpr std::uint32_t s_n = 1U << 14;
// No readings but signs:
inline constexpr std::uint32_t yes = 1U << 16;
inline constexpr std::uint32_t no = 1U << 17;
inline constexpr std::uint32_t code = 1U << 18;         ///< figures with leading zeros
inline constexpr std::uint32_t no_such_day = 1U << 19;  ///< a date that no calendar has
inline constexpr std::uint32_t one_point = 1U << 20;    ///< "1.234": thousands or decimals
inline constexpr std::uint32_t one_comma = 1U << 21;
inline constexpr std::uint32_t small = 1U << 22;  ///< up to three figures and nothing else
inline constexpr std::uint32_t large = 1U << 23;  ///< four figures or more, ungrouped
inline constexpr std::uint32_t currency = 1U << 24;
inline constexpr std::uint32_t euro = 1U << 25;
inline constexpr std::uint32_t percent = 1U << 26;
inline constexpr std::uint32_t by_figures = 1U << 27;  ///< a date whose order matters
}  // namespace reads
std::uint32_t readings(std::string_view cell);

/// True, false, or nothing: see reads::si_no and its like for the words.
int boolean_value(std::string_view cell);  ///< 1, 0, -1

/// Decides how "1.234" is read where the column itself does not say.
struct Habit {
    char decimal = ',';  ///< of the other columns, or of files with such a delimiter
};

class Evidence {
public:
    void add(std::string_view cell) {
        if (!is_null(cell) && !dead_) count(readings(cell));
    }
    /// Whether any cell had something in it.
    bool filled() const { return filled_; }
    /// ',' or '.' where some cell can only be read with it; 0 where none says.
    char decimal() const;
    /// Sets type, decimal, order and note. A column is what every cell can be read as, else text; with 1,000
    /// cells or more one in a thousand may be none (its row is rejected then) if those are dates that do not
    /// exist, or if the column's name says that it is a number or a date. Codes with leading zeros are never
    /// lost to this. A type that a person chose stays: then only how most cells write it is told.
    void decide(Column&, const Habit&) const;

private:
    void count(std::uint32_t mask);
    std::uint64_t all(std::uint32_t bits) const;  ///< cells that have all of these bits
    std::uint64_t any(std::uint32_t bits) const;
    bool enough(std::uint64_t fitting, const Column&) const;
    bool as_boolean(Column&) const;
    bool as_number(Column&, const Habit&) const;
    bool as_moment(Column&) const;
    void as_chosen(Column&, const Habit&) const;
    void note_unit(Column&, std::uint64_t fitting) const;
    char decimal_of(const Habit&) const;

    std::vector<std::pair<std::uint32_t, std::uint64_t>> masks_;
    std::size_t last_ = 0;
    std::uint64_t total_ = 0, texts_ = 0;
    bool dead_ = false;  ///< text, whatever else comes
    bool filled_ = false;
};

}  // namespace open_data::ingest
