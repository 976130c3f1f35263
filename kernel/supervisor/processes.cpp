#include "kernel/supervisor/processes.hpp"

#include "kernel/metrics/catalogue.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <sstream>
#include <utility>

namespace kernel::supervisor {
namespace {

namespace fs = std::filesystem;

struct Measured {
    double memory = 0, cpu = 0, start = 0, threads = 0;
};

/// When the machine started, in Unix seconds (btime of /proc/stat).
double machine_start() {
    std::ifstream file("/proc/stat");
    for (std::string word; file >> word;) {
        double value = 0;
        if (word == "btime" && file >> value) return value;
    }
    return 0;
}

/// /proc/PID/stat as proc(5) numbers its fields. The program's name, in parentheses, may hold anything.
std::optional<Measured> measure(const fs::path& proc) {
    std::ifstream file(proc / "stat");
    std::stringstream text;
    text << file.rdbuf();
    const auto line = text.str();
    const auto end = line.rfind(')');
    if (end == std::string::npos) return std::nullopt;
    std::istringstream rest(line.substr(end + 1));
    const std::vector<std::string> fields{std::istream_iterator<std::string>(rest), {}};  // from field 3 on
    if (fields.size() < 22) return std::nullopt;
    const auto field = [&](std::size_t number) { return std::stod(fields[number - 3]); };
    static const double ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    static const double page = static_cast<double>(::sysconf(_SC_PAGESIZE));
    static const double boot = machine_start();
    return Measured{field(24) * page, (field(14) + field(15)) / ticks, boot + field(22) / ticks, field(20)};
}

double open_descriptors(const fs::path& proc) {
    std::error_code refused;
    double count = 0;
    for (fs::directory_iterator at(proc / "fd", refused), end; !refused && at != end; at.increment(refused))
        ++count;
    return count;
}

void add_process(metrics::Page& page, pid_t pid, const metrics::Labels& labels) {
    const auto proc = fs::path("/proc") / std::to_string(pid);
    const auto measured = measure(proc);
    if (!measured) return;
    page.add(metrics::process_memory, labels, measured->memory);
    page.add(metrics::process_cpu, labels, measured->cpu);
    page.add(metrics::process_start, labels, measured->start);
    page.add(metrics::process_threads, labels, measured->threads);
    page.add(metrics::process_fds, labels, open_descriptors(proc));
}

const metrics::Place* place_of(const metrics::Region& region, pid_t pid) {
    for (const auto& place : region.places)
        if (place.pid == static_cast<std::uint32_t>(pid)) return &place;
    return nullptr;
}

void add_place(metrics::Page& page, const metrics::Place& place, bool web, const metrics::Labels& labels) {
    const auto add = [&](const metrics::Family& family, const std::atomic<std::uint64_t>& value) {
        page.add(family, labels, static_cast<double>(value));
    };
    const auto with = [&](const char* state) {
        auto more = labels;
        more.emplace_back("state", state);
        return more;
    };
    page.add(metrics::pool_connections, with("open"), static_cast<double>(place.pool_open));
    page.add(metrics::pool_connections, with("busy"), static_cast<double>(place.pool_busy));
    add(metrics::pool_size, place.pool_size);
    if (!web) return add(metrics::jobs_running, place.jobs_running);
    add(metrics::http_connections, place.connections);
    add(metrics::handlers_waiting, place.handlers_waiting);
    add(metrics::handlers_running, place.handlers_running);
    add(metrics::pending_bytes, place.waiting_bytes);
    add(metrics::event_streams, place.event_streams);
    add(metrics::cache_bytes, place.cache_bytes);
    add(metrics::cache_pages, place.cache_pages);
}

}  // namespace

void add_processes(metrics::Page& page, const metrics::Region& region, const Known& known,
                   const std::function<std::string(const std::string& id)>& slug) {
    page.add(metrics::generation, {}, known.generation);
    add_process(page, ::getpid(), {{"role", "supervisor"}, {"pid", std::to_string(::getpid())}});
    std::map<std::pair<std::string, std::string>, double> counts;
    for (const char* role : {"web", "job"}) counts[{role, "ready"}] = 0;
    for (const auto& worker : known.workers) {
        const auto generation = std::to_string(worker.generation), pid = std::to_string(worker.pid);
        const metrics::Labels labels{{"role", worker.role}, {"generation", generation}, {"pid", pid}};
        ++counts[{worker.role, worker.state}];
        add_process(page, worker.pid, labels);
        if (const auto* place = place_of(region, worker.pid))
            add_place(page, *place, std::string_view(worker.role) == "web", labels);
    }
    for (const auto& [which, count] : counts)
        page.add(metrics::workers, {{"role", which.first}, {"state", which.second}}, count);
    for (const auto& quarantine : known.quarantines) {
        const auto tenant = quarantine.tenant.empty() ? std::string() : slug(quarantine.tenant);
        page.add(metrics::quarantines, {{"tenant", tenant}, {"plugin", quarantine.plugin}}, 1);
    }
}

}  // namespace kernel::supervisor
