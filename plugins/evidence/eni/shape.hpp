// Whether an XML has the shape that the ENI's schemas want: elements, order, and the values that they list. Written out,
// since the schemas are not ours to ship; the tests compare it with them.
#pragma once

#include "plugins/evidence/xml/document.hpp"

#include <string>
#include <vector>

namespace evidence::eni {

/// What is wrong, as "metadatos/EstadoElaboracion: …" in Spanish; at most 50.
std::vector<std::string> wrong_in_documento(xmlNode*);
std::vector<std::string> wrong_in_expediente(xmlNode*);

}  // namespace evidence::eni
