// A small JSON value for view models and service messages, so that the SDK depends on nothing.
// Objects keep the order in which their members were set. Integers are int64; money is cents.
#pragma once

#include <concejo/error.hpp>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace concejo::inline v1 {

class Json {
public:
    using Array = std::vector<Json>;
    using Member = std::pair<std::string, Json>;
    using Object = std::vector<Member>;

    Json() = default;  ///< null
    Json(std::nullptr_t) {}
    Json(bool value) : value_(value) {}
    Json(int value) : value_(static_cast<std::int64_t>(value)) {}
    Json(unsigned value) : value_(static_cast<std::int64_t>(value)) {}
    Json(long value) : value_(static_cast<std::int64_t>(value)) {}
    Json(long long value) : value_(static_cast<std::int64_t>(value)) {}
    Json(unsigned long value) : value_(static_cast<std::int64_t>(value)) {}
    Json(double value) : value_(value) {}
    Json(const char* value) : value_(std::string(value)) {}
    Json(std::string_view value) : value_(std::string(value)) {}
    Json(std::string value) : value_(std::move(value)) {}
    Json(Array value) : value_(std::move(value)) {}

    /// Json::object({{"a", 1}, {"b", "x"}}); no argument: `{}`.
    static Json object(std::initializer_list<Member> members = {}) {
        Json json;
        json.value_ = Object(members);
        return json;
    }
    static Json array(std::initializer_list<Json> items = {}) { return Json(Array(items)); }

    bool is_null() const noexcept { return value_.index() == 0; }
    bool is_bool() const noexcept { return value_.index() == 1; }
    bool is_int() const noexcept { return value_.index() == 2; }
    bool is_double() const noexcept { return value_.index() == 3; }
    bool is_number() const noexcept { return is_int() || is_double(); }
    bool is_string() const noexcept { return value_.index() == 4; }
    bool is_array() const noexcept { return value_.index() == 5; }
    bool is_object() const noexcept { return value_.index() == 6; }

    /// The accessors throw Error{invalid} where the value is of another type.
    bool as_bool() const { return get<bool>("a boolean"); }
    std::int64_t as_int() const { return get<std::int64_t>("an integer"); }
    double as_double() const { return is_int() ? static_cast<double>(as_int()) : get<double>("a number"); }
    const std::string& as_string() const { return get<std::string>("a string"); }
    const Array& as_array() const { return get<Array>("an array"); }
    const Object& as_object() const { return get<Object>("an object"); }
    Array& as_array() { return const_cast<Array&>(std::as_const(*this).as_array()); }
    Object& as_object() { return const_cast<Object&>(std::as_const(*this).as_object()); }

    /// The member's value, or nullptr where there is none or this is no object.
    const Json* find(std::string_view key) const noexcept {
        if (const auto* object = std::get_if<Object>(&value_)) {
            for (const auto& [name, value] : *object) {
                if (name == key) return &value;
            }
        }
        return nullptr;
    }
    bool contains(std::string_view key) const noexcept { return find(key) != nullptr; }

    /// Null where the member is missing.
    const Json& operator[](std::string_view key) const noexcept {
        static const Json null;
        const Json* found = find(key);
        return found ? *found : null;
    }
    /// Adds the member where it is missing; turns null into an object.
    Json& operator[](std::string_view key) {
        if (is_null()) value_ = Object{};
        for (auto& [name, value] : as_object()) {
            if (name == key) return value;
        }
        auto& object = as_object();
        object.emplace_back(std::string(key), Json{});
        return object.back().second;
    }
    const Json& at(std::string_view key) const {
        if (const Json* found = find(key)) return *found;
        throw Error(ErrorKind::invalid, "missing member '" + std::string(key) + "'");
    }

    std::string string_or(std::string_view key, std::string_view otherwise) const {
        const Json* found = find(key);
        return std::string(found && found->is_string() ? std::string_view(found->as_string()) : otherwise);
    }
    std::int64_t int_or(std::string_view key, std::int64_t otherwise) const {
        const Json* found = find(key);
        return found && found->is_int() ? found->as_int() : otherwise;
    }
    bool bool_or(std::string_view key, bool otherwise) const {
        const Json* found = find(key);
        return found && found->is_bool() ? found->as_bool() : otherwise;
    }

    /// Turns null into an array.
    void push_back(Json item) {
        if (is_null()) value_ = Array{};
        as_array().push_back(std::move(item));
    }
    std::size_t size() const noexcept {
        if (is_array()) return std::get<Array>(value_).size();
        return is_object() ? std::get<Object>(value_).size() : 0;
    }
    bool empty() const noexcept { return size() == 0; }

    bool operator==(const Json&) const = default;

    /// RFC 8259 text, UTF-8; compact, or indented by two spaces. Not-a-number becomes null.
    std::string dump(bool pretty = false) const {
        std::string out;
        write(out, pretty ? 0 : -1);
        return out;
    }

    /// Throws Error{invalid} with the byte offset; at most 64 levels deep; refuses duplicate members.
    static Json parse(std::string_view text);

private:
    template <class T>
    const T& get(const char* wanted) const {
        if (const auto* value = std::get_if<T>(&value_)) return *value;
        throw Error(ErrorKind::invalid, std::string("JSON: expected ") + wanted);
    }

    static void write_string(std::string& out, std::string_view text) {
        static constexpr char hex[] = "0123456789abcdef";
        out += '"';
        for (const char c : text) {
            switch (c) {
                case '"': out += "\\\""; break;
                case '\\': out += "\\\\"; break;
                case '\n': out += "\\n"; break;
                case '\r': out += "\\r"; break;
                case '\t': out += "\\t"; break;
                default:
                    if (static_cast<unsigned char>(c) < 0x20) {
                        out += "\\u00";
                        out += hex[c >> 4];
                        out += hex[c & 15];
                    } else {
                        out += c;
                    }
            }
        }
        out += '"';
    }

    static void new_line(std::string& out, int indent) {
        if (indent < 0) return;
        out += '\n';
        out.append(static_cast<std::size_t>(indent) * 2, ' ');
    }

    void write(std::string& out, int indent) const {
        const int inner = indent < 0 ? -1 : indent + 1;
        char number[32];
        switch (value_.index()) {
            case 0: out += "null"; break;
            case 1: out += std::get<bool>(value_) ? "true" : "false"; break;
            case 2: {
                const auto end = std::to_chars(number, number + sizeof number, std::get<std::int64_t>(value_)).ptr;
                out.append(number, end);
                break;
            }
            case 3: {
                const double value = std::get<double>(value_);
                if (!std::isfinite(value)) {
                    out += "null";
                    break;
                }
                out.append(number, std::to_chars(number, number + sizeof number, value).ptr);
                break;
            }
            case 4: write_string(out, std::get<std::string>(value_)); break;
            case 5: {
                out += '[';
                const char* separator = "";
                for (const auto& item : std::get<Array>(value_)) {
                    out += separator;
                    new_line(out, inner);
                    item.write(out, inner);
                    separator = ",";
                }
                if (!empty()) new_line(out, indent);
                out += ']';
                break;
            }
            default: {
                out += '{';
                const char* separator = "";
                for (const auto& [name, value] : std::get<Object>(value_)) {
                    out += separator;
                    new_line(out, inner);
                    write_string(out, name);
                    out += indent < 0 ? ":" : ": ";
                    value.write(out, inner);
                    separator = ",";
                }
                if (!empty()) new_line(out, indent);
                out += '}';
            }
        }
    }

    std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Array, Object> value_{nullptr};
};

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
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
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
            case '{': return object(depth);
            case '[': return array(depth);
            case '"': return Json(string());
            case 't': word("true"); return Json(true);
            case 'f': word("false"); return Json(false);
            case 'n': word("null"); return Json();
            default: return number();
        }
    }

    Json object(int depth) {
        Json result = Json::object();
        ++at_;
        if (take('}')) return result;
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
            if (std::from_chars(begin, end, value).ec == std::errc{}) return Json(static_cast<long long>(value));
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
            case '"': case '\\': case '/': out += c; break;
            case 'b': out += '\b'; break;
            case 'f': out += '\f'; break;
            case 'n': out += '\n'; break;
            case 'r': out += '\r'; break;
            case 't': out += '\t'; break;
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
            default: fail("unknown escape");
        }
    }

    std::string string() {
        std::string out;
        for (++at_; at_ < text_.size();) {
            const char c = text_[at_];
            if (c == '"') return ++at_, out;
            if (static_cast<unsigned char>(c) < 0x20) fail("control character in a string");
            ++at_;
            if (c == '\\') escape(out);
            else out += c;
        }
        fail("unfinished string");
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace detail

inline Json Json::parse(std::string_view text) { return detail::JsonReader(text).document(); }

}  // namespace concejo::inline v1
