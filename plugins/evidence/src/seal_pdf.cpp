#include "seal_pdf.hpp"

#include "material.hpp"
#include "sdk.hpp"
#include "stamping.hpp"
#include "tool.hpp"
#include "written_file.hpp"

#include "plugins/evidence/crypto/encoding.hpp"
#include "plugins/evidence/signature/material_json.hpp"
#include "plugins/evidence/signature/pades.hpp"

namespace evidence {
namespace {

signature::PdfHole in_child(const Call& call, const char* command, const std::string& pdf,
                            const Json& asked) {
    const WrittenFile file(pdf);
    const auto done = run_tool(call, {command, "{in}"}, Json::object({{"path", file.path()}}), asked.dump());
    if (done.int_or("exit", -1) != 0)
        throw Error(ErrorKind::internal,
                    "evidence: el PDF no se pudo sellar: " + done.string_or("stderr", ""));
    return hole_from(Json::parse(done.string_or("stdout", "{}")));
}

signature::PdfHole with_room(const Call& call, const Office& office, const std::string& pdf,
                             const std::string& reason, const std::optional<SealShown>& shown) {
    Json asked = Json::object(
        {{"certificate", crypto::pem(office.seal.get()->certificate())},
         {"reason", reason},
         {"time", std::chrono::floor<std::chrono::seconds>(crypto::now()).time_since_epoch().count()}});
    if (shown) {
        Json rectangle = Json::array(), lines = Json::array();
        for (const double side : shown->rectangle) rectangle.push_back(side);
        for (const auto& line : shown->lines) lines.push_back(line);
        asked["stamp"] = Json::object(
            {{"page", shown->page}, {"rectangle", std::move(rectangle)}, {"lines", std::move(lines)}});
    }
    return in_child(call, "prepare-seal", pdf, asked);
}

}  // namespace

signature::PdfHole hole_from(const Json& made) {
    signature::PdfHole hole{crypto::unbase64(made.string_or("pdf", "")).value_or(""),
                            static_cast<std::size_t>(made.int_or("begin", 0)),
                            static_cast<std::size_t>(made.int_or("end", 0))};
    if (hole.hole_begin >= hole.hole_end || hole.hole_end > hole.file.size())
        throw Error(ErrorKind::internal, "evidence: el PDF no tiene sitio para el sello");
    return hole;
}

SealedPdf seal_pdf(const Call& call, const Office& office, const std::string& pdf, const std::string& reason,
                   const std::optional<SealShown>& shown) {
    const auto hole = with_room(call, office, pdf, reason, shown);
    // what is signed is computed here, from what is handed out: the child is not believed
    const auto prepared = signature::prepare_cades(hole.digest(), office.seal.get()->certificate(),
                                                   {.signing_time = {}, .policy = office.policy});
    auto cms =
        signature::finish_cades(prepared, office.seal.sign(prepared.to_sign), office.seal.get()->chain());
    const auto stamp = stamp_or_none(call, office, signature::signature_imprint(cms));
    if (!stamp) return {signature::embed(hole, cms), false};
    cms = signature::with_timestamp(cms, stamp->token);
    auto sealed = signature::embed(hole, cms);
    const auto material = material_for(call, office, cms);
    if (!material.missing.empty()) return {std::move(sealed), true};
    const auto whole = in_child(call, "add-material", sealed, signature::to_json(material));
    const auto last = stamp_or_none(call, office, whole.digest());
    return {last ? signature::embed(whole, last->token) : std::move(sealed), true};
}

}  // namespace evidence
