// Long-term material as text: {"certificados", "ocsp", "crl": [base64 of DER], "falta": [text]}.
#pragma once

#include "plugins/evidence/signature/long_term.hpp"

#include <concejo/json.hpp>

namespace evidence::signature {

concejo::Json to_json(const Material&);
/// What is no certificate is left out. Throws Error{invalid} for other shapes.
Material material_from(const concejo::Json&);

}  // namespace evidence::signature
