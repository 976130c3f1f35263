// Reading values that the database is known to hold well formed.
#pragma once

#include <concejo/error.hpp>

#include <optional>
#include <vector>

namespace sede::sql {

/// The value, or Error{internal}: a column's constraint should have kept anything else out.
template <class T>
T need(std::optional<T> value) {
    if (!value)
        throw concejo::Error(concejo::ErrorKind::internal, "la base de datos guarda un valor con otra forma");
    return *std::move(value);
}

template <class T>
std::optional<T> first(std::vector<T> found) {
    return found.empty() ? std::optional<T>() : std::optional<T>(std::move(found.front()));
}

}  // namespace sede::sql
