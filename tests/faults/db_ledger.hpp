// Clients that write and keep a ledger of what was acknowledged to them.
#pragma once

#include "tests/support/postgres.hpp"

#include <atomic>
#include <mutex>
#include <set>
#include <thread>

namespace tests {

/// Each writer inserts its numbers one by one and goes on only after an answer. A COMMIT without an answer is
/// looked up, as a careful client does: by the number itself.
class LedgerWriters {
public:
    LedgerWriters(kernel::db::Pool& pool, kernel::db::Tenant tenant, int writers)
        : pool_(pool), tenant_(std::move(tenant)), ledgers_(writers) {
        for (int w = 0; w < writers; ++w) threads_.emplace_back([this, w] { write(w); });
    }
    ~LedgerWriters() { stop(); }

    /// Numbers acknowledged so far.
    std::size_t count() const { return count_; }
    /// Waits until `more` further ones were acknowledged; false after `limit`.
    bool advance(std::size_t more, std::chrono::seconds limit = std::chrono::seconds(60)) const {
        const auto wanted = count() + more;
        for (const auto until = std::chrono::steady_clock::now() + limit;
             std::chrono::steady_clock::now() < until;) {
            if (count() >= wanted) return true;
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        return false;
    }
    std::multiset<std::int64_t> stop() {
        stopping_ = true;
        for (auto& thread : threads_) thread.join();
        threads_.clear();
        std::multiset<std::int64_t> all;
        for (const auto& ledger : ledgers_) all.insert(ledger.begin(), ledger.end());
        return all;
    }
    /// Why a writer lost patience; empty when none did.
    const std::string& given_up() const { return given_up_; }

private:
    void write(int writer) {
        for (std::int64_t n = 0; !stopping_; ++n) {
            const std::int64_t number = writer * 1'000'000 + n;
            try {
                pool_.with_retry(
                    [&](kernel::db::Pool& pool) {
                        auto tx = pool.begin(tenant_);
                        tx.exec("insert into asiento (n) values ($1) on conflict do nothing",
                                kernel::db::Params(number));
                        tx.commit();
                    },
                    std::chrono::seconds(60), true);
            } catch (const concejo::Error& error) {
                const std::lock_guard lock(mutex_);
                given_up_ += std::string(error.what()) + "; ";
                continue;
            }
            ledgers_[static_cast<std::size_t>(writer)].push_back(number);
            ++count_;
        }
    }

    kernel::db::Pool& pool_;
    const kernel::db::Tenant tenant_;
    std::vector<std::vector<std::int64_t>> ledgers_;
    std::vector<std::thread> threads_;
    std::atomic<std::size_t> count_{0};
    std::mutex mutex_;
    std::string given_up_;
    std::atomic<bool> stopping_{false};
};

}  // namespace tests
