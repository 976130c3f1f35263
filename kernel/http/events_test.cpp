// Events held by the edge: their text, their limits, and clients that are slow, silent or gone.
#include "kernel/http/events.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <thread>

#include "kernel/http/server.hpp"

using namespace kernel::http;
using namespace std::chrono_literals;

namespace {

/// Every GET of /events is a stream; the test holds the other end.
class Feed : public Application {
public:
    BodyPlan plan(const Request&) override { return {}; }
    std::optional<Response> answer_inline(const Request& request) override {
        if (request.path == "/now") return Response(200, "text/plain", std::string("now\n"));
        return std::nullopt;
    }
    Response handle(Request&) override {
        auto channel = std::make_shared<EventChannel>();
        Response response(200, "text/event-stream", EventsBody{channel});
        const std::lock_guard lock(mutex);
        channels.push_back(channel);
        return response;
    }
    Response refuse(const Request*, int status, std::string_view) override { return Response(status); }

    /// How many took it.
    int send(const std::string& text) {
        const auto piece = std::make_shared<const std::string>(text);
        const std::lock_guard lock(mutex);
        int taken = 0;
        for (const auto& weak : channels)
            if (const auto channel = weak.lock(); channel && channel->send(piece)) ++taken;
        return taken;
    }
    void close() {
        const std::lock_guard lock(mutex);
        for (const auto& weak : channels)
            if (const auto channel = weak.lock()) channel->close();
    }
    std::mutex mutex;
    std::vector<std::weak_ptr<EventChannel>> channels;
};

struct House {
    explicit House(Limits limits = {}, unsigned edges = 1) : listening(listen_on("127.0.0.1", 0)) {
        ServerOptions options;
        options.listen_fd = listening;
        options.handler_threads = 1;  // streams must not hold it
        options.edge_threads = edges;
        options.limits = limits;
        options.access_log = [this](const AccessRecord& record) {
            const std::lock_guard lock(mutex);
            causes.push_back(record.cause);
        };
        server.emplace(feed, std::move(options));
        server->start();
    }
    ~House() {
        server.reset();
        ::close(listening);
    }
    template <class F>
    static bool eventually(F&& what) {
        for (int i = 0; i < 500; ++i, std::this_thread::sleep_for(20ms))
            if (what()) return true;
        return false;
    }
    bool streams(std::uint64_t count) {
        return eventually([&] { return server->stats().event_streams == count; });
    }
    std::vector<std::string> logged() {
        const std::lock_guard lock(mutex);
        return causes;
    }

    Feed feed;
    int listening;
    std::mutex mutex;
    std::vector<std::string> causes;
    std::optional<Server> server;
};

class Client {
public:
    Client(const House& house, std::string_view path = "/events", int buffer = 0) {
        fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (buffer) ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
        const timeval limit{10, 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port_of(house.listening));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        REQUIRE(::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
        const auto request = "GET " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n\r\n";
        REQUIRE(::send(fd_, request.data(), request.size(), MSG_NOSIGNAL) > 0);
    }
    ~Client() { hang_up(); }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    void hang_up() {
        if (fd_ >= 0) ::close(fd_);
        fd_ = -1;
    }
    /// Until `what` was seen, or the end.
    bool reads(std::string_view what) {
        char piece[4096];
        while (got.find(what) == got.npos) {
            const auto n = ::recv(fd_, piece, sizeof piece, 0);
            if (n <= 0) return false;
            got.append(piece, static_cast<std::size_t>(n));
        }
        return true;
    }
    bool ends() { return !reads("never in an answer") && errno != EAGAIN; }
    std::string got;

private:
    int fd_ = -1;
};

}  // namespace

// https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
TEST_CASE("the text of an event: one data field for each line") {
    CHECK(event_text("jobs", "{}") == "event: jobs\ndata: {}\n\n");
    CHECK(event_text("", "one\ntwo\r\nthree\rfour") == "data: one\ndata: two\ndata: three\ndata: four\n\n");
    CHECK(event_text("x", "") == "event: x\ndata: \n\n");
}

TEST_CASE("events reach every reader while the only handler thread stays free") {
    House house;
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < 20; ++i) clients.push_back(std::make_unique<Client>(house));
    REQUIRE(house.streams(20));
    Client other(house, "/now");
    CHECK(other.reads("now\n"));
    CHECK(house.feed.send(event_text("a", "1")) == 20);
    for (auto& client : clients) {
        CHECK(client->reads("event: a\ndata: 1\n\n"));
        CHECK(client->got.find("Transfer-Encoding: chunked\r\n") != std::string::npos);
        CHECK(client->got.find("Content-Type: text/event-stream\r\n") != std::string::npos);
    }
    house.feed.close();
    for (auto& client : clients) CHECK(client->ends());
    CHECK(clients[0]->got.ends_with("0\r\n\r\n"));
    CHECK(house.streams(0));
}

TEST_CASE("silence is filled with comments; the time is bounded") {
    Limits limits;
    limits.event_heartbeat = 100ms;
    limits.event_time = 700ms;
    House house(limits);
    Client client(house);
    CHECK(client.reads("3\r\n:\n\n\r\n3\r\n:\n\n\r\n"));
    CHECK(client.ends());
    CHECK(client.got.ends_with("0\r\n\r\n"));
    CHECK(house.streams(0));
}

TEST_CASE("a client that leaves is noticed at once, without any event") {
    House house;
    Client one(house), two(house);
    REQUIRE(house.streams(2));
    one.hang_up();
    CHECK(house.streams(1));
    CHECK(House::eventually([&] { return house.logged() == std::vector<std::string>{"client_abort"}; }));
    CHECK(house.feed.send(event_text("a", "1")) == 1);
    CHECK(two.reads("data: 1"));
}

TEST_CASE("a client that does not read is cut off, and costs a bounded mailbox") {
    Limits limits;
    limits.write_time = 500ms;
    House house(limits);
    Client slow(house, "/events", 4096), good(house);
    REQUIRE(house.streams(2));
    const std::string filling(100'000, 'x');
    for (int i = 0; i < 500 && house.server->stats().event_streams > 1; ++i) {
        house.feed.send(event_text("a", filling + "/" + std::to_string(i)));
        REQUIRE(good.reads("/" + std::to_string(i)));  // the other keeps up
        good.got.clear();
        std::this_thread::sleep_for(10ms);
    }
    CHECK(house.server->stats().event_streams == 1);
    CHECK(house.feed.send(event_text("b", "2")) == 1);
    CHECK(good.reads("event: b"));
}

TEST_CASE("a mailbox takes so much and no more") {
    EventChannel channel;
    const auto piece = std::make_shared<const std::string>(std::string(100'000, 'x'));
    CHECK(channel.send(piece));
    CHECK(channel.send(piece));
    CHECK_FALSE(channel.send(piece));
    CHECK(channel.take().overflow);
    CHECK_FALSE(channel.send(piece));
}

TEST_CASE("streams are counted per worker and per address; the others get an answer") {
    Limits limits;
    limits.event_streams = 3;
    House house(limits);
    Client one(house), two(house), three(house);
    REQUIRE(house.streams(3));
    {
        Client four(house);
        CHECK(four.reads("HTTP/1.1 503 "));
        CHECK(four.reads("Retry-After: "));
    }
    one.hang_up();
    REQUIRE(house.streams(2));
    Client five(house);
    CHECK(five.reads("HTTP/1.1 200 "));

    limits.event_streams = 100;
    limits.address_event_streams = 2;
    limits.limit_loopback = true;
    House strict(limits);
    Client a(strict), b(strict);
    REQUIRE(strict.streams(2));
    Client c(strict);
    CHECK(c.reads("HTTP/1.1 503 "));
    a.hang_up();
    REQUIRE(strict.streams(1));
    Client d(strict);
    CHECK(d.reads("HTTP/1.1 200 "));
}

TEST_CASE("a drain ends the streams, and does not wait for their time") {
    House house({}, 2);
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < 10; ++i) clients.push_back(std::make_unique<Client>(house));
    REQUIRE(house.streams(10));
    house.server->drain();
    for (auto& client : clients) CHECK(client->ends());
    clients.clear();
    CHECK(house.server->wait_drained(std::chrono::steady_clock::now() + 10s));
}

TEST_CASE("a server may end under its streams, and news come too late") {
    Feed* feed = nullptr;
    House house;
    feed = &house.feed;
    Client one(house), two(house);
    REQUIRE(house.streams(2));
    std::atomic<bool> done{false};
    std::thread news([&] {
        while (!done) feed->send(event_text("a", "1"));
    });
    house.server.reset();
    done = true;
    news.join();
    CHECK(feed->send(event_text("a", "1")) == 0);
}
