// Whether an evidence record proves that a document existed when it says (RFC 4998, sections 4.3 and 5.3).
#pragma once

#include "plugins/evidence/archive/record.hpp"
#include "plugins/evidence/crypto/certificate.hpp"

namespace evidence::archive {

struct Judgement {
    std::string problem;              ///< empty: good. For people who know
    bool rooted = false;              ///< each authority leads to a root that was given
    crypto::Time since{}, renewed{};  ///< of the first timestamp, and of the last
    std::string who;                  ///< common name of the first authority
    std::size_t timestamps = 0;
    bool good() const { return problem.empty(); }
};

/// Of `content` among what the first list of hashes holds. With roots, each timestamp's certificate has to
/// lead to one of them, at the time of the timestamp that renews it; that of the last, when it stamped.
/// Revocation is not looked at. Nothing throws for what the record holds.
Judgement judge(std::string_view record, std::string_view content, const crypto::Certificates& roots);

}  // namespace evidence::archive
