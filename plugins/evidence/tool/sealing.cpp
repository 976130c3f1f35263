#include "commands.hpp"

#include "plugins/evidence/crypto/encoding.hpp"
#include "plugins/evidence/signature/material_json.hpp"
#include "plugins/evidence/signature/pades.hpp"
#include "plugins/evidence/signature/xades.hpp"
#include "plugins/evidence/xml/document.hpp"

#include <concejo/error.hpp>

#include <iostream>

namespace evidence::tool {
namespace {

using concejo::Json;

signature::PadesOptions options_of(const Json& wanted) {
    signature::PadesOptions options;
    options.reason = wanted.string_or("reason", "");
    options.time = crypto::Time(std::chrono::seconds(wanted.int_or("time", 0)));
    if (wanted.bool_or("certify", true)) options.certify = 1;
    if (const Json* shown = wanted.find("stamp")) {
        signature::Stamp stamp;
        stamp.page = static_cast<int>(shown->int_or("page", 0));
        const Json rectangle = shown->at("rectangle"), lines = shown->at("lines");
        for (std::size_t side = 0; side < 4; ++side)
            stamp.rectangle[side] = rectangle.as_array().at(side).as_double();
        for (const auto& line : lines.as_array()) stamp.lines.push_back(line.as_string());
        options.stamp = std::move(stamp);
    }
    return options;
}

int give(const signature::PdfHole& hole) {
    std::cout << Json::object({{"pdf", crypto::base64(hole.file)},
                               {"begin", static_cast<std::int64_t>(hole.hole_begin)},
                               {"end", static_cast<std::int64_t>(hole.hole_end)}})
                     .dump();
    return 0;
}

}  // namespace

int prepare_seal(const std::string& file) {
    const Json wanted = Json::parse(standard_input());
    const auto signer = crypto::certificates_from_pem(wanted.string_or("certificate", ""));
    return give(signature::prepare_pades(read(file), *signer.at(0), options_of(wanted)).pdf);
}

int add_material(const std::string& file) {
    std::vector<signature::Material> material;
    material.push_back(signature::material_from(Json::parse(standard_input())));
    return give(signature::prepare_document_timestamp(signature::with_security_store(read(file), material)));
}

int sign_xml(const std::string& file) {
    const Json wanted = Json::parse(standard_input());
    auto chain = crypto::certificates_from_pem(wanted.string_or("certificates", ""));
    const auto signer = std::move(chain.front());
    chain.erase(chain.begin());
    const auto text = read(file);
    if (const xml::Document document(text); xml::find(document.root(), xml::ds, "Signature"))
        throw concejo::Error(concejo::ErrorKind::conflict,
                             "El documento XML ya lleva una firma, que otra rompería");
    signature::XadesOptions options;
    options.time = crypto::Time(std::chrono::seconds(wanted.int_or("time", 0)));
    options.id = wanted.string_or("id", "");
    if (wanted.bool_or("policy", false)) options.policy = signature::age_policy();
    const auto prepared = signature::prepare_xades(text, *signer, chain, options);
    Json made = Json::object({{"to_sign", crypto::base64(prepared.to_sign)}});
    std::string out = prepared.xml;
    if (const auto value = crypto::unbase64(wanted.string_or("signature", "")); value && !value->empty()) {
        out = signature::finish_xades(prepared, *value);
        made["imprint"] = crypto::hex(crypto::view(signature::xades_imprint(out, prepared.id)));
        if (const auto token = crypto::unbase64(wanted.string_or("token", "")); token && !token->empty())
            out = signature::xades_with_timestamp(out, prepared.id, *token);
    }
    made["xml"] = crypto::base64(out);
    std::cout << made.dump();
    return 0;
}

}  // namespace evidence::tool
