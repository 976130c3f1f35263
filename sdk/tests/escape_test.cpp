// Judged by xmllint.
#include <concejo/escape.hpp>

#include "tests/support/xml.hpp"

#include <catch2/catch.hpp>

namespace {

void append_utf8(std::string& out, char32_t c) {
    const auto tail = [&](int shift) { out += static_cast<char>(0x80 | (c >> shift & 0x3F)); };
    if (c < 0x80)
        out += static_cast<char>(c);
    else if (c < 0x800)
        out += static_cast<char>(0xC0 | c >> 6), tail(0);
    else if (c < 0x10000)
        out += static_cast<char>(0xE0 | c >> 12), tail(6), tail(0);
    else
        out += static_cast<char>(0xF0 | c >> 18), tail(12), tail(6), tail(0);
}

/// XML 1.0, production 2.
bool xml_has(char32_t c) {
    return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c <= 0xD7FF) ||
           (c >= 0xE000 && c <= 0xFFFD) || c >= 0x10000;
}

}  // namespace

TEST_CASE("every character is read from XML as it was, but for those that XML has not") {
    std::string text, expected;
    for (char32_t c = 0; c <= 0x10FFFF; c += c < 0x3000 || (c >= 0xE000 && c < 0x10100) ? 1 : 251) {
        if (c >= 0xD800 && c < 0xE000) continue;  // surrogates are no characters
        append_utf8(text, c);
        if (xml_has(c)) append_utf8(expected, c);
    }
    text += "]]> &amp; <!-- \r\n", expected += "]]> &amp; <!-- \r\n";
    const auto escaped = concejo::escape_xml(text);
    const auto document =
        "<?xml version=\"1.0\"?>\n<a b=\"" + escaped + "\" c='" + escaped + "'>" + escaped + "</a>";
    CHECK((tests::xpath(document, "string(/a)") == expected));
    // In attributes, a line feed and a tabulator are blanks to whoever reads.
    for (char& c : expected) c = c == '\n' || c == '\t' ? ' ' : c;
    CHECK((tests::xpath(document, "string(/a/@b)") == expected));
    CHECK((tests::xpath(document, "string(/a/@c)") == expected));
}

TEST_CASE("HTML gets markup as references, and nothing else is touched") {
    CHECK(concejo::escape_html("<a href=\"x\" id='y'>Peña & Hijos</a>") ==
          "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;Peña &amp; Hijos&lt;/a&gt;");
    CHECK(concejo::escape_html("uno\r\n\tdos \xEF\xBF\xBF") == "uno\r\n\tdos \xEF\xBF\xBF");
    CHECK(concejo::escape_html("").empty());
}
