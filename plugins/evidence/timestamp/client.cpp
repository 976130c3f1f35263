#include "plugins/evidence/timestamp/client.hpp"

#include "plugins/evidence/crypto/der.hpp"

#include <openssl/rand.h>
#include <openssl/ts.h>

#include <algorithm>

namespace evidence::timestamp {
namespace {

using crypto::Owned;
constexpr std::size_t largest_response = 256 * 1024;

[[noreturn]] void refuse(const std::string& why) { throw concejo::Error(concejo::ErrorKind::invalid, why); }

std::string status_text(TS_RESP* response) {
    auto* info = TS_RESP_get_status_info(response);
    std::string text = "estado " + std::to_string(ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(info)));
    const auto* words = TS_STATUS_INFO_get0_text(info);
    for (int i = 0; i < sk_ASN1_UTF8STRING_num(words); ++i) {
        const auto* word = sk_ASN1_UTF8STRING_value(words, i);
        text += ": " + std::string(reinterpret_cast<const char*>(ASN1_STRING_get0_data(word)),
                                   static_cast<std::size_t>(ASN1_STRING_length(word)));
    }
    return text;
}

const char* function_of(const Imprint& imprint) {
    if (imprint.digest == "SHA256" && imprint.bytes.size() == 32) return "2.16.840.1.101.3.4.2.1";
    if (imprint.digest == "SHA384" && imprint.bytes.size() == 48) return "2.16.840.1.101.3.4.2.2";
    if (imprint.digest == "SHA512" && imprint.bytes.size() == 64) return "2.16.840.1.101.3.4.2.3";
    refuse("«" + imprint.digest + "» no se puede sellar");
}

}  // namespace

Request make_request(const Imprint& imprint, std::optional<std::string> policy) {
    const auto* function = function_of(imprint);
    unsigned char nonce[8];
    if (RAND_bytes(nonce, sizeof nonce) != 1) crypto::throw_openssl("RAND_bytes");
    nonce[0] = static_cast<unsigned char>((nonce[0] & 0x7f) | 0x40);  // positive, and always eight octets
    const std::string_view nonce_bytes(reinterpret_cast<const char*>(nonce), sizeof nonce);
    const auto algorithm = crypto::sequence({crypto::oid(function), std::string_view("\x05\x00", 2)});
    const auto hashed = crypto::sequence({algorithm, crypto::octets(imprint.bytes)});
    Request request;
    request.imprint = imprint.bytes;
    request.digest = imprint.digest;
    request.policy = std::move(policy);
    for (const auto byte : nonce) {
        constexpr char digits[] = "0123456789ABCDEF";
        request.nonce += {digits[byte >> 4], digits[byte & 15]};
    }
    request.der =
        crypto::sequence({crypto::tlv(crypto::integer_tag, "\x01"), hashed,
                          request.policy ? crypto::oid(request.policy->c_str()) : std::string(),
                          crypto::tlv(crypto::integer_tag, nonce_bytes), crypto::tlv(0x01, "\xff")});
    return request;
}

Token accept(const Request& request, std::string_view bytes) {
    if (bytes.size() > largest_response) refuse("la respuesta es demasiado grande");
    const auto response = crypto::parse_der<Owned<TS_RESP, TS_RESP_free>>(d2i_TS_RESP, bytes);
    if (!response) refuse("la respuesta no es de RFC 3161");
    const auto status = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(TS_RESP_get_status_info(response.get())));
    auto* granted = TS_RESP_get_token(response.get());
    if ((status != 0 && status != 1) || !granted) refuse(status_text(response.get()));
    auto token = read_token(crypto::der(i2d_PKCS7, *granted));
    if (token.digest_name != request.digest || token.imprint != request.imprint)
        refuse("sella otro contenido");
    if (token.nonce != request.nonce) refuse("contesta a otra petición");
    if (request.policy && token.policy != *request.policy) refuse("usa otra política: " + token.policy);
    return token;
}

Client::Client(std::vector<Authority> authorities, crypto::Certificates roots) : roots_(std::move(roots)) {
    if (authorities.empty()) refuse("No hay ninguna autoridad de sellado de tiempo");
    for (auto& authority : authorities) states_.push_back({std::move(authority), {}});
}

std::vector<std::size_t> Client::order() const {
    const std::lock_guard lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    std::vector<std::size_t> order(states_.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_partition(order.begin(), order.end(),
                          [&](std::size_t i) { return states_[i].rests_until <= now; });
    return order;
}

void Client::rest(std::size_t i) {
    const std::lock_guard lock(mutex_);
    states_[i].rests_until = std::chrono::steady_clock::now() + std::chrono::minutes(1);
}

Token Client::ask(const Authority& authority, const Imprint& imprint, const Transport& transport) const {
    const auto request = make_request(imprint, authority.policy);
    auto token = accept(request, transport(authority.address, request.der));
    const auto check = check_token(token, request.imprint, {}, roots_, crypto::now());
    if (!check.good()) refuse(check.problem + (check.detail.empty() ? "" : ": " + check.detail));
    return token;
}

Client::Stamped Client::stamp(const Imprint& imprint, const Transport& transport) {
    std::vector<std::string> failures;
    for (const auto i : order()) {
        const auto& authority = states_[i].authority;
        try {
            return {ask(authority, imprint, transport), authority.name, std::move(failures)};
        } catch (const std::exception& error) {
            failures.push_back(authority.name + ": " + error.what());
            rest(i);
        }
    }
    std::string text = "Ninguna autoridad de sellado de tiempo ha contestado";
    for (const auto& failure : failures) text += "; " + failure;
    throw concejo::Error(concejo::ErrorKind::unavailable, text);
}

}  // namespace evidence::timestamp
