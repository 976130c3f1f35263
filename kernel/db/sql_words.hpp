// The words of an SQL text, without its comments and literals.
#pragma once

#include "kernel/base/text.hpp"

#include <concejo/error.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace kernel::db {

/// Walks over the text, skipping comments and literals, and hands out words and quoted names.
class SqlWords {
public:
    explicit SqlWords(std::string_view sql) : sql_(sql) {}

    /// Lower case; "\"" first for a quoted name, ";" for a separator; empty at the end.
    std::string next() {
        while (at_ < sql_.size()) {
            const char c = sql_[at_];
            if (starts("--"))
                at_ = std::min(sql_.find('\n', at_), sql_.size());
            else if (starts("/*"))
                comment();
            else if (c == '\'')
                literal(at_ > 0 && (sql_[at_ - 1] == 'e' || sql_[at_ - 1] == 'E'));
            else if (c == '"')
                return quoted();
            else if (c == '$' && dollar())
                continue;
            else if (word_char(c))
                return word();
            else if (++at_; c == ';')
                return ";";
        }
        return {};
    }

private:
    static bool word_char(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '$' || (c & 0x80);
    }
    bool starts(std::string_view what) const { return sql_.substr(at_, what.size()) == what; }
    void comment() {  // PostgreSQL's nest
        int depth = 0;
        do {
            if (starts("/*"))
                ++depth, at_ += 2;
            else if (starts("*/"))
                --depth, at_ += 2;
            else
                ++at_;
        } while (depth > 0 && at_ < sql_.size());
    }
    void literal(bool escapes) {
        for (++at_; at_ < sql_.size() && sql_[at_] != '\''; ++at_) {
            if (escapes && sql_[at_] == '\\') ++at_;
        }
        ++at_;  // '' inside is two literals side by side: the same to us
    }
    std::string quoted() {
        const auto end = std::min(sql_.find('"', at_ + 1), sql_.size());
        const std::string name = "\"" + std::string(sql_.substr(at_ + 1, end - at_ - 1));
        at_ = end + 1;
        return name;
    }
    bool dollar() {  // $tag$ … $tag$, but not $1
        auto end = at_ + 1;
        while (end < sql_.size() && word_char(sql_[end]) && sql_[end] != '$') ++end;
        if (end >= sql_.size() || sql_[end] != '$' || (sql_[at_ + 1] >= '0' && sql_[at_ + 1] <= '9'))
            return false;
        const auto tag = sql_.substr(at_, end - at_ + 1);
        const auto close = sql_.find(tag, end + 1);
        at_ = close == std::string_view::npos ? sql_.size() : close + tag.size();
        return true;
    }
    std::string word() {
        const auto from = at_;
        while (at_ < sql_.size() && word_char(sql_[at_])) ++at_;
        auto text = base::lower_ascii(sql_.substr(from, at_ - from));
        if (text == "u" && starts("&"))
            throw concejo::Error(concejo::ErrorKind::invalid,
                                 "sentencia SQL rechazada: las formas U&'…' y U&\"…\" no se admiten");
        return text;
    }

    std::string_view sql_;
    std::size_t at_ = 0;
};

}  // namespace kernel::db
