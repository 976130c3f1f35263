#include "judging.hpp"

#include "sdk.hpp"
#include "tool.hpp"

#include "plugins/evidence/crypto/encoding.hpp"

namespace evidence {
namespace {

constexpr int rounds = 4;  ///< responders, then lists, for the signer and for who dated
constexpr std::size_t most_questions = 24;

}  // namespace

const char* verdict_word(std::string_view verdict) {
    return verdict == "total-passed"    ? N_("vale")
           : verdict == "indeterminate" ? N_("no se puede saber")
                                        : N_("no vale");
}

std::string signature_line(const Call& call, const Json& signature) {
    const auto format = signature.string_or("format", ""), level = signature.string_or("level", "");
    return fill(call.tr("Firma de {quien} ({formato}), {fecha}: {veredicto}"),
                {{"quien", signature.string_or("signer", "")},
                 {"formato", level.empty() ? format : format + " " + level},
                 {"fecha", signature.string_or("best_time", "")},
                 {"veredicto", call.tr(verdict_word(signature.string_or("verdict", "")))}});
}

std::optional<Json> judge_file(const Call& call, Judged what, const std::string& path, int seconds) {
    Json wanted = Json::object({{"kind", what == Judged::eni ? "eni" : "signatures"},
                                {"roots", trusted_roots(call)},
                                {"answers", Json::array()}});
    for (int round = 1;; ++round) {
        const auto done =
            run_tool(call, {"judge", "{in}"}, Json::object({{"path", path}}), wanted.dump(), seconds);
        if (done.bool_or("timed_out", false) || done.int_or("exit", -1) != 0) return std::nullopt;
        const Json said = Json::parse(done.string_or("stdout", "{}"));
        const Json asks = said.at("asks");
        if (round == rounds || asks.as_array().empty()) return said.at("report");
        for (const auto& one : asks.as_array()) {
            Json answer = one;
            try {
                if (wanted["answers"].as_array().size() == most_questions)
                    throw concejo::Error(concejo::ErrorKind::unavailable, "son demasiadas preguntas");
                answer["answer"] =
                    crypto::base64(ask_address(call, one.string_or("address", ""),
                                               crypto::unbase64(one.string_or("request", "")).value_or("")));
            } catch (const concejo::Error& error) {
                answer["failure"] = std::string("no contesta: ") + error.what();
            }
            wanted["answers"].push_back(std::move(answer));
        }
    }
}

}  // namespace evidence
