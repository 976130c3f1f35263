// Subcommands of concejo-evidence with a file of their own. Each gives the exit code; standard input is read
// by those that say so.
#pragma once

#include "plugins/evidence/validation/report.hpp"

#include <optional>
#include <string>
#include <vector>

namespace evidence::tool {

/// Throws Error{not_found} where it cannot be read.
std::string read(const std::string& path);
std::string standard_input();

/// What is printed comes on standard input:
/// {"csv_label","csv","url_label","url","note","mark","language","page_label"}. Writes {"pdf": base64}, or
/// {"refused": why}.
int stamp_csv(const std::string& file);
/// An authentic copy, not sealed yet. On standard input {"kind": "EE02"|"EE03"|"EE04", "stamp": as above};
/// for EE04 also {"pages","areas","texts","municipio","original","secret": hexadecimal}. Writes {"pdf":
/// base64, "statement", "pages", "pictured": [page]}, or {"refused": why}.
int copy(const std::string& file);
/// Which pages of the PDF somebody means. On standard input {"pages": "1,3-5", empty: all, "areas":
/// copying::parse_areas}. Writes {"pages": [number]}, or {"refused": why}.
int find_pages(const std::string& file);
/// A page to take something out of. On standard input {"page": from 1, "areas"}. Writes {"png": base64}, or
/// {"refused": why}.
int draw_page(const std::string& file);
/// Whether a partial copy is an extract of the original. 0: it is; 3: no original was given; 1: it is not.
int check_extract(const std::vector<std::string>& files);

/// A PDF with room for a seal. On standard input {"certificate": PEM, "reason", "time": Unix seconds,
/// "stamp": {"page", "rectangle", "lines"} where it is shown}. Writes {"pdf": base64, "begin", "end"}:
/// signature::PdfHole.
int prepare_seal(const std::string& file);
/// A sealed PDF with long-term material (signature/material_json.hpp, on standard input) and room for a
/// timestamp over all of it. Writes the same.
int add_material(const std::string& file);

/// An XML with an enveloped XAdES. On standard input {"certificates": PEM, "time": Unix seconds, "policy": whether it declares the
/// AGE's, "id": of the signature} and, as they come to be known, "signature" and "token" (base64). Writes {"xml", "to_sign": base64,
/// "imprint": hexadecimal, once there is a signature}. An XML that has a signature is refused: another one would break it.
int sign_xml(const std::string& file);

/// A PDF, a CMS (of `content`) or an XML, by its first bytes.
validation::Report validate_any(const std::string& file, const std::optional<std::string>& content,
                                const validation::Options&);
/// A signed file ("kind": "signatures"), or a documento or expediente of the ENI or a zip with one ("eni"). On standard input {"kind",
/// "roots": PEM, "answers": [{"address", "request": base64, "answer": base64 or "failure"}]}. Writes {"report", "asks": [{"address",
/// "request"}]}: what would be asked of OCSP responders and lists of revocation if there were a network here.
int judge(const std::string& file);

}  // namespace evidence::tool
