#include "kernel/net/egress.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace kernel::net {

using concejo::Error;
using concejo::ErrorKind;

Egress::Egress(const std::vector<std::string>& servers, const std::vector<std::string>& networks) {
    for (const auto& text : servers) {
        Server server;
        auto rest = text;
        if (rest.starts_with("*.")) {
            server.below = true;
            rest.erase(0, 2);
        }
        if (rest == "*") {
            server.name = rest;
        } else {
            const bool bare_v6 = Ip::parse(rest) && rest.find(':') != rest.npos;
            const auto url = Url::parse("https://" + (bare_v6 ? "[" + rest + "]" : rest));
            if (url.target != "/" || (server.below && url.literal))
                throw Error(ErrorKind::invalid,
                            fmt::format("salida.servidores: «{}» no es un servidor", text));
            server.name = url.host;
            if (url.port != 443 || rest.ends_with(":443")) server.port = url.port;
            if (url.literal) networks_.push_back({*url.literal, url.literal->v4 ? 32u : 128u});
        }
        servers_.push_back(std::move(server));
    }
    for (const auto& text : networks) {
        const auto network = Network::parse(text);
        if (!network)
            throw Error(
                ErrorKind::invalid,
                fmt::format("salida.redes_privadas: «{}» no es una dirección IP ni un bloque (10.0.0.0/8)",
                            text));
        networks_.push_back(*network);
    }
}

void Egress::check(const Url& url) const {
    if (own_ && url.same_origin(*own_)) return;
    const std::uint16_t usual = url.tls ? 443 : 80;
    for (const auto& server : servers_) {
        const bool named =
            server.name == "*" ||
            (server.below ? url.host.ends_with("." + server.name) && !url.literal : url.host == server.name);
        if (named && url.port == (server.port ? server.port : usual)) return;
    }
    throw Error(ErrorKind::forbidden, fmt::format("este municipio no permite peticiones a {}: añada '{}{}' a "
                                                  "«salida.servidores» de su archivo YAML",
                                                  url.authority(), url.host,
                                                  url.port == usual ? "" : fmt::format(":{}", url.port)));
}

const char* Egress::refusal(const Url& url, const Ip& ip) const {
    if (own_ && url.same_origin(*own_)) return nullptr;
    const auto listed = [&](const Network& network) { return network.has(ip); };
    if (std::any_of(networks_.begin(), networks_.end(), listed)) return nullptr;
    return special_purpose(ip);
}

}  // namespace kernel::net
