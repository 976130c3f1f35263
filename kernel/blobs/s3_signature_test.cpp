// Expected signatures: the examples of "Signature Calculations for the Authorization Header" in Amazon S3's
// API reference, and AWS's own test suite for Signature Version 4 (get-vanilla and its neighbours).
#include "kernel/blobs/s3_signature.hpp"
#include "kernel/base/digest.hpp"

#include <catch2/catch.hpp>

namespace kernel::blobs {
namespace {

const std::string nothing = base::sha256_hex("");

struct S3Example {
    S3Credentials who{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1"};
    std::string time = "20130524T000000Z";

    S3Signed request(std::string method, std::string path, S3Pairs query, S3Pairs more,
                     const std::string& hash = nothing) const {
        more.emplace_back("Host", "examplebucket.s3.amazonaws.com");
        more.emplace_back("x-amz-date", time);
        more.emplace_back("x-amz-content-sha256", hash);
        return {std::move(method), std::move(path), std::move(query), std::move(more), hash};
    }
    std::string signature(const S3Signed& request) const { return s3_signature(request, who, time); }
};

TEST_CASE("the examples of Amazon S3's reference") {
    const S3Example s3;
    const auto get = s3.request("GET", "/test.txt", {}, {{"Range", "bytes=0-9"}});
    CHECK(canonical_request(get) ==
          "GET\n/test.txt\n\nhost:examplebucket.s3.amazonaws.com\nrange:bytes=0-9\n"
          "x-amz-content-sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
          "x-amz-date:20130524T000000Z\n\nhost;range;x-amz-content-sha256;x-amz-date\n"
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(string_to_sign(get, s3.who, s3.time) ==
          "AWS4-HMAC-SHA256\n20130524T000000Z\n20130524/us-east-1/s3/aws4_request\n"
          "7344ae5b7ee6c3e7e6b0fe0640412a37625d1fbfff95c48bbb2dc43964946972");
    CHECK(s3_authorization(get, s3.who, s3.time) ==
          "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
          "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
          "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
    CHECK(s3.signature(s3.request(
              "PUT", "/test$file.text", {},
              {{"Date", "Fri, 24 May 2013 00:00:00 GMT"}, {"x-amz-storage-class", "REDUCED_REDUNDANCY"}},
              base::sha256_hex("Welcome to Amazon S3."))) ==
          "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
    CHECK(s3.signature(s3.request("GET", "/", {{"lifecycle", ""}}, {})) ==
          "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
    CHECK(s3.signature(s3.request("GET", "/", {{"prefix", "J"}, {"max-keys", "2"}}, {})) ==
          "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

TEST_CASE("AWS's test suite of Signature Version 4") {
    const S3Credentials who{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "us-east-1",
                            "service"};
    const auto signature = [&](const char* method, const char* path, S3Pairs query, S3Pairs more = {}) {
        more.emplace_back("Host", "example.amazonaws.com");
        more.emplace_back("X-Amz-Date", "20150830T123600Z");
        return s3_signature({method, path, std::move(query), std::move(more), nothing}, who,
                            "20150830T123600Z");
    };
    CHECK(signature("GET", "/", {}) ==  // get-vanilla
          "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
    CHECK(signature("POST", "/", {}) ==  // post-vanilla
          "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
    CHECK(signature("GET", "/",
                    {{"Param2", "value2"}, {"Param1", "value1"}}) ==  // get-vanilla-query-order-key-case
          "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500");
    CHECK(signature("GET", "/\u1234", {}) ==  // get-utf8
          "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85");
    CHECK(signature("GET", "/", {}, {{"My-Header1", " value1"}, {"My-Header2", " \"a   b   c\""}}) ==
          "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736");  // get-header-value-trim
}

}  // namespace
}  // namespace kernel::blobs
