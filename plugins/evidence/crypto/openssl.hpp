// OpenSSL's objects with an owner, and its errors as ours.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <string_view>

namespace evidence::crypto {

template <auto F>
struct Freed {
    template <class T>
    void operator()(T* object) const noexcept {
        F(object);
    }
};
template <class T, auto F>
using Owned = std::unique_ptr<T, Freed<F>>;

using Key = Owned<EVP_PKEY, EVP_PKEY_free>;
using KeyContext = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using DigestContext = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;
using Certificate = Owned<X509, X509_free>;
using Bio = Owned<BIO, BIO_free_all>;

/// Throws concejo::Error{internal}: `what`, and what OpenSSL's queue says of it; the queue is empty
/// afterwards.
[[noreturn]] void throw_openssl(std::string_view what);

/// Forgets what OpenSSL's queue says: an answer was "no", not a defect.
void clear_errors() noexcept;

/// A read-only BIO over `bytes`, which must outlive it.
Bio memory(std::string_view bytes);
/// What has been written into a memory BIO.
std::string contents(BIO& bio);

}  // namespace evidence::crypto
