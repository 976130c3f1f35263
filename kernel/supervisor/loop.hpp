// What every file that runs on the supervisor's loop says in the same words.
#pragma once

#include "kernel/base/log.hpp"

#include <boost/asio.hpp>

namespace kernel::supervisor {

namespace net = boost::asio;
using net::awaitable;

/// An awaited operation answers (error, result) instead of throwing.
inline constexpr auto quietly = net::as_tuple(net::use_awaitable);
inline const base::LogContext me{"supervisor", {}, {}, {}};

}  // namespace kernel::supervisor
