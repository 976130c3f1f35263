#include "kernel/db/statement.hpp"

#include "kernel/base/text.hpp"

#include <concejo/error.hpp>

#include <algorithm>
#include <array>
#include <string>

namespace kernel::db {
namespace {

constexpr std::array<std::string_view, 10> allowed{"select", "with",   "values", "table", "insert",
                                                   "update", "delete", "merge",  "lock",  "explain"};
constexpr std::array<std::string_view, 9> forbidden{"set_config",
                                                    "pg_advisory_lock",
                                                    "pg_advisory_lock_shared",
                                                    "pg_try_advisory_lock",
                                                    "pg_try_advisory_lock_shared",
                                                    "pg_terminate_backend",
                                                    "pg_cancel_backend",
                                                    "pg_reload_conf",
                                                    "dblink_connect"};

[[noreturn]] void refuse(const std::string& why) {
    throw concejo::Error(concejo::ErrorKind::invalid, "sentencia SQL rechazada: " + why);
}

bool word_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || (c & 0x80);
}

/// Walks over the text, skipping comments and literals, and hands out words and quoted names.
class Scanner {
public:
    explicit Scanner(std::string_view sql) : sql_(sql) {}

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
        if (text == "u" && starts("&")) refuse("las formas U&'…' y U&\"…\" no se admiten");
        return text;
    }

    std::string_view sql_;
    std::size_t at_ = 0;
};

}  // namespace

void check_statement(std::string_view sql, bool copy) {
    Scanner scanner(sql);
    const std::string first = scanner.next();
    const bool fits =
        copy ? first == "copy" : std::find(allowed.begin(), allowed.end(), first) != allowed.end();
    if (!fits)
        refuse("empieza por '" + first.substr(0, 40) +
               (copy ? "'; aquí va un COPY" : "'; solo consultas y cambios de datos"));
    bool ended = false;
    for (std::string token = scanner.next(); !token.empty(); token = scanner.next()) {
        if (ended) refuse("hay más de una");
        ended = token == ";";
        const auto name = token.front() == '"' ? std::string_view(token).substr(1) : std::string_view(token);
        if (std::find(forbidden.begin(), forbidden.end(), name) != forbidden.end())
            refuse("usa " + std::string(name) + ", que cambia la sesión");
        if (copy && name == "program") refuse("COPY … PROGRAM no se admite");
    }
}

}  // namespace kernel::db
