// What the supervisor answers to the administration's pages, with its refusals as errors of their kind.
#pragma once

#include "kernel/web/own_pages.hpp"

#include <concejo/error.hpp>

#include <string>
#include <string_view>

namespace kernel::web {

inline concejo::ErrorKind kind_named(std::string_view name) {
    using concejo::ErrorKind;
    if (name == "not_found") return ErrorKind::not_found;
    if (name == "forbidden") return ErrorKind::forbidden;
    if (name == "conflict") return ErrorKind::conflict;
    if (name == "unavailable") return ErrorKind::unavailable;
    return name == "internal" ? ErrorKind::internal : ErrorKind::invalid;  // "reload" too: it did not serve
}

/// Throws concejo::Error where the answer is no, or nobody answers.
inline concejo::Json ask_supervisor(const OwnPages& own, const concejo::Json& request) {
    if (!own.supervisor)
        throw concejo::Error(concejo::ErrorKind::unavailable, "aquí no hay ningún servidor que supervise");
    auto answer = own.supervisor(request);
    if (answer.bool_or("ok", false)) return answer;
    throw concejo::Error(kind_named(answer.string_or("kind", "internal")), answer.string_or("error", ""));
}

}  // namespace kernel::web
