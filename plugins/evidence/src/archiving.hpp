// Evidence records of what was sealed (RFC 4998), so that its signatures prove something after their
// certificates and hash functions have aged.
#pragma once

#include "documents.hpp"

#include <concejo/call.hpp>

namespace evidence {

struct Archived {
    std::size_t documents = 0;  ///< new in the archive
    std::size_t renewed = 0;    ///< timestamps
    std::size_t rehashed = 0;   ///< documents with a new chain, under another hash function
};

/// What is new, what is due, or with `everything` each timestamp that is still of use. Asks an authority: not
/// in a job, nor while a transaction is open. Throws Error{unavailable} where none answers; it is asked again
/// at night.
Archived archive_now(const concejo::Call&, bool everything);

/// DER, as documento.EXT.1.ers; nothing where the document is not in the archive yet.
std::optional<std::string> evidence_record(concejo::Transaction&, const Csv&);

}  // namespace evidence
