// Where bytes come from: a connection, or a test's text.
#pragma once

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <string>

namespace kernel::net {

using boost::system::error_code;

class ByteSource {
public:
    virtual ~ByteSource() = default;
    /// At least one byte, or `error`; asio::error::eof at the end.
    virtual std::size_t read_some(char* into, std::size_t size, error_code& error) = 0;
};

/// "ha tardado demasiado", "ha cortado la conexión" …
std::string explain(const error_code& error);

}  // namespace kernel::net
