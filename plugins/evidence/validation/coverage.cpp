#include "plugins/evidence/validation/coverage.hpp"

#include "plugins/evidence/crypto/cms.hpp"

namespace evidence::validation {
namespace {

int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// Only hexadecimal digits between angle brackets: no comment, no second string. Nothing where it is
/// otherwise.
std::optional<std::string> hole(std::string_view text) {
    if (text.size() < 4 || text.front() != '<' || text.back() != '>' || text.size() % 2 != 0)
        return std::nullopt;
    std::string bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 1; i + 1 < text.size(); i += 2) {
        const int high = digit(text[i]), low = digit(text[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes += static_cast<char>(high << 4 | low);
    }
    return bytes;
}

bool only_white(std::string_view text) {
    return text.find_first_not_of(std::string_view("\0\t\n\f\r ", 6)) == std::string_view::npos;
}

}  // namespace

bool ends_there(std::string_view file, std::size_t end) {
    return end >= file.size() || only_white(file.substr(end));
}

Coverage coverage_of(std::string_view file, QPDFObjectHandle value) {
    Coverage coverage;
    const auto fail = [&](const char* code, std::string detail) {
        coverage.reasons.push_back({Verdict::failed, code, std::move(detail)});
        return coverage;
    };
    auto range = pdf::get(value, "/ByteRange");
    if (!range.isArray() || range.getArrayNItems() != 4) return fail("range_invalid", range.unparse());
    unsigned long long n[4];
    for (int i = 0; i < 4; ++i) {
        auto number = range.getArrayItem(i);
        if (!number.isInteger() || number.getIntValue() < 0) return fail("range_invalid", range.unparse());
        n[i] = static_cast<unsigned long long>(number.getIntValue());
    }
    const auto text = range.unparseResolved();
    if (n[0] != 0) return fail("range_not_from_start", text);
    if (n[1] == 0 || n[2] <= n[1] || n[2] > file.size() || n[3] > file.size() - n[2])
        return fail("range_invalid", text);
    coverage.hole_begin = n[1], coverage.hole_end = n[2], coverage.end = n[2] + n[3];
    const auto inside = hole(file.substr(coverage.hole_begin, coverage.hole_end - coverage.hole_begin));
    auto contents = pdf::get(value, "/Contents");
    if (!inside || !contents.isString() || contents.getStringValue() != *inside)
        return fail("range_hole", text);
    coverage.contents = crypto::without_padding(*inside);
    // A revision ends with %%EOF and perhaps an end of line; more of it may follow only as another revision.
    auto signed_part = file.substr(0, coverage.end);
    for (int i = 0;
         i < 2 && !signed_part.empty() && (signed_part.back() == '\n' || signed_part.back() == '\r'); ++i)
        signed_part.remove_suffix(1);
    while (!signed_part.empty() && (signed_part.back() == ' ' || signed_part.back() == '\0'))
        signed_part.remove_suffix(1);
    if (!signed_part.ends_with("%%EOF")) return fail("range_not_a_revision", text);
    return coverage;
}

}  // namespace evidence::validation
