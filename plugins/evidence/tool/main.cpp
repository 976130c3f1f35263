// concejo-evidence: signs, checks and inspects one file. Exit codes of «validate»: 0 passed, 1 failed, 3
// indeterminate; 2 for any command that could not be carried out.
#include "plugins/evidence/crypto/encoding.hpp"
#include "plugins/evidence/factory/json.hpp"
#include "plugins/evidence/factory/make.hpp"
#include "plugins/evidence/factory/stamp_csv.hpp"
#include "plugins/evidence/inspection/hidden_data.hpp"
#include "plugins/evidence/keys/development_pki.hpp"
#include "plugins/evidence/keys/signing_key.hpp"
#include "plugins/evidence/signature/pades.hpp"
#include "plugins/evidence/validation/pdf.hpp"

#include <concejo/error.hpp>

#include <fstream>
#include <iostream>
#include <iterator>

using namespace evidence;

namespace {

constexpr const char* usage =
    "concejo-evidence validate FILE [ROOTS.pem [CONTENT]]\n"
    "concejo-evidence inspect FILE.pdf\n"
    "concejo-evidence sign-pdf FILE.pdf KEY.pem CERTIFICATES.pem > SIGNED.pdf\n"
    "concejo-evidence stamp-csv FILE.pdf < TEXTS.json\n"
    "concejo-evidence make < DOCUMENT.json\n"
    "concejo-evidence development-pki FOLDER ENTITY\n";

std::string read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) throw concejo::Error(concejo::ErrorKind::not_found, "No se puede leer " + path);
    return {std::istreambuf_iterator<char>(in), {}};
}

int validate(const std::vector<std::string>& arguments) {
    const auto file = read(arguments.at(0));
    validation::Options options;
    if (arguments.size() > 1) options.roots = crypto::certificates_from_pem(read(arguments[1]));
    std::optional<std::string> content;
    if (arguments.size() > 2) content = read(arguments[2]);
    const auto report = file.find("%PDF-") < 1024 ? validation::validate_pdf(file, options)
                                                  : validation::validate_cms(file, content, options);
    std::cout << validation::to_json(report).dump(true) << "\n";
    constexpr int codes[] = {0, 3, 1};
    return codes[static_cast<int>(report.verdict)];
}

int sign_pdf(const std::vector<std::string>& arguments) {
    const auto key = keys::from_pem(read(arguments.at(1)), read(arguments.at(2)));
    const auto prepared = signature::prepare_pades(read(arguments.at(0)), key.certificate());
    const auto cms = signature::finish_cades(prepared.cades, key.sign(prepared.cades.to_sign), key.chain());
    std::cout << signature::embed(prepared.pdf, cms);
    return 0;
}

/// What is printed comes on standard input: {"csv_label","csv","url_label","url","note","mark","language","page_label"}.
/// Answers {"pdf": base64}, or {"refused": why}.
int stamp_csv(const std::string& file) {
    using concejo::Json;
    const Json wanted = Json::parse(std::string(std::istreambuf_iterator<char>(std::cin), {}));
    factory::CsvStamp stamp;
    stamp.verification = {wanted.string_or("csv_label", ""), wanted.string_or("csv", ""),  wanted.string_or("url_label", ""),
                          wanted.string_or("url", ""),       wanted.string_or("note", ""), wanted.string_or("mark", "")};
    stamp.language = wanted.string_or("language", "es");
    stamp.page_label = wanted.string_or("page_label", "");
    const auto stamped = factory::stamp_csv(read(file), stamp);
    constexpr const char* reasons[] = {"unreadable", "encrypted", "has_signatures", "too_large", "too_many_pages"};
    std::cout << (stamped ? Json::object({{"pdf", crypto::base64(*stamped)}})
                          : Json::object({{"refused", reasons[static_cast<int>(stamped.error())]}}))
                     .dump();
    return 0;
}

/// A document model as factory/json.hpp says in, {"pdf": base64, "signatures": [{"page","rectangle"}]} out.
int make() {
    using concejo::Json;
    const auto made = factory::make(factory::document_from(Json::parse(std::string(std::istreambuf_iterator<char>(std::cin), {}))));
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
    if (command == "inspect" && arguments.size() == 1) {
        std::cout << inspection::to_json(inspection::hidden_data(read(arguments[0]))).dump(true) << "\n";
        return 0;
    }
    if (command == "make" && arguments.empty()) return make();
    if (command == "stamp-csv" && arguments.size() == 1) return stamp_csv(arguments[0]);
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
