// A small JSON value for view models and service messages, so that the SDK depends on nothing.
// Objects keep the order in which their members were set. Integers are int64; money is cents.
#pragma once

#include <concejo/error.hpp>

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace concejo::inline v1 {
namespace detail {

/// How many bytes of a string stand in JSON as they are, before one that does not: a quote, a backslash, a control character.
inline std::size_t plain_length(std::string_view text) noexcept {
    // Eight at a time. What follows the first one of a kind may be marked wrongly, so only the first counts.
    constexpr std::uint64_t each = 0x0101010101010101, high = 0x80 * each;
    constexpr auto zeros = [](std::uint64_t bytes) { return (bytes - each) & ~bytes & high; };
    std::size_t at = 0;
    for (std::uint64_t eight; text.size() - at >= sizeof eight; at += sizeof eight) {
        std::memcpy(&eight, text.data() + at, sizeof eight);
        const auto marked = zeros(eight ^ ('"' * each)) | zeros(eight ^ ('\\' * each)) |
                            ((eight - 0x20 * each) & ~eight & high);
        if (!marked) continue;
        if constexpr (std::endian::native == std::endian::little)
            return at + static_cast<std::size_t>(std::countr_zero(marked)) / 8;
        break;
    }
    const auto plain = [](char c) { return c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20; };
    while (at < text.size() && plain(text[at])) ++at;
    return at;
}

}  // namespace detail

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

    struct Named;  ///< "a", 1: what an object is listed of
    struct Item;   ///< any value: what an array is listed of
    /// Json::object({{"a", 1}, {"b", "x"}}); no argument: `{}`.
    static Json object(std::initializer_list<Named> members);
    static Json object() {
        Json json;
        json.value_ = Object{};
        return json;
    }
    static Json array(std::initializer_list<Item> items);
    static Json array() { return Json(Array{}); }

    bool is_null() const noexcept { return value_.index() == 0; }
    bool is_bool() const noexcept { return value_.index() == 1; }
    bool is_int() const noexcept { return value_.index() == 2; }
    bool is_double() const noexcept { return value_.index() == 3; }
    bool is_number() const noexcept { return is_int() || is_double(); }
    bool is_string() const noexcept { return value_.index() == 4; }
    bool is_array() const noexcept { return value_.index() == 5; }
    bool is_object() const noexcept { return value_.index() == 6; }

    /// The accessors throw Error{invalid} where the value is of another type. What would refer into a value
    /// that is about to end (`for (auto& x : Json::parse(text).as_array())`) does not compile: give it a
    /// name. Single members and strings of such a value are copied out.
    bool as_bool() const { return get<bool>("a boolean"); }
    std::int64_t as_int() const { return get<std::int64_t>("an integer"); }
    double as_double() const { return is_int() ? static_cast<double>(as_int()) : get<double>("a number"); }
    const std::string& as_string() const& { return get<std::string>("a string"); }
    std::string as_string() const&& { return get<std::string>("a string"); }
    const Array& as_array() const& { return get<Array>("an array"); }
    const Object& as_object() const& { return get<Object>("an object"); }
    Array& as_array() & { return const_cast<Array&>(std::as_const(*this).as_array()); }
    Object& as_object() & { return const_cast<Object&>(std::as_const(*this).as_object()); }
    const Array& as_array() const&& = delete;
    const Object& as_object() const&& = delete;

    /// The member's value, or nullptr where there is none or this is no object.
    const Json* find(std::string_view key) const&& = delete;
    const Json* find(std::string_view key) const& noexcept {
        if (const auto* object = std::get_if<Object>(&value_)) {
            for (const auto& [name, value] : *object) {
                if (name == key) return &value;
            }
        }
        return nullptr;
    }
    bool contains(std::string_view key) const noexcept { return find(key) != nullptr; }

    /// Null where the member is missing.
    const Json& operator[](std::string_view key) const& noexcept {
        static const Json null;
        const Json* found = find(key);
        return found ? *found : null;
    }
    Json operator[](std::string_view key) const&& { return (*this)[key]; }
    /// Adds the member where it is missing; turns null into an object.
    Json& operator[](std::string_view key) & {
        if (is_null()) value_ = Object{};
        for (auto& [name, value] : as_object()) {
            if (name == key) return value;
        }
        auto& object = as_object();
        object.emplace_back(std::string(key), Json{});
        return object.back().second;
    }
    Json at(std::string_view key) const&& { return at(key); }
    const Json& at(std::string_view key) const& {
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
        while (!text.empty()) {
            const auto plain = detail::plain_length(text);
            out.append(text.data(), plain);
            if (plain == text.size()) break;
            const char c = text[plain];
            text.remove_prefix(plain + 1);
            switch (c) {
                case '"':
                    out += "\\\"";
                    break;
                case '\\':
                    out += "\\\\";
                    break;
                case '\n':
                    out += "\\n";
                    break;
                case '\r':
                    out += "\\r";
                    break;
                case '\t':
                    out += "\\t";
                    break;
                default:
                    out += "\\u00";
                    out += hex[c >> 4];
                    out += hex[c & 15];
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
            case 0:
                out += "null";
                break;
            case 1:
                out += std::get<bool>(value_) ? "true" : "false";
                break;
            case 2: {
                const auto end =
                    std::to_chars(number, number + sizeof number, std::get<std::int64_t>(value_)).ptr;
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
            case 4:
                write_string(out, std::get<std::string>(value_));
                break;
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

// A list's elements are constants: without `mutable` whole trees would be copied at every level.
struct Json::Named {
    mutable std::string name;
    mutable Json value;
};
struct Json::Item {
    template <class T>
    requires(std::is_constructible_v<Json, T> && !std::is_same_v<std::remove_cvref_t<T>, Item>) Item(T&& from)
        : value(std::forward<T>(from)) {}
    mutable Json value;
};

inline Json Json::object(std::initializer_list<Named> members) {
    Object made;
    made.reserve(members.size());
    for (const auto& member : members) made.emplace_back(std::move(member.name), std::move(member.value));
    Json json;
    json.value_ = std::move(made);
    return json;
}

inline Json Json::array(std::initializer_list<Item> items) {
    Array made;
    made.reserve(items.size());
    for (const auto& item : items) made.push_back(std::move(item.value));
    return Json(std::move(made));
}

}  // namespace concejo::inline v1

#include <concejo/detail/json_reader.hpp>
