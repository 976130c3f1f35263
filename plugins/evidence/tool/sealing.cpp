#include "commands.hpp"

#include "plugins/evidence/crypto/encoding.hpp"
#include "plugins/evidence/signature/material_json.hpp"
#include "plugins/evidence/signature/pades.hpp"

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

}  // namespace evidence::tool
