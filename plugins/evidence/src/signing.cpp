#include "signing.hpp"

#include "office.hpp"
#include "sdk.hpp"
#include "seal_pdf.hpp"
#include "stamping.hpp"
#include "tool.hpp"

#include "plugins/evidence/crypto/encoding.hpp"
#include "plugins/evidence/signature/pades.hpp"

namespace evidence {
namespace {

struct Phase {
    signature::CadesPrepared cades;
    std::optional<signature::PdfHole> pdf;
    crypto::Certificates chain;
};

/// The same wanted twice gives the same bytes to sign: what is kept between the phases is what was wanted.
Phase phase_of(const Call& call, const Json& wanted) {
    Phase phase;
    auto certificates = crypto::certificates_from_pem(wanted.string_or("certificado", ""));
    const auto signer = std::move(certificates.front());
    certificates.erase(certificates.begin());
    phase.chain = std::move(certificates);
    const auto format = wanted.string_or("formato", "");
    const auto sha256 = wanted.string_or("sha256", "");
    const auto when = wanted.int_or("cuando", 0);
    signature::CadesOptions options{.signing_time = crypto::Time(std::chrono::seconds(when)),
                                    .policy = policy_of(call.settings())};
    crypto::Digest content{};
    if (format == "PAdES") {
        options.signing_time.reset();  // EN 319 142-1: the time is /M's
        const Json request = Json::object({{"certificate", crypto::pem(*signer)},
                                           {"reason", wanted.string_or("motivo", "")},
                                           {"time", when},
                                           {"certify", false}});
        const auto done =
            run_tool(call, {"prepare-seal", "{in}"}, Json::object({{"blob", sha256}}), request.dump());
        if (done.int_or("exit", -1) != 0)
            throw Error(ErrorKind::invalid,
                        "evidence: el PDF no se puede firmar: " + done.string_or("stderr", ""));
        phase.pdf = hole_from(Json::parse(done.string_or("stdout", "{}")));
        content = phase.pdf->digest();
    } else if (const auto bytes = crypto::unhex(sha256);
               format == "CAdES" && bytes && bytes->size() == content.size()) {
        std::copy(bytes->begin(), bytes->end(), content.begin());
    } else {
        throw Error(ErrorKind::invalid, "«formato» es PAdES, CAdES o XAdES, y «sha256» el del contenido");
    }
    phase.cades = signature::prepare_cades(content, *signer, options);
    return phase;
}

/// What the child makes of the XML, with the signature and its timestamp once they are known. XML of strangers is parsed there only.
Json signed_xml(const Call& call, const Json& wanted, const std::string& signature = {},
                const std::string& token = {}) {
    const Json request = Json::object({{"certificates", wanted.string_or("certificado", "")},
                                       {"time", wanted.int_or("cuando", 0)},
                                       {"policy", policy_of(call.settings()).has_value()},
                                       {"id", wanted.string_or("id", "")},
                                       {"signature", crypto::base64(signature)},
                                       {"token", crypto::base64(token)}});
    const auto done = run_tool(call, {"sign-xml", "{in}"},
                               Json::object({{"blob", wanted.string_or("sha256", "")}}), request.dump());
    if (done.int_or("exit", -1) != 0)
        throw Error(ErrorKind::invalid,
                    "evidence: el XML no se puede firmar: " + done.string_or("stderr", ""));
    return Json::parse(done.string_or("stdout", "{}"));
}

bool is_xml(const Json& wanted) { return wanted.string_or("formato", "") == "XAdES"; }

Json finish_xml(const Call& call, const Json& wanted, const std::string& signature) {
    if (signature.empty()) throw Error(ErrorKind::invalid, "«firma» no es base64");
    Json made = signed_xml(call, wanted, signature);
    crypto::Digest imprint{};
    const auto bytes = crypto::unhex(made.string_or("imprint", "")).value_or("");
    if (bytes.size() != imprint.size()) throw Error(ErrorKind::internal, "evidence: falta la firma del XML");
    std::copy(bytes.begin(), bytes.end(), imprint.begin());
    const auto date = stamp(call, imprint);
    if (date) made = signed_xml(call, wanted, signature, date->token);
    return Json::object({{"firmado", made.string_or("xml", "")}, {"fechado", date.has_value()}});
}

}  // namespace

Json prepare_signature(const Call& call, const Json& asked) {
    const auto now = std::chrono::floor<std::chrono::seconds>(crypto::now()).time_since_epoch().count();
    Json wanted = Json::object({{"cuando", now}});
    for (const char* name : {"formato", "sha256", "certificado", "motivo"})
        wanted[name] = asked.string_or(name, "");
    if (is_xml(wanted)) {
        wanted["id"] = "S-" + crypto::hex(crypto::view(crypto::sha256(wanted.dump()))).substr(0, 16);
        return Json::object(
            {{"por_firmar", signed_xml(call, wanted).string_or("to_sign", "")}, {"estado", wanted.dump()}});
    }
    const auto phase = phase_of(call, wanted);
    return Json::object({{"por_firmar", crypto::base64(phase.cades.to_sign)}, {"estado", wanted.dump()}});
}

Json finish_signature(const Call& call, const Json& asked) {
    const Json wanted = Json::parse(asked.string_or("estado", "{}"));
    const auto value = crypto::unbase64(asked.string_or("firma", "")).value_or("");
    if (is_xml(wanted)) return finish_xml(call, wanted, value);
    const auto phase = phase_of(call, wanted);
    auto cms = signature::finish_cades(phase.cades, value, phase.chain);
    const auto date = stamp(call, signature::signature_imprint(cms));
    if (date) cms = signature::with_timestamp(cms, date->token);
    return Json::object({{"firmado", crypto::base64(phase.pdf ? signature::embed(*phase.pdf, cms) : cms)},
                         {"fechado", date.has_value()}});
}

}  // namespace evidence
