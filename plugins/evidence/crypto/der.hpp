// DER (X.690): OpenSSL's structures to bytes and back, and the few structures that OpenSSL has no function
// for.
#pragma once

#include "plugins/evidence/crypto/openssl.hpp"

#include <concejo/error.hpp>

#include <vector>

namespace evidence::crypto {

/// The bytes of an OpenSSL structure. `der(i2d_X509, certificate)`.
template <class I2d, class T>
std::string der(I2d i2d, const T& object) {
    unsigned char* data = nullptr;
    const int size = i2d(const_cast<T*>(&object), &data);
    if (size < 0) throw_openssl("DER");
    std::string bytes(reinterpret_cast<char*>(data), static_cast<std::size_t>(size));
    OPENSSL_free(data);
    return bytes;
}

/// The structure that `bytes` hold, all of them; null where they hold something else (the error queue is
/// empty).
template <class Owner, class D2i>
Owner parse_der(D2i d2i, std::string_view bytes) {
    const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
    Owner object(bytes.empty() ? nullptr : d2i(nullptr, &at, static_cast<long>(bytes.size())));
    if (object && at != reinterpret_cast<const unsigned char*>(bytes.data()) + bytes.size()) object.reset();
    if (!object) clear_errors();
    return object;
}

/// One element: tag, length, content. Only tags of one byte.
std::string tlv(unsigned char tag, std::string_view content);
std::string oid(const char* dotted);           ///< "1.2.840.…" as an element
std::string set_of(std::vector<std::string>);  ///< SET OF, its elements in DER's order
std::string sequence(std::initializer_list<std::string_view> elements);
std::string octets(std::string_view bytes);

inline constexpr unsigned char integer_tag = 0x02, octets_tag = 0x04, oid_tag = 0x06, sequence_tag = 0x30,
                               set_tag = 0x31;
inline constexpr unsigned char context(unsigned n) { return static_cast<unsigned char>(0xa0 | n); }

struct Element {
    unsigned char tag;
    std::string_view whole;  ///< with tag and length
    std::string_view content;
};

/// Elements one after another. Indefinite lengths, tags of several bytes and lengths past the end throw
/// invalid.
class DerReader {
public:
    explicit DerReader(std::string_view bytes) : rest_(bytes) {}
    bool more() const { return !rest_.empty(); }
    bool next_is(unsigned char tag) const { return more() && static_cast<unsigned char>(rest_[0]) == tag; }
    Element next();
    Element next(unsigned char tag);  ///< throws invalid where the next one has another tag

private:
    std::string_view rest_;
};

}  // namespace evidence::crypto
