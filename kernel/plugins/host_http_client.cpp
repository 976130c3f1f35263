#include "kernel/base/random.hpp"
#include "kernel/base/text.hpp"
#include "kernel/config/platform_config.hpp"
#include "kernel/net/http_client.hpp"
#include "kernel/plugins/call.hpp"
#include "kernel/plugins/tables.hpp"
#include "kernel/plugins/transaction.hpp"

#include <algorithm>

namespace kernel::plugins {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;
using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

constexpr std::int64_t most_in_memory = 64 << 20;
constexpr std::int64_t most_in_file = 16ll << 30;

milliseconds seconds_of(const Json& json, std::string_view name, std::int64_t otherwise) {
    return std::chrono::seconds(std::clamp<std::int64_t>(json.int_or(name, otherwise), 1, 24 * 3600));
}

net::HttpRequest request_of(const concejo_call& call, const Json& json, std::string_view body) {
    net::HttpRequest request;
    request.method = json.string_or("method", "GET");
    request.url = json.at("url").as_string();
    if (const auto* fields = json.find("headers")) {
        for (const auto& field : fields->as_array())
            request.fields.emplace_back(field.as_array().at(0).as_string(),
                                        field.as_array().at(1).as_string());
    }
    request.body = body;
    request.total = seconds_of(json, "seconds", 30);
    request.connect = seconds_of(json, "connect_seconds", 10);
    if (call.scope->deadline != Steady::time_point::max())
        request.total = std::min(
            request.total, std::chrono::duration_cast<milliseconds>(call.scope->deadline - Steady::now()));
    const bool to_file = json.bool_or("to_file", false);
    request.max_bytes = static_cast<std::uint64_t>(std::clamp<std::int64_t>(
        json.int_or("max_bytes", 8 << 20), 0, to_file ? most_in_file : most_in_memory));
    request.redirects = static_cast<unsigned>(std::clamp<std::int64_t>(json.int_or("redirects", 5), 0, 20));
    request.retries = static_cast<unsigned>(std::clamp<std::int64_t>(json.int_or("retries", 2), 0, 10));
    request.cache = json.bool_or("cache", false);
    if (to_file) {
        const auto folder = call.services->platform.data / "spool";
        std::filesystem::create_directories(folder);
        request.save_to = folder / ("respuesta-" + base::random_hex(16));
    }
    return request;
}

/// Field values are bytes; JSON is UTF-8. What is not, was meant as Latin-1 (RFC 9110, 5.5).
std::string as_utf8(const std::string& value) {
    if (base::utf8_valid(value)) return value;
    std::string text;
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80)
            text += c;
        else
            text += {static_cast<char>(0xc0 | byte >> 6), static_cast<char>(0x80 | (byte & 0x3f))};
    }
    return text;
}

concejo_status send(concejo_call* call, concejo_str raw, concejo_str body, concejo_sink head,
                    void* head_context, concejo_sink content, void* content_context) {
    return host_guard([&] {
        refuse_inside_transaction(*call, "una petición a otro servidor");
        const auto* client = call->services->http_client;
        if (!client)
            throw Error(ErrorKind::unavailable, "este proceso no hace peticiones a otros servidores");
        const auto request = request_of(*call, Json::parse(view(raw)), view(body));
        const auto& config = call->tenant().config;
        net::Egress egress(config.egress.servers, config.egress.networks);
        if (!config.public_url.empty()) egress.allow_own(net::Url::parse(config.public_url));
        const auto answer = client->send(request, {call->tenant().id, egress, config.public_url});
        if (!request.save_to.empty()) call->files.push_back(std::make_unique<TemporaryFile>(request.save_to));
        Json fields = Json::array();
        for (const auto& [name, value] : answer.fields)
            fields.push_back(Json::array({Json(name), Json(as_utf8(value))}));
        head(head_context, c_str(Json::object({{"status", answer.status},
                                               {"url", answer.url},
                                               {"headers", std::move(fields)},
                                               {"bytes", static_cast<std::int64_t>(answer.bytes)},
                                               {"sha256", answer.sha256},
                                               {"from_cache", answer.from_cache},
                                               {"file", request.save_to.string()}})
                                     .dump()));
        if (content && !answer.body.empty()) content(content_context, c_str(answer.body));
    });
}

}  // namespace

const concejo_http_client_1& http_client_table() {
    static const concejo_http_client_1 table{sizeof(concejo_http_client_1), &send};
    return table;
}

}  // namespace kernel::plugins
