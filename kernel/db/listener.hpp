// LISTEN in a thread of its own.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kernel::db {

/// From construction to destruction. Both callbacks run on the listener's thread and must not throw.
class Listener {
public:
    using OnNotice = std::function<void(std::string_view channel, std::string_view payload)>;
    /// LISTEN stands (again): whatever was notified before is lost, so drop everything that depends on it.
    using OnConnect = std::function<void()>;

    Listener(std::string dsn, std::vector<std::string> channels, OnNotice on_notice, OnConnect on_connect);
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    bool connected() const noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace kernel::db
