#include "bundle_verdict.hpp"

#include "rotation.hpp"
#include "sdk.hpp"

#include "plugins/evidence/bundle/names.hpp"
#include "plugins/evidence/verify/report.hpp"

#include <algorithm>
#include <fstream>

namespace evidence {
namespace {

verify::Language language_named(std::string_view code) {
    return code == "ca"   ? verify::Language::ca
           : code == "gl" ? verify::Language::gl
           : code == "eu" ? verify::Language::eu
           : code == "en" ? verify::Language::en
                          : verify::Language::es;
}

/// Whole, and of a log that is not ours: concejo-verify refuses it to whoever gave our key, but here it is told apart from what
/// somebody changed.
verify::Verdict verdict_on(const std::string& file, const verify::Trust& trust) {
    const auto judge = verify::openssl_judge({});
    auto verdict = verify::verify(file, trust, judge);
    const bool only_the_key = !verdict.failed.empty() &&
                              std::all_of(verdict.failed.begin(), verdict.failed.end(), [](const auto& line) {
                                  return line.text == verify::Text::key_not_known;
                              });
    return only_the_key ? verify::verify(file, {}, judge) : std::move(verdict);
}

}  // namespace

Json notice(const char* tone, std::string heading, std::string text) {
    return Json::object({{"tone", tone},
                         {"heading", std::move(heading)},
                         {"text", std::move(text)},
                         {"lines", Json::array()}});
}

bool looks_like_a_bundle(const std::string& path, std::string_view name) {
    if (name.ends_with(".evidencia")) return true;
    constexpr std::size_t local_header = 30;  // of a zip: then comes the name of the first file
    char head[local_header + bundle::readme_name.size()] = {};
    std::ifstream(path, std::ios::binary).read(head, sizeof head);
    const std::string_view begin(head, sizeof head);
    return begin.starts_with("PK\3\4") && begin.substr(local_header) == bundle::readme_name;
}

Json judge_bundle(const Request& request, Transaction& tx,
                  const std::optional<std::shared_ptr<const Office>>& office, const std::string& file) {
    verify::Trust trust;
    if (office)
        for (const auto& one : log_keys(tx, **office)) trust.keys.push_back(one.key);
    const auto verdict = verdict_on(file, trust);
    const auto language = language_named(request.language);
    const auto authentic = verdict.outcome == verify::Outcome::authentic;
    Json result =
        authentic
            ? notice(
                  "ok", request.tr("El archivo de evidencia es auténtico"),
                  request.tr("Lo firmó el registro de publicación de este municipio y nadie lo ha cambiado."))
        : verdict.outcome == verify::Outcome::intact
            ? notice("warn", request.tr("El archivo de evidencia está íntegro, pero no es de este municipio"),
                     request.tr("Nadie lo ha cambiado desde que se firmó; con qué clave se firmó, este "
                                "municipio no lo sabe."))
            : notice("err", request.tr("El archivo de evidencia no es válido"),
                     request.tr("Está cortado, cambiado o mal hecho: no prueba nada."));
    for (const auto* lines : {&verdict.failed, &verdict.checked, &verdict.facts}) {
        for (const auto& line : *lines) result["lines"].push_back(verify::words(line, language));
    }
    return result;
}

}  // namespace evidence
