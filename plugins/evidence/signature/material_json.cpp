#include "plugins/evidence/signature/material_json.hpp"

#include "plugins/evidence/crypto/encoding.hpp"

namespace evidence::signature {

using concejo::Json;

namespace {

Json coded(const std::vector<std::string>& all) {
    Json list = Json::array();
    for (const auto& one : all) list.push_back(crypto::base64(one));
    return list;
}

std::vector<std::string> decoded(const Json& list) {
    std::vector<std::string> all;
    for (const auto& one : list.as_array()) all.push_back(crypto::unbase64(one.as_string()).value_or(""));
    return all;
}

}  // namespace

Json to_json(const Material& material) {
    std::vector<std::string> certificates;
    for (const auto& one : material.certificates) certificates.push_back(crypto::der(*one));
    Json missing = Json::array();
    for (const auto& one : material.missing) missing.push_back(one);
    return Json::object({{"certificados", coded(certificates)},
                         {"ocsp", coded(material.revocation.ocsps)},
                         {"crl", coded(material.revocation.crls)},
                         {"falta", std::move(missing)}});
}

Material material_from(const Json& data) {
    Material material;
    for (const auto& der : decoded(data["certificados"]))
        if (auto one = crypto::certificate_from_der(der)) material.certificates.push_back(std::move(*one));
    material.revocation = {decoded(data["ocsp"]), decoded(data["crl"])};
    const Json missing = data["falta"];
    for (const auto& one : missing.as_array()) material.missing.push_back(one.as_string());
    return material;
}

}  // namespace evidence::signature
