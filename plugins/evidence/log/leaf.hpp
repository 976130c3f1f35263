// What the publication log says of a document: one line of canonical JSON for each thing that happened to it.
//
// The log never holds contents, names of people or free text: only ids, dates and `huella`, a salted hash.
// When data protection asks for erasure, the document and its salt are deleted and the leaf stays: without
// the salt nobody can tell of which document it spoke, not even by trying every likely one, and the tree
// keeps its shape.
#pragma once

#include "plugins/evidence/log/merkle.hpp"

#include <concejo/result.hpp>

#include <optional>
#include <string>

namespace evidence::log {

enum class What {
    publicacion,     ///< began to be exposed; `anterior`: the publication it replaces
    retirada,        ///< ceased to be; `anterior`: its publication
    disponibilidad,  ///< somebody looked whether it was there; `anterior`: its publication
    sello,           ///< got a seal or signature, `huella` being of the sealed content
    incidencia       ///< the sede failed; `huella` being of the record of it
};
enum class Seen { visible, ausente, distinto, error };  ///< what a sample found

/// Ids are 1 to 64 of A-Z a-z 0-9 . _ : - ; `fecha` is UTC, to the second: 2026-01-15T09:00:00Z. Dates are
/// the log's own word: what proves them is the timestamp of a checkpoint, and the witnesses.
struct Leaf {
    What what = What::publicacion;
    std::string municipio;
    std::string documento;
    std::string fecha;
    std::optional<Digest> huella;    ///< in publicacion, sello and incidencia
    std::optional<Digest> anterior;  ///< leaf_hash() of an earlier leaf: must in retirada and disponibilidad
    std::optional<std::string>
        csv;  ///< only where the code may be known to all; may in publicacion and sello
    std::optional<std::string>
        testigo;                    ///< in disponibilidad: who looked, 1 to 128 of the letters of an id and /
    std::optional<Seen> resultado;  ///< in disponibilidad

    bool operator==(const Leaf&) const = default;
};

/// SHA-256(salt ‖ SHA-256(content)): the content is hashed apart so that its digest, which is known already,
/// is enough. The salt is 32 random bytes of this document alone.
Digest salted(std::string_view salt, const Digest& content);
constexpr std::size_t salt_size = 32;

/// The entry of the log. Throws Error{invalid} for a leaf that parse_leaf would refuse.
std::string to_entry(const Leaf& leaf);

/// The leaf, or what is wrong with the text: it must be exactly what to_entry writes.
concejo::Result<Leaf, std::string> parse_leaf(std::string_view entry);

/// As people count them, from 1: machines do from 0.
inline std::string leaf_number(std::uint64_t index) { return std::to_string(index + 1); }

std::string_view name(What what);
std::string_view name(Seen seen);

}  // namespace evidence::log
