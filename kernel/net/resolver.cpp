#include "kernel/net/resolver.hpp"

#include "kernel/net/error.hpp"

#include <fmt/format.h>

#include <netdb.h>
#include <netinet/in.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <thread>

namespace kernel::net {
namespace {

struct Question {
    std::mutex mutex;
    std::condition_variable answered;
    bool done = false;
    int error = 0;
    std::vector<Ip> found;
};

std::atomic<int> pending{0};
constexpr int most_pending = 64;

Ip from(const addrinfo& info) {
    Ip ip;
    ip.v4 = info.ai_family == AF_INET;
    if (ip.v4)
        std::memcpy(ip.bytes.data(), &reinterpret_cast<const sockaddr_in*>(info.ai_addr)->sin_addr, 4);
    else
        std::memcpy(ip.bytes.data(), &reinterpret_cast<const sockaddr_in6*>(info.ai_addr)->sin6_addr, 16);
    return ip;
}

void look_up(const std::string& host, Question& question) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    const int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &list);
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> freed(error == 0 ? list : nullptr,
                                                                     &::freeaddrinfo);
    const std::lock_guard lock(question.mutex);
    for (const auto* info = freed.get(); info; info = info->ai_next) {
        if (info->ai_family != AF_INET && info->ai_family != AF_INET6) continue;
        const auto ip = from(*info);
        if (std::find(question.found.begin(), question.found.end(), ip) == question.found.end())
            question.found.push_back(ip);
    }
    question.error = error;
    question.done = true;
    question.answered.notify_all();
}

}  // namespace

std::vector<Ip> resolve_by_system(const std::string& host, Moment until) {
    if (host == "localhost" || host.ends_with(".localhost"))
        return {Ip::parse("127.0.0.1").value(), Ip::parse("::1").value()};
    if (pending.fetch_add(1) >= most_pending) {
        --pending;
        throw NetError(
            concejo::ErrorKind::unavailable,
            fmt::format("demasiados nombres por resolver a la vez; el de {} se deja para después", host));
    }
    const auto question = std::make_shared<Question>();
    std::thread([question, host] {
        look_up(host, *question);
        --pending;
    }).detach();
    std::unique_lock lock(question->mutex);
    if (!question->answered.wait_until(lock, until, [&] { return question->done; }))
        throw NetError(concejo::ErrorKind::unavailable,
                       fmt::format("el DNS no responde por «{}» a tiempo", host));
    if (question->found.empty())
        throw NetError(concejo::ErrorKind::unavailable,
                       fmt::format("no se encuentra el servidor «{}»: {}", host,
                                   question->error ? ::gai_strerror(question->error) : "sin direcciones"));
    return question->found;
}

}  // namespace kernel::net
