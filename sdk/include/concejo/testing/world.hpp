// What stands behind the fake kernel's tables: what the plugin registered, what the test set, what was
// recorded.
#pragma once

#include <concejo/detail/bridge.hpp>
#include <concejo/testing/address.hpp>
#include <concejo/testing/books.hpp>
#include <concejo/testing/catalog.hpp>
#include <concejo/testing/database.hpp>
#include <concejo/testing/sha256.hpp>

#include <algorithm>
#include <ctime>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace concejo::inline v1::testing {

/// Who asks.
struct Caller {
    std::string kind = "anonymous", id, login, name;
    std::vector<std::string> roles;
    std::set<std::string> permissions;

    static Caller anonymous() { return {}; }
    static Caller staff(std::set<std::string> permissions) {
        return {"staff", "1", "prueba", "Persona de prueba", {}, std::move(permissions)};
    }
    /// A program with a key of the API.
    static Caller token(std::set<std::string> scopes) {
        return {"token", "1", "programa", "Programa de prueba", {}, std::move(scopes)};
    }
    static Caller system() { return {"system", "", "jobs", "", {}, {}}; }
    bool may(std::string_view permission) const {
        return kind == "system" || permissions.count(std::string(permission)) != 0;
    }
};

struct AuditEntry {
    std::string actor, action, object, result;
    Json details;
};
struct Event {
    std::string id, name;
    Json data;
};
struct LogLine {
    std::int32_t level;
    std::string text, fields;
};
struct SentFile {
    std::string field, filename, media_type, path, sha256;
    std::uint64_t bytes = 0;
};

/// What the handler answered. A page is told by its template and its view: there is no theme here.
struct Answer {
    int status = 200;
    Fields fields;
    std::string media_type, body;
    std::string page;   ///< "es.miayto.buzon/inicio", or empty
    Json view;          ///< what the page was given
    std::string error;  ///< the text of what the handler threw
    std::optional<std::int64_t> valid_until;

    std::string field(std::string_view name) const {
        for (const auto& [key, value] : fields) {
            if (key == name) return value;
        }
        return {};
    }
};

namespace detail {

using concejo::detail::c;
using concejo::detail::cpp;

struct Route {
    std::int32_t kind;
    std::uint32_t flags;
    std::string method, pattern, permission;
    std::uint64_t body_limit;
    concejo_http_handler handler;
    void* context;
};
struct Provider {
    std::string name;
    std::int32_t order;
    concejo_provider handler;
    void* context;
};
struct Command {
    Json declaration;
    concejo_command handler;
    void* context;
};
struct JobHandler {
    std::string kind;
    concejo_job_handler handler;
    void* context;
    int max_attempts = 8, batch = 1;
    double pause = 5, factor = 2, longest_pause = 3600;  ///< seconds
};
struct EffectKind {
    Json declaration;
    concejo_effect_handler deliver;
    concejo_provider reconcile;
    void* context;
};
struct Responder {
    std::string service;
    concejo_responder handler;
    void* context;
};

struct Metric;

struct World {
    concejo_host host{};  ///< first: a concejo_host* of the plugin is this object
    bool starting = true;
    std::string id;
    std::vector<std::string> required, optional, provided;
    std::filesystem::path folder, scratch;

    // what the test sets
    Json settings = Json::object(), municipality;
    Caller caller;
    std::string language = "es";
    std::int64_t now = 1767258000;  ///< 2026-01-01T09:00:00Z
    Catalog catalog;
    std::function<Json(const Json&)> programs;
    std::map<std::string, std::function<Json(std::string_view, const Json&)>> others;
    std::map<std::pair<std::string, std::string>, std::function<OutsideAnswer(const OutsideRequest&)>>
        answers;            ///< by method and address
    int cancel_after = -1;  ///< how often a job's cancelled() still says no; -1: always

    // what the plugin registers
    std::vector<Route> routes;
    std::vector<Json> menus, permissions, roles, actions, schedules;
    std::vector<Json> tokens;                                  ///< that the token that asks has made
    std::map<std::string, std::set<std::string>> token_names;  ///< by scope: what the municipality made
    std::vector<Provider> blocks, searches, site_maps, subscribers;
    std::vector<Command> commands;
    std::vector<JobHandler> jobs;
    std::vector<EffectKind> effect_kinds;
    std::vector<Responder> services;
    std::vector<std::shared_ptr<Metric>> metrics;

    // what happened
    std::vector<AuditEntry> audit;
    std::vector<LogLine> log;
    std::vector<Event> events;
    JobBook jobs_book;
    BlobBook blobs;
    std::deque<Effect> effects;
    std::deque<Mail> mails;
    std::vector<OutsideRequest> asked;
    std::deque<Event> undelivered;
    int pages_changed = 0, event_count = 0;
    std::int64_t last_id = 0;  ///< of jobs, effects, mails and uploads
    int open_transactions = 0, open_rows = 0;

    // the database, when the test has one
    Database* database = nullptr;
    std::string schema;
    std::vector<std::unique_ptr<Connection>> idle;
};

inline World& world_of(const concejo_host* host) {
    return *const_cast<World*>(reinterpret_cast<const World*>(host));
}
/// Only start() may register.
inline World& registering(const concejo_host* host, const char* what) {
    auto& world = world_of(host);
    if (!world.starting)
        throw Error(ErrorKind::internal,
                    std::string(what) + " solo puede declararse mientras el complemento arranca");
    return world;
}

struct Request {
    std::string method, path, body;
    Fields segments, query, form, headers, cookies;
    std::vector<SentFile> uploads;
};

struct Transaction;

/// What a concejo_call* is.
struct Call {
    World* world;
    std::thread::id thread = std::this_thread::get_id();
    std::string language;
    Caller caller;
    const Request* request = nullptr;
    Transaction* joined = nullptr;
};

/// The calls that are under way: a handle kept after its handler has returned is caught, not followed.
inline std::set<const void*>& live_calls() {
    static thread_local std::set<const void*> calls;
    return calls;
}
struct Alive {
    explicit Alive(const Call& call) : call_(&call) { live_calls().insert(call_); }
    ~Alive() { live_calls().erase(call_); }
    Alive(const Alive&) = delete;
    Alive& operator=(const Alive&) = delete;

private:
    const Call* call_;
};

inline Call& call_of(concejo_call* raw) {
    if (live_calls().count(raw) == 0)
        throw Error(ErrorKind::internal,
                    "se usa una llamada en otro hilo, o después de que su función terminara");
    return *reinterpret_cast<Call*>(raw);
}
inline concejo_call* raw(Call& call) { return reinterpret_cast<concejo_call*>(&call); }

inline std::string& last_error() {
    static thread_local std::string text;
    return text;
}
/// Runs `body` for a table's function: no exception leaves it.
template <class F>
concejo_status answer(F&& body) noexcept {
    try {
        std::forward<F>(body)();
        return CONCEJO_OK;
    } catch (const Error& error) {
        last_error() = error.what();
        return static_cast<concejo_status>(error.kind());
    } catch (const std::exception& error) {
        last_error() = error.what();
        return CONCEJO_INTERNAL;
    }
}
/// Throws what a function of the plugin left.
inline void raise(concejo_status status) {
    if (status != CONCEJO_OK) throw Error(static_cast<ErrorKind>(status), last_error());
}
inline void give(concejo_sink sink, void* context, std::string_view text) { sink(context, c(text)); }
/// 2026-01-01T09:00:00Z
inline std::string utc(std::int64_t seconds) {
    const std::time_t instant = seconds;
    std::tm parts{};
    ::gmtime_r(&instant, &parts);
    char text[32];
    return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}
inline void collect(void* context, concejo_str piece) {
    static_cast<std::string*>(context)->append(cpp(piece));
}

}  // namespace detail
}  // namespace concejo::inline v1::testing
