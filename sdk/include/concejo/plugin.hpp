// A plugin: a class whose constructor registers what it offers and whose destructor is its stop.
//
//   class Buzon {
//   public:
//       explicit Buzon(concejo::Kernel& kernel) {
//           kernel.page("/buzon", [](const concejo::Request& request, concejo::Reply& reply) {
//               reply.page("es.riomar.buzon/inicio", concejo::Json::object({{"title",
//               request.tr("Buzón")}}));
//           });
//       }
//   };
//   CONCEJO_PLUGIN(Buzon, "es.riomar.buzon", "1.0.0", "log/1 http/1 pages/1 i18n/1", "", "")
#pragma once

#include <concejo/http.hpp>
#include <concejo/job.hpp>
#include <concejo/metrics.hpp>

#include <functional>
#include <memory>

namespace concejo::inline v1 {

class Terminal {
public:
    Terminal(const concejo_cli_1& table, concejo_cli* cli) : table_(table), cli_(cli) {}
    void out(std::string_view line) const { table_.out(cli_, detail::c(line)); }
    void err(std::string_view line) const { table_.err(cli_, detail::c(line)); }
    void progress(std::uint64_t done, std::uint64_t total, std::string_view message = {}) const {
        table_.progress(cli_, done, total, detail::c(message));
    }
    /// A file as the command's answer, without a line end.
    void write(std::string_view bytes) const { table_.write(cli_, detail::c(bytes)); }
    /// 1: the answer is no; 2: wrong use.
    void exit_code(int code) const { table_.exit_code(cli_, code); }

private:
    const concejo_cli_1& table_;
    concejo_cli* cli_;
};

/// The attempt under way, for the handler that makes it: see outbox/1 in abi.h.
class Sending {
public:
    Sending(const detail::Tables& tables, concejo_effect* effect) : tables_(tables), effect_(effect) {}
    /// Right before the first byte that the other side could act on.
    void begins() const { tables_.check(tables_.outbox->sending(effect_)); }
    void not_done() const { tables_.outbox->not_done(effect_); }
    void note(std::string_view text) const { tables_.outbox->note(effect_, detail::c(text)); }

private:
    const detail::Tables& tables_;
    concejo_effect* effect_;
};

using Handler = std::function<void(const Request&, Reply&)>;
using Provide = std::function<Json(const Call&, const Json& argument)>;
using Command = std::function<void(const Call&, const Json& arguments, const Terminal&)>;
using Respond = std::function<Json(const Call&, std::string_view method, const Json& message)>;
using RunJob = std::function<void(const Call&, const Json& payload, const Job&)>;
using RunBatch = std::function<void(const Call&, const std::vector<BatchedJob>&, const Job&)>;

using Deliver = std::function<void(const Call&, const Json& effect, const Sending&)>;

struct RouteOptions {
    std::string permission;        ///< staff: a permission; api: a scope
    bool uploads = false;          ///< multipart files, streamed to disk
    bool cached = false;           ///< GET of anonymous visitors, until pages_changed()
    std::uint64_t body_limit = 0;  ///< bytes; 0 = the installation's default
    bool lenient = false;          ///< an open api: a token that is no good is nobody's, and not refused
};

/// What a plugin sees while it starts. Keeps every handler alive until the plugin stops.
class Kernel {
public:
    explicit Kernel(const concejo_host* host) : tables_(host) {}
    Kernel(const Kernel&) = delete;
    Kernel& operator=(const Kernel&) = delete;

    void log(std::int32_t level, std::string_view text) const {
        tables_.log->write(tables_.host, nullptr, level, detail::c(text), {});
    }

    // ---- routes: `method` GET answers HEAD too
    void page(std::string_view pattern, Handler handler, RouteOptions options = {}) {
        route(CONCEJO_ROUTE_PUBLIC, "GET", pattern, std::move(handler), options);
    }
    void page_post(std::string_view pattern, Handler handler, RouteOptions options = {}) {
        route(CONCEJO_ROUTE_PUBLIC, "POST", pattern, std::move(handler), options);
    }
    void staff(std::string_view pattern, Handler handler, RouteOptions options) {
        route(CONCEJO_ROUTE_STAFF, "GET", pattern, std::move(handler), options);
    }
    void staff_post(std::string_view pattern, Handler handler, RouteOptions options) {
        route(CONCEJO_ROUTE_STAFF, "POST", pattern, std::move(handler), options);
    }
    void api(std::string_view method, std::string_view pattern, Handler handler, RouteOptions options = {}) {
        route(CONCEJO_ROUTE_API, method, pattern, std::move(handler), options);
    }
    void bare(std::string_view method, std::string_view pattern, Handler handler, RouteOptions options = {}) {
        route(CONCEJO_ROUTE_BARE, method, pattern, std::move(handler), options);
    }

    // ---- declarations, as abi.h describes them
    void permission(std::string_view id, std::string_view label) {
        declare(identity().permission, Json::object({{"id", id}, {"label", label}}));
    }
    void role(std::string_view id, std::string_view label, std::initializer_list<Json> permissions) {
        declare(identity().role,
                Json::object({{"id", id}, {"label", label}, {"permissions", Json::Array(permissions)}}));
    }
    /// What people read for an action of audit(); `automated`: see audit/1 in abi_audit.h.
    void action(std::string_view code, std::string_view label, std::string_view automated = {}) {
        declare(tables_.need(tables_.audit, "audit/1").action,
                Json::object({{"action", code}, {"label", label}, {"automated", automated}}));
    }
    void menu(const Json& entry) { declare(pages().menu, entry); }
    void block(std::string_view place, int order, Provide provide) {
        auto* context = keep(std::move(provide));
        tables_.check(pages().block(tables_.host, detail::c(place), order, &Kernel::run_provider, context));
    }
    void searchable(Provide provide) {
        tables_.check(pages().searchable(tables_.host, &Kernel::run_provider, keep(std::move(provide))));
    }
    void site_map(Provide provide) {
        tables_.check(pages().site_map(tables_.host, &Kernel::run_provider, keep(std::move(provide))));
    }
    void subscribe(std::string_view event, Provide provide) {
        tables_.check(
            bus().subscribe(tables_.host, detail::c(event), &Kernel::run_provider, keep(std::move(provide))));
    }
    void provide(std::string_view service, Respond respond) {
        tables_.check(bus().provide(tables_.host, detail::c(service), &Kernel::run_responder,
                                    keep(std::move(respond))));
    }
    void command(const Json& declaration, Command command) {
        const auto text = declaration.dump();
        tables_.check(
            cli().command(tables_.host, detail::c(text), &Kernel::run_command, keep(std::move(command))));
    }
    void job(std::string_view kind, RunJob run) {
        tables_.check(jobs().handler(tables_.host, detail::c(kind), &Kernel::run_job, keep(std::move(run))));
    }
    void job(std::string_view kind, RunJob run, const JobOptions& options) {
        handler_with(kind, options, 1, &Kernel::run_job, keep(std::move(run)));
    }
    /// For steps so short that their COMMIT is what costs: up to `most` of one municipality in one
    /// transaction. A batch that throws is undone, and its jobs run again one by one.
    void job_batch(std::string_view kind, int most, RunBatch run, const JobOptions& options = {}) {
        handler_with(kind, options, most, &Kernel::run_batch, keep(std::move(run)));
    }
    /// Declaration as outbox/1 in abi.h says; `reconcile` answers {"outcome":"done|not_done|unknown"}.
    void effect(const Json& declaration, Deliver deliver, Provide reconcile = {}) {
        const auto text = declaration.dump();
        const bool reconciles = static_cast<bool>(reconcile);
        auto* context = keep(Effects{std::move(deliver), std::move(reconcile)});
        tables_.check(tables_.need(tables_.outbox, "outbox/1")
                          .handler(tables_.host, detail::c(text), &Kernel::run_effect,
                                   reconciles ? &Kernel::run_reconcile : nullptr, context));
    }
    void schedule(const Json& schedule) { declare(jobs().schedule, schedule); }
    Metrics metrics() const { return Metrics(tables_); }  ///< see metrics.hpp

private:
    struct Effects {
        Deliver deliver;
        Provide reconcile;
    };
    template <class F>
    struct Kept {
        const detail::Tables* tables;
        F function;
    };
    template <class F>
    Kept<F>* keep(F function) {
        auto kept = std::make_shared<Kept<F>>(Kept<F>{&tables_, std::move(function)});
        auto* raw = kept.get();
        kept_.push_back(std::move(kept));
        return raw;
    }
    template <class Function>
    void declare(Function function, const Json& json) {
        const auto text = json.dump();
        tables_.check(function(tables_.host, detail::c(text)));
    }

    void handler_with(std::string_view kind, const JobOptions& options, int batch, concejo_job_handler run,
                      void* context) {
        const auto text = Json::object({{"kind", kind},
                                        {"label", options.label},
                                        {"max_attempts", options.max_attempts},
                                        {"backoff_s", options.backoff_s},
                                        {"backoff_factor", options.backoff_factor},
                                        {"backoff_most_s", options.backoff_most_s},
                                        {"batch", batch}})
                              .dump();
        tables_.check(jobs().handler_with(tables_.host, detail::c(text), run, context));
    }

    void route(std::int32_t kind, std::string_view method, std::string_view pattern, Handler handler,
               const RouteOptions& options) {
        const std::uint32_t flags = options.uploads * unsigned{CONCEJO_ROUTE_UPLOADS} |
                                    options.cached * unsigned{CONCEJO_ROUTE_CACHED} |
                                    options.lenient * unsigned{CONCEJO_ROUTE_LENIENT};
        const concejo_route raw{sizeof(concejo_route),
                                kind,
                                flags,
                                detail::c(method),
                                detail::c(pattern),
                                detail::c(options.permission),
                                options.body_limit};
        tables_.check(tables_.need(tables_.http, "http/1")
                          .route(tables_.host, &raw, &Kernel::run_handler, keep(std::move(handler))));
    }

    static concejo_status run_handler(void* context, concejo_call* call, const concejo_request* raw,
                                      concejo_reply* out) noexcept {
        auto& self = *static_cast<Kept<Handler>*>(context);
        return detail::guard(self.tables->host, [&] {
            const Request request(*self.tables, call, *raw);
            Reply reply(request, out);
            self.function(request, reply);
        });
    }
    static concejo_status run_provider(void* context, concejo_call* call, concejo_str argument,
                                       concejo_sink sink, void* into) noexcept {
        auto& self = *static_cast<Kept<Provide>*>(context);
        return detail::guard(self.tables->host, [&] {
            const auto text = detail::cpp(argument);
            const Json answer =
                self.function(Call(*self.tables, call), text.empty() ? Json() : Json::parse(text));
            if (!answer.is_null()) sink(into, detail::c(answer.dump()));
        });
    }
    static concejo_status run_responder(void* context, concejo_call* call, concejo_str method,
                                        concejo_str message, concejo_sink sink, void* into) noexcept {
        auto& self = *static_cast<Kept<Respond>*>(context);
        return detail::guard(self.tables->host, [&] {
            sink(into, detail::c(self.function(Call(*self.tables, call), detail::cpp(method),
                                               Json::parse(detail::cpp(message)))
                                     .dump()));
        });
    }
    static concejo_status run_command(void* context, concejo_call* call, concejo_str arguments,
                                      concejo_cli* cli) noexcept {
        auto& self = *static_cast<Kept<Command>*>(context);
        return detail::guard(self.tables->host, [&] {
            self.function(Call(*self.tables, call), Json::parse(detail::cpp(arguments)),
                          Terminal(*self.tables->cli, cli));
        });
    }
    static concejo_status run_job(void* context, concejo_call* call, concejo_str payload,
                                  concejo_job* job) noexcept {
        auto& self = *static_cast<Kept<RunJob>*>(context);
        return detail::guard(self.tables->host, [&] {
            self.function(Call(*self.tables, call), Json::parse(detail::cpp(payload)),
                          Job(*self.tables, job));
        });
    }
    static concejo_status run_batch(void* context, concejo_call* call, concejo_str payload,
                                    concejo_job* job) noexcept {
        auto& self = *static_cast<Kept<RunBatch>*>(context);
        return detail::guard(self.tables->host, [&] {
            const auto array = Json::parse(detail::cpp(payload));
            std::vector<BatchedJob> jobs;
            for (const auto& one : array.as_array())
                jobs.push_back({one.at("id").as_int(), one.at("idempotency_key").as_string(),
                                static_cast<int>(one.at("attempt").as_int()), one.at("payload")});
            self.function(Call(*self.tables, call), jobs, Job(*self.tables, job));
        });
    }

    static concejo_status run_effect(void* context, concejo_call* call, concejo_str effect,
                                     concejo_effect* attempt) noexcept {
        auto& self = *static_cast<Kept<Effects>*>(context);
        return detail::guard(self.tables->host, [&] {
            self.function.deliver(Call(*self.tables, call), Json::parse(detail::cpp(effect)),
                                  Sending(*self.tables, attempt));
        });
    }
    static concejo_status run_reconcile(void* context, concejo_call* call, concejo_str effect,
                                        concejo_sink sink, void* into) noexcept {
        auto& self = *static_cast<Kept<Effects>*>(context);
        return detail::guard(self.tables->host, [&] {
            const auto answer =
                self.function.reconcile(Call(*self.tables, call), Json::parse(detail::cpp(effect)));
            sink(into, detail::c(answer.dump()));
        });
    }

    const concejo_pages_1& pages() const { return tables_.need(tables_.pages, "pages/1"); }
    const concejo_bus_1& bus() const { return tables_.need(tables_.bus, "bus/1"); }
    const concejo_cli_1& cli() const { return tables_.need(tables_.cli, "cli/1"); }
    const concejo_jobs_1& jobs() const { return tables_.need(tables_.jobs, "jobs/1"); }
    const concejo_identity_1& identity() const { return tables_.need(tables_.identity, "identity/1"); }

    detail::Tables tables_;
    std::vector<std::shared_ptr<void>> kept_;
};

namespace detail {

template <class Plugin>
struct Instance {
    Kernel kernel;
    Plugin plugin;
    explicit Instance(const concejo_host* host) : kernel(host), plugin(kernel) {}
};
template <class Plugin>
concejo_status start(void** instance, const concejo_host* host) noexcept {
    return guard(host, [&] { *instance = new Instance<Plugin>(host); });
}
template <class Plugin>
void stop(void* instance) noexcept {
    delete static_cast<Instance<Plugin>*>(instance);
}

/// The ELF note that the kernel reads from the file: header, name, descriptor.
struct Note {
    std::uint32_t name_size = sizeof(CONCEJO_NOTE_NAME);
    std::uint32_t descriptor_size = sizeof(concejo_descriptor);
    std::uint32_t type = CONCEJO_NOTE_TYPE;
    char name[8] = CONCEJO_NOTE_NAME;
    concejo_descriptor descriptor;
};

}  // namespace detail
}  // namespace concejo::inline v1

#define CONCEJO_TEXT_(x) #x
#define CONCEJO_TEXT(x) CONCEJO_TEXT_(x)
#if defined(__clang__)
#define CONCEJO_COMPILER "clang " CONCEJO_TEXT(__clang_major__)
#else
#define CONCEJO_COMPILER "gcc " CONCEJO_TEXT(__GNUC__)
#endif
#if defined(_LIBCPP_VERSION)
#define CONCEJO_LIBRARY "libc++"
#else
#define CONCEJO_LIBRARY "libstdc++"
#endif
#ifndef CONCEJO_PLUGIN_ABI_MAJOR /* tests build plugins of other versions with these */
#define CONCEJO_PLUGIN_ABI_MAJOR CONCEJO_ABI_MAJOR
#endif
#ifndef CONCEJO_PLUGIN_ABI_MINOR
#define CONCEJO_PLUGIN_ABI_MINOR CONCEJO_ABI_MINOR
#endif

/// Once per plugin, in one source file. Lists are separated by blanks; plugin.map exports the entry alone.
#define CONCEJO_PLUGIN(Class, Id, Version, Requires, Optional, Provides)                              \
    extern "C" __attribute__((used, visibility("hidden"), section(CONCEJO_NOTE_SECTION), aligned(4))) \
    const ::concejo::detail::Note concejo_plugin_note = {                                             \
        sizeof(CONCEJO_NOTE_NAME),                                                                    \
        sizeof(concejo_descriptor),                                                                   \
        CONCEJO_NOTE_TYPE,                                                                            \
        CONCEJO_NOTE_NAME,                                                                            \
        {"CONCEJO", sizeof(concejo_descriptor), CONCEJO_PLUGIN_ABI_MAJOR, CONCEJO_PLUGIN_ABI_MINOR,   \
         CONCEJO_ABI_PLATFORM, CONCEJO_COMPILER " " CONCEJO_LIBRARY, Id, Version, Requires, Optional, \
         Provides}};                                                                                  \
    extern "C" __attribute__((visibility("default"))) const concejo_plugin concejo_plugin_entry;      \
    extern "C" __attribute__((visibility("default"))) const concejo_plugin concejo_plugin_entry = {   \
        sizeof(concejo_plugin), &concejo_plugin_note.descriptor, &::concejo::detail::start<Class>,    \
        &::concejo::detail::stop<Class>};
