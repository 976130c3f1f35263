// What a partial copy says, so that whoever comes to have the original can check that it is an extract of it:
// docs/evidencia-formato.md, section 7.
#pragma once

#include "plugins/evidence/copying/picture.hpp"
#include "plugins/evidence/log/merkle.hpp"

#include <concejo/json.hpp>

#include <functional>
#include <vector>

namespace evidence::copying {

inline constexpr const char* statement_name = "extracto.json";  ///< as an attachment of the copy

/// Where a page of the original went.
struct Page {
    int original = 0, copy = 0;  ///< from 1
    std::vector<Area> areas;     ///< taken out; none: the page is whole
    std::string
        rest;  ///< SHA-256 in hexadecimal of the picture with its areas blanked; where there are areas
};

/// What names the original and who speaks: "municipio" and "original" of the statement.
struct About {
    std::string municipio;
    std::string hoja;  ///< hash of the original's leaf in the publication log, in hexadecimal
};

/// HMAC-SHA256(secret, "pagina N"): with the secret the municipality can open any page later; without it nobody can.
std::string page_salt(std::string_view secret, int page);

/// Canonical JSON. `digests`: of every page of the original, in order.
std::string make_statement(const About&, const std::vector<crypto::Digest>& digests, std::string_view secret,
                           const std::vector<Page>& kept);

/// The attachment of a copy; nothing where there is none.
std::optional<std::string> statement_of(std::string_view copy);
/// The copy with its statement attached.
std::string with_statement(std::string_view copy, const std::string& statement);

/// {"veredicto": "concuerda"|"no-concuerda"|"sin-original", "comprobado": [text], "fallos": [text]}. Runs Poppler.
concejo::Json check_statement(std::string_view copy, std::optional<std::string_view> original);

}  // namespace evidence::copying
