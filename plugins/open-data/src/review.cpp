#include "review.hpp"

#include "save_dataset.hpp"

#include <algorithm>

namespace open_data {
namespace {

using concejo::Error;
using concejo::ErrorKind;

constexpr const char* publications = "publicar";
constexpr int notes_kept_in_view = 50;

/// The job's whole work: what was scheduled for that instant, if it still is.
void publish_scheduled(const concejo::Call& call, const Json& payload, const concejo::Job&) {
    const Portal portal(call);
    const auto id = payload.string_or("dataset", ""), by = payload.string_or("by", "system:jobs");
    auto tx = call.begin();
    const auto due = tx.exec(
        "UPDATE open_data_dataset SET publish_at = NULL WHERE id = $1::uuid AND extract(epoch FROM "
        "publish_at)::bigint = $2 AND state IN ('draft', 'review') RETURNING id",
        id, payload.int_or("at", 0));
    if (due.empty()) return;  // published, withdrawn or scheduled anew meanwhile
    Catalogue catalogue(tx);
    const auto dataset = catalogue.find(id);
    if (!dataset) return;
    Review review(portal, tx);
    if (publish_dataset(portal, catalogue, tx, *dataset)) {
        review.note(*dataset, "published", "", by);
    } else {
        std::string why;
        for (const auto& one : problems_of(portal, *dataset))
            if (one.severity == dcat::Severity::error && why.empty()) why = text_of(call, one);
        review.note(*dataset, "failed", why, by);
        call.audit(tx, "open-data.publicar", id, "error", Json::object({{"motivo", why}}));
    }
    tx.commit();
}

}  // namespace

void Review::note(const Dataset& dataset, const char* action, const std::string& text,
                  const std::string& by) {
    tx_.exec("INSERT INTO open_data_review (dataset, action, note, by_whom) VALUES ($1::uuid, $2, $3, $4)",
             dataset.id, action, text, by);
}

void Review::move(const Dataset& dataset, std::initializer_list<State> from, State to, const char* action,
                  const std::string& text) {
    const auto rows =
        tx_.exec("SELECT state FROM open_data_dataset WHERE id = $1::uuid FOR UPDATE", dataset.id);
    const auto now = rows.empty() ? std::nullopt : parse_state(rows[0].view(0));
    if (!now || std::find(from.begin(), from.end(), *now) == from.end())
        throw Error(ErrorKind::conflict, N_("El estado del conjunto ya es otro: vuelva a mirarlo."));
    tx_.exec("UPDATE open_data_dataset SET state = $2 WHERE id = $1::uuid", dataset.id, name(to));
    note(dataset, action, text, portal_.by());
    portal_.call.audit(tx_, "open-data.revisar", dataset.id, "ok",
                       Json::object({{"paso", action}, {"nota", text}}));
}

void Review::send(const Dataset& dataset, const std::string& text) {
    move(dataset, {State::draft}, State::review, "sent", text);
}

void Review::give_back(const Dataset& dataset, const std::string& text) {
    move(dataset, {State::review}, State::draft, "returned", text);
    forget_schedule(dataset);
}

void Review::schedule(const Dataset& dataset, std::int64_t at) {
    move(dataset, {State::draft, State::review}, State::review, "scheduled", portal_.call.instant(at));
    forget_schedule(dataset);
    tx_.exec("UPDATE open_data_dataset SET publish_at = to_timestamp($2::bigint) WHERE id = $1::uuid",
             dataset.id, at);
    portal_.call.enqueue(
        tx_,
        Json::object({{"kind", publications},
                      {"payload", Json::object({{"dataset", dataset.id}, {"at", at}, {"by", portal_.by()}})},
                      {"run_at", at},
                      {"unique", dataset.id + "@" + std::to_string(at)}}));
}

void Review::unschedule(const Dataset& dataset) {
    move(dataset, {State::review}, State::review, "unscheduled", "");
    forget_schedule(dataset);
}

void Review::forget_schedule(const Dataset& dataset) {
    for (const auto row : tx_.exec("SELECT extract(epoch FROM publish_at)::bigint FROM open_data_dataset "
                                   "WHERE id = $1::uuid AND publish_at IS NOT NULL",
                                   dataset.id))
        portal_.call.cancel_jobs(tx_, publications, dataset.id + "@" + std::to_string(row.integer(0)));
    tx_.exec("UPDATE open_data_dataset SET publish_at = NULL WHERE id = $1::uuid AND publish_at IS NOT NULL",
             dataset.id);
}

std::vector<ReviewNote> Review::notes(const Dataset& dataset) {
    std::vector<ReviewNote> all;
    for (const auto row : tx_.exec("SELECT action, note, by_whom, extract(epoch FROM at)::bigint FROM "
                                   "open_data_review WHERE dataset = $1::uuid ORDER BY id DESC LIMIT $2::int",
                                   dataset.id, notes_kept_in_view))
        all.push_back({row.text(0), row.text(1), row.text(2), row.integer(3)});
    return all;
}

std::int64_t Review::waiting() {
    return tx_.exec("SELECT count(*) FROM open_data_dataset WHERE state = 'review' AND publish_at IS NULL")[0]
        .integer(0);
}

void register_review(concejo::Kernel& kernel) {
    kernel.job(publications, publish_scheduled,
               {.label = N_("Publicación programada de un conjunto de datos")});
}

}  // namespace open_data
