// AWS Signature Version 4 (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html),
// the form that goes in the Authorization field.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kernel::blobs {

using S3Pairs = std::vector<std::pair<std::string, std::string>>;

struct S3Credentials {
    std::string key_id, secret, region, service = "s3";
};

/// What is signed. All header fields given here are.
struct S3Signed {
    std::string method;
    std::string path;          ///< "/bucket/key", not encoded; begins with '/'
    S3Pairs query;             ///< not encoded, any order
    S3Pairs fields;            ///< with host and x-amz-date
    std::string payload_hash;  ///< SHA-256 in lower-case hexadecimal
};

/// RFC 3986 with upper-case digits; '/' stays where `path` says so.
std::string s3_encoded(std::string_view text, bool path);
/// "a=1&b=2", encoded and in the order that is signed; also what goes in the request line.
std::string s3_query(const S3Pairs& query);

std::string canonical_request(const S3Signed& request);
/// `time` is "20130524T000000Z".
std::string string_to_sign(const S3Signed& request, const S3Credentials& who, std::string_view time);
/// 64 hexadecimal digits.
std::string s3_signature(const S3Signed& request, const S3Credentials& who, std::string_view time);
/// The value of Authorization.
std::string s3_authorization(const S3Signed& request, const S3Credentials& who, std::string_view time);

}  // namespace kernel::blobs
