// For tests: a client whose names all lead to this machine, and servers with bad habits.
#pragma once

#include "kernel/net/error.hpp"
#include "kernel/net/http_client.hpp"
#include "kernel/net/testing/other_side.hpp"

#include <concejo/json.hpp>

#include <map>

namespace kernel::net {

struct Bench {
    testing::OtherSide server{"servers.py", {"http"}};
    base::TempDir folder{"concejo-net"};
    std::map<std::string, std::string> names;  ///< where a name leads, if not to 127.0.0.1
    std::vector<std::string> resolved;
    Egress egress{
        {"servidor.test:" + std::to_string(server.port()), "otro.test:" + std::to_string(server.port())},
        {"127.0.0.1"}};

    ClientOptions options() {
        ClientOptions o;
        o.authorities = testing::certificates().authority();
        o.cache = folder.path() / "cache";
        o.first_pause = std::chrono::milliseconds(20);
        o.pace = std::chrono::milliseconds(1500);
        o.resolve = [this](const std::string& host, Moment) {
            resolved.push_back(host);
            const auto found = names.find(host);
            return std::vector<Ip>{*Ip::parse(found == names.end() ? "127.0.0.1" : found->second)};
        };
        return o;
    }
    HttpClient client{options()};

    std::string at(const std::string& path, const std::string& host = "servidor.test") const {
        return "http://" + host + ":" + std::to_string(server.port()) + path;
    }
    HttpRequest get(const std::string& path) const {
        HttpRequest request;
        request.url = at(path);
        request.total = std::chrono::seconds(30);
        return request;
    }
    HttpAnswer send(const HttpRequest& request) {
        return client.send(request, {"t1", egress, "https://sede.example.es"});
    }
    concejo::Json echo(HttpRequest request) { return concejo::Json::parse(send(request).body); }
    int count(const std::string& what) { return std::stoi(send(get("/count?of=" + what)).body); }
};

}  // namespace kernel::net
