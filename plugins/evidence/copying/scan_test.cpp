#include "plugins/evidence/copying/scan.hpp"

#include "plugins/evidence/testing/pdf.hpp"

#include <catch2/catch.hpp>

using namespace evidence;
using copying::why_no_scan;

namespace {

/// An A4 page that an image of this width in pixels fills.
std::map<int, std::string> scanned(int width) {
    const auto height = width * 297 / 210;
    return {
        {1, "<< /Type /Catalog /Pages 2 0 R >>"},
        {2, "<< /Type /Pages /Kids [ 3 0 R ] /Count 1 >>"},
        {3,
         "<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 595.28 841.89 ] /Contents 4 0 R /Resources << /XObject << "
         "/Im0 5 0 R >> >> >>"},
        {4, testing::stream("", "q 595.28 0 0 841.89 0 0 cm /Im0 Do Q")},
        {5, testing::stream(
                "/Type /XObject /Subtype /Image /BitsPerComponent 8 /ColorSpace /DeviceGray /Width " +
                    std::to_string(width) + " /Height " + std::to_string(height),
                std::string(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), '\x80'))}};
}

}  // namespace

// NTI de digitalización, IV.2: 200 pixels an inch at least. An A4 is 8.27 inches wide.
TEST_CASE("a scan of 200 pixels an inch is one, with less it is not, nor is a page without images") {
    CHECK(why_no_scan(testing::pdf_of(scanned(1654))) == std::nullopt);
    CHECK(why_no_scan(testing::pdf_of(scanned(2480))) == std::nullopt);
    CHECK(why_no_scan(testing::pdf_of(scanned(1240))) == "low_resolution");
    CHECK(why_no_scan(testing::pdf_of(testing::edict())) == "not_a_scan");
    CHECK(why_no_scan("nada") == "unreadable");
}
