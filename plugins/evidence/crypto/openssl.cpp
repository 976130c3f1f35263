#include "plugins/evidence/crypto/openssl.hpp"

#include <concejo/error.hpp>

#include <openssl/err.h>

namespace evidence::crypto {

void throw_openssl(std::string_view what) {
    std::string text(what);
    while (const auto code = ERR_get_error()) {
        const char* reason = ERR_reason_error_string(code);
        text += text.size() == what.size() ? ": " : "; ";
        text += reason ? reason : "OpenSSL " + std::to_string(code);
    }
    throw concejo::Error(concejo::ErrorKind::internal, text);
}

void clear_errors() noexcept { ERR_clear_error(); }

Bio memory(std::string_view bytes) {
    // OpenSSL reads -1 as "up to the NUL", so an empty text needs an address that is not null.
    Bio bio(BIO_new_mem_buf(bytes.empty() ? "" : bytes.data(), static_cast<int>(bytes.size())));
    if (!bio) throw_openssl("BIO");
    return bio;
}

std::string contents(BIO& bio) {
    char* data = nullptr;
    const auto size = BIO_get_mem_data(&bio, &data);
    return data && size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

}  // namespace evidence::crypto
