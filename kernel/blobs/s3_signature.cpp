#include "kernel/blobs/s3_signature.hpp"

#include "kernel/base/digest.hpp"
#include "kernel/base/encoding.hpp"
#include "kernel/base/text.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>

namespace kernel::blobs {
namespace {

std::string hmac(std::string_view key, std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> out;
    unsigned size = 0;
    if (!HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
              reinterpret_cast<const unsigned char*>(text.data()), text.size(), out.data(), &size))
        throw concejo::Error(concejo::ErrorKind::internal, "OpenSSL no calcula HMAC-SHA-256");
    return {reinterpret_cast<const char*>(out.data()), size};
}

/// Without spaces around it, and one where there are several.
std::string squeezed(std::string_view value) {
    std::string out;
    for (const char c : value) {
        if (c != ' ' || (!out.empty() && out.back() != ' ')) out += c;
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

S3Pairs canonical_fields(const S3Pairs& fields) {
    S3Pairs all;
    for (const auto& [name, value] : fields) all.emplace_back(base::lower_ascii(name), squeezed(value));
    std::sort(all.begin(), all.end());
    return all;
}

std::string signed_names(const S3Pairs& canonical) {
    std::string names;
    for (const auto& [name, value] : canonical) names += (names.empty() ? "" : ";") + name;
    return names;
}

std::string scope(const S3Credentials& who, std::string_view time) {
    return fmt::format("{}/{}/{}/aws4_request", time.substr(0, 8), who.region, who.service);
}

}  // namespace

std::string s3_encoded(std::string_view text, bool path) {
    std::string out;
    for (const unsigned char c : text) {
        const bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                           c == '-' || c == '.' || c == '_' || c == '~' || (path && c == '/');
        out += plain ? std::string(1, static_cast<char>(c)) : fmt::format("%{:02X}", c);
    }
    return out;
}

std::string s3_query(const S3Pairs& query) {
    S3Pairs encoded;
    for (const auto& [name, value] : query)
        encoded.emplace_back(s3_encoded(name, false), s3_encoded(value, false));
    std::sort(encoded.begin(), encoded.end());
    std::string text;
    for (const auto& [name, value] : encoded) text += (text.empty() ? "" : "&") + name + "=" + value;
    return text;
}

std::string canonical_request(const S3Signed& request) {
    const auto fields = canonical_fields(request.fields);
    std::string text =
        request.method + "\n" + s3_encoded(request.path, true) + "\n" + s3_query(request.query) + "\n";
    for (const auto& [name, value] : fields) text += name + ":" + value + "\n";
    return text + "\n" + signed_names(fields) + "\n" + request.payload_hash;
}

std::string string_to_sign(const S3Signed& request, const S3Credentials& who, std::string_view time) {
    return fmt::format("AWS4-HMAC-SHA256\n{}\n{}\n{}", time, scope(who, time),
                       base::sha256_hex(canonical_request(request)));
}

std::string s3_signature(const S3Signed& request, const S3Credentials& who, std::string_view time) {
    auto key = hmac("AWS4" + who.secret, time.substr(0, 8));
    for (const std::string_view part :
         {std::string_view(who.region), std::string_view(who.service), std::string_view("aws4_request")})
        key = hmac(key, part);
    return base::hex(hmac(key, string_to_sign(request, who, time)));
}

std::string s3_authorization(const S3Signed& request, const S3Credentials& who, std::string_view time) {
    return fmt::format("AWS4-HMAC-SHA256 Credential={}/{},SignedHeaders={},Signature={}", who.key_id,
                       scope(who, time), signed_names(canonical_fields(request.fields)),
                       s3_signature(request, who, time));
}

}  // namespace kernel::blobs
