#include "contributions.hpp"

#include <algorithm>
#include <array>

namespace open_data {
namespace {

using concejo::Call;
using concejo::Param;

constexpr auto contribution_columns =
    "SELECT c.id, c.kind, coalesce(c.dataset::text, ''), c.code, c.title, c.body, c.url, c.author, c.state, "
    "c.outcome, c.answer, extract(epoch FROM c.created_at)::bigint, "
    "coalesce(d.name, ''), coalesce(d.meta -> 'title', '{}') FROM open_data_contribution c LEFT JOIN open_data_dataset d ON d.id = c.dataset ";

constexpr std::array<ContributionKind, 3> kinds_known{
    {{"request", "/peticiones-de-datos", N_("Petición de datos"), N_("Pedir datos")},
     {"reuse", "/reutilizaciones", N_("Reutilización"), N_("Proponer una reutilización")},
     {"comment", "/comentar", N_("Comentario"), N_("Comentar estos datos")}}};

Contribution contribution_of(const concejo::Rows::Row& row) {
    return {row.text(0),  row.text(1),
            row.text(2),  row.text(3),
            row.text(4),  row.text(5),
            row.text(6),  row.text(7),
            row.text(8),  row.text(9),
            row.text(10), row.integer(11),
            row.text(12), Json::parse(row.view(13))};
}

}  // namespace

std::vector<Contribution> Contributions::read(const std::string& tail, const std::vector<Param>& params) {
    std::vector<Contribution> all;
    for (const auto row : tx_.exec_list(contribution_columns + tail, params))
        all.push_back(contribution_of(row));
    return all;
}

std::optional<std::string> Contributions::add(const Contribution& c) {
    const auto waiting = tx_.exec(
        "SELECT count(*) FILTER (WHERE state = 'pending'), count(*) FILTER (WHERE created_at > now() - "
        "interval '1 hour') FROM open_data_contribution "
        "WHERE state = 'pending' OR created_at > now() - interval '1 hour'");
    if (waiting[0].integer(0) >= most_pending || waiting[0].integer(1) >= most_an_hour) return std::nullopt;
    return tx_
        .exec(
            "INSERT INTO open_data_contribution (kind, dataset, title, body, url, author) VALUES ($1, "
            "$2::uuid, $3, $4, $5, $6) RETURNING code",
            c.kind, c.dataset.empty() ? Param(nullptr) : Param(c.dataset), c.title, c.body, c.url,
            c.author)[0]
        .text(0);
}

std::optional<Contribution> Contributions::find(std::string_view id) {
    if (!is_uuid(id)) return std::nullopt;
    auto found = read("WHERE c.id = $1::uuid", {id});
    return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::optional<Contribution> Contributions::by_code(std::string_view code) {
    auto found = read("WHERE c.code = $1", {code});
    return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::vector<Contribution> Contributions::shown(std::string_view kind, std::int64_t page,
                                               std::string_view dataset) {
    return read(
        "WHERE c.kind = $1 AND c.state = 'shown' AND ($4 = '' OR c.dataset::text = $4) ORDER BY c.created_at DESC, c.id LIMIT $2 OFFSET $3",
        {kind, std::int64_t{listed}, (page - 1) * listed, dataset});
}

std::int64_t Contributions::count_shown(std::string_view kind, std::string_view dataset) {
    return tx_
        .exec(
            "SELECT count(*) FROM open_data_contribution WHERE kind = $1 AND state = 'shown' AND ($2 = '' OR dataset::text = $2)",
            kind, dataset)[0]
        .integer(0);
}

std::vector<Contribution> Contributions::of_state(std::string_view state, std::int64_t page) {
    return read(std::string("WHERE c.state = $1 ORDER BY c.created_at") +
                    (state == "pending" ? "" : " DESC") + ", c.id LIMIT $2 OFFSET $3",
                {state, std::int64_t{listed}, (page - 1) * listed});
}

std::int64_t Contributions::count(std::string_view state) {
    return tx_.exec("SELECT count(*) FROM open_data_contribution WHERE state = $1", state)[0].integer(0);
}

void Contributions::decide(const Contribution& c, const std::string& by) {
    tx_.exec(
        "UPDATE open_data_contribution SET state = $2, outcome = $3, answer = $4, title = $5, body = $6, url "
        "= $7, decided_at = now(), decided_by = $8 WHERE id = $1::uuid",
        c.id, c.state, c.outcome, c.answer, c.title, c.body, c.url, by);
}

void Contributions::forget() {
    tx_.exec(
        "DELETE FROM open_data_contribution WHERE state = 'hidden' AND decided_at < now() - interval '1 "
        "year'");
}

const ContributionKind& contribution_kind(std::string_view kind) {
    return *std::find_if(kinds_known.begin(), kinds_known.end() - 1,
                         [&](const auto& one) { return kind == one.kind; });
}

std::string contribution_state(const Call& call, const Contribution& c) {
    if (c.state == "pending") return call.tr("Recibida: alguien la leerá antes de publicarla");
    if (c.state == "hidden") return call.tr("No se publica");
    if (c.kind != "request") return call.tr("Publicada");
    if (c.outcome == "planned") return call.tr("Se publicará");
    if (c.outcome == "done") return call.tr("Los datos ya están publicados");
    return c.outcome == "declined" ? call.tr("No se puede publicar") : call.tr("En estudio");
}

const char* contribution_tone(const Contribution& c) {
    if (c.state != "shown") return c.state == "pending" ? "warn" : "err";
    if (c.kind != "request" || c.outcome == "done") return "ok";
    return c.outcome == "declined" ? "err" : "info";
}

Json comments_view(const Portal& portal, concejo::Transaction& tx, const Dataset& dataset) {
    Json list = Json::array();
    auto latest = Contributions(tx).shown("comment", 1, dataset.id);
    std::reverse(latest.begin(), latest.end());
    for (const auto& one : latest)
        list.push_back(
            Json::object({{"author", one.author.empty() ? portal.call.tr("Sin nombre") : one.author},
                          {"date", portal.call.instant(one.created, concejo::Style::long_)},
                          {"body", one.body},
                          {"answer", one.answer}}));
    return list;
}

}  // namespace open_data
