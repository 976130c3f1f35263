#pragma once

#include <string>

namespace kernel::http {

/// 128 random bits as 32 hexadecimal digits. Any thread.
std::string new_request_id();

}  // namespace kernel::http
