#include "kernel/http/events.hpp"

namespace kernel::http {

bool EventChannel::send(Piece events) {
    const std::lock_guard lock(mutex_);
    if (gone_ || closed_ || overflow_) return false;
    bytes_ += events->size();
    if (bytes_ > most_waiting) {
        overflow_ = true;
        waiting_.clear();
    } else {
        waiting_.push_back(std::move(events));
    }
    if (wake_) wake_();
    return !overflow_;
}

void EventChannel::close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    if (wake_) wake_();
}

void EventChannel::attach(std::function<void()> wake) {
    const std::lock_guard lock(mutex_);
    wake_ = std::move(wake);
}

void EventChannel::detach() {
    const std::lock_guard lock(mutex_);
    wake_ = nullptr;
    gone_ = true;
    waiting_.clear();
}

EventChannel::Mail EventChannel::take() {
    const std::lock_guard lock(mutex_);
    Mail mail{std::move(waiting_), closed_, overflow_};
    waiting_.clear();
    bytes_ = 0;
    return mail;
}

// The stream's line ends are LF, CR or CRLF (HTML standard, section 9.2.5): each ends a line of data.
std::string event_text(std::string_view name, std::string_view data) {
    std::string out;
    if (!name.empty()) out.append("event: ").append(name).append("\n");
    for (;;) {
        const auto end = data.find_first_of("\r\n");
        out.append("data: ").append(data.substr(0, end)).append("\n");
        if (end == data.npos) break;
        data.remove_prefix(end + (data.substr(end, 2) == "\r\n" ? 2 : 1));
    }
    return out.append("\n");
}

}  // namespace kernel::http
