#include "plugins/open-data/ingest/evidence.hpp"
#include "plugins/open-data/ingest/moment.hpp"
#include "plugins/open-data/ingest/number.hpp"

#include <array>

namespace open_data::ingest {
namespace {

struct Word {
    std::string_view text;
    std::uint32_t mask;
};
// Compared without case; "sí" has its accent in capitals too.
constexpr std::array<Word, 10> words = {{{"si", reads::si_no | reads::yes},
                                         {"sí", reads::si_no | reads::yes},
                                         {"sÍ", reads::si_no | reads::yes},
                                         {"no", reads::si_no | reads::no},
                                         {"true", reads::true_false | reads::yes},
                                         {"false", reads::true_false | reads::no},
                                         {"verdadero", reads::verdadero_falso | reads::yes},
                                         {"falso", reads::verdadero_falso | reads::no},
                                         {"s", reads::s_n | reads::yes},
                                         {"n", reads::s_n | reads::no}}};

std::uint32_t word_mask(std::string_view cell) {
    if (cell.empty() || cell.size() > 9) return 0;
    std::array<char, 9> lower{};
    for (std::size_t i = 0; i < cell.size(); ++i)
        lower[i] = cell[i] >= 'A' && cell[i] <= 'Z' ? static_cast<char>(cell[i] | 0x20) : cell[i];
    const std::string_view said(lower.data(), cell.size());
    for (const auto& word : words) {
        if (word.text == said) return word.mask;
    }
    return 0;
}

std::uint32_t separators_mask(const NumberShape& shape) {
    const auto& body = shape.body;
    if (shape.points + shape.commas == 0) return body.size() <= 3 ? reads::small : reads::large;
    if (shape.points + shape.commas > 1 || body.size() < 5 || body.size() > 7) return 0;
    if (body[body.size() - 4] == '.') return reads::one_point;
    return body[body.size() - 4] == ',' ? reads::one_comma : 0;
}

std::uint32_t number_mask(const NumberShape& shape) {
    std::uint32_t mask = 0;
    const bool bare = !shape.currency && !shape.percent;
    if (number_reads(shape, ','))
        mask |= reads::number_comma | (bare && is_whole(shape, ',') ? reads::whole_comma : 0);
    if (number_reads(shape, '.'))
        mask |= reads::number_point | (bare && is_whole(shape, '.') ? reads::whole_point : 0);
    if (!mask) return 0;
    if (mask & reads::number_comma && mask & reads::number_point) mask |= separators_mask(shape);
    if (shape.currency) mask |= reads::currency;
    if (shape.euro) mask |= reads::euro;
    if (shape.percent) mask |= reads::percent;
    return mask;
}

std::uint32_t moment_mask(const MomentShape& shape) {
    if (!shape.date) return reads::time;
    if (!shape.dmy && !shape.mdy) return reads::no_such_day;
    std::uint32_t mask = shape.figures ? reads::by_figures : 0;
    if (shape.zoned) return mask | (shape.dmy ? reads::zoned_dmy : 0) | (shape.mdy ? reads::zoned_mdy : 0);
    mask |= (shape.dmy ? reads::stamp_dmy : 0) | (shape.mdy ? reads::stamp_mdy : 0);
    if (!shape.time) mask |= (shape.dmy ? reads::date_dmy : 0) | (shape.mdy ? reads::date_mdy : 0);
    return mask;
}

}  // namespace

int boolean_value(std::string_view cell) {
    const auto mask = word_mask(cell);
    if (!mask) return -1;
    return mask & reads::yes ? 1 : 0;
}

std::uint32_t readings(std::string_view cell) {
    const char first = cell.front();
    const bool letter = (first | 0x20) >= 'a' && (first | 0x20) <= 'z';
    if (letter && (first | 0x20) != 'e') return word_mask(cell);  // "EUR 5" is a number
    NumberShape number;
    if (scan_number(cell, number)) {
        if (const auto mask = number_mask(number)) return mask;
    } else if (number.code) {
        return reads::code;
    }
    MomentShape moment;
    return scan_moment(cell, moment) ? moment_mask(moment) : 0;
}

}  // namespace open_data::ingest
