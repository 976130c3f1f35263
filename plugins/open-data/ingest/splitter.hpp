// Delimited text to cells (RFC 4180, and what programs write that have not read it).
//
// A cell that begins with a quote, blanks before it aside, reaches to the next quote that is not doubled;
// what stands between that one and the delimiter is part of the cell as it is. Elsewhere quotes are letters.
// Where the closing quote does not come within max_row bytes the line is a faulty row of its own and reading
// goes on in the line after it.
#pragma once

#include "plugins/open-data/ingest/encoding.hpp"
#include "plugins/open-data/ingest/source.hpp"

#include <memory>
#include <vector>

namespace open_data::ingest {

struct Dialect {
    char delimiter = 0;  ///< 0: one column
    char quote = '"';    ///< 0: none
    bool backslash = false;
    char newline = '\n';  ///< with '\n' a '\r' before it is no part of the cell
};
Dialect dialect_of(const Recipe&);

/// Where the cells of one row lie that do not lie in the file as they are. Nothing moves until clear().
class RowArena {
public:
    void clear() {
        if (blocks_.size() > 1) blocks_.erase(blocks_.begin(), blocks_.end() - 1);
        free_ = blocks_.empty() ? nullptr : blocks_.back().get();
    }
    /// At least `size` bytes to write to; taken by take().
    char* room(std::size_t size);
    std::string_view take(char* end) {
        const std::string_view taken(free_, static_cast<std::size_t>(end - free_));
        free_ = end;
        return taken;
    }

private:
    std::vector<std::unique_ptr<char[]>> blocks_;
    char* free_ = nullptr;
    char* end_ = nullptr;  // of the last block
};

class Splitter {
public:
    enum class State { row, more, end };

    /// Cells that are not `clean` UTF-8 are converted from `encoding`, which is not UTF-16.
    Splitter(const Dialect&, Encoding encoding, bool clean);

    /// What is still to be split, from rest() on, with more behind it. `last`: nothing follows.
    void feed(std::string_view window, bool last);
    std::string_view rest() const { return {at_, static_cast<std::size_t>(end_ - at_)}; }

    /// `more`: feed() is wanted. A window of 2 · max_row is always enough.
    State next(Row&);
    /// Whether the last row was one cell that stood between quotes.
    bool was_quoted_line() const { return cells_.size() == 1 && quoted_; }
    void start_at_line(std::uint64_t line) { line_ = line; }

private:
    enum class Cut { delimiter, newline, end, more, unclosed };
    const char* find(const char* from) const;
    Cut cut_after(const char* stop) const;
    Cut plain(const char*& at);
    Cut quoted(const char*& at, const char* open);
    const char* closing(const char* from, bool& escapes, bool& cut) const;
    std::string_view unescaped(std::string_view inside, std::string_view after);
    void add(const char* begin, const char* end);
    void add(std::string_view cell);
    State finish(const char* at, bool newline, Row&);
    State fault(Fault, const char* resume, Row&);
    bool skip_line();
    std::string_view clean(std::string_view cell);

    Dialect dialect_;
    Encoding encoding_;
    bool clean_;
    const char* at_ = nullptr;
    const char* end_ = nullptr;
    bool last_ = false;
    bool quoted_ = false, skipping_ = false;
    Fault fault_ = Fault::none;
    std::uint64_t line_ = 1;
    std::vector<std::string_view> cells_;
    RowArena arena_;
};

/// Without outer blanks (no-break spaces too). Valid UTF-8.
std::string_view trimmed(std::string_view);

}  // namespace open_data::ingest
