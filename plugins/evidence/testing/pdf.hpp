// For tests: small PDFs written by hand, so that each says what it is.
#pragma once

#include <cstdio>
#include <map>
#include <string>

namespace evidence::testing {

/// A PDF of these objects (number → body) with a cross-reference table; 1 is the catalog.
inline std::string pdf_of(const std::map<int, std::string>& objects, const std::string& trailer = "") {
    std::string file = "%PDF-1.6\n%\xe2\xe3\xcf\xd3\n";
    std::map<int, std::size_t> offsets;
    for (const auto& [number, body] : objects) {
        offsets[number] = file.size();
        file += std::to_string(number) + " 0 obj\n" + body + "\nendobj\n";
    }
    const auto at = file.size();
    file += "xref\n0 1\n0000000000 65535 f \n";
    for (const auto& [number, offset] : offsets) {
        char entry[64];
        std::snprintf(entry, sizeof entry, "%d 1\n%010zu 00000 n \n", number, offset);
        file += entry;
    }
    return file + "trailer\n<< /Size " + std::to_string(objects.rbegin()->first + 1) + " /Root 1 0 R " +
           trailer + " >>\nstartxref\n" + std::to_string(at) + "\n%%EOF\n";
}

/// Objects replaced or added by an incremental update, as an attacker or an editor would.
inline std::string updated(const std::string& file, const std::map<int, std::string>& objects) {
    const auto last = file.rfind("startxref");
    const auto previous = std::to_string(std::stoll(file.substr(last + 9)));
    std::string out = file;
    std::map<int, std::size_t> offsets;
    for (const auto& [number, body] : objects) {
        offsets[number] = out.size();
        out += std::to_string(number) + " 0 obj\n" + body + "\nendobj\n";
    }
    const auto at = out.size();
    out += "xref\n";
    for (const auto& [number, offset] : offsets) {
        char entry[64];
        std::snprintf(entry, sizeof entry, "%d 1\n%010zu 00000 n \n", number, offset);
        out += entry;
    }
    return out + "trailer\n<< /Size 100 /Root 1 0 R /Prev " + previous + " >>\nstartxref\n" +
           std::to_string(at) + "\n%%EOF\n";
}

inline std::string stream(const std::string& dictionary, const std::string& data) {
    return "<< " + dictionary + " /Length " + std::to_string(data.size()) + " >>\nstream\n" + data +
           "\nendstream";
}

/// One page that says "Pago de 100 euros"; a text field and a font of the page's.
inline std::map<int, std::string> edict() {
    return {{1, "<< /Type /Catalog /Pages 2 0 R /AcroForm 6 0 R >>"},
            {2, "<< /Type /Pages /Kids [ 3 0 R ] /Count 1 /MediaBox [ 0 0 300 200 ] >>"},
            {3,
             "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> /Annots [ "
             "7 0 R ] >>"},
            {4, stream("", "BT /F1 12 Tf 20 100 Td (Pago de 100 euros) Tj ET")},
            {5, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"},
            {6, "<< /Fields [ 7 0 R ] /DA (/F1 10 Tf) /DR << /Font << /F1 5 0 R >> >> >>"},
            {7,
             "<< /Type /Annot /Subtype /Widget /FT /Tx /T (observaciones) /Rect [ 10 10 100 30 ] /F 4 /P 3 0 "
             "R >>"}};
}

}  // namespace evidence::testing
