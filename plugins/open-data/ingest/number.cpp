#include "plugins/open-data/ingest/number.hpp"

#include <limits>

namespace open_data::ingest {
namespace {

constexpr std::string_view no_break_space = "\xC2\xA0", narrow_space = "\xE2\x80\xAF",
                           minus_sign = "\xE2\x88\x92";

bool is_figure(char c) { return c >= '0' && c <= '9'; }

bool take_front(std::string_view& text, std::string_view what) {
    if (!text.starts_with(what)) return false;
    text.remove_prefix(what.size());
    return true;
}

bool take_back(std::string_view& text, std::string_view what) {
    if (!text.ends_with(what)) return false;
    text.remove_suffix(what.size());
    return true;
}

void blanks_off(std::string_view& text) {
    while (take_front(text, " ") || take_front(text, no_break_space) || take_front(text, narrow_space))
        continue;
    while (take_back(text, " ") || take_back(text, no_break_space) || take_back(text, narrow_space)) continue;
}

void take_currency(std::string_view& text, NumberShape& shape) {
    for (const std::string_view euro : {"€", "EUR", "eur", "Eur", "euros", "Euros", "EUROS"}) {
        if (take_back(text, euro) || take_front(text, euro)) shape.currency = shape.euro = true;
        if (shape.euro) return;
    }
    shape.currency = take_back(text, "$") || take_front(text, "$");
}

bool take_sign(std::string_view& text, NumberShape& shape) {
    if (take_front(text, "+")) return true;
    shape.negative = take_front(text, "-") || take_front(text, minus_sign) || take_back(text, "-");
    return shape.negative;
}

/// What stands around the figures, in any order, each once.
bool strip(std::string_view text, NumberShape& shape) {
    bool sign = false;
    for (std::size_t before = text.size() + 1; text.size() < before;) {
        before = text.size();
        if (!sign) sign = take_sign(text, shape);
        if (!text.empty() && is_figure(text.front()) && is_figure(text.back())) break;
        blanks_off(text);
        if (!shape.currency && !shape.percent) take_currency(text, shape);
        if (!shape.currency && !shape.percent) shape.percent = take_back(text, "%");
    }
    shape.body = text;
    return !text.empty();
}

/// The position of the decimal sign, or the length.
std::size_t decimals_at(std::string_view body, char decimal) {
    const auto at = body.rfind(decimal);
    return at == std::string_view::npos ? body.size() : at;
}

bool groups_of_three(std::string_view whole, char group) {
    std::size_t figures = 0;
    bool first = true;
    for (const char c : whole) {
        if (c != group) {
            ++figures;
            continue;
        }
        if (first ? figures < 1 || figures > 3 || whole.front() == '0' : figures != 3) return false;
        first = false;
        figures = 0;
    }
    return first || figures == 3;
}

}  // namespace

bool scan_number(std::string_view cell, NumberShape& shape) {
    shape = {};
    if (cell.empty() || cell.size() > max_number) return false;
    shape.body = cell;
    const bool bare = is_figure(cell.front()) && is_figure(cell.back());
    if (!bare && !strip(cell, shape)) return false;
    bool figures = false;
    for (const char c : shape.body) {
        if (is_figure(c)) {
            figures = true;
        } else if (c == '.') {
            ++shape.points;
        } else if (c == ',') {
            ++shape.commas;
        } else {
            return false;
        }
    }
    if (!figures) return false;
    const auto body = shape.body;
    shape.code = body.size() > 1 && body[0] == '0' && is_figure(body[1]);
    return !shape.code;
}

bool number_reads(const NumberShape& shape, char decimal) {
    const bool comma = decimal == ',';
    const int decimals = comma ? shape.commas : shape.points, groups = comma ? shape.points : shape.commas;
    if (decimals > 1) return false;
    if (decimals == 0 && groups == 0) return true;
    const auto at = decimals_at(shape.body, decimal);
    const auto whole = shape.body.substr(0, at);
    if (decimals && at + 1 == shape.body.size()) return false;  // "5,"
    if (groups == 0) return true;
    if (shape.body.find(comma ? '.' : ',', at) != std::string_view::npos) return false;
    return groups_of_three(whole, comma ? '.' : ',');
}

std::int64_t whole_value(const NumberShape& shape) {
    std::uint64_t value = 0;
    for (const char c : shape.body) {
        if (is_figure(c)) value = value * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return shape.negative ? static_cast<std::int64_t>(0 - value) : static_cast<std::int64_t>(value);
}

bool is_whole(const NumberShape& shape, char decimal) {
    if ((decimal == ',' ? shape.commas : shape.points) > 0) return false;
    const auto figures = shape.body.size() - static_cast<std::size_t>(shape.points + shape.commas);
    if (figures < 19) return true;
    if (figures > 19) return false;
    std::uint64_t value = 0;  // 19 figures always fit
    for (const char c : shape.body) {
        if (is_figure(c)) value = value * 10 + static_cast<std::uint64_t>(c - '0');
    }
    const auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return value <= most + (shape.negative ? 1 : 0);
}

char* write_number(const NumberShape& shape, char decimal, char* out) {
    if (shape.negative) *out++ = '-';
    if (!is_figure(shape.body.front())) *out++ = '0';  // ",5"
    for (const char c : shape.body) {
        if (is_figure(c)) {
            *out++ = c;
        } else if (c == decimal) {
            *out++ = '.';
        }
    }
    return out;
}

}  // namespace open_data::ingest
