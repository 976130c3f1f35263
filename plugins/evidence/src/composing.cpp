#include "composing.hpp"

#include "sdk.hpp"
#include "seal.hpp"
#include "seal_pdf.hpp"
#include "tool.hpp"

#include "plugins/evidence/crypto/encoding.hpp"

#include <concejo/services/evidence.hpp>

namespace evidence {
namespace {

Json letterhead_of(const Call& call, const std::string& unit) {
    const Json town = call.municipality();
    Json head = Json::object(
        {{"name", town.string_or("name", "")}, {"unit", unit.empty() ? call.tr("Sede electrónica") : unit}});
    const Json look = town["look"];
    if (const auto shield = look.string_or("shield", ""); !shield.empty())
        head["shield"] = Json::object(
            {{"bytes", crypto::base64(shield)},
             {"alt", fill(call.tr("Escudo de {municipio}"), {{"municipio", town.string_or("place", "")}})}});
    if (const auto brand = look.string_or("brand", ""); brand.size() == 7) {
        Json accent = Json::array();
        for (std::size_t i = 1; i < 7; i += 2)
            accent.push_back(std::stoi(brand.substr(i, 2), nullptr, 16) / 255.0);
        head["accent"] = accent;
    }
    return head;
}

Json verification_of(const Call& call, const Office& office, const Csv& csv) {
    return Json::object({{"csv_label", call.tr("Código seguro de verificación")},
                         {"csv", csv.grouped()},
                         {"url_label", call.tr("Compruébelo en")},
                         {"url", call.url(concejo::services::verification_path(csv.text()), true)},
                         {"mark", office.development() ? call.tr("Claves de desarrollo: sin validez") : ""}});
}

/// Where room was left for it.
std::optional<SealShown> shown(const Call& call, const Office& office, const Json& places, std::int64_t now) {
    const auto& all = places.as_array();
    if (all.empty()) return std::nullopt;
    SealShown stamp;
    stamp.page = static_cast<int>(all.front().int_or("page", 0));
    const Json rectangle = all.front()["rectangle"];
    for (std::size_t i = 0; i < 4; ++i) stamp.rectangle[i] = rectangle.as_array().at(i).as_double();
    stamp.lines = {call.tr("Sellado electrónicamente por"),
                   crypto::common_name(office.seal.get()->certificate()), utc(now)};
    return stamp;
}

}  // namespace

std::string language_of(const Call& call) {
    const auto home = call.url("/");
    return home.substr(1, home.find('/', 1) - 1);
}

std::string compose(const Call& call, const Office& office, const Csv& csv, Json model) {
    const auto now = std::chrono::floor<std::chrono::seconds>(crypto::now()).time_since_epoch().count();
    const auto title = model.string_or("title", "");
    if (model.string_or("language", "").empty()) model["language"] = language_of(call);
    model["author"] = call.municipality().string_or("name", "");
    model["application"] = "Concejo";
    model["created"] = now;
    model["page_label"] = call.tr("Página {page} de {pages}");
    model["letterhead"] = letterhead_of(call, model.string_or("unit", ""));
    model["verification"] = verification_of(call, office, csv);
    const auto drawn = run_tool(call, {"make"}, Json(), model.dump());
    if (drawn.int_or("exit", -1) != 0)
        throw Error(ErrorKind::invalid,
                    "evidence: el documento no se pudo dibujar: " + drawn.string_or("stderr", ""));
    const Json made = Json::parse(drawn.string_or("stdout", "{}"));
    return seal_pdf(call, office, crypto::unbase64(made.string_or("pdf", "")).value_or(""), title,
                    shown(call, office, made["signatures"], now))
        .file;
}

}  // namespace evidence
