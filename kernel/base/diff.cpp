#include "kernel/base/diff.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kernel::base {
namespace {

using Lines = std::vector<std::string_view>;
constexpr std::size_t most_cells = 4'000'000;  // of the table of common subsequences, two bytes each

/// With their line ends.
Lines lines_of(std::string_view text) {
    Lines lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        const auto size = end == text.npos ? text.size() : end + 1;
        lines.push_back(text.substr(0, size));
        text.remove_prefix(size);
    }
    return lines;
}

std::string shown(std::string_view line) {
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
    return std::string(line);
}

class Differ {
public:
    Differ(const Lines& before, const Lines& after) : before_(before), after_(after) {}

    std::vector<DiffLine> run() {
        std::size_t head = 0, tail = 0;
        const auto shorter = std::min(before_.size(), after_.size());
        while (head < shorter && before_[head] == after_[head]) ++head;
        while (tail < shorter - head &&
               before_[before_.size() - 1 - tail] == after_[after_.size() - 1 - tail])
            ++tail;
        for (std::size_t i = 0; i < head; ++i) same();
        middle(before_.size() - head - tail, after_.size() - head - tail);
        for (std::size_t i = 0; i < tail; ++i) same();
        return std::move(out_);
    }

private:
    void same() {
        out_.push_back({DiffLine::Kind::same, at_ + 1, to_ + 1, shown(before_[at_])});
        ++at_, ++to_;
    }
    void removed() {
        out_.push_back({DiffLine::Kind::removed, at_ + 1, 0, shown(before_[at_])});
        ++at_;
    }
    void added() {
        out_.push_back({DiffLine::Kind::added, 0, to_ + 1, shown(after_[to_])});
        ++to_;
    }

    /// The next n and m lines by their longest common subsequence.
    void middle(std::size_t n, std::size_t m) {
        const auto first = at_, start = to_;
        const bool small = n < 65535 && m < 65535 && (n + 1) * (m + 1) <= most_cells;
        if (small) {
            std::vector<unsigned short> common((n + 1) * (m + 1), 0);
            const auto cell = [&](std::size_t i, std::size_t j) -> unsigned short& {
                return common[i * (m + 1) + j];
            };
            for (std::size_t i = n; i-- > 0;) {
                for (std::size_t j = m; j-- > 0;)
                    cell(i, j) = before_[first + i] == after_[start + j]
                                     ? static_cast<unsigned short>(cell(i + 1, j + 1) + 1)
                                     : std::max(cell(i + 1, j), cell(i, j + 1));
            }
            while (at_ < first + n && to_ < start + m) {
                const auto i = at_ - first, j = to_ - start;
                if (before_[at_] == after_[to_])
                    same();
                else
                    cell(i + 1, j) >= cell(i, j + 1) ? removed() : added();
            }
        }
        while (at_ < first + n) removed();
        while (to_ < start + m) added();
    }

    const Lines &before_, &after_;
    std::size_t at_ = 0, to_ = 0;
    std::vector<DiffLine> out_;
};

}  // namespace

std::vector<DiffHunk> diff_lines(std::string_view before, std::string_view after, std::size_t context) {
    const auto old = lines_of(before), fresh = lines_of(after);
    const auto all = Differ(old, fresh).run();
    std::vector<bool> told(all.size(), false);
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].kind == DiffLine::Kind::same) continue;
        const auto until = std::min(all.size(), i + 1 + context);
        for (auto each = i - std::min(i, context); each < until; ++each) told[each] = true;
    }
    std::vector<DiffHunk> hunks;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (!told[i]) continue;
        if (i == 0 || !told[i - 1]) hunks.emplace_back();
        hunks.back().lines.push_back(all[i]);
    }
    return hunks;
}

std::string unified(const std::vector<DiffHunk>& hunks) {
    std::string out;
    for (const auto& hunk : hunks) {
        std::size_t from = 0, to = 0, removed = 0, added = 0;
        for (const auto& line : hunk.lines) {
            if (!from) from = line.before;
            if (!to) to = line.after;
            removed += line.before != 0;
            added += line.after != 0;
        }
        out += fmt::format("@@ -{},{} +{},{} @@\n", from, removed, to, added);
        for (const auto& line : hunk.lines) {
            const char mark = line.kind == DiffLine::Kind::same      ? ' '
                              : line.kind == DiffLine::Kind::removed ? '-'
                                                                     : '+';
            out += mark + line.text + '\n';
        }
    }
    return out;
}

}  // namespace kernel::base
