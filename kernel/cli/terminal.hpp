// What commands write to: results on stdout, messages and progress on stderr.
#pragma once

#include "kernel/plugins/call.hpp"

#include <string>
#include <string_view>

namespace kernel::cli {

class Terminal : public concejo_cli {
public:
    void out(std::string_view line) override;
    void err(std::string_view line) override;
    void write(std::string_view bytes) override;
    /// A bar that redraws itself on a terminal; elsewhere one line every tenth.
    void progress(std::uint64_t done, std::uint64_t total, std::string_view message) override;

private:
    void end_bar();
    bool bar_open_ = false;
    int last_tenth_ = -1;
};

/// A secret typed at the terminal without echo (asked twice when `confirm`), or one line of stdin.
/// Throws Error{invalid} when the two differ or nothing came.
std::string read_secret(const std::string& prompt, bool confirm);

}  // namespace kernel::cli
