#include "plugins/evidence/crypto/der.hpp"

#include <algorithm>

namespace evidence::crypto {
namespace {

std::string length(std::size_t size) {
    if (size < 128) return {static_cast<char>(size)};
    std::string digits;
    for (; size; size >>= 8) digits.insert(digits.begin(), static_cast<char>(size & 255));
    return static_cast<char>(0x80 | digits.size()) + digits;
}

[[noreturn]] void bad() { throw concejo::Error(concejo::ErrorKind::invalid, "DER"); }

}  // namespace

std::string tlv(unsigned char tag, std::string_view content) {
    return static_cast<char>(tag) + length(content.size()) + std::string(content);
}

std::string oid(const char* dotted) {
    const Owned<ASN1_OBJECT, ASN1_OBJECT_free> object(OBJ_txt2obj(dotted, 1));
    if (!object) throw_openssl(dotted);
    return der(i2d_ASN1_OBJECT, *object);
}

std::string set_of(std::vector<std::string> elements) {
    std::sort(elements.begin(), elements.end());
    std::string content;
    for (const auto& element : elements) content += element;
    return tlv(set_tag, content);
}

std::string sequence(std::initializer_list<std::string_view> elements) {
    std::string content;
    for (const auto element : elements) content += element;
    return tlv(sequence_tag, content);
}

std::string octets(std::string_view bytes) { return tlv(octets_tag, bytes); }

Element DerReader::next() {
    if (rest_.size() < 2 || (rest_[0] & 0x1f) == 0x1f) bad();
    const auto tag = static_cast<unsigned char>(rest_[0]);
    const auto first = static_cast<unsigned char>(rest_[1]);
    std::size_t header = 2, size = first;
    if (first >= 0x80) {
        const std::size_t digits = first & 0x7f;
        if (digits == 0 || digits > 4 || rest_.size() < 2 + digits) bad();
        size = 0;
        for (std::size_t i = 0; i < digits; ++i) size = size << 8 | static_cast<unsigned char>(rest_[2 + i]);
        header += digits;
    }
    if (size > rest_.size() - header) bad();
    const Element element{tag, rest_.substr(0, header + size), rest_.substr(header, size)};
    rest_.remove_prefix(header + size);
    return element;
}

Element DerReader::next(unsigned char tag) {
    if (!next_is(tag)) bad();
    return next();
}

}  // namespace evidence::crypto
