#include "plugins/open-data/ingest/evidence.hpp"

#include <array>

namespace open_data::ingest {
namespace {

constexpr std::uint64_t tolerant_from = 1000;  // cells; and one in as many may not fit

constexpr std::array<std::string_view, 18> telling_names = {
    "fecha",       "importe",    "precio",  "coste", "cuantia",  "cuantía",
    "presupuesto", "superficie", "latitud", "lat",   "longitud", "poblacion",
    "población",   "cantidad",   "edad",    "lon",   "euros",    "total"};

/// Whether one of those is a word of the name.
bool tells(std::string_view name) {
    std::string lower(name);
    for (auto& c : lower) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
    }
    const auto letter = [&](std::size_t at) {
        return at < lower.size() &&
               (static_cast<unsigned char>(lower[at]) >= 0x80 || (lower[at] >= 'a' && lower[at] <= 'z'));
    };
    for (const auto word : telling_names) {
        const auto at = lower.find(word);
        if (at != std::string::npos && (at == 0 || !letter(at - 1)) && !letter(at + word.size())) return true;
    }
    return false;
}

}  // namespace

void Evidence::count(std::uint32_t mask) {
    filled_ = true;
    ++total_;
    if (mask == 0 || mask == reads::code) {
        ++texts_;
        if (texts_ > 64 && texts_ * 50 > total_) dead_ = true;
    }
    if (last_ < masks_.size() && masks_[last_].first == mask) return void(++masks_[last_].second);
    for (last_ = 0; last_ < masks_.size() && masks_[last_].first != mask; ++last_) continue;
    if (last_ == masks_.size()) masks_.emplace_back(mask, 0);
    ++masks_[last_].second;
}

std::uint64_t Evidence::all(std::uint32_t bits) const {
    std::uint64_t sum = 0;
    for (const auto& [mask, cells] : masks_) sum += (mask & bits) == bits ? cells : 0;
    return sum;
}

std::uint64_t Evidence::any(std::uint32_t bits) const {
    std::uint64_t sum = 0;
    for (const auto& [mask, cells] : masks_) sum += mask & bits ? cells : 0;
    return sum;
}

bool Evidence::enough(std::uint64_t fitting, const Column& column) const {
    if (dead_ || fitting == 0) return false;
    const auto misfits = total_ - fitting;
    if (misfits == 0) return true;
    if (total_ < tolerant_from || misfits * tolerant_from > total_ || any(reads::code)) return false;
    return misfits == any(reads::no_such_day) || tells(column.name);
}

char Evidence::decimal() const {
    if (dead_) return 0;
    const auto comma = all(reads::number_comma), point = all(reads::number_point);
    // A column of texts with a few numbers in it says nothing.
    if (comma == point || std::max(comma, point) * 2 < total_) return 0;
    return comma > point ? ',' : '.';
}

char Evidence::decimal_of(const Habit& habit) const {
    const auto comma = all(reads::number_comma), point = all(reads::number_point);
    if (comma != point) return comma > point ? ',' : '.';
    const bool points = any(reads::one_point) > 0, commas = any(reads::one_comma) > 0;
    if (points != commas) {
        // Whoever groups "1.234" groups every thousand; whoever does not has ungrouped ones.
        if (any(reads::large)) return points ? '.' : ',';
        if (any(reads::small)) return points ? ',' : '.';
    }
    return habit.decimal;
}

bool Evidence::as_boolean(Column& column) const {
    for (const auto pair : {reads::si_no, reads::true_false, reads::verdadero_falso, reads::s_n}) {
        if (all(pair) != total_) continue;
        // A column of nothing but "S" or "N" may be an initial.
        if (pair == reads::s_n && (!any(reads::yes) || !any(reads::no))) continue;
        column.type = Type::boolean;
        return true;
    }
    return false;
}

bool Evidence::as_number(Column& column, const Habit& habit) const {
    const char decimal = decimal_of(habit);
    const auto fitting = all(decimal == ',' ? reads::number_comma : reads::number_point);
    if (!enough(fitting, column)) return false;
    column.decimal = decimal;
    const auto whole = all(decimal == ',' ? reads::whole_comma : reads::whole_point);
    column.type = whole == fitting ? Type::integer : Type::numeric;
    note_unit(column, fitting);
    return true;
}

void Evidence::note_unit(Column& column, std::uint64_t fitting) const {
    if (all(reads::percent) == fitting) column.note = "%";
    if (all(reads::currency) == fitting && (all(reads::euro) == fitting || all(reads::euro) == 0))
        column.note = all(reads::euro) ? "€" : "$";
}

bool Evidence::as_moment(Column& column) const {
    struct Reading {
        std::uint32_t bits;
        Type type;
        DateOrder order;
    };
    constexpr std::array<Reading, 7> known = {{{reads::date_dmy, Type::date, DateOrder::dmy},
                                               {reads::date_mdy, Type::date, DateOrder::mdy},
                                               {reads::stamp_dmy, Type::timestamp, DateOrder::dmy},
                                               {reads::stamp_mdy, Type::timestamp, DateOrder::mdy},
                                               {reads::zoned_dmy, Type::timestamp, DateOrder::dmy},
                                               {reads::zoned_mdy, Type::timestamp, DateOrder::mdy},
                                               {reads::time, Type::time, DateOrder::dmy}}};
    const Reading* best = nullptr;  // what all cells are, else what most are, if those are enough
    for (const auto& reading : known) {
        if (!best || all(reading.bits) > all(best->bits)) best = &reading;
    }
    if (!enough(all(best->bits), column)) return false;
    column.type = best->type;
    column.order = any(reads::by_figures) || best->type == Type::time ? best->order : DateOrder::ymd;
    if (best->bits & (reads::zoned_dmy | reads::zoned_mdy)) column.note = "UTC";
    return true;
}

void Evidence::as_chosen(Column& column, const Habit& habit) const {
    if (column.type == Type::integer || column.type == Type::numeric) {
        column.decimal = decimal_of(habit);
        if (const auto fitting = all(column.decimal == ',' ? reads::number_comma : reads::number_point);
            fitting > 0)
            note_unit(column, fitting);
    } else if (column.type == Type::date || column.type == Type::timestamp) {
        const bool day = column.type == Type::date;
        const auto dmy = all(day ? reads::date_dmy : reads::stamp_dmy),
                   mdy = all(day ? reads::date_mdy : reads::stamp_mdy);
        column.order = !any(reads::by_figures) ? DateOrder::ymd : mdy > dmy ? DateOrder::mdy : DateOrder::dmy;
    }
}

void Evidence::decide(Column& column, const Habit& habit) const {
    if (column.chosen) return as_chosen(column, habit);
    column.type = Type::text;
    if (dead_ || total_ == 0) return;
    if (!as_boolean(column) && !as_number(column, habit)) as_moment(column);
}

}  // namespace open_data::ingest
