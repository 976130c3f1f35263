// Test cases without a library: the SDK needs none, and these also build with libc++. The fake kernel works
// just as well under Catch2, doctest or GoogleTest; include <concejo/testing/fake_kernel.hpp> alone then.
//
//   CONCEJO_TEST("an empty mailbox says so") { CONCEJO_EQUAL(answer.status, 200); }
//   CONCEJO_TEST_MAIN        once per program; arguments choose the cases whose name contains one of them
#pragma once

#include <exception>
#include <functional>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace concejo::inline v1::testing {

struct Case {
    std::string name;
    std::function<void()> run;
};
inline std::vector<Case>& cases() {
    static std::vector<Case> all;
    return all;
}
inline int& failures() {
    static int count = 0;
    return count;
}
struct Register {
    Register(std::string name, std::function<void()> run) {
        cases().push_back({std::move(name), std::move(run)});
    }
};

inline void failed(const char* file, int line, const std::string& what) {
    ++failures();
    std::cout << file << ':' << line << ": " << what << '\n';
}
inline void check(bool good, const char* expression, const char* file, int line) {
    if (!good) failed(file, line, std::string("no se cumple: ") + expression);
}
template <class A, class B>
void check_equal(const A& a, const B& b, const char* expression, const char* file, int line) {
    if (a == b) return;
    std::ostringstream text;
    text << "no son iguales: " << expression << "\n    " << a << "\n    " << b;
    failed(file, line, text.str());
}
inline void check_has(std::string_view text, std::string_view piece, const char* file, int line) {
    if (text.find(piece) != std::string_view::npos) return;
    failed(file, line, "falta «" + std::string(piece) + "» en:\n" + std::string(text));
}
/// What `body` throws, as text; a failure where it throws nothing.
template <class F>
std::string thrown(F&& body, const char* expression, const char* file, int line) {
    try {
        std::forward<F>(body)();
    } catch (const std::exception& error) {
        return error.what();
    }
    failed(file, line, std::string("no falla, y debía: ") + expression);
    return {};
}

/// 0 when every case was good and there was at least one.
inline int run_cases(int argc, char** argv) {
    int ran = 0;
    for (const auto& one : cases()) {
        bool wanted = argc < 2;
        for (int i = 1; i < argc; ++i) wanted = wanted || one.name.find(argv[i]) != std::string::npos;
        if (!wanted) continue;
        ++ran;
        const int before = failures();
        try {
            one.run();
        } catch (const std::exception& error) {
            failed(one.name.c_str(), 0, error.what());
        }
        std::cout << (failures() == before ? "bien  " : "MAL   ") << one.name << '\n';
    }
    if (ran == 0) std::cout << "ninguna prueba se llama así\n";
    return failures() == 0 && ran > 0 ? 0 : 1;
}

}  // namespace concejo::inline v1::testing

#define CONCEJO_JOIN_(a, b) a##b
#define CONCEJO_JOIN(a, b) CONCEJO_JOIN_(a, b)
#define CONCEJO_TEST(name)                                                                 \
    static void CONCEJO_JOIN(concejo_case_, __LINE__)();                                   \
    static const ::concejo::testing::Register CONCEJO_JOIN(concejo_registered_, __LINE__)( \
        name, &CONCEJO_JOIN(concejo_case_, __LINE__));                                     \
    static void CONCEJO_JOIN(concejo_case_, __LINE__)()
#define CONCEJO_CHECK(...) \
    ::concejo::testing::check(static_cast<bool>(__VA_ARGS__), #__VA_ARGS__, __FILE__, __LINE__)
#define CONCEJO_EQUAL(a, b) ::concejo::testing::check_equal((a), (b), #a " == " #b, __FILE__, __LINE__)
#define CONCEJO_HAS(text, piece) ::concejo::testing::check_has((text), (piece), __FILE__, __LINE__)
#define CONCEJO_THROWN(...) \
    ::concejo::testing::thrown([&] { (void)(__VA_ARGS__); }, #__VA_ARGS__, __FILE__, __LINE__)
#define CONCEJO_TEST_MAIN \
    int main(int argc, char** argv) { return ::concejo::testing::run_cases(argc, argv); }
