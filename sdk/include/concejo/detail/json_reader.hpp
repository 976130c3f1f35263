// Reads RFC 8259 text into a Json. Part of json.hpp.
#pragma once

#include <concejo/json.hpp>

#include <cstdlib>

namespace concejo::inline v1 {
namespace detail {

class JsonReader {
public:
    explicit JsonReader(std::string_view text) : text_(text) {}

    Json document() {
        Json value = read(0);
        skip_space();
        if (at_ != text_.size()) fail("text after the document");
        return value;
    }

private:
    [[noreturn]] void fail(const char* what) const {
        throw Error(ErrorKind::invalid, std::string("JSON: ") + what + " at byte " + std::to_string(at_));
    }
    void skip_space() {
        while (at_ < text_.size() &&
               (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
            ++at_;
    }
    char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    bool take(char wanted) {
        skip_space();
        if (peek() != wanted || at_ >= text_.size()) return false;
        ++at_;
        return true;
    }
    void word(std::string_view wanted) {
        if (text_.substr(at_, wanted.size()) != wanted) fail("unexpected text");
        at_ += wanted.size();
    }

    Json read(int depth) {
        if (depth > 64) fail("nested more than 64 levels");
        skip_space();
        switch (peek()) {
            case '{':
                return object(depth);
            case '[':
                return array(depth);
            case '"':
                return Json(string());
            case 't':
                word("true");
                return Json(true);
            case 'f':
                word("false");
                return Json(false);
            case 'n':
                word("null");
                return Json();
            default:
                return number();
        }
    }

    Json object(int depth) {
        Json result = Json::object();
        ++at_;
        if (take('}')) return result;
        result.as_object().reserve(8);
        do {
            skip_space();
            if (peek() != '"') fail("expected a member's name");
            std::string key = string();
            if (!take(':')) fail("expected ':'");
            if (result.contains(key)) fail("duplicate member");
            result.as_object().emplace_back(std::move(key), read(depth + 1));
        } while (take(','));
        if (!take('}')) fail("expected ',' or '}'");
        return result;
    }

    Json array(int depth) {
        Json result = Json::array();
        ++at_;
        if (take(']')) return result;
        do result.push_back(read(depth + 1));
        while (take(','));
        if (!take(']')) fail("expected ',' or ']'");
        return result;
    }

    Json number() {
        const std::size_t start = at_;
        const auto digits = [this] {
            const std::size_t from = at_;
            while (peek() >= '0' && peek() <= '9') ++at_;
            if (from == at_) fail("expected a value");
        };
        if (peek() == '-') ++at_;
        const std::size_t first = at_;
        digits();
        if (text_[first] == '0' && at_ - first > 1) fail("number with a leading zero");
        bool integer = true;
        if (peek() == '.') {
            integer = false;
            ++at_;
            digits();
        }
        if (peek() == 'e' || peek() == 'E') {
            integer = false;
            ++at_;
            if (peek() == '+' || peek() == '-') ++at_;
            digits();
        }
        const char* begin = text_.data() + start;
        const char* end = text_.data() + at_;
        if (integer) {
            std::int64_t value = 0;
            if (std::from_chars(begin, end, value).ec == std::errc{})
                return Json(static_cast<long long>(value));
        }
        const double value = to_double(begin, end);
        if (!std::isfinite(value)) fail("number out of range");
        return Json(value);
    }

    static double to_double(const char* begin, const char* end) {
#if defined(__cpp_lib_to_chars)
        double value = 0;
        return std::from_chars(begin, end, value).ec == std::errc{} ? value : HUGE_VAL;
#else  // libc++ 14 has no floating from_chars; the kernel never leaves the C locale
        return std::strtod(std::string(begin, end).c_str(), nullptr);
#endif
    }

    unsigned hex4() {
        unsigned value = 0;
        const auto digits = text_.substr(at_, 4);
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
        if (error != std::errc{} || end != digits.data() + 4) fail("bad \\u escape");
        at_ += 4;
        return value;
    }

    static void append_utf8(std::string& out, unsigned code) {
        const auto put = [&out](unsigned byte) { out += static_cast<char>(byte); };
        if (code < 0x80) {
            put(code);
        } else if (code < 0x800) {
            put(0xC0 | (code >> 6));
            put(0x80 | (code & 0x3F));
        } else if (code < 0x10000) {
            put(0xE0 | (code >> 12));
            put(0x80 | ((code >> 6) & 0x3F));
            put(0x80 | (code & 0x3F));
        } else {
            put(0xF0 | (code >> 18));
            put(0x80 | ((code >> 12) & 0x3F));
            put(0x80 | ((code >> 6) & 0x3F));
            put(0x80 | (code & 0x3F));
        }
    }

    void escape(std::string& out) {
        switch (const char c = peek(); ++at_, c) {
            case '"':
            case '\\':
            case '/':
                out += c;
                break;
            case 'b':
                out += '\b';
                break;
            case 'f':
                out += '\f';
                break;
            case 'n':
                out += '\n';
                break;
            case 'r':
                out += '\r';
                break;
            case 't':
                out += '\t';
                break;
            case 'u': {
                unsigned code = hex4();
                if (code >= 0xDC00 && code < 0xE000) fail("lone surrogate");
                if (code >= 0xD800 && code < 0xDC00) {
                    if (text_.substr(at_, 2) != "\\u") fail("lone surrogate");
                    at_ += 2;
                    const unsigned low = hex4();
                    if (low < 0xDC00 || low >= 0xE000) fail("lone surrogate");
                    code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                }
                append_utf8(out, code);
                break;
            }
            default:
                fail("unknown escape");
        }
    }

    std::string string() {
        std::string out;
        for (++at_; at_ < text_.size();) {
            const auto plain = plain_length(text_.substr(at_));
            out.append(text_.data() + at_, plain);
            at_ += plain;
            if (at_ == text_.size()) break;
            const char c = text_[at_++];
            if (c == '"') return out;
            if (c != '\\') --at_, fail("control character in a string");
            escape(out);
        }
        fail("unfinished string");
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace detail

inline Json Json::parse(std::string_view text) { return detail::JsonReader(text).document(); }

}  // namespace concejo::inline v1
