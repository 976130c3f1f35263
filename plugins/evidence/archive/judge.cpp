#include "plugins/evidence/archive/judge.hpp"

#include "plugins/evidence/timestamp/token.hpp"

#include <concejo/error.hpp>

namespace evidence::archive {
namespace {

/// A token with the root that its tree leads to.
struct Stamped {
    timestamp::Token token;
    std::string root;
};

[[noreturn]] void no_proof(const std::string& why) { throw concejo::Error(concejo::ErrorKind::invalid, why); }

/// Every timestamp in order, each over what it has to be over.
std::vector<Stamped> walk(const EvidenceRecord& record, std::string_view content) {
    std::vector<Stamped> all;
    for (std::size_t c = 0; c < record.chains.size(); ++c) {
        const auto& chain = record.chains[c];
        const auto& name = chain.front().digest;
        auto needed = digest(name, content);
        if (c != 0) needed = renewed_leaf(name, needed, record.sequence(c));
        for (const auto& stamp : chain) {
            if (stamp.digest != name) no_proof("una cadena con dos funciones de resumen");
            const auto root = root_of(name, stamp.tree, needed);
            if (!root) no_proof("el resumen no está en el árbol");
            auto token = timestamp::read_token(stamp.token);
            if (token.digest_name != name || token.imprint != *root) no_proof("imprint_mismatch");
            if (!all.empty() && token.time < all.back().token.time) no_proof("fechas que no crecen");
            needed = digest(name, stamp.token);
            all.push_back({std::move(token), *root});
        }
    }
    return all;
}

}  // namespace

Judgement judge(std::string_view bytes, std::string_view content, const crypto::Certificates& roots) {
    Judgement judgement;
    try {
        const auto all = walk(EvidenceRecord::parse(bytes), content);
        judgement.timestamps = all.size();
        judgement.since = all.front().token.time;
        judgement.renewed = all.back().token.time;
        judgement.rooted = !roots.empty();
        for (std::size_t i = 0; i < all.size(); ++i) {
            const auto& token = all[i].token;
            const auto when = i + 1 < all.size() ? all[i + 1].token.time : token.time;
            const auto check = timestamp::check_token(token, all[i].root, {}, roots, when);
            if (!check.good() && (check.problem != "chain" || !roots.empty()))
                no_proof(check.problem + (check.detail.empty() ? "" : ": " + check.detail));
        }
        if (const auto own = timestamp::token_certificates(all.front().token); !own.empty())
            judgement.who = crypto::common_name(*own.front());
    } catch (const concejo::Error& error) {
        judgement = {};
        judgement.problem = error.what();
        crypto::clear_errors();
    }
    return judgement;
}

}  // namespace evidence::archive
