// For tests: a connection's bytes through scanner, parser and body reader, cut as the test says.
#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/base/files.hpp"
#include "kernel/http/body_reader.hpp"
#include "kernel/http/head.hpp"
#include "kernel/http/refusal.hpp"

namespace kernel::http::testing {

class Feed {
public:
    explicit Feed(const Limits& limits, BodyPlan plan = {}) : limits_(limits), plan_(std::move(plan)) {}

    void bytes(std::string_view more) {
        if (stopped_) return;
        buffer_ += more;
        try {
            while (step()) {
            }
        } catch (const Refusal& refusal) {
            seen_ += fmt::format("refused {} {}", refusal.status(), refusal.what());
            stopped_ = true;
        }
    }

    /// Everything that was understood, as one text that two runs can compare.
    std::string seen() const { return seen_ + (stopped_ ? "" : fmt::format("[{} left]", buffer_.size())); }

private:
    bool step() {
        if (!reader_) {
            if (!scanner_) scanner_.emplace(limits_);
            if (!scanner_->scan(buffer_)) return false;
            head_ = parse_head(
                std::string_view(buffer_).substr(scanner_->begin(), scanner_->end() - scanner_->begin()),
                limits_);
            buffer_.erase(0, scanner_->end());
            scanner_.reset();
            reader_.emplace(head_, plan_, limits_);
        }
        buffer_.erase(0, reader_->feed(buffer_));
        if (!reader_->done()) return false;
        tell(head_);
        reader_.reset();
        return !buffer_.empty();
    }

    void tell(const Head& head) {
        const auto& r = head.request;
        seen_ += fmt::format("{} {} path={} host={} keep={} body={}", r.method, r.target, r.path, r.host,
                             head.keep_alive, r.body);
        for (const auto& f : r.fields) seen_ += fmt::format(" {}:{}", f.name, f.value);
        for (const auto& f : r.query) seen_ += fmt::format(" ?{}={}", f.name, f.value);
        for (const auto& f : r.form) seen_ += fmt::format(" form {}={}", f.name, f.value);
        for (const auto& u : r.uploads)
            seen_ += fmt::format(" file {} {} {} {} {}", u.name, u.filename, u.media_type, u.size, u.sha256);
        seen_ += "\n";
    }

    const Limits& limits_;
    BodyPlan plan_;
    std::string buffer_, seen_;
    std::optional<HeadScanner> scanner_;
    Head head_;
    std::optional<BodyReader> reader_;
    bool stopped_ = false;
};

inline std::string read_cut(const Limits& limits, const BodyPlan& plan,
                            const std::vector<std::string_view>& pieces) {
    Feed feed(limits, plan);
    for (auto piece : pieces) feed.bytes(piece);
    return feed.seen();
}

/// A folder of its own, removed at the end.
class Folder : public base::TempDir {
public:
    std::size_t files() const {
        return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path()), {}));
    }
};

}  // namespace kernel::http::testing
