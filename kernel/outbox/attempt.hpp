// One attempt at one effect, and how it is written down. Internal to kernel/outbox.
#pragma once

#include "kernel/outbox/dispatcher.hpp"
#include "kernel/outbox/verdict.hpp"

namespace kernel::outbox {

class Attempt final : public Delivery {
public:
    struct Row {
        std::int64_t id = 0;
        db::Tenant tenant;
        std::string plugin, kind, key, token, created_at;
        concejo::Json payload;
        int attempt = 0;
    };
    /// $1… of the columns that `from()` reads.
    static constexpr const char* returning =
        "id, tenant, plugin, kind, idempotency_key, lease_token, "
        "to_char(created_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), payload, attempts ";
    static Row from(const db::Rows& rows, std::size_t i);

    Attempt(db::Pool& pool, Row row, std::chrono::milliseconds first_pause)
        : pool_(pool), row_(std::move(row)), first_pause_(first_pause) {}

    std::int64_t id() const override { return row_.id; }
    const db::Tenant& tenant() const override { return row_.tenant; }
    const std::string& plugin() const override { return row_.plugin; }
    const std::string& kind() const override { return row_.kind; }
    const std::string& key() const override { return row_.key; }
    const concejo::Json& payload() const override { return row_.payload; }
    int attempt() const override { return row_.attempt; }
    const std::string& created_at() const override { return row_.created_at; }
    void sending() override;
    void not_done() override { sent_ = false; }
    void note(const std::string& text) override { note_ = text.substr(0, 1000); }

    void forget() override { forget_ = true; }

    const std::string& token() const { return row_.token; }

    /// Delivers and writes how it ended, and says it in a word (DispatcherOptions::finished). Never throws.
    const char* run(Courier& courier) noexcept;
    /// Asks what became of it.
    void reconcile(Courier& courier) noexcept;
    /// Writes down what a failure leads to, in a transaction of the caller's.
    static void fail(db::Transaction& tx, const Row& row, const KindRules& rules, const Failure& failure,
                     const std::string& why, const std::string& note, std::chrono::milliseconds first_pause);

private:
    void delivered();
    void failed(const KindRules& rules, bool for_good, const std::string& why);
    void put_back(const std::string& why);
    template <class F>
    void mark(const char* what, F&& work) noexcept;

    db::Pool& pool_;
    const Row row_;
    const std::chrono::milliseconds first_pause_;
    bool sent_ = false, forget_ = false;
    std::string note_;
};

}  // namespace kernel::outbox
