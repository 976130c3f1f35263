#include "tool.hpp"

#include "sdk.hpp"

#include <filesystem>

namespace evidence {

Json run_tool(const concejo::Call& call, const std::vector<std::string>& arguments, Json file,
              const std::string& standard_input, int seconds) {
    // beside the program that runs us, wherever it was installed
    Json argv = Json::array(
        {(std::filesystem::read_symlink("/proc/self/exe").parent_path() / "concejo-evidence").string()});
    for (const auto& one : arguments) argv.push_back(one);
    return call.run(
        Json::object({{"argv", argv},
                      {"files", file.is_null() ? Json::object() : Json::object({{"in", std::move(file)}})},
                      {"stdin", standard_input},
                      {"seconds", seconds},
                      {"memory_mb", 1024},
                      {"output_limit", 60 << 20}}));
}

std::string ask_address(const concejo::Call& call, const std::string& address, const std::string& request) {
    Json asked = Json::object({{"method", request.empty() ? "GET" : "POST"},
                               {"url", address},
                               {"seconds", 15},
                               {"max_bytes", 4 << 20}});
    if (!request.empty())
        asked["headers"] = Json::array({Json::array({"Content-Type", "application/ocsp-request"})});
    const auto answer = call.http(asked, request);
    if (answer.status != 200)
        throw concejo::Error(concejo::ErrorKind::unavailable, "HTTP " + std::to_string(answer.status));
    return answer.body;
}

std::string trusted_roots(const concejo::Call& call) {
    std::string roots = call.settings()["validacion"].string_or("raices", "");
    auto tx = call.begin();
    for (const auto& row : tx.exec("SELECT pem FROM evidence_desarrollo WHERE nombre = 'raiz.pem'"))
        roots += row.text(0);
    return roots;
}

}  // namespace evidence
