// A small program around kernel::http::Server, for tests and measurements.
//   http_fixture [name=value …]     limits in milliseconds or bytes; prints "port N"; SIGTERM drains
// /ok hello · /pool the same through a handler · /routed through the router · /100k · /echo · /id?id=x ·
// /sleep/:ms · /size/:n · /file big file · /stream/:n chunked · /throw · /stats
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <thread>

#include "kernel/http/file_reply.hpp"
#include "kernel/http/response_head.hpp"
#include "kernel/http/router.hpp"
#include "kernel/http/server.hpp"

using namespace kernel::http;

namespace {

constexpr auto text = "text/plain; charset=utf-8";

class Fixture : public Application {
public:
    explicit Fixture(std::map<std::string, std::string> settings) : settings_(std::move(settings)) {
        for (auto method : {"GET", "POST"}) {
            router_.add(method, "/routed", 1);
            router_.add(method, "/routed/:id/detail", 2);
        }
        for (int i = 0; i < 40; ++i) router_.add("GET", fmt::format("/section{}/:id", i), 10 + i);
    }

    const Server* server = nullptr;

    BodyPlan plan(const Request& head) override {
        BodyPlan plan;
        if (head.path == "/upload")
            plan.limit = 16ull << 20, plan.spool = true, plan.spool_dir = settings_["spool"];
        return plan;
    }

    std::optional<Response> answer_inline(const Request& request) override {
        if (request.path == "/ok") return Response(200, text, hello_);
        if (request.path == "/100k") return Response(200, text, large_);
        if (request.path == "/routed" && router_.match(request).route_id == 1)
            return Response(200, text, hello_);
        if (request.path == "/file")
            return file_reply(request, {settings_["file"], "application/octet-stream", {}, {}});
        if (request.path == "/inline-throw") throw std::runtime_error("inline");
        return std::nullopt;
    }

    Response handle(Request& request) override {
        const auto& path = request.path;
        if (path == "/pool") return {200, text, hello_};
        if (path == "/echo")
            return {200, text,
                    fmt::format("method={} length={} body={}\n", request.method, request.body.size(),
                                request.body.substr(0, 200))};
        if (path == "/id") return {200, text, fmt::format("id={}\n", request.query_value("id").value_or(""))};
        if (path == "/peer")
            return {
                200, text,
                fmt::format("{} {} {} {}\n", request.peer, request.secure, request.host, request.request_id)};
        if (path == "/upload") return upload(request);
        if (path == "/throw") throw std::runtime_error("secret detail of the handler");
        if (path == "/stats") return stats();
        if (path.starts_with("/sleep/")) {
            std::this_thread::sleep_for(std::chrono::milliseconds(number(path, 7)));
            return {200, text, "slept\n"};
        }
        if (path.starts_with("/size/")) return {200, text, std::string(number(path, 6), 'x')};
        if (path.starts_with("/stream/")) return stream(number(path, 8));
        return {404, text, "not found\n"};
    }

    Response refuse(const Request* head, int status, std::string_view) override {
        return {status, text, fmt::format("{} {}\n", reason_phrase(status), head ? head->path : "")};
    }

private:
    static std::size_t number(const std::string& path, std::size_t from) {
        return std::strtoul(path.c_str() + from, nullptr, 10);
    }

    static Response upload(const Request& request) {
        std::string out;
        for (const auto& f : request.form) out += fmt::format("field {}={}\n", f.name, f.value);
        for (const auto& u : request.uploads)
            out += fmt::format("file {} {} {} {} {}\n", u.name, u.filename, u.media_type, u.size, u.sha256);
        return {200, text, out};
    }

    static Response stream(std::size_t pieces) {
        Response out(200, text, {});
        out.body = StreamBody{
            [left = pieces]() mutable { return left-- > 0 ? std::string(1000, 's') : std::string(); },
            std::nullopt};
        return out;
    }

    Response stats() const {
        auto s = server->stats();
        return {
            200, text,
            fmt::format("{{\"connections\":{},\"requests\":{},\"aborted\":{},\"late\":{},\"waiting\":{}}}\n",
                        s.connections, s.requests, s.aborted, s.late_results, s.waiting_bytes)};
    }

    std::map<std::string, std::string> settings_;
    Router router_;
    SharedText hello_ = std::make_shared<const std::string>("Hello, World!\n");
    SharedText large_ = std::make_shared<const std::string>(102400, 'x');
};

Limits limits_from(std::map<std::string, std::string>& settings) {
    Limits limits;
    std::map<std::string, std::chrono::milliseconds*> times = {
        {"head_time", &limits.head_time},          {"body_time", &limits.body_time},
        {"idle_time", &limits.idle_time},          {"write_time", &limits.write_time},
        {"handler_time", &limits.handler_time},    {"linger_time", &limits.linger_time},
        {"handshake_time", &limits.handshake_time}};
    std::map<std::string, std::size_t*> sizes = {{"connections", &limits.connections},
                                                 {"handler_queue", &limits.handler_queue},
                                                 {"address_connections", &limits.address_connections}};
    for (auto& [name, target] : times)
        if (settings.contains(name)) *target = std::chrono::milliseconds(std::stol(settings[name]));
    for (auto& [name, target] : sizes)
        if (settings.contains(name)) *target = std::stoul(settings[name]);
    if (settings.contains("waiting_bytes")) limits.waiting_bytes = std::stoul(settings["waiting_bytes"]);
    if (settings.contains("body_rate")) limits.body_rate = std::stoul(settings["body_rate"]);
    if (settings.contains("address_rate")) limits.address_rate = std::stod(settings["address_rate"]);
    if (settings.contains("address_burst")) limits.address_burst = std::stod(settings["address_burst"]);
    limits.limit_loopback = settings.contains("limit_loopback");
    return limits;
}

}  // namespace

int main(int argc, char** argv) try {
    std::map<std::string, std::string> settings;
    for (int i = 1; i < argc; ++i) {
        std::string pair = argv[i];
        auto equals = pair.find('=');
        settings[pair.substr(0, equals)] = equals == pair.npos ? "" : pair.substr(equals + 1);
    }
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);

    Fixture application(settings);
    ServerOptions options;
    auto port = settings.contains("port") ? std::stoi(settings["port"]) : 0;
    options.listen_fd = listen_on("127.0.0.1", static_cast<std::uint16_t>(port));
    options.limits = limits_from(settings);
    if (settings.contains("edges"))
        options.edge_threads = static_cast<unsigned>(std::stoi(settings["edges"]));
    if (settings.contains("handlers"))
        options.handler_threads = static_cast<unsigned>(std::stoi(settings["handlers"]));
    if (settings.contains("proxy")) options.trusted_proxies = {settings["proxy"]};
    if (settings.contains("certificate"))
        options.tls = TlsFiles{settings["certificate"], settings["key"], {}};
    std::ofstream log;
    if (settings.contains("log")) {
        log.open(settings["log"]);
        options.access_log = [&log](const AccessRecord& record) {
            log << to_json_line(record, std::chrono::system_clock::now()) << std::endl;
        };
    }
    Server server(application, std::move(options));
    application.server = &server;
    server.start();
#ifdef __SANITIZE_ADDRESS__
    const char* build = " sanitized";  // memory figures mean nothing, and its checks need descriptors
#else
    const char* build = "";
#endif
    std::cout << "port " << port_of(options.listen_fd) << build << std::endl;

    int signal = 0;
    sigwait(&signals, &signal);
    server.drain();
    bool drained = server.wait_drained(std::chrono::steady_clock::now() + std::chrono::seconds(20));
    std::cout << (drained ? "drained" : "not drained") << std::endl;
    return drained ? 0 : 1;
} catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
}
