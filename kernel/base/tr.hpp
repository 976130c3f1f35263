// Messages of the command line in the caller's language: the Spanish text is the key, as everywhere.
// What nobody translates (a worker, a test, a log line) stays Spanish.
#pragma once

#include <fmt/format.h>

#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace kernel::base {

/// Spanish → the caller's language. Like gettext's, one for the process: messages are born deep in the
/// kernel, and a command speaks to one person. Set by main() before any thread starts; empty: Spanish.
using Translator = std::function<std::string(std::string_view spanish)>;
void set_translator(Translator translator);

/// A text that is known only now, for instance from a table marked with N_.
std::string translated(std::string_view spanish);

/// `spanish` translated, then its {0}, {1} … filled in. It is a literal: the build's gate extracts it, and
/// the compiler checks it against the values; the gate checks that translations keep the placeholders.
template <class... T>
std::string tr(fmt::format_string<T...> spanish, T&&... values) {
    const fmt::string_view text = spanish;
    return fmt::vformat(translated({text.data(), text.size()}), fmt::make_format_args(values...));
}

/// Marks a text that is translated later, where it is shown.
constexpr const char* N_(const char* spanish) { return spanish; }

}  // namespace kernel::base
