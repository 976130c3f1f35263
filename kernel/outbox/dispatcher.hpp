// Takes effects and has them delivered: leases with a heartbeat, so that a killed worker's effects are not
// forgotten.
#pragma once

#include "kernel/outbox/effect.hpp"

#include <functional>
#include <memory>

namespace kernel::outbox {

/// One attempt. Belongs to the thread that makes it. No transaction is open while it lasts.
class Delivery {
public:
    virtual ~Delivery() = default;
    virtual std::int64_t id() const = 0;
    virtual const db::Tenant& tenant() const = 0;
    virtual const std::string& plugin() const = 0;
    virtual const std::string& kind() const = 0;
    virtual const std::string& key() const = 0;
    virtual const concejo::Json& payload() const = 0;
    virtual int attempt() const = 0;
    virtual const std::string& created_at() const = 0;
    /// Said right before the first byte that the other side could act on; written to the database before it
    /// returns. From here on an exception means "unknown", and so does the end of the process. Throws where
    /// the attempt belongs to another worker by now.
    virtual void sending() = 0;
    /// The other side has said that it did nothing: an exception means "failed" again.
    virtual void not_done() = 0;
    /// Kept with the effect: what the other side answered.
    virtual void note(const std::string& text) = 0;
    /// Once it is delivered, what it was goes: its key and its note stay.
    virtual void forget() = 0;
};

/// The kind's module does not serve this municipality just now: the effect waits, its attempts are not
/// counted.
class NotServed : public concejo::Error {
public:
    explicit NotServed(const std::string& why) : Error(concejo::ErrorKind::unavailable, why) {}
};

enum class Found { done, not_done, unknown };

/// Who knows the kinds. Thread-safe.
class Courier {
public:
    virtual ~Courier() = default;
    /// The kinds that this process delivers: (plugin, kind). Others are left alone.
    virtual std::vector<std::pair<std::string, std::string>> kinds() const = 0;
    virtual KindRules rules(const std::string& plugin, const std::string& kind) const = 0;
    /// Returns: delivered. Error{invalid} before sending(), or after not_done(): will never succeed.
    virtual void deliver(Delivery& delivery) = 0;
    /// For kinds that reconcile: what became of an effect whose outcome is unknown.
    virtual Found reconcile(Delivery& delivery) = 0;
};

struct DispatcherOptions {
    unsigned threads = 2;
    std::chrono::milliseconds poll{1'000};
    std::chrono::milliseconds lease{60'000};  ///< renewed at a third of it
    std::chrono::milliseconds drain{30'000};  ///< stop() waits so long
    std::chrono::milliseconds first_pause{
        5'000};            ///< before the second attempt; doubled each time, at most an hour
    std::string worker{};  ///< name in the table; empty: host and process id
    /// After each attempt, on its thread: "delivered", "failed" (tried again, unknown or dead) or
    /// "postponed". Must not throw.
    std::function<void(const Delivery&, const char* result)> finished{};
};

class Dispatcher {
public:
    Dispatcher(db::Pool& pool, Courier& courier, DispatcherOptions options = {});
    ~Dispatcher();  ///< stop()
    void start();
    /// Takes no more; waits for what is under way. What does not end in time is left as a killed worker
    /// leaves it, and its thread behind, so the process should end then, and pool and courier outlive them.
    void stop();

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace kernel::outbox
