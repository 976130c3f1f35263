// How far a helper program says it has come, as it writes it on a descriptor of its own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace kernel::process {

struct Progress {
    std::uint64_t done = 0;
    std::uint64_t total = 0;  ///< in the unit of `done`; 0: nobody knows
    std::string message;      ///< UTF-8 of one line
    bool operator==(const Progress&) const = default;
};

/// Lines of two kinds, told apart by how they begin:
///   `done total[ message]`   two numbers, 0 for an unknown total
///   `key=value`              as `ffmpeg -progress` writes: out_time_us is what is done, in microseconds, and
///                            `progress=…` ends a report; other keys mean nothing here
/// Anything else is counted and ignored. Keeps one line at most, however much comes. One thread.
class ProgressReader {
public:
    static constexpr std::size_t most_in_line = 1024;  ///< bytes; a longer line is ignored whole

    /// `total` is what counts where the program tells none.
    explicit ProgressReader(std::uint64_t total = 0) : expected_(total) {}

    void feed(std::string_view bytes);
    const Progress& latest() const noexcept { return latest_; }
    /// True once after each line that told something else than the one before it.
    bool take_news() noexcept;
    bool has_news() const noexcept { return news_; }
    std::uint64_t ignored() const noexcept { return ignored_; }

private:
    void take(std::string_view line);
    bool take_numbers(std::string_view line);
    bool take_pair(std::string_view line);
    void set(Progress progress);

    std::uint64_t expected_;
    Progress latest_;
    std::uint64_t reached_ = 0;  ///< of a report by ffmpeg that has not ended yet
    std::uint64_t ignored_ = 0;
    std::string line_;
    bool too_long_ = false;
    bool news_ = false;
};

}  // namespace kernel::process
