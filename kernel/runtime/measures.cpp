#include "kernel/runtime/measures.hpp"

#include "kernel/backup/last_copy.hpp"
#include "kernel/base/log.hpp"
#include "kernel/metrics/catalogue.hpp"

#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstdio>
#include <ctime>
#include <optional>

namespace kernel::runtime {

using namespace std::chrono_literals;

namespace {

constexpr auto fresh = 3s;         ///< figures so old are given as they are
constexpr auto patience = 3s;      ///< a scrape waits so long for new ones
constexpr auto believed = 60s;     ///< older ones are not figures any more
constexpr auto blobs_every = 60s;  ///< all rows of all contents are looked at
constexpr db::Timeouts short_ones{.statement = 2s, .lock = 500ms};

/// What waits and what runs by partial indexes; the dead by municipality: no statement looks at what is done.
constexpr const char* jobs_sql =
    "select tenant, plugin, kind, state, count(*), coalesce(extract(epoch from now() - min(run_at) filter "
    "(where state = 'waiting' and run_at <= now())), 0) from ((select tenant, plugin, kind, state, run_at "
    "from concejo.jobs where state = 'waiting' limit 100000) union all (select tenant, plugin, kind, state, "
    "run_at from concejo.jobs where state = 'running' limit 10000) union all select d.* from "
    "unnest($1::text[]) t(id) cross join lateral (select tenant, plugin, kind, state, run_at from "
    "concejo.jobs where tenant = t.id and state = 'dead' limit 1000) d) q group by 1, 2, 3, 4";
constexpr const char* outbox_sql =
    "select tenant, plugin, kind, state, count(*), coalesce(extract(epoch from now() - min(next_at) filter "
    "(where state = 'waiting' and next_at <= now())), 0) from ((select tenant, plugin, kind, state, next_at "
    "from concejo.outbox where state in ('waiting', 'sending') limit 100000) union all (select tenant, "
    "plugin, kind, state, next_at from concejo.outbox where state in ('unknown', 'dead') limit 100000)) q "
    "group by 1, 2, 3, 4";
constexpr const char* mail_sql =
    "select tenant, state, count(*) from (select tenant, state from concejo.mail where created_at > now() - "
    "interval '1 day' limit 100000) q group by 1, 2";
constexpr const char* blobs_sql = "select tenant, sum(bytes), count(*) from concejo.blobs group by 1";

/// The end of the certificate that comes first in the file.
std::optional<std::time_t> certificate_end(const std::filesystem::path& file) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> open(std::fopen(file.c_str(), "re"), &std::fclose);
    if (!open) return std::nullopt;
    const std::unique_ptr<X509, void (*)(X509*)> found(PEM_read_X509(open.get(), nullptr, nullptr, nullptr),
                                                       &X509_free);
    std::tm parts{};
    if (!found || ASN1_TIME_to_tm(X509_get0_notAfter(found.get()), &parts) != 1) return std::nullopt;
    return ::timegm(&parts);
}

}  // namespace

std::shared_ptr<const Measures::Plan> Measures::plan_of(const config::Installation& installation) {
    auto plan = std::make_shared<Plan>();
    plan->platform = installation.platform;
    for (const auto& municipio : installation.municipios) {
        plan->slugs[municipio.id] = municipio.slug;
        plan->quotas[municipio.slug] = municipio.file_quota.value_or(installation.platform.files.quota);
    }
    return plan;
}

Measures::Measures(const paths::Paths& paths, const config::Installation& installation)
    : paths_(paths), plan_(plan_of(installation)), thread_([this] { work(); }) {}

Measures::~Measures() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void Measures::follow(const config::Installation& installation) {
    auto plan = plan_of(installation);
    const std::lock_guard lock(mutex_);
    plan_ = std::move(plan);
}

std::shared_ptr<const Measures::Plan> Measures::plan() const {
    const std::lock_guard lock(mutex_);
    return plan_;
}

std::string Measures::slug(const std::string& id) const {
    const auto now = plan();
    const auto found = now->slugs.find(id);
    return found == now->slugs.end() ? id : found->second;
}

void Measures::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return wanted_ || stopping_; });
        if (stopping_) return;
        const auto plan = plan_;
        lock.unlock();
        auto figures = ask(*plan);
        lock.lock();
        figures_ = std::move(figures);
        asked_ = Steady::now();
        wanted_ = false;
        changed_.notify_all();
    }
}

Measures::Figures Measures::ask(const Plan& plan) {
    Figures figures;
    // Connections are made anew each time: some tens of milliseconds, and none is held for who asks once a
    // minute.
    Databases databases(paths_, plan.platform, "concejo metrics");
    for (const auto& [name, pool] : databases.all()) {
        double up = 0;
        try {
            auto tx = pool->begin_kernel({}, short_ones);
            ask_queues(tx, plan, figures);
            ask_blobs(tx, plan, name, figures);
            up = 1;
        } catch (const concejo::Error& error) {
            base::log_warning({"metrics", {}, {}, {}}, "la base de datos no contesta a las métricas",
                              concejo::Json::object({{"database", name}, {"error", error.what()}}));
        }
        figures.push_back({&metrics::database_up, {{"database", name}}, up});
    }
    return figures;
}

void Measures::ask_queues(db::Transaction& tx, const Plan& plan, Figures& figures) {
    const auto slug = [&](const std::string& id) {
        const auto found = plan.slugs.find(id);
        return found == plan.slugs.end() ? id : found->second;
    };
    const auto queue = [&](const db::Rows& rows, const metrics::Family& count, const metrics::Family& age) {
        for (std::size_t i = 0; i < rows.rows(); ++i) {
            decltype(Figure::labels) labels{
                {"tenant", slug(rows.text(i, 0))}, {"plugin", rows.text(i, 1)}, {"kind", rows.text(i, 2)}};
            const bool waits = rows.text(i, 3) == "waiting";
            if (waits) figures.push_back({&age, labels, std::stod(rows.text(i, 5))});
            labels.emplace_back("state", rows.text(i, 3));
            figures.push_back({&count, std::move(labels), static_cast<double>(rows.integer(i, 4))});
        }
    };
    std::vector<std::string> ids;
    for (const auto& [id, name] : plan.slugs) ids.push_back(id);
    queue(tx.exec(jobs_sql, db::Params(db::text_array(ids))), metrics::jobs, metrics::jobs_age);
    queue(tx.exec(outbox_sql), metrics::outbox, metrics::outbox_age);
    const auto mails = tx.exec(mail_sql);
    for (std::size_t i = 0; i < mails.rows(); ++i)
        figures.push_back({&metrics::mail,
                           {{"tenant", slug(mails.text(i, 0))}, {"state", mails.text(i, 1)}},
                           static_cast<double>(mails.integer(i, 2))});
}

void Measures::ask_blobs(db::Transaction& tx, const Plan& plan, const std::string& database,
                         Figures& figures) {
    auto& [when, kept] = blobs_[database];
    if (when == Steady::time_point{} || Steady::now() - when >= blobs_every) {
        const auto rows = tx.exec(blobs_sql);
        kept.clear();
        for (std::size_t i = 0; i < rows.rows(); ++i) {
            const auto found = plan.slugs.find(rows.text(i, 0));
            const auto tenant = found == plan.slugs.end() ? rows.text(i, 0) : found->second;
            kept.push_back({&metrics::blob_bytes, {{"tenant", tenant}}, std::stod(rows.text(i, 1))});
            kept.push_back(
                {&metrics::blob_count, {{"tenant", tenant}}, static_cast<double>(rows.integer(i, 2))});
        }
        when = Steady::now();
    }
    figures.insert(figures.end(), kept.begin(), kept.end());
}

void Measures::add_disk(metrics::Page& page, const Plan& plan) const {
    std::error_code unknown;
    const auto space = std::filesystem::space(plan.platform.data, unknown);
    if (!unknown) {
        page.add(metrics::data_free, {}, static_cast<double>(space.available));
        page.add(metrics::data_size, {}, static_cast<double>(space.capacity));
    }
    for (const auto& [tenant, quota] : plan.quotas)
        if (quota > 0) page.add(metrics::blob_quota, {{"tenant", tenant}}, static_cast<double>(quota));
    const auto copy = backup::last_copy(plan.platform.data);
    if (copy && copy->whole)
        page.add(metrics::backup_time, {}, static_cast<double>(base::unix_seconds(copy->made)));
    if (plan.platform.http.certificate.empty()) return;
    if (const auto end = certificate_end(plan.platform.http.certificate))
        page.add(metrics::certificate_end, {}, static_cast<double>(*end));
}

void Measures::add_to(metrics::Page& page) {
    const auto now = plan();
    add_disk(page, *now);
    std::unique_lock lock(mutex_);
    if (Steady::now() - asked_ > fresh || asked_ == Steady::time_point{}) {
        wanted_ = true;
        changed_.notify_all();
        changed_.wait_for(lock, patience, [this] { return !wanted_; });
    }
    if (asked_ == Steady::time_point{} || Steady::now() - asked_ > believed) {
        for (const auto& [name, database] : now->platform.databases)
            page.add(metrics::database_up, {{"database", name}}, 0);
        return;
    }
    for (const auto& figure : figures_) {
        metrics::Labels labels(figure.labels.begin(), figure.labels.end());
        page.add(*figure.family, labels, figure.value);
    }
}

}  // namespace kernel::runtime
