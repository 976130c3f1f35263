#include "plugins/evidence/validation/report.hpp"

#include <algorithm>

namespace evidence::validation {
namespace {

using concejo::Json;

struct Text {
    std::string_view code;
    const char* text;
};
constexpr Text texts[] = {
#define X(code, text) {code, text},
#include "plugins/evidence/validation/texts.inc"
#undef X
};

Json to_json(const std::vector<Reason>& reasons) {
    auto list = Json::array();
    for (const auto& reason : reasons)
        list.push_back(Json::object({{"code", reason.code},
                                     {"effect", name(reason.effect)},
                                     {"text", text(reason.code)},
                                     {"detail", reason.detail}}));
    return list;
}

Json to_json(const TimestampReport& stamp) {
    return Json::object({{"kind", stamp.kind},
                         {"time", crypto::iso(stamp.time)},
                         {"authority", stamp.authority},
                         {"policy", stamp.policy},
                         {"verdict", name(stamp.verdict)},
                         {"reasons", to_json(stamp.reasons)}});
}

Json to_json(const SignatureReport& one) {
    auto stamps = Json::array(), covers = Json::array();
    for (const auto& stamp : one.timestamps) stamps.push_back(to_json(stamp));
    for (const auto& covered : one.covers) covers.push_back(covered);
    return Json::object({{"field", one.field},
                         {"format", one.format},
                         {"level", one.level},
                         {"signer", one.signer},
                         {"subject", one.subject},
                         {"issuer", one.issuer},
                         {"serial", one.serial},
                         {"policy", one.policy},
                         {"claimed_time", one.claimed_time ? Json(crypto::iso(*one.claimed_time)) : Json()},
                         {"best_time", crypto::iso(one.best_time)},
                         {"time_proven", one.time_proven},
                         {"covers_everything", one.covers_everything},
                         {"covers", covers},
                         {"verdict", name(one.verdict)},
                         {"reasons", to_json(one.reasons)},
                         {"timestamps", stamps},
                         {"changes", to_json(one.changes)}});
}

}  // namespace

const char* name(Verdict verdict) {
    switch (verdict) {
        case Verdict::passed:
            return "total-passed";
        case Verdict::indeterminate:
            return "indeterminate";
        case Verdict::failed:
            break;
    }
    return "total-failed";
}

const char* text(std::string_view code) {
    const auto* found =
        std::find_if(std::begin(texts), std::end(texts), [&](const Text& t) { return t.code == code; });
    return found == std::end(texts) ? code.data() : found->text;
}

Verdict worst(const std::vector<Reason>& reasons) {
    auto verdict = Verdict::passed;
    for (const auto& reason : reasons) verdict = std::max(verdict, reason.effect);
    return verdict;
}

void conclude(SignatureReport& one) {
    one.verdict = std::max({one.verdict, worst(one.reasons), worst(one.changes)});
    // A timestamp that is not good proves nothing: the signature stands or falls without it. One that is
    // false is a mark of tampering.
    for (auto& stamp : one.timestamps) {
        stamp.verdict = worst(stamp.reasons);
        if (stamp.verdict == Verdict::failed) one.verdict = Verdict::failed;
    }
}

void conclude(Report& report) {
    report.verdict = worst(report.reasons);
    for (auto& one : report.signatures) {
        conclude(one);
        report.verdict = std::max(report.verdict, one.verdict);
    }
}

Json to_json(const Report& report) {
    auto signatures = Json::array();
    for (const auto& one : report.signatures) signatures.push_back(to_json(one));
    return Json::object({{"verdict", name(report.verdict)},
                         {"reasons", to_json(report.reasons)},
                         {"signatures", signatures}});
}

}  // namespace evidence::validation
