// The few Asio names that the edge uses. Only files of this folder that do input and output include it.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

namespace kernel::http {

namespace net = boost::asio;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

// The concrete executor everywhere: the type-erased one costs a few allocations per operation.
using Executor = net::io_context::executor_type;
template <class T>
using Task = net::awaitable<T, Executor>;
using Socket = net::basic_stream_socket<net::ip::tcp, Executor>;
using Acceptor = net::basic_socket_acceptor<net::ip::tcp, Executor>;
using Timer = net::basic_waitable_timer<Clock, net::wait_traits<Clock>, Executor>;

/// co_await op(…, awaited) gives a tuple that begins with the error code; nothing is thrown.
inline constexpr auto awaited = net::as_tuple(net::use_awaitable_t<Executor>{});

}  // namespace kernel::http
