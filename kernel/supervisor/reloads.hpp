// Reloads one after another: whoever asks while one is under way waits for it and shares the next.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <string>

namespace kernel::supervisor {

class Reloads {
public:
    /// `reload` answers why not, or an empty text; what it throws counts as why not.
    using Reload = std::function<boost::asio::awaitable<std::string>()>;
    Reloads(boost::asio::io_context& io, Reload reload) : io_(io), reload_(std::move(reload)) {}

    /// The answer of a reload that began after this call: what was on disk by then has been read.
    boost::asio::awaitable<std::string> ask();

private:
    struct Round;
    boost::asio::awaitable<void> run();

    boost::asio::io_context& io_;
    Reload reload_;
    std::shared_ptr<Round> next_;
    bool running_ = false;
};

}  // namespace kernel::supervisor
