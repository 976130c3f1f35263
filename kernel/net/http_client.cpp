#include "kernel/net/http_client.hpp"

#include "kernel/base/text.hpp"
#include "kernel/net/error.hpp"
#include "kernel/net/http_body.hpp"
#include "kernel/net/http_exchange.hpp"
#include "kernel/net/wire.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <random>
#include <thread>

namespace kernel::net {

using concejo::Error;
using concejo::ErrorKind;
using Steady = std::chrono::steady_clock;

namespace {

constexpr std::array<std::string_view, 5> idempotent{"GET", "HEAD", "OPTIONS", "PUT", "DELETE"};
constexpr std::array<int, 6> worth_another{408, 429, 500, 502, 503, 504};
/// Credentials belong to the origin that they were given for. Names of keys that APIs use included.
constexpr std::array<std::string_view, 7> credentials{"authorization", "cookie",  "proxy-authorization",
                                                      "x-api-key",     "api-key", "x-auth-token",
                                                      "x-access-token"};

template <class List, class T>
bool among(const List& list, const T& value) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

bool has_credentials(const Fields& fields) {
    return std::any_of(fields.begin(), fields.end(),
                       [](const auto& f) { return among(credentials, base::lower_ascii(f.first)); });
}

bool is_redirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// Half of the pause certain, half by chance: clients that failed together do not come back together.
std::chrono::milliseconds jittered(std::chrono::milliseconds pause) {
    thread_local std::minstd_rand chance{std::random_device{}()};
    return pause / 2 +
           std::chrono::milliseconds(std::uniform_int_distribution<long>(0, pause.count() / 2)(chance));
}

void drop_for_other_origin(Fields& fields) {
    std::erase_if(fields, [](const auto& f) { return among(credentials, base::lower_ascii(f.first)); });
}

void become_get(HttpRequest& request) {
    request.method = "GET";
    request.body.clear();
    std::erase_if(request.fields,
                  [](const auto& f) { return base::lower_ascii(f.first).starts_with("content-"); });
}

}  // namespace

struct HttpClient::State {
    explicit State(ClientOptions o)
        : options(std::move(o)), trust(options.authorities), cache(options.cache) {}
    const ClientOptions options;
    const TlsTrust trust;
    const HttpCache cache;

    void connect(Wire& wire, const Url& url, const HttpRequest& request, const Egress& egress,
                 Moment until) const;
    HttpAnswer hop(HttpRequest& request, const Url& url, const Asker& asker, Moment until,
                   bool use_cache) const;
    HttpAnswer follow(HttpRequest request, const Asker& asker, Moment until) const;
};

/// The address that was checked is the one that is connected to: no second look-up could give another.
void HttpClient::State::connect(Wire& wire, const Url& url, const HttpRequest& request, const Egress& egress,
                                Moment until) const {
    const auto found = url.literal
                           ? std::vector<Ip>{*url.literal}
                           : options.resolve(url.host, std::min(until, Steady::now() + request.connect));
    std::string why = "sin direcciones";
    bool tried = false;
    for (const auto& ip : found) {
        if (const char* special = egress.refusal(url, ip)) {
            if (!tried)
                why = fmt::format(
                    "{} es una dirección {}; si debe permitirse, añádala a «salida.redes_privadas»",
                    ip.text(), special);
            continue;
        }
        tried = true;
        try {
            return wire.connect(ip, url.port, std::min(until, Steady::now() + request.connect));
        } catch (const NetError& error) {
            why = error.what();
        }
    }
    throw NetError(tried || found.empty() ? ErrorKind::unavailable : ErrorKind::forbidden,
                   fmt::format("no se pide {}: {}", url.authority(), why));
}

HttpAnswer HttpClient::State::hop(HttpRequest& request, const Url& url, const Asker& asker, Moment until,
                                  bool use_cache) const {
    asker.egress.check(url);
    Fields extra;
    const std::string agent = options.user_agent.empty() ? "Concejo/" CONCEJO_VERSION : options.user_agent;
    if (!find_field(request.fields, "User-Agent"))
        extra.emplace_back("User-Agent", agent + (asker.contact.empty() ? "" : " (+" + asker.contact + ")"));
    if (!find_field(request.fields, "Accept")) extra.emplace_back("Accept", "*/*");
    if (!find_field(request.fields, "Accept-Encoding")) extra.emplace_back("Accept-Encoding", "identity");
    use_cache = use_cache && request.cache && request.method == "GET" && !options.cache.empty() &&
                !has_credentials(request.fields);
    const auto key = use_cache ? HttpCache::key(url.text(), request.fields) : std::string();
    auto kept = use_cache ? cache.find(asker.tenant, key) : std::nullopt;
    if (kept && kept->answer.bytes > request.max_bytes) kept.reset();
    if (kept && !kept->etag.empty()) extra.emplace_back("If-None-Match", kept->etag);
    if (kept && !kept->modified.empty()) extra.emplace_back("If-Modified-Since", kept->modified);
    const auto text = write_request(request, url, extra);

    Wire wire({options.pace, 1024});
    wire.set_deadline(until);
    connect(wire, url, request, asker.egress, until);
    if (url.tls)
        wire.start_tls(trust, url.host, url.literal.has_value(),
                       std::min(until, Steady::now() + request.connect));
    error_code error;
    wire.write(text, error);
    // A server may answer and close before it has read a long body: then its answer tells more than the
    // error.
    AnswerReader reader(wire, request.method == "HEAD");
    auto answer = reader.head();
    answer.url = url.text();
    if (is_redirect(answer.status) && request.redirects > 0 && !answer.field("Location").empty())
        return answer;
    HttpBody body(request.save_to);
    if (kept && answer.status == 304) {
        if (!read_body(kept->body, kept->answer.sha256, body)) return {};  // to be asked again without it
        std::error_code ignored;
        std::filesystem::last_write_time(kept->body, std::filesystem::file_time_type::clock::now(), ignored);
        answer = kept->answer;
        answer.from_cache = true;
        body.finish(answer);
        return answer;
    }
    reader.body(request.max_bytes, [&](std::string_view piece) { body.write(piece); });
    body.finish(answer);
    if (use_cache)
        cache.store(asker.tenant, key, answer, request.save_to.empty() ? nullptr : &request.save_to);
    return answer;
}

HttpAnswer HttpClient::State::follow(HttpRequest request, const Asker& asker, Moment until) const {
    auto url = Url::parse(request.url);
    for (bool first = true;; first = false) {
        auto answer = hop(request, url, asker, until, true);
        if (answer.status == 0) answer = hop(request, url, asker, until, false);
        if (!is_redirect(answer.status) || answer.field("Location").empty()) return answer;
        if (request.redirects == 0) {
            if (first) return answer;  // asked not to follow
            throw Error(ErrorKind::invalid,
                        fmt::format("demasiadas redirecciones seguidas; la última, de {}", url.text()));
        }
        const auto next = url.resolve(answer.field("Location"));
        if (url.tls && !next.tls)
            throw NetError(ErrorKind::forbidden, fmt::format("{} redirige a una dirección sin cifrar ({})",
                                                             url.text(), next.text()));
        if (answer.status == 303 ? request.method != "HEAD" : answer.status < 307 && request.method == "POST")
            become_get(request);
        if (!url.same_origin(next)) drop_for_other_origin(request.fields);
        url = next;
        --request.redirects;
    }
}

HttpClient::HttpClient(ClientOptions options) : state_(std::make_unique<State>(std::move(options))) {}
HttpClient::~HttpClient() = default;

HttpAnswer HttpClient::send(const HttpRequest& request, const Asker& asker) const {
    const auto until = Steady::now() + request.total;
    const bool repeatable = among(idempotent, std::string_view(request.method));
    auto pause = state_->options.first_pause;
    for (unsigned attempt = 0;; ++attempt, pause *= 2) {
        auto wait = jittered(pause);
        const bool last = attempt >= request.retries;
        try {
            auto answer = state_->follow(request, asker, until);
            if (last || !repeatable || !among(worth_another, answer.status)) return answer;
            if (const auto said = retry_after(answer.field("Retry-After"), std::chrono::system_clock::now()))
                wait = std::max<std::chrono::milliseconds>(wait, *said);
            if (Steady::now() + wait >= until) return answer;
            std::error_code ignored;
            if (!request.save_to.empty()) std::filesystem::remove(request.save_to, ignored);
        } catch (const NetError& error) {
            const bool again = error.kind() == ErrorKind::unavailable && (repeatable || !error.maybe_done());
            if (last || !again || Steady::now() + wait >= until) throw;
        }
        std::this_thread::sleep_for(wait);
    }
}

}  // namespace kernel::net
