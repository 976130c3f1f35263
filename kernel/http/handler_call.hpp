// A piece of work on the pool that a session waits for, until a deadline.
#pragma once

#include <boost/asio/post.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <string>

#include "kernel/http/asio.hpp"
#include "kernel/http/worker_pool.hpp"

namespace kernel::http {

/// State holds what the work reads and writes; it outlives both sides, whichever ends later.
template <class State>
class PoolCall {
public:
    enum class Outcome { done, failed, late, refused };

    PoolCall(std::shared_ptr<State> state, Executor executor) : shared_(std::make_shared<Shared>(executor)) {
        shared_->state = std::move(state);
    }

    /// `work` runs on the pool with the state. After `late` the state belongs to the work: do not touch it.
    /// `late_result` is called, on the edge's thread, if it ends after all.
    template <class Work>
    Task<Outcome> run(WorkerPool& pool, Clock::time_point deadline, bool bounded, Work work,
                      std::function<void()> late_result) {
        auto shared = shared_;
        shared->late_result = std::move(late_result);
        auto task = [shared, work = std::move(work)]() mutable {
            try {
                work(*shared->state);
            } catch (const std::exception& error) {
                shared->failed = true;
                shared->error = error.what();
            }
            auto executor = shared->wake.get_executor();
            net::post(executor, [shared = std::move(shared)]() mutable {
                shared->done = true;
                if (shared->abandoned)
                    shared->late_result();
                else
                    shared->wake.cancel();
            });
        };
        if (bounded) {
            if (!pool.offer(std::move(task))) co_return Outcome::refused;
        } else {
            pool.push(std::move(task));
        }
        shared->wake.expires_at(deadline);
        co_await shared->wake.async_wait(awaited);
        if (!shared->done) {
            shared->abandoned = true;
            co_return Outcome::late;
        }
        co_return shared->failed ? Outcome::failed : Outcome::done;
    }

    /// After `failed`: what the work threw.
    const std::string& error() const noexcept { return shared_->error; }

private:
    struct Shared {
        explicit Shared(Executor executor) : wake(executor) {}
        std::shared_ptr<State> state;
        Timer wake;
        std::string error;
        std::function<void()> late_result;
        // The edge's thread writes these, but for `failed` and `error`, which are written before the post.
        bool done = false, failed = false, abandoned = false;
    };
    std::shared_ptr<Shared> shared_;
};

}  // namespace kernel::http
