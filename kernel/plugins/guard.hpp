// The host's half of guard(): no exception leaves a table's function; a plugin's status becomes an exception.
#pragma once

#include <concejo/abi.h>
#include <concejo/error.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace kernel::plugins {

/// The text of the last failure on this thread, whichever side it was on.
inline std::string& last_error() {
    thread_local std::string text;
    return text;
}

inline std::string_view view(concejo_str text) {
    return text.size ? std::string_view(text.data, text.size) : std::string_view();
}
inline std::string string(concejo_str text) { return std::string(view(text)); }
inline concejo_str c_str(std::string_view text) { return {text.data(), text.size()}; }

template <class F>
concejo_status host_guard(F&& body) noexcept {
    try {
        std::forward<F>(body)();
        return CONCEJO_OK;
    } catch (const concejo::Error& error) {
        last_error() = error.what();
        return static_cast<concejo_status>(error.kind());
    } catch (const std::exception& error) {
        last_error() = error.what();
        return CONCEJO_INTERNAL;
    }
}

/// Throws what the plugin left with set_error().
inline void raise(concejo_status status) {
    if (status == CONCEJO_OK) return;
    const bool known = status >= CONCEJO_INVALID && status <= CONCEJO_INTERNAL;
    throw concejo::Error(known ? static_cast<concejo::ErrorKind>(status) : concejo::ErrorKind::internal,
                         last_error());
}

/// Collects what a sink is given.
struct Collected {
    std::string text;
    static void sink(void* context, concejo_str piece) {
        static_cast<Collected*>(context)->text.append(view(piece));
    }
};

}  // namespace kernel::plugins
