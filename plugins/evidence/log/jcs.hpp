// Canonical JSON (RFC 8785, JCS): the one text that a value has, so that its hash means the value.
#pragma once

#include <concejo/json.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace evidence::log {

/// Members in the order of their names' UTF-16 units, numbers as ECMAScript writes them. Throws
/// Error{invalid} for what I-JSON does not hold: text that is not UTF-8, integers that a double does not,
/// numbers without value.
std::string canonical(const concejo::Json& value);

/// The value of a text that is already canonical; nothing for any other.
std::optional<concejo::Json> parse_canonical(std::string_view text);

/// Number::toString of ECMA-262. Throws Error{invalid} unless it is finite.
std::string ecmascript_number(double value);

}  // namespace evidence::log
