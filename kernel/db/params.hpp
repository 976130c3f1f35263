// Parameters of one statement, sent apart from its text ($1, $2 …).
#pragma once

#include <concejo/json.hpp>

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace kernel::db {

/// Bytes for a bytea column: Params(Bytes{hash}).
struct Bytes {
    std::string_view data;
};

/// Params(id, name, 3, true, std::nullopt, Bytes{hash}, json). Owns copies of its values.
class Params {
public:
    struct Value {
        std::string data;
        bool null = false;
        bool binary = false;
    };

    Params() = default;
    template <class... Args>
    requires(sizeof...(Args) > 0 &&
             !(sizeof...(Args) == 1 && (std::is_same_v<std::decay_t<Args>, Params> && ...))) explicit(false)
        Params(Args&&... args) {
        values_.reserve(sizeof...(args));
        (add(std::forward<Args>(args)), ...);
    }

    Params& text(std::string_view value) { return values_.push_back({std::string(value)}), *this; }
    Params& null() { return values_.push_back({{}, true}), *this; }
    Params& bytes(std::string_view value) {
        return values_.push_back({std::string(value), false, true}), *this;
    }

    Params& add(std::string_view value) { return text(value); }
    Params& add(const std::string& value) { return text(value); }
    Params& add(const char* value) { return text(value); }
    Params& add(std::nullopt_t) { return null(); }
    Params& add(std::nullptr_t) { return null(); }
    Params& add(Bytes value) { return bytes(value.data); }
    Params& add(const concejo::Json& value) { return text(value.dump()); }
    Params& add(bool value) { return text(value ? "t" : "f"); }
    template <class N>
    requires(std::is_arithmetic_v<N> && !std::is_same_v<N, bool>) Params& add(N value) {
        char digits[48];
        return text({digits, std::to_chars(digits, digits + sizeof digits, value).ptr});
    }
    template <class T>
    Params& add(const std::optional<T>& value) {
        return value ? add(*value) : null();
    }

    const std::vector<Value>& values() const noexcept { return values_; }

private:
    std::vector<Value> values_;
};

/// PostgreSQL's text form of an array of texts: {"a","b \"c\""}. For parameters of type text[].
std::string text_array(const std::vector<std::string>& items);
/// The reverse, for a text[] column as the server writes it. NULL elements become empty texts.
std::vector<std::string> parse_text_array(std::string_view text);

}  // namespace kernel::db
