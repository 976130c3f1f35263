# Common settings of every target, and concejo_library(): one folder, one library, one test program.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 99)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")
add_compile_options(-Wall -Wextra)
add_compile_definitions(BOOST_DLL_USE_STD_FS BOOST_BIND_GLOBAL_PLACEHOLDERS)

find_program(CCACHE ccache)
if(CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
    set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
    add_link_options(-fuse-ld=mold)
endif()
set(CONCEJO_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize takes them")
if(CONCEJO_SANITIZE)
    add_compile_options(-fsanitize=${CONCEJO_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
    add_link_options(-fsanitize=${CONCEJO_SANITIZE})
endif()
# The preset asan compiles with Clang: half the time, and a second opinion. Its precompiled headers serve whoever has the same
# flags, so all have them.
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    set(CMAKE_CXX_VISIBILITY_PRESET hidden)
    set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
    add_compile_options(-pthread -Wno-missing-field-initializers "$<$<COMPILE_LANGUAGE:CXX>:SHELL:-Xclang -fno-pch-timestamp>")
    if(CONCEJO_SANITIZE)
        add_compile_options(-fno-sanitize=function)  # it cannot be had with coroutines
    endif()
else()
    set(CONCEJO_UNLOADABLE -fno-gnu-unique)  # symbols that would keep a plugin in memory for ever
endif()

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(fmt REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(Catch2 2.13 REQUIRED)
pkg_check_modules(PISTACHE REQUIRED IMPORTED_TARGET libpistache)
pkg_check_modules(PQXX REQUIRED IMPORTED_TARGET libpqxx)
pkg_check_modules(PQ REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(CAIRO REQUIRED IMPORTED_TARGET pangocairo)
find_library(CATCH2_WITH_MAIN Catch2WithMain REQUIRED)

# Where tests find the standards' vectors, official schemas and real files (not ours to ship).
set(CONCEJO_CONFORMANCE "$ENV{CONCEJO_CONFORMANCE}" CACHE PATH "Folder of conformance data")

# The system's headers that most files read are read once for all: a third of the build. Not in the preset debug, where a
# file that forgets one of its own is found.
option(CONCEJO_COMMON_HEADERS "Precompile the system's headers that most files read" ON)
if(CONCEJO_COMMON_HEADERS)
    add_compile_options($<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CXX_COMPILER_ID:GNU>>:-fpch-preprocess>)  # for ccache
    file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/common_headers.cpp CONTENT "int main() {}\n")
    set(common <algorithm> <array> <atomic> <charconv> <chrono> <cstdint> <cstdlib> <cstring> <filesystem> <fstream>
        <functional> <map> <memory> <mutex> <optional> <set> <sstream> <string> <string_view> <thread> <unordered_map>
        <utility> <variant> <vector> <fmt/format.h>)
    add_library(concejo_common_headers STATIC ${CMAKE_BINARY_DIR}/common_headers.cpp)
    target_link_libraries(concejo_common_headers PRIVATE fmt::fmt)
    target_precompile_headers(concejo_common_headers PRIVATE ${common})
    add_executable(concejo_test_headers EXCLUDE_FROM_ALL ${CMAKE_BINARY_DIR}/common_headers.cpp)
    target_link_libraries(concejo_test_headers PRIVATE fmt::fmt)
    target_compile_options(concejo_test_headers PRIVATE -O0)
    target_precompile_headers(concejo_test_headers PRIVATE ${common} <catch2/catch.hpp>)
endif()
function(concejo_read_headers_once target from)
    if(CONCEJO_COMMON_HEADERS)
        target_link_libraries(${target} PRIVATE fmt::fmt)  # it defines what the headers were read with
        target_precompile_headers(${target} REUSE_FROM ${from})
    endif()
endfunction()

# The presets release and asan compile the files of a folder in batches (CMAKE_UNITY_BUILD): half the time, since most of a
# compilation is headers. So two files of one folder give no name two meanings, not even in anonymous namespaces.
# Not in the preset debug.
if(NOT DEFINED CMAKE_UNITY_BUILD_BATCH_SIZE)
    set(CMAKE_UNITY_BUILD_BATCH_SIZE 25)
endif()
if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-Wno-subobject-linkage)  # a batch makes sources look like headers to it
endif()

option(CONCEJO_UNIT_TESTS "Build the test programs in C++ (presets debug and asan)" ON)

# concejo_test(NAME SOURCES... LINK ... [LABELS ...] [TIMEOUT s])
function(concejo_test name)
    if(NOT CONCEJO_UNIT_TESTS)
        return()
    endif()
    cmake_parse_arguments(T "" "TIMEOUT" "SOURCES;LINK;LABELS" ${ARGN})
    add_executable(${name} ${T_SOURCES})
    target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
    target_link_libraries(${name} PRIVATE ${T_LINK} Catch2::Catch2 ${CATCH2_WITH_MAIN})
    concejo_read_headers_once(${name} concejo_test_headers)
    target_compile_options(${name} PRIVATE -O0)  # what is tested is optimised; the tests themselves need not be
    target_compile_definitions(${name} PRIVATE
        CONCEJO_SOURCE_DIR="${CMAKE_SOURCE_DIR}" CONCEJO_BINARY_DIR="${CMAKE_BINARY_DIR}")
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    add_test(NAME ${name} COMMAND ${name})
    if(NOT T_TIMEOUT)
        set(T_TIMEOUT 300)
    endif()
    set_tests_properties(${name} PROPERTIES TIMEOUT ${T_TIMEOUT} LABELS "catch;${T_LABELS}")
    set_property(GLOBAL APPEND PROPERTY CONCEJO_CATCH_TESTS ${name})
endfunction()

# concejo_library(http LINK concejo_base …): every *.cpp of this folder becomes the static library
# `concejo_http`; every *_test.cpp the program `http_test`, known to ctest.
function(concejo_library name)
    cmake_parse_arguments(L "" "TEST_TIMEOUT" "LINK;TEST_LINK;TEST_LABELS" ${ARGN})
    file(GLOB sources CONFIGURE_DEPENDS *.cpp)
    set(tests ${sources})
    list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
    list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
    if(NOT sources)
        return()
    endif()
    add_library(concejo_${name} STATIC ${sources})
    concejo_read_headers_once(concejo_${name} concejo_common_headers)
    target_include_directories(concejo_${name} PUBLIC ${CMAKE_SOURCE_DIR})
    target_link_libraries(concejo_${name} PUBLIC concejo_sdk ${L_LINK})
    if(tests)
        concejo_test(${name}_test SOURCES ${tests} LINK concejo_${name} ${L_TEST_LINK}
            LABELS ${L_TEST_LABELS} TIMEOUT ${L_TEST_TIMEOUT})
    endif()
endfunction()
