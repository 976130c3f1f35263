#include "kernel/runtime/housekeeping.hpp"

#include "kernel/base/log.hpp"
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
}

}  // namespace kernel::runtime
