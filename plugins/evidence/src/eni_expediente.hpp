// An expediente as the ENI exchanges it: its index, signed, and its documents (NTI de expediente electrónico,
// BOE-A-2011-13170; RD 203/2021 art. 51; Ley 39/2015 art. 70).
#pragma once

#include "documents.hpp"
#include "office.hpp"

#include <concejo/call.hpp>
#include <concejo/result.hpp>

namespace evidence {

struct ExpedienteEni {
    std::string especifico;     ///< its own part of the identifier: 1 to 30 of A-Z a-z 0-9
    std::string clasificacion;  ///< SIA code, or "L01…_PRO_…" where the procedure has none
    std::string estado;         ///< "E01" open, "E02" closed, "E03" index closed to be sent
    std::int64_t abierto_en = 0;
    std::vector<std::string> interesados;
    std::vector<Documento> documentos;  ///< in the order of the folio
};

/// "L01099999_2026_EXP_…" with its "ES_" before: what names it. The year is that of its opening.
std::string eni_identifier(const concejo::Json& municipality, const ExpedienteEni&);

/// The index of these documents, of which `xml` are the ENI's files in the same order: their SHA-256 is what it says of
/// each. Its XAdES, for the long term, covers the index and the metadata. Call it outside a transaction.
std::string eni_index(const concejo::Call&, const Office&, const ExpedienteEni&,
                      const std::vector<std::string>& xml);

/// A zip: "expediente.eni.xml" and "documento-001.eni.xml" on, in the order of the index. Throws Error{invalid} for more
/// than it takes (64 MiB), and as eni_document does. Call it outside a transaction.
std::string eni_zip(const concejo::Call&, const Office&, const ExpedienteEni&);

}  // namespace evidence
