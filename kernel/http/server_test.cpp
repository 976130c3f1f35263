// The server's own life: it serves, and it can end at any moment. (Everything else about it: tests/http.)
#include "kernel/http/server.hpp"

#include "kernel/http/refusal.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <thread>

using namespace kernel::http;
using namespace std::chrono_literals;

namespace {

class Slow : public Application {
public:
    BodyPlan plan(const Request&) override { return {}; }
    std::optional<Response> answer_inline(const Request& request) override {
        if (request.path == "/now") return Response(200, "text/plain", std::string("now\n"));
        return std::nullopt;
    }
    Response handle(Request&) override {
        std::this_thread::sleep_for(200ms);
        return {200, "text/plain", std::string("slept\n")};
    }
    Response refuse(const Request*, int status, std::string_view) override { return Response(status); }
};

int dial(std::uint16_t port, std::string_view request) {
    int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::send(fd, request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size()));
    return fd;
}

std::string read_all(int fd) {
    std::string out;
    char piece[4096];
    for (ssize_t n; (n = ::recv(fd, piece, sizeof piece, 0)) > 0;)
        out.append(piece, static_cast<std::size_t>(n));
    ::close(fd);
    return out;
}

}  // namespace

TEST_CASE("a server answers, drains and counts") {
    Slow application;
    int listening = listen_on("127.0.0.1", 0);
    ServerOptions options;
    options.listen_fd = listening;
    options.edge_threads = 2;
    Server server(application, std::move(options));
    server.start();
    auto now =
        read_all(dial(port_of(listening), "GET /now HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
    CHECK(now.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(now.ends_with("\r\n\r\nnow\n"));
    int slow = dial(port_of(listening), "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
    std::this_thread::sleep_for(50ms);
    server.drain();
    CHECK(read_all(slow).ends_with("slept\n"));  // it ends: the drain closes what would be kept
    CHECK(server.wait_drained(std::chrono::steady_clock::now() + 5s));
    CHECK(server.stats().requests == 2);
    ::close(listening);
}

namespace {

/// Says which server answers.
class Named : public Slow {
public:
    explicit Named(std::string name) : name_(std::move(name)) {}
    std::optional<Response> answer_inline(const Request&) override {
        return Response(200, "text/plain", name_);
    }

private:
    const std::string name_;
};

}  // namespace

TEST_CASE("after drain() every new connection is the other server's") {
    const int listening = listen_on("127.0.0.1", 0);
    for (int round = 0; round < 50; ++round) {
        Named older("older"), newer("newer");
        ServerOptions options;
        options.listen_fd = listening;
        options.edge_threads = 2;
        Server first(older, options), second(newer, options);
        first.start();
        second.start();
        first.drain();
        for (int i = 0; i < 4; ++i)
            CHECK(read_all(dial(port_of(listening), "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                      .ends_with("newer"));
    }
    ::close(listening);
}

TEST_CASE("a server may end with handlers running and clients connected") {
    Slow application;
    int listening = listen_on("127.0.0.1", 0);
    std::vector<int> clients;
    {
        ServerOptions options;
        options.listen_fd = listening;
        options.handler_threads = 2;
        Server server(application, std::move(options));
        server.start();
        for (int i = 0; i < 6; ++i)
            clients.push_back(dial(port_of(listening), "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"));
        clients.push_back(dial(port_of(listening), "GET /half"));
        std::this_thread::sleep_for(50ms);
    }
    for (int fd : clients) CHECK(read_all(fd).empty());
    ::close(listening);
}

namespace {

/// Keeps what arrives, wherever the client stops.
struct Keeper : BodySink {
    Keeper(std::string& into, std::atomic<std::size_t>& count) : kept(into), received(count) {}
    void write(std::string_view bytes) override {
        if (bytes.find('!') != bytes.npos) throw Refusal(409, "enough");
        kept += bytes;
        received += bytes.size();
    }
    std::string& kept;
    std::atomic<std::size_t>& received;
};

class Asked : public Slow {
public:
    BodyPlan plan(const Request&) override {
        BodyPlan plan;
        plan.ask = true;
        return plan;
    }
    BodyAdmission admit(Request& head) override {
        ++asked;
        if (head.path == "/no") return {Response(403), {}, 0};
        return {std::nullopt, std::make_shared<Keeper>(kept, received), 10};
    }
    Response handle(Request& request) override {
        return {200, "text/plain", std::string(request.sink ? "sink" : "none") + request.body};
    }
    std::string kept;  // read once what was received is counted
    std::atomic<std::size_t> received = 0;
    std::atomic<int> asked = 0;
};

std::string post(std::uint16_t port, std::string_view path, std::string_view length, std::string_view body) {
    std::string text = "POST " + std::string(path) + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";
    text.append(length).append("\r\n\r\n").append(body);
    return read_all(dial(port, text));
}

}  // namespace

TEST_CASE("a body goes to the application's sink once it has been admitted, as far as it comes") {
    Asked application;
    int listening = listen_on("127.0.0.1", 0);
    ServerOptions options;
    options.listen_fd = listening;
    Server server(application, std::move(options));
    server.start();
    const auto port = port_of(listening);
    auto& kept = application.kept;
    CHECK(post(port, "/", "Content-Length: 5", "fives").ends_with("\r\n\r\nsink"));
    CHECK(kept == "fives");
    CHECK(post(port, "/", "Transfer-Encoding: chunked", "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n").ends_with("sink"));
    CHECK(kept == "fivesabc");
    CHECK(post(port, "/", "Content-Length: 0", "").ends_with("none"));  // nothing to ask about
    CHECK(application.asked == 2);
    CHECK(post(port, "/no", "Content-Length: 5", "").starts_with("HTTP/1.1 403"));
    CHECK(post(port, "/", "Content-Length: 11", "").starts_with("HTTP/1.1 413"));
    CHECK(post(port, "/", "Content-Length: 5", "a!bcd").starts_with("HTTP/1.1 409"));
    CHECK(
        post(port, "/", "Content-Length: 5\r\nContent-Type: multipart/form-data", "multi").ends_with("sink"));
    CHECK(kept == "fivesabcmulti");
    kept.clear();
    application.received = 0;
    const int cut = dial(port, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf");
    for (int i = 0; i < 200 && application.received < 4; ++i) std::this_thread::sleep_for(10ms);
    ::close(cut);
    CHECK(kept == "half");
    ::close(listening);
}
