// concejo-evidence: signs, checks and inspects one file. Exit codes of «validate»: 0 passed, 1 failed, 3
// indeterminate; 2 for any command that could not be carried out.
#include "commands.hpp"

#include "plugins/evidence/crypto/encoding.hpp"
#include "plugins/evidence/factory/json.hpp"
#include "plugins/evidence/factory/make.hpp"
#include "plugins/evidence/inspection/hidden_data.hpp"
#include "plugins/evidence/keys/development_pki.hpp"
#include "plugins/evidence/keys/signing_key.hpp"
#include "plugins/evidence/signature/pades.hpp"

#include <concejo/error.hpp>

#include <fstream>
#include <iostream>
#include <iterator>

using namespace evidence;
using tool::read;

namespace evidence::tool {

std::string read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) throw concejo::Error(concejo::ErrorKind::not_found, "No se puede leer " + path);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string standard_input() { return {std::istreambuf_iterator<char>(std::cin), {}}; }

}  // namespace evidence::tool

namespace {

constexpr const char* usage =
    "concejo-evidence validate FILE [ROOTS.pem [CONTENT]]\n"
    "concejo-evidence inspect FILE.pdf\n"
    "concejo-evidence sign-pdf FILE.pdf KEY.pem CERTIFICATES.pem > SIGNED.pdf\n"
    "concejo-evidence stamp-csv FILE.pdf < TEXTS.json\n"
    "concejo-evidence make < DOCUMENT.json\n"
    "concejo-evidence copy FILE.pdf < REQUEST.json\n"
    "concejo-evidence find-pages FILE.pdf < REQUEST.json\n"
    "concejo-evidence draw-page FILE.pdf < REQUEST.json\n"
    "concejo-evidence check-extract COPY.pdf [ORIGINAL.pdf]\n"
    "concejo-evidence prepare-seal FILE.pdf < REQUEST.json\n"
    "concejo-evidence add-material FILE.pdf < MATERIAL.json\n"
    "concejo-evidence sign-xml FILE.xml < REQUEST.json\n"
    "concejo-evidence judge FILE < REQUEST.json\n"
    "concejo-evidence development-pki FOLDER ENTITY\n";

int validate(const std::vector<std::string>& arguments) {
    const auto file = read(arguments.at(0));
    validation::Options options;
    if (arguments.size() > 1) options.roots = crypto::certificates_from_pem(read(arguments[1]));
    std::optional<std::string> content;
    if (arguments.size() > 2) content = read(arguments[2]);
    const auto report = tool::validate_any(file, content, options);
    std::cout << validation::to_json(report).dump(true) << "\n";
    constexpr int codes[] = {0, 3, 1};
    return codes[static_cast<int>(report.verdict)];
}

/// What nobody sees in it; and its signatures that are wrong, whoever made them: altered files would be published as signed.
int inspect(const std::string& path) {
    const auto file = read(path);
    std::vector<inspection::Finding> all;
    const auto signatures = file.find("/ByteRange") == std::string::npos
                                ? std::vector<validation::SignatureReport>()
                                : tool::validate_any(file, std::nullopt, {}).signatures;
    for (const auto& one : signatures) {
        if (one.verdict != validation::Verdict::failed) continue;
        std::string why;
        for (const auto* reasons : {&one.changes, &one.reasons})
            for (const auto& reason : *reasons)
                if (reason.effect == validation::Verdict::failed) why = validation::text(reason.code);
        all.push_back({"bad_signature", one.signer, why});
    }
    for (auto& one : inspection::hidden_data(file)) all.push_back(std::move(one));
    std::cout << inspection::to_json(all).dump(true) << "\n";
    return 0;
}

int sign_pdf(const std::vector<std::string>& arguments) {
    const auto key = keys::from_pem(read(arguments.at(1)), read(arguments.at(2)));
    const auto prepared = signature::prepare_pades(read(arguments.at(0)), key.certificate());
    const auto cms = signature::finish_cades(prepared.cades, key.sign(prepared.cades.to_sign), key.chain());
    std::cout << signature::embed(prepared.pdf, cms);
    return 0;
}

/// A document model as factory/json.hpp says in, {"pdf": base64, "signatures": [{"page","rectangle"}]} out.
int make() {
    using concejo::Json;
    const auto made = factory::make(factory::document_from(Json::parse(tool::standard_input())));
    Json places = Json::array();
    for (const auto& place : made.signatures) {
        Json rectangle = Json::array();
        for (const double side : place.rectangle) rectangle.push_back(side);
        places.push_back(Json::object({{"page", place.page}, {"rectangle", rectangle}}));
    }
    std::cout << Json::object({{"pdf", crypto::base64(made.pdf)}, {"signatures", places}}).dump();
    return 0;
}

int run(const std::string& command, const std::vector<std::string>& arguments) {
    if (command == "validate" && !arguments.empty()) return validate(arguments);
    if (command == "sign-pdf" && arguments.size() == 3) return sign_pdf(arguments);
    if (command == "inspect" && arguments.size() == 1) return inspect(arguments[0]);
    if (command == "make" && arguments.empty()) return make();
    if (command == "stamp-csv" && arguments.size() == 1) return tool::stamp_csv(arguments[0]);
    if (command == "copy" && arguments.size() == 1) return tool::copy(arguments[0]);
    if (command == "prepare-seal" && arguments.size() == 1) return tool::prepare_seal(arguments[0]);
    if (command == "add-material" && arguments.size() == 1) return tool::add_material(arguments[0]);
    if (command == "sign-xml" && arguments.size() == 1) return tool::sign_xml(arguments[0]);
    if (command == "find-pages" && arguments.size() == 1) return tool::find_pages(arguments[0]);
    if (command == "draw-page" && arguments.size() == 1) return tool::draw_page(arguments[0]);
    if (command == "check-extract" && (arguments.size() == 1 || arguments.size() == 2))
        return tool::check_extract(arguments);
    if (command == "judge" && arguments.size() == 1) return tool::judge(arguments[0]);
    if (command == "development-pki" && arguments.size() == 2) {
        keys::DevelopmentPki pki;
        pki.entity = arguments[1];
        keys::make_development_pki(arguments[0], pki);
        return 0;
    }
    std::cerr << usage;
    return 2;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc > 1 ? argv[1] : "", {argv + std::min(argc, 2), argv + argc});
    } catch (const std::exception& error) {
        std::cerr << error.what() << "\n";
        return 2;
    }
}
