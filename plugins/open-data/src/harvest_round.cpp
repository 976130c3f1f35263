#include "harvest_round.hpp"

#include "harvest_intake.hpp"
#include "shown.hpp"
#include "sql_names.hpp"
#include "trouble.hpp"

#include <algorithm>

namespace open_data {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Transaction;

namespace {

constexpr int rounds_kept = 100, most_pages = 2'000;
constexpr std::size_t problems_told = 1'000;
/// So many datasets have to be known before half of them missing is a reason to ask somebody.
constexpr std::size_t few = 10;

constexpr auto going_round = N_("La fuente repite páginas sin fin: la recogida se para.");

}  // namespace

void lock_source(Transaction& tx, const std::string& name) {
    tx.exec("SELECT pg_advisory_xact_lock(hashtextextended('open_data_source:' || $1, 0))", name);
}

HarvestRound::HarvestRound(const concejo::Call& call, const Source& source, const HarvestOptions& options)
    : portal_(call), source_(source), options_(options) {}

void HarvestRound::count(const char* what, std::int64_t more) {
    report_.tally[what] = report_.tally.int_or(what, 0) + more;
}

void HarvestRound::tell(const harvest::Item& item, const std::string& outcome, const Json& notes) {
    if (notes.empty() || report_.problems.size() >= problems_told) return;
    report_.problems.push_back(
        Json::object({{"key", item.key}, {"title", item.title}, {"outcome", outcome}, {"notes", notes}}));
}

std::int64_t HarvestRound::newest(Transaction& tx) const {
    const auto rows = tx.exec(
        "SELECT id FROM open_data_round WHERE source = $1 AND outcome = 'running' ORDER BY id DESC LIMIT 1",
        source_.name);
    return rows.empty() ? 0 : rows[0].integer(0);
}

void HarvestRound::know(Transaction& tx, HarvestStep& step) const {
    for (const auto row : tx.exec(
             "SELECT etag, modified FROM open_data_harvest_page WHERE source = $1 AND url = $2 AND how = $3",
             source_.name, step.url, source_.said))
        step.etag = row.text(0), step.modified = row.text(1);
}

HarvestStep HarvestRound::first(Transaction& tx) const {
    auto step = first_page(source_);
    know(tx, step);
    return step;
}

void HarvestRound::start(Transaction& tx) {
    tx.exec(
        "UPDATE open_data_round SET outcome = 'interrupted', ended_at = now() WHERE source = $1 AND outcome "
        "= 'running'",
        source_.name);
    tx.exec(
        "DELETE FROM open_data_round WHERE source = $1 AND id IN (SELECT id FROM open_data_round WHERE "
        "source = $1 ORDER BY id DESC OFFSET $2::int)",
        source_.name, rounds_kept);
    id_ = tx.exec("INSERT INTO open_data_round (source, by_whom) VALUES ($1, $2) RETURNING id", source_.name,
                  options_.by)[0]
              .integer(0);
    tx.exec(
        "INSERT INTO open_data_source (name, asked_at) VALUES ($1, now()) ON CONFLICT (name) DO UPDATE SET "
        "asked_at = now()",
        source_.name);
}

void HarvestRound::open(Transaction& tx, const HarvestStep& step) {
    lock_source(tx, source_.name);
    if (step.round == 0) return start(tx);
    id_ = step.round;
    report_.superseded = newest(tx) != id_;
    if (report_.superseded)
        throw Error(ErrorKind::conflict, N_("Otra recogida de la misma fuente ha empezado después."));
    const auto rows = tx.exec("SELECT pages, tally FROM open_data_round WHERE id = $1", id_);
    report_.pages = static_cast<int>(rows[0].integer(0)), report_.tally = Json::parse(rows[0].view(1));
}

std::optional<HarvestStep> HarvestRound::take(const HarvestStep& step, ReadPage read, const Then& then) {
    auto tx = portal_.call.begin();
    open(tx, step);
    const auto fresh = read.same ? take_same(tx, step, read.page) : take_items(tx, read.page.items);
    remember(tx, step, read, fresh);
    auto next = page_after(source_, step, read.page);
    if (next) {
        if (visited_.contains(next->url) ||
            !tx.exec("SELECT FROM open_data_harvest_page WHERE source = $1 AND url = $2 AND round = $3",
                     source_.name, next->url, id_)
                 .empty())
            throw Error(ErrorKind::invalid, going_round);
        next->round = options_.dry_run ? 0 : id_;
        know(tx, *next);
        tx.exec("UPDATE open_data_round SET pages = $2, tally = $3::jsonb WHERE id = $1", id_, report_.pages,
                report_.tally);
        then(tx, *next);
    } else {
        finish(tx);
    }
    if (visible_) portal_.call.pages_changed(tx);
    if (!options_.dry_run) tx.commit();
    return next;
}

/// How many of the datasets that it stands for this round had not seen.
std::size_t HarvestRound::take_same(Transaction& tx, const HarvestStep& step, harvest::Page& page) {
    const auto rows = tx.exec(
        "UPDATE open_data_harvested h SET seen_at = now(), absent = 0, round = $3 FROM "
        "open_data_harvest_page p "
        "WHERE p.source = $1 AND p.url = $2 AND h.source = $1 AND h.key = ANY(p.keys) AND h.round <> $3 "
        "RETURNING h.key",
        source_.name, step.url, id_);
    for (const auto row : rows) seen_.insert(row.text(0));
    for (const auto row : tx.exec("SELECT next FROM open_data_harvest_page WHERE source = $1 AND url = $2",
                                  source_.name, step.url))
        page.next = row.text(0);
    count("same", static_cast<std::int64_t>(rows.size()));
    count("seen", static_cast<std::int64_t>(rows.size()));
    return rows.size();
}

std::size_t HarvestRound::take_items(Transaction& tx, std::vector<harvest::Item>& items) {
    std::vector<std::string> keys, texts;
    for (const auto& one : items)
        keys.push_back(one.key),
            texts.push_back(one.meta.dump() + one.resources.dump() + (source_.publish ? "" : "-"));
    std::vector<std::string> hashes;
    for (const auto row :
         tx.exec("SELECT encode(sha256(convert_to(t, 'UTF8')), 'hex') FROM unnest($1::text[]) "
                 "WITH ORDINALITY AS a (t, n) ORDER BY n",
                 text_array(texts)))
        hashes.push_back(row.text(0));
    std::map<std::string, HarvestEntry> known;
    for (const auto row : tx.exec("SELECT key, coalesce(dataset::text, ''), hash, outcome, gone, round FROM "
                                  "open_data_harvested WHERE source = $1 AND key = ANY($2::text[])",
                                  source_.name, text_array(keys))) {
        known[row.text(0)] = {row.text(1), row.text(2), row.text(3), row.boolean(4)};
        if (row.integer(5) == id_) seen_.insert(row.text(0));
    }
    HarvestIntake intake(portal_, tx, source_);
    std::vector<std::string> same;
    std::size_t fresh = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
        auto& item = items[i];
        const auto found = known.find(item.key);
        fresh += !seen_.contains(item.key);
        if (take_item(tx, intake, item, found == known.end() ? nullptr : &found->second, hashes[i]))
            same.push_back(item.key);
    }
    if (!same.empty())
        tx.exec(
            "UPDATE open_data_harvested SET seen_at = now(), absent = 0, round = $3 WHERE source = $1 AND "
            "key = ANY($2::text[])",
            source_.name, text_array(same), id_);
    return fresh;
}

/// True where it is as it was.
bool HarvestRound::take_item(Transaction& tx, HarvestIntake& intake, harvest::Item& item,
                             const HarvestEntry* known, const std::string& hash) {
    if (item.left_out) return count("left_out"), false;
    count("seen");
    if (item.key.empty()) {
        tell(item, "refused", Json::array({Json::object({{"what", item.refused}, {"value", ""}})}));
        return count("refused"), false;
    }
    if (!seen_.insert(item.key).second) {
        tell(item, "refused",
             Json::array({Json::object(
                 {{"what", N_("La fuente lo da dos veces: se toma la primera.")}, {"value", ""}})}));
        return count("repeated"), false;
    }
    const auto result = intake.take(item, known, hash);
    count(result.tally.c_str());
    if (result.outcome == "draft") count("draft");
    visible_ = visible_ || result.visible;
    if (result.tally == "same" && result.outcome == "taken") return true;
    tell(item, result.outcome, result.notes);
    if (result.outcome == "refused" && known && !known->dataset.empty()) {
        // What was taken and is not offered any more is missing, until it comes back.
        seen_.erase(item.key);
        tx.exec("UPDATE open_data_harvested SET notes = $3::jsonb WHERE source = $1 AND key = $2",
                source_.name, item.key, result.notes);
        return false;
    }
    return store(tx, item, result.outcome, result.notes, hash), false;
}

void HarvestRound::store(Transaction& tx, const harvest::Item& item, const std::string& outcome,
                         const Json& notes, const std::string& hash) {
    const bool ours = outcome == "taken" || outcome == "draft";
    // The dataset is found by where it comes from: its origin is unique.
    tx.exec(
        "INSERT INTO open_data_harvested (source, key, dataset, hash, outcome, title, page, notes, round) "
        "VALUES ($1, $2, CASE WHEN $3 THEN (SELECT id FROM open_data_dataset WHERE meta #>> "
        "'{origin,source}' = $1 AND (meta #>> '{origin,uri}' = nullif($4, '') OR ($4 = '' AND meta #>> "
        "'{origin,identifier}' = $5)) AND state <> 'deleted' LIMIT 1) END, $6, $7, $8, $9, $10::jsonb, $11) "
        "ON CONFLICT (source, key) DO UPDATE SET dataset = coalesce(EXCLUDED.dataset, "
        "open_data_harvested.dataset), hash = $6, outcome = $7, title = $8, page = $9, notes = $10::jsonb, "
        "seen_at = now(), absent = 0, gone = false, round = $11",
        source_.name, item.key, ours, item.meta["origin"].string_or("uri", ""),
        item.meta["origin"].string_or("identifier", ""), ours ? hash : std::string(), outcome, item.title,
        item.page, notes, id_);
}

/// Every page brings something that was not there yet; but for a catalogue that has nothing.
void HarvestRound::remember(Transaction& tx, const HarvestStep& step, const ReadPage& read,
                            std::size_t fresh) {
    const bool more = read.same || read.page.listed > 0 || !read.page.next.empty();
    if (++report_.pages > 1 && fresh == 0 && more) throw Error(ErrorKind::invalid, going_round);
    if (report_.pages > most_pages)
        throw Error(ErrorKind::invalid, N_("La fuente tiene demasiadas páginas: la recogida se para."));
    if (options_.dry_run) visited_.insert(step.url);
    std::vector<std::string> keys;
    for (const auto& item : read.page.items)
        if (!item.key.empty()) keys.push_back(item.key);
    if (read.same)
        tx.exec("UPDATE open_data_harvest_page SET round = $3 WHERE source = $1 AND url = $2", source_.name,
                step.url, id_);
    else
        tx.exec(
            "INSERT INTO open_data_harvest_page (source, url, how, etag, modified, next, keys, round) VALUES "
            "($1, $2, $3, $4, $5, $6, $7::text[], $8) ON CONFLICT (source, url) DO UPDATE SET how = $3, etag "
            "= $4, modified = $5, next = $6, keys = $7::text[], round = $8",
            source_.name, step.url, source_.said, source_.ckan ? "" : read.etag,
            source_.ckan ? "" : read.modified, read.page.next, text_array(keys), id_);
}

/// After the last page: only then is it known what is missing.
void HarvestRound::finish(Transaction& tx) {
    const std::vector<std::string> told(seen_.begin(), seen_.end());
    std::vector<std::pair<std::string, std::string>> missing;  // key, dataset
    std::size_t known = 0;
    for (const auto row :
         tx.exec("SELECT key, coalesce(dataset::text, ''), outcome IN ('taken', 'draft'), round = "
                 "$2 OR key = ANY($3::text[]) FROM open_data_harvested WHERE source = $1 AND NOT gone",
                 source_.name, id_, text_array(options_.dry_run ? told : std::vector<std::string>()))) {
        known += row.boolean(2);
        if (row.boolean(3)) continue;
        if (row.boolean(2))
            missing.emplace_back(row.text(0), row.text(1));
        else
            tx.exec("DELETE FROM open_data_harvested WHERE source = $1 AND key = $2", source_.name,
                    row.text(0));
    }
    count("absent", static_cast<std::int64_t>(missing.size()));
    const bool suspicious =
        !missing.empty() && (missing.size() == known || (known >= few && missing.size() * 2 > known));
    report_.outcome = suspicious && !options_.confirmed ? "held" : "done";
    if (report_.outcome == "held")
        report_.error = portal_.call.tr(
            "Falta más de la mitad de lo que había: no se retira nada hasta que alguien lo confirme.");
    else
        absences(tx, missing);
    tx.exec("DELETE FROM open_data_harvest_page WHERE source = $1 AND round <> $2", source_.name, id_);
    end(tx);
}

void HarvestRound::absences(Transaction& tx,
                            const std::vector<std::pair<std::string, std::string>>& missing) {
    HarvestIntake intake(portal_, tx, source_);
    const auto reason =
        concejo::fill(portal_.call.tr("El catálogo de donde se recogía, «{fuente}», ya no lo ofrece."),
                      {{"fuente", source_.title}});
    for (const auto& [key, dataset] : missing) {
        const auto times = tx.exec(
                                 "UPDATE open_data_harvested SET absent = absent + 1 WHERE source = $1 AND "
                                 "key = $2 RETURNING absent",
                                 source_.name, key)[0]
                               .integer(0);
        if (times < source_.rounds && !options_.confirmed) continue;
        intake.withdraw(dataset, reason);
        tx.exec("UPDATE open_data_harvested SET gone = true WHERE source = $1 AND key = $2", source_.name,
                key);
        count("withdrawn");
    }
    // Another source may have it still: it is asked for all of it.
    if (report_.tally.int_or("withdrawn", 0) > 0)
        tx.exec(
            "DELETE FROM open_data_harvest_page WHERE source <> $1 AND round NOT IN (SELECT id FROM "
            "open_data_round WHERE outcome = 'running')",
            source_.name);
}

void HarvestRound::end(Transaction& tx) {
    const bool failed = report_.outcome == "failed";
    tx.exec(
        "UPDATE open_data_round SET ended_at = now(), outcome = $2, pages = $3, tally = $4::jsonb, error = "
        "$5 WHERE id = $1",
        id_, report_.outcome, report_.pages, report_.tally, report_.error);
    const auto before = tx.exec("SELECT failures FROM open_data_source WHERE name = $1", source_.name);
    report_.failures = tx.exec(
                             "UPDATE open_data_source SET failures = CASE WHEN $2 THEN failures + 1 ELSE 0 "
                             "END WHERE name = $1 RETURNING failures",
                             source_.name, failed)[0]
                           .integer(0);
    tell_of_trouble(
        portal_.call, tx,
        {concejo::fill(portal_.call.tr("recogida del catálogo «{fuente}»"), {{"fuente", source_.title}}),
         failed ? report_.error : std::string(), "/gestion/recoleccion/" + source_.name},
        before[0].integer(0) > 0);
    // Nothing that did not happen is taken for known.
    if (failed) tx.exec("DELETE FROM open_data_harvest_page WHERE source = $1", source_.name);
    portal_.call.audit(
        tx, "open-data.recoger", source_.name, failed ? "error" : "ok",
        Json::object({{"fuente", source_.name}, {"cifras", report_.tally}, {"motivo", report_.error}}));
}

void HarvestRound::fail(const HarvestStep& step, const Error& error,
                        const std::function<void(Transaction&)>& told) {
    report_.outcome = "failed", report_.error = portal_.call.tr(error.what());
    if (report_.superseded || options_.dry_run) return;
    auto tx = portal_.call.begin();
    open(tx, step);
    end(tx);
    told(tx);
    tx.commit();
}

std::string text_of_tally(const concejo::Call& call, const Json& tally,
                          const std::vector<std::string>& counts) {
    std::string text;
    for (const auto& key : counts) {
        const auto n = tally.int_or(key, 0);
        const auto words = key == "seen"        ? call.trn("{n} visto", "{n} vistos", n)
                           : key == "added"     ? call.trn("{n} nuevo", "{n} nuevos", n)
                           : key == "changed"   ? call.trn("{n} cambiado", "{n} cambiados", n)
                           : key == "same"      ? call.trn("{n} igual", "{n} iguales", n)
                           : key == "draft"     ? call.tr("{n} en borrador")
                           : key == "refused"   ? call.trn("{n} rechazado", "{n} rechazados", n)
                           : key == "duplicate" ? call.tr("{n} de otra fuente")
                           : key == "absent"    ? call.trn("{n} que falta", "{n} que faltan", n)
                                                : call.trn("{n} retirado", "{n} retirados", n);
        text += (text.empty() ? "" : ", ") + counted(call, words, n);
    }
    return text;
}

std::string text_of_note(const concejo::Call& call, const Json& note) {
    std::vector<std::pair<std::string, std::string>> values{{"valor", note.string_or("value", "")}};
    if (note["values"].is_object())
        for (const auto& [name, value] : note["values"].as_object())
            values.emplace_back(name, value.is_string() ? value.as_string() : std::string());
    return concejo::fill(call.tr(note.string_or("what", "")), values);
}

}  // namespace open_data
