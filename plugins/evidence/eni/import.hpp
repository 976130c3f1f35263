// Reading what another administration sends: a documento or an expediente of the ENI, and whether to believe it.
#pragma once

#include "plugins/evidence/validation/report.hpp"

#include <concejo/json.hpp>

namespace evidence::eni {

/// `file`: the XML of a documento or of an expediente, or a zip with the XML of an expediente and of its documents.
/// {"tipo": "documento"|"expediente"|"desconocido", "identificador", "veredicto": "correcto"|"indeterminado"|"incorrecto",
///  "metadatos": {name: text or list}, "hallazgos": [{"efecto": "fallo"|"duda"|"dato", "codigo", "texto", "detalle"}],
///  "firmas": [as validation::to_json], "documentos": [the same of each, and "huella": "correcta"|"incorrecta"|…]}.
/// Never throws for what the bytes hold. Parses hostile input: run it where time and memory are limited.
concejo::Json judge_received(std::string_view file, const validation::Options&);

}  // namespace evidence::eni
