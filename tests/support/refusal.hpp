// What a call is refused with.
#pragma once

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

namespace tests {

/// The kind of the concejo::Error that `work` throws; the test fails where it throws none.
template <class F>
concejo::ErrorKind kind_of(F&& work) {
    try {
        work();
    } catch (const concejo::Error& error) {
        return error.kind();
    }
    FAIL("it was allowed");
    return {};
}

}  // namespace tests
