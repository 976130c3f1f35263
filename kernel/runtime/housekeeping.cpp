#include "kernel/runtime/housekeeping.hpp"

#include "kernel/base/log.hpp"
#include "kernel/blobs/collector.hpp"
#include "kernel/identity/housekeeping.hpp"
#include "kernel/mail/mail.hpp"

#include <concejo/json.hpp>

namespace kernel::runtime {

Housekeeping::~Housekeeping() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void Housekeeping::run() {
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, std::chrono::hours(1), [this] { return stopping_; })) {
        lock.unlock();
        tidy_databases();
        tidy_files();
        lock.lock();
    }
}

void Housekeeping::tidy_databases() {
    for (const auto& [name, pool] : databases_.all()) {
        try {
            identity::remove_expired(*pool, clock_);
            mail::remove_old(*pool);
        } catch (const concejo::Error& error) {
            base::log_warning({"housekeeping", {}, {}, {}}, "no se ha podido limpiar; se repetirá",
                              concejo::Json::object({{"error", error.what()}}));
        }
    }
}

void Housekeeping::tidy_files() {
    for (const auto& tenant : tenants_.all()) {
        const base::LogContext who{"housekeeping", tenant->config.slug, {}, {}};
        try {
            auto& pool = databases_.of(*tenant);
            const auto expired = uploads_.remove_expired(pool, tenant->id);
            const auto gone = blobs::collect(store_, pool, tenant->id);
            if (expired + gone.contents + gone.orphans + gone.unfinished == 0) continue;
            base::log_info(who, "ficheros retirados",
                           concejo::Json::object({{"uploads", static_cast<long>(expired)},
                                                  {"unused", static_cast<long>(gone.contents)},
                                                  {"orphans", static_cast<long>(gone.orphans)},
                                                  {"unfinished", static_cast<long>(gone.unfinished)}}));
        } catch (const std::exception& error) {
            base::log_warning(who, "los ficheros sin uso no se han podido retirar; se repetirá",
                              concejo::Json::object({{"error", error.what()}}));
        }
    }
}

}  // namespace kernel::runtime
