#include "harvest_jobs.hpp"

namespace open_data {
namespace {

using concejo::Error;
using concejo::ErrorKind;

constexpr const char* harvests = "recoger";
constexpr const char* failing = "fuente-que-falla";
constexpr int harvest_attempts = 4;
constexpr std::int64_t failures_for_long = 3;  ///< rounds in a row

void enqueue_step(const concejo::Call& call, concejo::Transaction& tx, const Source& source,
                  const HarvestOptions& options, const HarvestStep& step, int page) {
    auto unique = source.name;
    if (step.round != 0) unique += " " + std::to_string(step.round) + " " + std::to_string(page);
    call.enqueue(tx, Json::object({{"kind", harvests},
                                   {"payload", Json::object({{"source", source.name},
                                                             {"by", options.by},
                                                             {"confirmed", options.confirmed},
                                                             {"step", as_json(step)}})},
                                   {"unique", unique},
                                   {"max_attempts", harvest_attempts}}));
}

/// Told once for each time that it begins to fail: the page about the platform's health and `doctor` count
/// the jobs that died.
void tell_failing(const concejo::Call& call, concejo::Transaction& tx, const Source& source,
                  const HarvestReport& report) {
    if (report.failures != failures_for_long) return;
    call.enqueue(tx, Json::object({{"kind", failing},
                                   {"payload", Json::object({{"title", source.title},
                                                             {"failures", report.failures},
                                                             {"error", report.error}})},
                                   {"unique", source.name},
                                   {"max_attempts", 1}}));
}

void die_of_failing(const concejo::Call& call, const Json& payload, const concejo::Job&) {
    throw Error(ErrorKind::invalid,
                concejo::fill(call.tr("La fuente «{fuente}» lleva {n} recogidas seguidas fallando: {motivo}"),
                              {{"fuente", payload.string_or("title", "")},
                               {"n", std::to_string(payload.int_or("failures", 0))},
                               {"motivo", payload.string_or("error", "")}}));
}

/// One page: the network first, then the job's one transaction, which enqueues the next.
void run_harvest(const concejo::Call& call, const Json& payload, const concejo::Job& job) {
    const auto source = source_called(call.settings(), payload.string_or("source", ""));
    if (!source) return;  // it left the configuration meanwhile
    const HarvestOptions options{payload.string_or("by", "system:recolecta"), false,
                                 payload.bool_or("confirmed", false)};
    const auto step = harvest_step_of(payload["step"]);
    HarvestRound round(call, *source, options);
    try {
        round.take(step, read_page(call, *source, step),
                   [&](concejo::Transaction& tx, const HarvestStep& next) {
                       enqueue_step(call, tx, *source, options, next, round.report().pages);
                   });
    } catch (const Error& error) {
        const bool passing = error.kind() != ErrorKind::invalid && error.kind() != ErrorKind::forbidden;
        const bool again = passing && !round.report().superseded && job.attempt() < harvest_attempts;
        if (error.kind() == ErrorKind::internal || again) throw;
        round.fail(step, error,
                   [&](concejo::Transaction& tx) { tell_failing(call, tx, *source, round.report()); });
    }
}

void enqueue_harvests_due(const concejo::Call& call) {
    const auto settings = call.settings();
    auto tx = call.begin();
    for (const auto& source : sources_of(settings)) {
        const auto rows =
            tx.exec("SELECT FROM open_data_source WHERE name = $1 AND asked_at + $2::interval > now()",
                    source.name, source.interval);
        if (rows.empty()) harvest_soon(call, tx, source, "system:recolecta", false);
    }
    tx.commit();
}

}  // namespace

void harvest_soon(const concejo::Call& call, concejo::Transaction& tx, const Source& source,
                  const std::string& by, bool confirmed) {
    const HarvestOptions options{by, false, confirmed};
    enqueue_step(call, tx, source, options, HarvestRound(call, source, options).first(tx), 0);
}

HarvestReport gather(const concejo::Call& call, const Source& source, const HarvestOptions& options,
                     const std::function<void(std::int64_t seen, std::int64_t total)>& told) {
    HarvestRound round(call, source, options);
    std::optional<HarvestStep> step;
    {
        auto tx = call.begin();
        step = round.first(tx);
    }
    while (step) {
        try {
            auto read = read_page(call, source, *step);
            const auto total = read.page.total;
            step = round.take(*step, std::move(read), [](concejo::Transaction&, const HarvestStep&) {});
            told(round.report().tally.int_or("seen", 0), total);
        } catch (const Error& error) {
            if (error.kind() == ErrorKind::internal) throw;
            round.fail(*step, error,
                       [&](concejo::Transaction& tx) { tell_failing(call, tx, source, round.report()); });
            break;
        }
    }
    return round.report();
}

void register_harvest(concejo::Kernel& kernel) {
    kernel.action(
        "open-data.recoger", N_("Conjunto de datos recogido de otro catálogo"),
        N_("Los catálogos de otros que el municipio nombra en su configuración se recogen solos: lo que dan "
           "se publica, se cambia y, cuando deja de estar, se retira, sin que intervenga una persona. Responde quien los nombró; de cada recogida queda constancia en la gestión. No aprende de ningún dato."));
    kernel.job(harvests, run_harvest,
               {.label = N_("Recogida de un catálogo"),
                .max_attempts = harvest_attempts,
                .backoff_s = 60,
                .backoff_factor = 4});
    kernel.job(failing, die_of_failing, {.label = N_("Catálogo que no se puede recoger"), .max_attempts = 1});
    kernel.job(
        "recogidas",
        [](const concejo::Call& call, const Json&, const concejo::Job&) { enqueue_harvests_due(call); },
        {.label = N_("Catálogos que toca recoger")});
    kernel.schedule(Json::object({{"kind", "recogidas"}, {"every_seconds", 300}}));
}

}  // namespace open_data
