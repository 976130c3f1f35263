#include "stamping.hpp"

#include "sdk.hpp"

#include <map>

namespace evidence {
namespace {

std::vector<timestamp::Authority> authorities_of(const Json& settings) {
    std::vector<timestamp::Authority> all;
    for (const auto& one : settings["autoridades"].as_array()) {
        const auto policy = one.string_or("politica", "");
        all.push_back({one.string_or("nombre", ""), one.string_or("direccion", ""),
                       policy.empty() ? std::nullopt : std::optional(policy)});
    }
    return all;
}

std::string ask_authority(const Call& call, const std::string& address, const std::string& request) {
    const auto answer = call.http(
        Json::object(
            {{"method", "POST"},
             {"url", address},
             {"headers", Json::array({Json::array({"Content-Type", "application/timestamp-query"})})},
             {"seconds", 15},
             {"max_bytes", 200'000}}),
        request);
    if (answer.status != 200) throw Error(ErrorKind::unavailable, "HTTP " + std::to_string(answer.status));
    return answer.body;
}

/// One for each municipality and its settings, since it remembers which authorities failed.
std::shared_ptr<timestamp::Client> client_of(const Call& call, const Json& settings) {
    static std::mutex mutex;
    static std::map<std::string, std::pair<std::string, std::shared_ptr<timestamp::Client>>> clients;
    const std::lock_guard lock(mutex);
    auto& [known, client] = clients[call.municipality().string_or("slug", "")];
    if (auto now = settings.dump(); !client || known != now) {
        client = std::make_shared<timestamp::Client>(
            authorities_of(settings), crypto::certificates_from_pem(settings.string_or("raices", "")));
        known = std::move(now);
    }
    return client;
}

Stamp from_authorities(const Call& call, const Json& settings, const timestamp::Imprint& imprint) {
    const auto stamped = client_of(call, settings)
                             ->stamp(imprint, [&](const std::string& address, const std::string& request) {
                                 return ask_authority(call, address, request);
                             });
    for (const auto& failure : stamped.failures)
        call.log(CONCEJO_WARNING, "evidence: autoridad de sellado de tiempo: " + failure);
    return {stamped.token.der, stamped.authority};
}

Stamp from_ourselves(const Office& office, const timestamp::Imprint& imprint) {
    const auto request = timestamp::make_request(imprint);
    const auto token = timestamp::accept(request, office.own_authority->answer(request.der));
    return {token.der, crypto::common_name(*timestamp::token_certificates(token).at(0))};
}

}  // namespace

std::optional<Stamp> stamp_of(const Call& call, const Office& office, const timestamp::Imprint& imprint) {
    const Json settings = call.settings()["sello_de_tiempo"];
    if (!settings["autoridades"].as_array().empty()) return from_authorities(call, settings, imprint);
    if (office.own_authority) return from_ourselves(office, imprint);
    return std::nullopt;
}

std::optional<Stamp> stamp_or_none(const Call& call, const Office& office,
                                   const timestamp::Imprint& imprint) {
    try {
        return stamp_of(call, office, imprint);
    } catch (const Error& error) {
        call.log(CONCEJO_WARNING, std::string("evidence: algo queda sellado sin fecha: ") + error.what());
        return std::nullopt;
    }
}

std::optional<Stamp> stamp(const Call& call, const timestamp::Imprint& imprint) {
    const Json settings = call.settings()["sello_de_tiempo"];
    if (!settings["autoridades"].as_array().empty()) return from_authorities(call, settings, imprint);
    auto tx = call.begin();
    const auto office = office_of(call, tx);
    tx.commit();
    if (!office->own_authority) return std::nullopt;
    return from_ourselves(*office, imprint);
}

}  // namespace evidence
