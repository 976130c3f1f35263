#include "kernel/runtime/meters.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>

namespace kernel::runtime {
namespace {

struct RequestSeries {
    const metrics::Series &requests, &seconds, &bytes;
};

const char* class_of(int status) {
    static constexpr const char* classes[] = {"none", "1xx", "2xx", "3xx", "4xx", "5xx"};
    return classes[status >= 100 && status < 600 ? status / 100 : 0];
}

const char* word_for(http::AddressKind kind) {
    static constexpr const char* words[] = {"none", "page", "staff", "api", "bare", "static", "system"};
    const auto n = static_cast<std::size_t>(kind);
    return n < std::size(words) ? words[n] : words[0];
}

/// Each thread keeps its own way to them: two requests of a kind share no lock.
const RequestSeries& series_of(const http::AccessRecord& record) {
    thread_local std::unordered_map<std::string, RequestSeries> known;
    thread_local std::string key;
    const char* kind = word_for(record.kind);
    const char* code = class_of(record.status);
    key.assign(record.tenant).append(1, '\n').append(kind).append(1, '\n').append(code);
    const auto found = known.find(key);
    if (found != known.end()) return found->second;
    auto& here = metrics::here();
    return known
        .emplace(key, RequestSeries{here.series(metrics::http_requests,
                                                {{"tenant", record.tenant}, {"kind", kind}, {"code", code}}),
                                    here.series(metrics::http_seconds,
                                                {{"tenant", record.tenant}, {"kind", kind}}),
                                    here.series(metrics::http_bytes, {{"tenant", record.tenant}})})
        .first->second;
}

/// By its slug; one that is not in this generation, by its id.
std::string name_of(const tenancy::Tenants& tenants, const std::string& id) {
    const auto* tenant = tenants.by_id(id);
    return tenant ? tenant->config.slug : id;
}

}  // namespace

void count_request(const http::AccessRecord& record) {
    const auto& series = series_of(record);
    series.requests.add();
    series.seconds.observe(static_cast<double>(record.micros) / 1e6);
    series.bytes.add(record.bytes);
    if (record.cause == "ok") return;
    if (record.cause == "cache")
        metrics::here().series(metrics::page_cache, {{"tenant", record.tenant}, {"result", "hit"}}).add();
    else
        count_limit(record.cause);
}

void count_limit(std::string_view limit) {
    if (limit == "spool_unavailable") limit = "disk_full";
    if (std::find(std::begin(metrics::limit_names), std::end(metrics::limit_names), limit) !=
        std::end(metrics::limit_names))
        metrics::here().series(metrics::http_limits, {{"limit", limit}}).add();
}

decltype(jobs::RunnerOptions::finished) Meters::jobs() const {
    return [&tenants = tenants_](const jobs::JobContext& job, const char* result,
                                 std::chrono::nanoseconds time) {
        const auto tenant = name_of(tenants, job.tenant().id);
        auto& here = metrics::here();
        here.series(metrics::jobs_finished,
                    {{"tenant", tenant}, {"plugin", job.plugin()}, {"kind", job.kind()}, {"result", result}})
            .add(job.jobs().size());
        here.series(metrics::job_seconds, {{"plugin", job.plugin()}, {"kind", job.kind()}})
            .observe(std::chrono::duration<double>(time).count());
    };
}

decltype(outbox::DispatcherOptions::finished) Meters::outbox() const {
    return [&tenants = tenants_](const outbox::Delivery& delivery, const char* result) {
        const auto tenant = name_of(tenants, delivery.tenant().id);
        metrics::here()
            .series(metrics::outbox_attempts, {{"tenant", tenant},
                                               {"plugin", delivery.plugin()},
                                               {"kind", delivery.kind()},
                                               {"result", result}})
            .add();
    };
}

Pulse::Pulse(const Databases& databases, std::function<void(metrics::Place&)> show)
    : databases_(databases), show_(std::move(show)), thread_([this] { beat(); }) {}

Pulse::~Pulse() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void Pulse::beat() {
    auto* place = metrics::here().place();
    if (!place) return;
    std::unique_lock lock(mutex_);
    do {
        show_(*place);
        show_pools(*place);
    } while (!changed_.wait_for(lock, std::chrono::seconds(1), [this] { return stopping_; }));
}

void Pulse::show_pools(metrics::Place& place) const {
    std::uint64_t open = 0, busy = 0, size = 0;
    for (const auto& [name, pool] : databases_.all()) {
        const auto stats = pool->stats();
        open += stats.open;
        busy += stats.busy;
        size += pool->options().size;
    }
    place.pool_open = open;
    place.pool_busy = busy;
    place.pool_size = size;
}

void show(const http::ServerStats& server, const web::SiteStats& site, metrics::Place& place) {
    place.connections = server.connections;
    place.handlers_waiting = server.handlers_waiting;
    place.handlers_running = server.handlers_running;
    place.waiting_bytes = server.waiting_bytes;
    place.event_streams = server.event_streams;
    place.cache_bytes = site.cache_bytes;
    place.cache_pages = site.cache_pages;
}

}  // namespace kernel::runtime
