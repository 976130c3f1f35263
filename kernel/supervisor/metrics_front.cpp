#include "kernel/supervisor/metrics_front.hpp"

#include "kernel/base/tr.hpp"
#include "kernel/http/compression.hpp"
#include "kernel/supervisor/admin_socket.hpp"
#include "kernel/supervisor/short_path.hpp"
#include "kernel/supervisor/supervisor.hpp"

#include <concejo/error.hpp>

#include <boost/asio.hpp>

#include <sys/socket.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

namespace kernel::supervisor {

namespace net = boost::asio;
using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;

namespace {

constexpr const char* plain_type = "text/plain; version=0.0.4; charset=utf-8";
constexpr const char* open_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
constexpr const char* json_type = "application/json";

bool accepts(const http::Request& request, std::string_view type) {
    return request.field("accept").find(type) != std::string_view::npos;
}

}  // namespace

/// One page, in the format that is asked for.
class MetricsFront::Answers final : public http::Application {
public:
    explicit Answers(std::function<metrics::Page()> collect) : collect_(std::move(collect)) {}

    http::BodyPlan plan(const http::Request&) override {
        http::BodyPlan nothing;
        nothing.limit = 0;
        return nothing;
    }
    std::optional<http::Response> answer_inline(const http::Request&) override { return std::nullopt; }

    http::Response handle(http::Request& request) override {
        if (request.path != "/metrics") return refuse(&request, 404, {});
        if (request.method != "GET" && request.method != "HEAD") {
            auto answer = refuse(&request, 405, {});
            answer.set("Allow", "GET, HEAD");
            return answer;
        }
        const auto page = collect_();
        http::Response answer;
        if (accepts(request, "application/openmetrics-text"))
            answer = http::Response(200, open_type, page.openmetrics());
        else if (accepts(request, json_type))
            answer = http::Response(200, json_type, Json::object({{"metrics", page.json()}}).dump());
        else
            answer = http::Response(200, plain_type, page.text());
        answer.set("Cache-Control", "no-store");
        answer.set("Vary", "Accept, Accept-Encoding");
        if (http::accepted_encodings(request).gzip) {
            answer.body = http::gzip(std::get<std::string>(answer.body));
            answer.set("Content-Encoding", "gzip");
        }
        return answer;
    }

    http::Response refuse(const http::Request*, int status, std::string_view) override {
        return {status, "text/plain; charset=utf-8", std::string(http::reason_phrase(status)) + "\n"};
    }

private:
    std::function<metrics::Page()> collect_;
};

/// A listening descriptor and the small server behind it.
class MetricsFront::Door {
public:
    Door(Answers& answers, int fd) : fd_(fd), server_(answers, options(fd)) { server_.start(); }
    ~Door() {
        server_.drain();
        ::close(fd_);
    }
    Door(const Door&) = delete;
    Door& operator=(const Door&) = delete;

private:
    static http::ServerOptions options(int fd) {
        http::ServerOptions options;
        options.listen_fd = fd;
        options.handler_threads = 1;  // one scrape after another
        options.limits.connections = 32;
        options.limits.handler_queue = 16;
        return options;
    }
    const int fd_;
    http::Server server_;
};

MetricsFront::MetricsFront(std::function<metrics::Page()> collect)
    : answers_(std::make_unique<Answers>(std::move(collect))) {}

MetricsFront::~MetricsFront() { close(); }

void MetricsFront::listen_on_socket(const std::filesystem::path& path, uid_t user, gid_t group) {
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
    const auto refuse = [&](int error) {
        throw Error(ErrorKind::internal,
                    base::tr("no se puede crear {0}: {1}", path.string(), std::strerror(error)));
    };
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) refuse(errno);
    const ShortPath short_path(path);
    const auto endpoint = short_path.endpoint();
    // Nobody gets in before the owner and the rights are as they should be: it listens last.
    if (::bind(fd, endpoint.data(), static_cast<socklen_t>(endpoint.size())) != 0 ||
        ::chmod(path.c_str(), 0660) != 0 || ::chown(path.c_str(), user, group) != 0 ||
        ::listen(fd, 16) != 0) {
        const int error = errno;
        ::close(fd);
        refuse(error);
    }
    path_ = path;
    socket_ = std::make_unique<Door>(*answers_, fd);
}

void MetricsFront::listen_on_port(const std::string& address, unsigned short port) {
    if (port_number_ == port && address_ == address) return;
    port_.reset();
    port_number_ = 0;
    if (port == 0) return;
    port_ = std::make_unique<Door>(*answers_, http::listen_on(address, port));
    address_ = address;
    port_number_ = port;
}

void MetricsFront::close() {
    port_.reset();
    socket_.reset();
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove(path_, ignored);
    path_.clear();
}

std::string fetch_metrics(const paths::Paths& paths, const std::string& media_type) {
    net::io_context io;
    net::local::stream_protocol::socket socket(io);
    connect_to_server(socket, paths.metrics_socket(), paths);
    boost::system::error_code error;
    net::write(socket, net::buffer("GET /metrics HTTP/1.1\r\nHost: localhost\r\nAccept: " + media_type +
                                   "\r\nConnection: close\r\n\r\n"));
    std::string answer;
    net::read(socket, net::dynamic_buffer(answer), error);  // to its end
    const auto head = answer.find("\r\n\r\n");
    if (error != net::error::eof || head == std::string::npos || !answer.starts_with("HTTP/1.1 200 "))
        throw Error(ErrorKind::unavailable, base::tr("el servidor ha terminado sin responder"));
    return answer.substr(head + 4);
}

}  // namespace kernel::supervisor
