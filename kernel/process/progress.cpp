#include "kernel/process/progress.hpp"

#include "kernel/base/text.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace kernel::process {
namespace {

/// Takes a number off the front; a job's progress is kept as a signed one.
std::optional<std::uint64_t> number(std::string_view& text) {
    std::int64_t value = 0;
    const auto* end = text.data() + text.size();
    if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
    const auto [stopped, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(stopped - text.data()));
    return static_cast<std::uint64_t>(value);
}

bool is_text(std::string_view text) {
    return base::utf8_valid(text) && std::none_of(text.begin(), text.end(), [](char c) {
               return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
           });
}

bool in_key(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

}  // namespace

void ProgressReader::feed(std::string_view bytes) {
    for (auto end = bytes.find('\n'); end != bytes.npos; end = bytes.find('\n')) {
        const auto piece = bytes.substr(0, end);
        bytes.remove_prefix(end + 1);
        too_long_ = too_long_ || line_.size() + piece.size() > most_in_line;
        if (too_long_)
            ++ignored_;
        else if (line_.empty())
            take(piece);
        else
            take(line_.append(piece));
        line_.clear();
        too_long_ = false;
    }
    too_long_ = too_long_ || line_.size() + bytes.size() > most_in_line;
    if (too_long_)
        line_.clear();
    else
        line_.append(bytes);
}

void ProgressReader::take(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) return;
    const bool numbers = line.front() >= '0' && line.front() <= '9';
    if (!(numbers ? take_numbers(line) : take_pair(line))) ++ignored_;
}

bool ProgressReader::take_numbers(std::string_view line) {
    const auto done = number(line);
    if (!done || !line.starts_with(' ')) return false;
    line.remove_prefix(1);
    const auto total = number(line);
    if (!total || !(line.empty() || line.starts_with(' '))) return false;
    if (!line.empty()) line.remove_prefix(1);
    if (!is_text(line)) return false;
    set({*done, *total > 0 ? *total : expected_, std::string(line)});
    return true;
}

bool ProgressReader::take_pair(std::string_view line) {
    const auto equals = line.find('=');
    if (equals == line.npos || equals == 0) return false;
    const auto key = line.substr(0, equals);
    auto value = line.substr(equals + 1);
    if (!std::all_of(key.begin(), key.end(), in_key)) return false;
    // Before the first frame it says N/A, or a time below zero: that is not wrong, only nothing yet.
    if (key == "out_time_us") reached_ = number(value).value_or(reached_);
    if (key == "progress") set({reached_, expected_, {}});
    return true;
}

void ProgressReader::set(Progress progress) {
    if (progress == latest_) return;
    latest_ = std::move(progress);
    news_ = true;
}

bool ProgressReader::take_news() noexcept { return std::exchange(news_, false); }

}  // namespace kernel::process
