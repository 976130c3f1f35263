#include "commands.hpp"

#include "plugins/evidence/crypto/encoding.hpp"
#include "plugins/evidence/eni/import.hpp"
#include "plugins/evidence/validation/pdf.hpp"
#include "plugins/evidence/validation/xml.hpp"

#include <concejo/error.hpp>

#include <iostream>

namespace evidence::tool {
namespace {

using concejo::Json;

/// What was brought from outside, and what is still to be asked there.
class Outside {
public:
    explicit Outside(const Json& answers) : answers_(answers) {}

    std::string operator()(const std::string& address, const std::string& request) {
        const auto encoded = crypto::base64(request);
        for (const auto& one : answers_.as_array())
            if (one.string_or("address", "") == address && one.string_or("request", "") == encoded) {
                if (const auto why = one.string_or("failure", ""); !why.empty())
                    throw std::runtime_error(why);
                return crypto::unbase64(one.string_or("answer", "")).value_or("");
            }
        // a list is asked for only where no responder may still answer
        (request.empty() ? lists_ : responders_)
            .push_back(Json::object({{"address", address}, {"request", encoded}}));
        throw std::runtime_error("no se ha preguntado");
    }
    const Json& asks() const { return responders_.as_array().empty() ? lists_ : responders_; }

private:
    const Json& answers_;
    Json responders_ = Json::array(), lists_ = Json::array();
};

}  // namespace

validation::Report validate_any(const std::string& file, const std::optional<std::string>& content,
                                const validation::Options& options) {
    const bool xml = file.find_first_not_of("\xef\xbb\xbf \t\r\n") == file.find('<');
    return file.find("%PDF-") < 1024 ? validation::validate_pdf(file, options)
           : xml                     ? validation::validate_xml(file, options)
                                     : validation::validate_cms(file, content, options);
}

int judge(const std::string& path) {
    const Json wanted = Json::parse(standard_input());
    const Json answers = wanted.at("answers");
    Outside outside(answers);
    validation::Options options;
    if (const auto roots = wanted.string_or("roots", ""); !roots.empty())
        options.roots = crypto::certificates_from_pem(roots);
    options.fetch = [&](const std::string& address, const std::string& request) {
        return outside(address, request);
    };
    const auto file = read(path);
    const Json report = wanted.string_or("kind", "") == "eni"
                            ? eni::judge_received(file, options)
                            : validation::to_json(validate_any(file, std::nullopt, options));
    std::cout << Json::object({{"report", report}, {"asks", outside.asks()}}).dump() << "\n";
    return 0;
}

}  // namespace evidence::tool
