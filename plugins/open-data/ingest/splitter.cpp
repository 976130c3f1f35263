#include "plugins/open-data/ingest/splitter.hpp"

#include <emmintrin.h>

#include <algorithm>
#include <cstring>

namespace open_data::ingest {
namespace {

constexpr std::size_t arena_block = std::size_t{16} << 10;

std::size_t newlines_in(const char* from, const char* to, char newline) {
    return static_cast<std::size_t>(std::count(from, to, newline));
}

}  // namespace

Dialect dialect_of(const Recipe& recipe) {
    return {recipe.delimiter, recipe.quote, recipe.backslash, recipe.newline};
}

std::string_view trimmed(std::string_view text) {
    for (;;) {
        if (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') {
            text.remove_suffix(1);
        } else if (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') {
            text.remove_prefix(1);
        } else if (text.size() >= 2 && text.substr(text.size() - 2) == "\xC2\xA0") {
            text.remove_suffix(2);
        } else if (text.size() >= 2 && text.substr(0, 2) == "\xC2\xA0") {
            text.remove_prefix(2);
        } else {
            return text;
        }
    }
}

char* RowArena::room(std::size_t size) {
    if (!free_ || static_cast<std::size_t>(end_ - free_) < size) {
        const auto block = std::max(size, arena_block);
        blocks_.emplace_back(new char[block]);
        free_ = blocks_.back().get();
        end_ = free_ + block;
    }
    return free_;
}

Splitter::Splitter(const Dialect& dialect, Encoding encoding, bool clean)
    : dialect_(dialect), encoding_(encoding), clean_(clean) {}

void Splitter::feed(std::string_view window, bool last) {
    at_ = window.data();
    end_ = at_ + window.size();
    last_ = last;
}

/// The next delimiter or newline, or the end.
inline const char* Splitter::find(const char* from) const {
    const char delimiter = dialect_.delimiter ? dialect_.delimiter : dialect_.newline;
    const __m128i delimiters = _mm_set1_epi8(delimiter), newlines = _mm_set1_epi8(dialect_.newline);
    for (; end_ - from >= 16; from += 16) {
        const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
        const int found = _mm_movemask_epi8(
            _mm_or_si128(_mm_cmpeq_epi8(block, delimiters), _mm_cmpeq_epi8(block, newlines)));
        if (found) return from + __builtin_ctz(static_cast<unsigned>(found));
    }
    while (from < end_ && *from != delimiter && *from != dialect_.newline) ++from;
    return from;
}

inline Splitter::Cut Splitter::cut_after(const char* stop) const {
    if (stop == end_) return last_ ? Cut::end : Cut::more;
    return *stop == dialect_.newline ? Cut::newline : Cut::delimiter;
}

inline Splitter::Cut Splitter::plain(const char*& at) {
    const char* begin = at;
    at = find(at);
    const Cut cut = cut_after(at);
    if (cut != Cut::more) add(begin, at);
    return cut;
}

/// The quote that closes; nullptr where there is none. `cut`: it may be the first of two, the other not being
/// there yet.
const char* Splitter::closing(const char* from, bool& escapes, bool& cut) const {
    const char* limit = end_ - from > static_cast<std::ptrdiff_t>(max_row) ? from + max_row : end_;
    const char* begin = from;
    while (from < limit) {
        const auto* quote = static_cast<const char*>(
            std::memchr(from, dialect_.quote, static_cast<std::size_t>(limit - from)));
        if (!quote) return nullptr;
        std::ptrdiff_t slashes = 0;
        while (dialect_.backslash && quote - slashes > begin && quote[-1 - slashes] == '\\') ++slashes;
        const bool doubled = quote + 1 < end_ && quote[1] == dialect_.quote;
        if (slashes % 2 == 0 && !doubled) {
            cut = quote + 1 == end_ && !last_;
            return quote;
        }
        escapes = true;
        from = quote + (slashes % 2 ? 1 : 2);
    }
    return nullptr;
}

std::string_view Splitter::unescaped(std::string_view inside, std::string_view after) {
    char* out = arena_.room(inside.size() + after.size());
    for (std::size_t i = 0; i < inside.size(); ++i) {
        const char c = inside[i];
        const bool follows = i + 1 < inside.size();
        if (follows && c == dialect_.quote && inside[i + 1] == c) ++i;
        if (follows && dialect_.backslash && c == '\\' &&
            (inside[i + 1] == dialect_.quote || inside[i + 1] == c))
            ++i;
        *out++ = inside[i];
    }
    return arena_.take(std::copy(after.begin(), after.end(), out));
}

Splitter::Cut Splitter::quoted(const char*& at, const char* open) {
    bool escapes = false, cut = false;
    const char* close = closing(open + 1, escapes, cut);
    if (cut) return Cut::more;
    if (!close)
        return last_ || end_ - open > static_cast<std::ptrdiff_t>(max_row) ? Cut::unclosed : Cut::more;
    const char* stop = find(close + 1);
    const Cut next = cut_after(stop);
    if (next == Cut::more) return next;
    quoted_ = true;
    const std::string_view inside(open + 1, static_cast<std::size_t>(close - open - 1));
    const auto after = trimmed({close + 1, static_cast<std::size_t>(stop - close - 1)});
    if (escapes || !after.empty()) {
        const bool fits =
            static_cast<std::size_t>(stop - at_) <= max_row;  // else the row is a fault, whatever is in it
        add(fits ? unescaped(inside, after) : inside);
    } else {
        add(inside);
    }
    at = stop;
    return next;
}

inline void Splitter::add(const char* begin, const char* end) {
    add(std::string_view(begin, static_cast<std::size_t>(end - begin)));
}

inline void Splitter::add(std::string_view cell) {
    if (cell.size() > max_cell) fault_ = Fault::cell_too_large;
    if (cells_.size() == max_columns) {
        // Blanks at the end of a row are none, however many.
        if (!trimmed(cell).empty()) fault_ = Fault::too_many_columns;
        return;
    }
    cells_.push_back(cell);
}

inline std::string_view Splitter::clean(std::string_view cell) {
    const bool in_window = cell.data() >= at_ && cell.data() < end_;
    if (!clean_ && needs_conversion(cell, in_window ? end_ : cell.data() + cell.size())) {
        char* const out = arena_.room(most_utf8(cell.size()));
        cell = arena_.take(to_utf8(encoding_, cell, out));
    }
    const auto front = static_cast<unsigned char>(cell.front()),
               back = static_cast<unsigned char>(cell.back());
    return front > ' ' && back > ' ' && front != 0xC2 && back != 0xA0 ? cell : trimmed(cell);
}

Splitter::State Splitter::fault(Fault what, const char* resume, Row& row) {
    row = {line_, {}, what};
    cells_.clear();
    line_ += newlines_in(at_, resume, dialect_.newline);
    at_ = resume;
    return State::row;
}

Splitter::State Splitter::finish(const char* at, bool newline, Row& row) {
    if (static_cast<std::size_t>(at - at_) > max_row) fault_ = Fault::row_too_large;
    const char* resume = at + (newline ? 1 : 0);
    if (fault_ != Fault::none) return fault(fault_, resume, row);
    for (auto& cell : cells_) {
        if (!cell.empty()) cell = clean(cell);
    }
    row = {line_, cells_, Fault::none};
    line_ += quoted_ ? newlines_in(at_, resume, dialect_.newline) : 1;
    at_ = resume;
    return State::row;
}

/// To the line after one that is too long; false where its end has not been seen.
bool Splitter::skip_line() {
    const auto* stop =
        static_cast<const char*>(std::memchr(at_, dialect_.newline, static_cast<std::size_t>(end_ - at_)));
    at_ = stop ? stop + 1 : end_;
    if (stop) ++line_;
    skipping_ = !stop && !last_;
    return !skipping_;
}

Splitter::State Splitter::next(Row& row) {
    if (skipping_ && !skip_line()) return State::more;
    if (at_ == end_) return last_ ? State::end : State::more;
    cells_.clear();
    arena_.clear();
    fault_ = Fault::none;
    quoted_ = false;
    for (const char* at = at_;;) {
        const char* open = at;
        while (open < end_ && *open == ' ') ++open;
        const bool opens = open < end_ && *open == dialect_.quote && dialect_.quote;
        const Cut cut = opens ? quoted(at, open) : plain(at);
        if (cut == Cut::delimiter) {
            ++at;
        } else if (cut == Cut::newline || cut == Cut::end) {
            return finish(at, cut == Cut::newline, row);
        } else if (cut == Cut::unclosed) {
            const auto* stop = static_cast<const char*>(
                std::memchr(at, dialect_.newline, static_cast<std::size_t>(end_ - at)));
            skipping_ = !stop && !last_;
            return fault(Fault::unclosed_quote, stop ? stop + 1 : end_, row);
        } else if (static_cast<std::size_t>(end_ - at_) > max_row + max_cell) {
            skipping_ = true;
            const auto line = line_;
            const auto state = fault(Fault::row_too_large, end_, row);
            row.line = line;
            return state;
        } else {
            return State::more;
        }
    }
}

}  // namespace open_data::ingest
