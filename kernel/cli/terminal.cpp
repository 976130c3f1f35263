#include "kernel/cli/terminal.hpp"

#include "kernel/base/tr.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>

namespace kernel::cli {
namespace {

constexpr int bar_width = 30;

class NoEcho {
public:
    NoEcho() {
        ::tcgetattr(STDIN_FILENO, &before_);
        termios quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    ~NoEcho() { ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_); }
    NoEcho(const NoEcho&) = delete;
    NoEcho& operator=(const NoEcho&) = delete;

private:
    termios before_{};
};

std::string line_of_stdin() {
    std::string line;
    std::getline(std::cin, line);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    return line;
}

std::string ask(const std::string& prompt) {
    fmt::print(stderr, "{}: ", prompt);
    const NoEcho quiet;
    auto line = line_of_stdin();
    fmt::print(stderr, "\n");
    return line;
}

}  // namespace

void Terminal::out(std::string_view line) {
    end_bar();
    fmt::print("{}\n", line);
    std::fflush(stdout);
}

void Terminal::write(std::string_view bytes) {
    end_bar();
    std::fwrite(bytes.data(), 1, bytes.size(), stdout);
    std::fflush(stdout);
}

void Terminal::err(std::string_view line) {
    end_bar();
    fmt::print(stderr, "{}\n", line);
}

void Terminal::progress(std::uint64_t done, std::uint64_t total, std::string_view message) {
    const double ratio = total ? std::min(1.0, static_cast<double>(done) / static_cast<double>(total)) : 0.0;
    if (::isatty(STDERR_FILENO)) {
        const int filled = static_cast<int>(ratio * bar_width);
        fmt::print(stderr, "\r\033[K[{:━<{}}{: <{}}] {:3.0f} % {}", "", filled, "", bar_width - filled,
                   ratio * 100, message);
        bar_open_ = true;
        if (done >= total) end_bar();
    } else if (const int tenth = static_cast<int>(ratio * 10); tenth != last_tenth_) {
        last_tenth_ = tenth;
        fmt::print(stderr, "{:3.0f} % {}\n", ratio * 100, message);
    }
}

void Terminal::end_bar() {
    if (!bar_open_) return;
    fmt::print(stderr, "\n");
    bar_open_ = false;
}

std::string read_secret(const std::string& prompt, bool confirm) {
    if (!::isatty(STDIN_FILENO)) {
        auto line = line_of_stdin();
        if (line.empty())
            throw concejo::Error(concejo::ErrorKind::invalid,
                                 base::tr("no ha llegado ninguna contraseña por la entrada estándar"));
        return line;
    }
    auto first = ask(prompt);
    if (confirm && ask(base::tr("Repítala")) != first)
        throw concejo::Error(concejo::ErrorKind::invalid, base::tr("las dos contraseñas no son iguales"));
    if (first.empty())
        throw concejo::Error(concejo::ErrorKind::invalid, base::tr("la contraseña está vacía"));
    return first;
}

}  // namespace kernel::cli
