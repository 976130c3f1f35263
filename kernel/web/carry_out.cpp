// Running a page or a plugin's handler: once for each form, and kept where it may be.
#include "kernel/base/digest.hpp"
#include "kernel/base/files.hpp"
#include "kernel/metrics/catalogue.hpp"
#include "kernel/web/security.hpp"
#include "kernel/web/site_parts.hpp"

#include <concejo/error.hpp>

#include <algorithm>

namespace kernel::web {

using concejo::Error;
using concejo::ErrorKind;
using identity::Repeat;

namespace {

constexpr std::size_t most_stored = 256u << 10;

/// Whose key it is; empty where nobody can be told apart.
std::string owner_of(const Visit& visit) {
    if (visit.who.kind == identity::PrincipalKind::token) return "token:" + visit.who.id;
    if (visit.session) return "session:" + visit.session->id;
    return visit.visitor.empty() ? "" : "visitor:" + base::sha256_hex(visit.visitor);
}

/// SHA-256 of what was asked. The form's own tokens do not count; files count by their content.
std::string hash_of(const http::Request& request) {
    base::Sha256 sha;
    const auto add = [&](std::string_view text) {
        sha.update(std::to_string(text.size())).update(":").update(text);
    };
    add(request.method);
    add(request.target);
    for (const auto& field : request.form) {
        if (field.name == "csrf_token" || field.name == "form_key") continue;
        add(field.name);
        add(field.value);
    }
    for (const auto& file : request.uploads) add(file.name), add(file.filename), add(file.sha256);
    if (request.form.empty()) add(request.body);
    return sha.finish();
}

/// Text answers that carried the thing out; a refusal may be tried again with the same key, and so may what answered with
/// something that is not to be kept anywhere: a secret.
std::optional<identity::StoredAnswer> storable(const http::Response& response) {
    const auto* body = std::get_if<std::string>(&response.body);
    if (response.status >= 400 || !body || body->size() > most_stored ||
        response.field("cache-control") == "no-store")
        return std::nullopt;
    return identity::StoredAnswer{response.status, std::string(response.field("location")),
                                  std::string(response.field("content-type")), *body};
}

/// While it lives, what the plugin begins is a part of `tx`.
class Joined {
public:
    Joined(Visit& visit, db::Transaction& tx) : visit_(visit) { visit.transaction = &tx; }
    ~Joined() { visit_.transaction = nullptr; }
    Joined(const Joined&) = delete;
    Joined& operator=(const Joined&) = delete;

private:
    Visit& visit_;
};

http::Response again(const identity::StoredAnswer& stored) {
    http::Response response(stored.status);
    if (!stored.location.empty()) response.set("Location", stored.location);
    if (!stored.media_type.empty()) response.set("Content-Type", stored.media_type);
    response.body = stored.body;
    response.cause = "replay";
    return response;
}

}  // namespace

http::Response Site::Parts::run(Visit& visit, const Entry& entry, std::optional<std::int64_t>* valid_until) {
    if (entry.own) return entry.own(visit);
    auto reply = plugins::run_route(services, *entry.plugin, visit);
    visit.carried_out = changes_state(visit.asked());
    if (valid_until) *valid_until = reply.valid_until;
    return std::move(reply.response);
}

// The key's row and everything the plugin writes stand in one transaction: a second click waits for the first one's
// answer, a crash leaves neither or both, and a failure leaves nothing behind.
http::Response Site::Parts::once(Visit& visit, const Entry& entry) {
    auto key = visit.asked().form_value("form_key").value_or("");
    if (key.empty()) key = visit.asked().field("idempotency-key");
    const auto owner = owner_of(visit);
    if (entry.own || key.empty() || owner.empty()) return run(visit, entry);
    db::Timeouts timeouts;
    timeouts.idle = std::chrono::minutes(2);
    auto tx = accounts.of(visit.place()).pool.begin(db::Tenant::of(visit.place().id), timeouts);
    const auto& keys = accounts.idempotency();
    const auto route = entry.method + ' ' + write_address(entry.kind, "", entry.pattern);
    const auto outcome = keys.begin(tx, owner, key, route, hash_of(visit.asked()));
    switch (outcome.repeat) {
        case Repeat::replay:
            return again(*outcome.answer);
        case Repeat::mismatch:
            return errors.answer(visit, 422);
        case Repeat::in_progress: {
            auto busy = errors.answer(visit, 409);
            busy.set("Retry-After", "1");
            return busy;
        }
        case Repeat::fresh:
            break;
    }
    auto response = [&] {
        const Joined joined(visit, tx);
        return run(visit, entry);
    }();
    if (std::chrono::steady_clock::now() > visit.deadline)
        throw Error(ErrorKind::unavailable, "la petición ha agotado su tiempo: no se ha guardado nada");
    if (const auto answer = storable(response))
        keys.finish(tx, owner, key, *answer);
    else
        keys.forget(tx, owner,
                    key);  // what a refused form has left (a file, say) stays; it may be sent again
    tx.commit();
    return response;
}

http::Response Site::Parts::cacheable(Visit& visit, const Entry& entry) {
    const auto key = key_of(visit.asked(), visit.place(), visit.language);
    // Made while this request was waiting, or kept in another coding.
    if (auto kept = cache.find(key, visit.asked(), PageCache::Missing::make)) return std::move(*kept);
    const auto ticket = cache.begin(visit.place().id);
    // What comes out of the cache is counted by whoever reads the access records: "cache".
    metrics::here()
        .series(metrics::page_cache, {{"tenant", visit.place().config.slug}, {"result", "miss"}})
        .add();
    std::optional<std::int64_t> valid_until;
    auto response = run(visit, entry, &valid_until);
    if (visit.shows_form || response.status != 200 || !response.field("set-cookie").empty()) return response;
    const bool page = response.field("content-type").starts_with("text/html");
    // Every page shows the official time, to the minute.
    const auto now = clock.now();
    base::TimePoint until = page ? std::chrono::floor<std::chrono::minutes>(now) + std::chrono::minutes(1)
                                 : now + std::chrono::hours(1);
    if (valid_until) until = std::min(until, base::TimePoint(std::chrono::seconds(*valid_until)));
    if (response.field("cache-control").empty()) response.set("Cache-Control", "no-cache");
    response.set("Vary", visit.address.language.empty() ? "Accept-Encoding, Accept-Language, Cookie"
                                                        : "Accept-Encoding, Cookie");
    finish(visit, response);
    cache.store(key, ticket, response, until);
    if (auto kept = cache.find(key, visit.asked(), PageCache::Missing::make)) {
        kept->cause.clear();
        kept->tenant = response.tenant;
        return std::move(*kept);
    }
    return response;
}

}  // namespace kernel::web
