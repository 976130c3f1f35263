// Numbers as people in Spain write them.
#pragma once

#include <cstdint>
#include <string_view>

namespace open_data::ingest {

inline constexpr std::size_t max_number = 80;  ///< bytes; what is longer is no number

/// A sign in front or behind, a currency in front or behind, a percent sign behind, figures with points and
/// commas between them; no leading zeros ("02001" is a code).
struct NumberShape {
    bool negative = false, currency = false, euro = false, percent = false;
    bool code = false;      ///< it would be a number but for its leading zeros
    std::string_view body;  ///< figures, points and commas
    int points = 0, commas = 0;
};

/// False where it is no number however points and commas are read.
bool scan_number(std::string_view cell, NumberShape&);

/// Whether the body is a number with this decimal sign, the other one standing between groups of three
/// figures.
bool number_reads(const NumberShape&, char decimal);
/// Whether it has neither decimals nor more than an int64 holds. For a shape that reads with that decimal
/// sign.
bool is_whole(const NumberShape&, char decimal);

/// "-1234.56": writes at most max_number bytes, returns the end. For a shape that reads.
char* write_number(const NumberShape&, char decimal, char* out);
/// For a shape that is whole.
std::int64_t whole_value(const NumberShape&);

}  // namespace open_data::ingest
