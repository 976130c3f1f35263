// How requests reach an S3 server. The only file of kernel/blobs that knows an HTTP client is
// s3_transport.cpp.
#pragma once

#include "kernel/blobs/s3_signature.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace kernel::blobs {

struct S3Answer {
    int status = 0;
    S3Pairs fields;
    std::string body;

    std::string field(std::string_view lower_case_name) const;
};

class S3Transport {
public:
    virtual ~S3Transport() = default;
    virtual const std::string& host() const noexcept = 0;
    /// Error{unavailable} where no whole answer came.
    virtual S3Answer ask(const std::string& method, const std::string& target, const S3Pairs& fields,
                         std::string_view body, std::size_t most) = 0;
};

/// Over HTTP or HTTPS to "http://127.0.0.1:9000".
std::unique_ptr<S3Transport> s3_over_http(std::string_view address);

}  // namespace kernel::blobs
