// Files of others, judged in a child that opens no socket: what it has to know from outside (OCSP, lists of revocation) is asked
// here, of the servers that the municipality allows, and the child judges again.
#pragma once

#include <concejo/call.hpp>

namespace evidence {

enum class Judged { signatures, eni };

/// "vale", for "total-passed": a msgid.
const char* verdict_word(std::string_view verdict);

/// "Firma de Ana (PAdES B-T), 2026-05-03T10:00:00Z: vale", of a signature of the report; a time stamp has no level.
std::string signature_line(const concejo::Call&, const concejo::Json& signature);

/// The report (validation/report.hpp, eni/import.hpp), with the municipality's own roots and those of its settings. Nothing
/// where the file is too complex. Not while a transaction is open.
std::optional<concejo::Json> judge_file(const concejo::Call&, Judged, const std::string& path,
                                        int seconds = 30);

}  // namespace evidence
