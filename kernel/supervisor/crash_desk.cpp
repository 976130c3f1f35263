#include "kernel/supervisor/crash_desk.hpp"

#include "kernel/base/log.hpp"
#include "kernel/metrics/catalogue.hpp"

#include <boost/asio/post.hpp>

#include <thread>

namespace kernel::supervisor {

using concejo::Json;
using namespace std::chrono_literals;

namespace {

constexpr int audit_tries = 60;
constexpr auto audit_pause = 1s;

base::LogContext context_of(const std::string& plugin, const std::string& tenant,
                            const std::string& request) {
    return {"supervisor", tenant, plugin, request};
}

}  // namespace

CrashDesk::CrashDesk(const Options& options, std::function<void()> changed)
    : options_(options), ledger_(options.crash_file, clock_), changed_(std::move(changed)) {}

CrashDesk::~CrashDesk() {
    closing_ = true;
    writer_.join();
}

void CrashDesk::note(const crash::Blame& blame, pid_t worker) {
    base::log_error(
        context_of(blame.plugin, blame.tenant, blame.request),
        "un complemento ha hecho caer un proceso de trabajo",
        Json::object(
            {{"pid", int(worker)}, {"why", blame.reason}, {"starting", blame.phase == crash::Phase::start}}));
    metrics::here()
        .series(metrics::plugin_crashes, {{"tenant", options_.slug(blame.tenant)}, {"plugin", blame.plugin}})
        .add();
    const auto quarantine = ledger_.add(blame);
    if (!quarantine) return;
    base::log_error(context_of(quarantine->plugin, quarantine->tenant, {}),
                    "complemento en cuarentena: no se le llama hasta «concejo plugin restore»",
                    Json::object({{"why", quarantine->reason}, {"crashes", quarantine->crashes}}));
    changed_();
    record(*quarantine, {});
}

std::vector<crash::Quarantine> CrashDesk::lift(const std::string& plugin,
                                               const std::optional<std::string>& tenant) {
    auto lifted = ledger_.restore(plugin, tenant);
    if (!lifted.empty()) changed_();
    return lifted;
}

void CrashDesk::put_back(const std::vector<crash::Quarantine>& lifted) {
    ledger_.put_back(lifted);
    changed_();
}

void CrashDesk::confirm(const std::vector<crash::Quarantine>& lifted, const std::string& by) {
    for (const auto& quarantine : lifted) {
        base::log_info(context_of(quarantine.plugin, quarantine.tenant, {}),
                       "complemento fuera de la cuarentena");
        record(quarantine, by);
    }
}

/// The database may be starting just now; an entry that it does not take in a minute is only in the log.
void CrashDesk::record(const crash::Quarantine& quarantine, const std::string& lifted_by) {
    if (!options_.audit) return;
    boost::asio::post(writer_, [this, quarantine, lifted_by] {
        for (int tries = 1;; ++tries) {
            try {
                return options_.audit(quarantine, lifted_by);
            } catch (const std::exception& error) {
                if (tries < audit_tries && !closing_) {
                    std::this_thread::sleep_for(audit_pause);
                    continue;
                }
                return base::log_error(context_of(quarantine.plugin, quarantine.tenant, {}),
                                       "la auditoría no ha podido anotar una cuarentena",
                                       Json::object({{"lifted", !lifted_by.empty()}, {"why", error.what()}}));
            }
        }
    });
}

}  // namespace kernel::supervisor
