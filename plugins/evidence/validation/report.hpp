// What a validation says, after ETSI EN 319 102-1: a verdict, and each reason for it as a code and in plain
// Spanish.
#pragma once

#include "plugins/evidence/crypto/certificate.hpp"
#include "plugins/evidence/revocation/revocation.hpp"

#include <concejo/json.hpp>

namespace evidence::validation {

/// TOTAL-PASSED, INDETERMINATE, TOTAL-FAILED. Later is worse.
enum class Verdict { passed, indeterminate, failed };
const char* name(Verdict);  ///< "total-passed" …

struct Reason {
    Verdict effect;      ///< passed: worth knowing, and no objection
    std::string code;    ///< stable, for programs: one of texts.inc
    std::string detail;  ///< what or where, not translated: names, OpenSSL's words; may be empty
};
/// The Spanish msgid of a code; the code itself where there is none.
const char* text(std::string_view code);

Verdict worst(const std::vector<Reason>&);

struct TimestampReport {
    std::string kind;  ///< "signature", "document" or "archive"
    crypto::Time time;
    std::string authority;  ///< common name
    std::string policy;
    Verdict verdict = Verdict::passed;
    std::vector<Reason> reasons;
};

struct SignatureReport {
    std::string field;   ///< of a PDF; the Id of an XML signature; empty otherwise
    std::string format;  ///< "PAdES", "PKCS#7", "CAdES", "XAdES", "DocTimeStamp"
    std::string level;   ///< "B-B", "B-T", "B-LT", "B-LTA": what it carries, not that it is true
    std::string signer, subject, issuer, serial, policy;
    std::optional<crypto::Time> claimed_time;  ///< what the signer says
    crypto::Time best_time{};                  ///< when it is known to exist
    bool time_proven = false;                  ///< by a timestamp; `best_time` is the validation's otherwise
    bool covers_everything = false;            ///< nothing was added afterwards
    std::vector<std::string> covers;           ///< of an XML signature: "name #id" of what it signs
    Verdict verdict = Verdict::passed;
    std::vector<Reason> reasons;
    std::vector<TimestampReport> timestamps;
    std::vector<Reason> changes;  ///< between what was signed and the file as it is
};

struct Report {
    Verdict verdict = Verdict::indeterminate;
    std::vector<Reason> reasons;  ///< of the file as a whole
    std::vector<SignatureReport> signatures;
};
/// For `--json`: codes, details and Spanish texts.
concejo::Json to_json(const Report&);
/// Sets the verdicts from the reasons, changes and timestamps.
void conclude(SignatureReport&);
void conclude(Report&);

struct Options {
    crypto::Certificates roots;
    crypto::Certificates timestamp_roots;  ///< empty: `roots`
    crypto::Certificates known;            ///< helps to build chains
    revocation::Fetch fetch;               ///< null: only what the file carries
    crypto::Time now = crypto::now();
    /// Without data that say so a certificate is not taken as unrevoked. False: those that name no OCSP nor
    /// CRL are.
    bool require_revocation = true;
    const crypto::Certificates& tsa_roots() const {
        return timestamp_roots.empty() ? roots : timestamp_roots;
    }
};

}  // namespace evidence::validation
