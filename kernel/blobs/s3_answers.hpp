// Reading what S3 writes: dates, numbers, the texts of its XML.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kernel::blobs {

/// "20130524T000000Z".
std::string s3_time(std::chrono::system_clock::time_point time);
/// Of "2009-10-12T17:50:30.000Z"; now for what is no date, so that nothing is thought old by mistake.
std::chrono::system_clock::time_point s3_instant(std::string_view text);
/// Error{internal} for what are no digits.
std::uint64_t s3_number(std::string_view text);
/// Texts of every <tag> of an answer, entities resolved, in order.
std::vector<std::string> s3_values(std::string_view xml, std::string_view tag);

}  // namespace kernel::blobs
