// What the samples of one document say together.
#include "availability.hpp"
#include "sdk.hpp"

#include "seal.hpp"

#include <algorithm>

namespace evidence {
namespace {

struct Tramo {
    std::string testigo;
    std::int64_t primera, ultima;
    std::string resultado;
    std::int64_t muestras;
};

std::vector<Tramo> runs_of(Transaction& tx, const Csv& csv, std::int64_t until) {
    std::vector<Tramo> all;
    for (
        const auto& row : tx.exec(
            "SELECT testigo, extract(epoch FROM primera)::bigint, extract(epoch FROM least(ultima, to_timestamp($2)))::bigint, resultado, muestras "
            "FROM evidence_tramo WHERE csv = $1 AND primera <= to_timestamp($2) ORDER BY primera, testigo",
            csv.text(), until))
        all.push_back({row.text(0), row.integer(1), row.integer(2), row.text(3), row.integer(4)});
    return all;
}

log::Seen seen_of(std::string_view text) {
    for (const auto seen : {log::Seen::ausente, log::Seen::distinto, log::Seen::error})
        if (log::name(seen) == text) return seen;
    return log::Seen::visible;
}

/// The worst that was found in that time.
std::optional<log::Seen> found_between(const std::vector<Tramo>& runs, std::int64_t from, std::int64_t to) {
    std::optional<log::Seen> worst;
    for (const auto& run : runs) {
        if (run.resultado == "visible" || run.ultima < from || run.primera > to) continue;
        const auto seen = seen_of(run.resultado);
        if (!worst || seen == log::Seen::distinto ||
            (*worst == log::Seen::error && seen == log::Seen::ausente))
            worst = seen;
    }
    return worst;
}

void find_gaps(Constancia& what, const std::vector<Tramo>& runs, std::int64_t tolerance) {
    std::int64_t covered = what.desde;
    bool seen = false;  // before the first sample nobody is late yet, unless by more than the tolerance
    const auto gap = [&](std::int64_t until) {
        const auto found = found_between(runs, covered, until);
        if (until - covered > tolerance || (found && until > covered))
            what.interrupciones.push_back({covered, until, found});
    };
    for (const auto& run : runs) {
        if (run.resultado != "visible") continue;
        if (run.primera > covered) gap(run.primera);
        covered = std::max(covered, run.ultima);
        seen = true;
        if (!what.primera) what.primera = run.primera;
        what.ultima = std::max(what.ultima.value_or(0), run.ultima);
    }
    if (covered < what.hasta || !seen) gap(what.hasta);
}

void add_witnesses(Constancia& what, const std::vector<Tramo>& runs) {
    for (const auto& run : runs) {
        auto one = std::find_if(what.testigos.begin(), what.testigos.end(),
                                [&](const Testigo& t) { return t.nombre == run.testigo; });
        if (one == what.testigos.end()) one = what.testigos.insert(one, {run.testigo, 0, 0, 0, 0});
        one->muestras += run.muestras;
        if (run.resultado == "distinto") one->distintas += run.muestras;
        if (run.resultado != "visible") continue;
        one->visibles += run.muestras;
        if (one->primera_visible == 0) one->primera_visible = run.primera;
    }
}

}  // namespace

std::int64_t Constancia::muestras() const {
    std::int64_t all = 0;
    for (const auto& one : testigos) all += one.muestras;
    return all;
}

std::int64_t Constancia::interrumpida() const {
    std::int64_t all = 0;
    for (const auto& one : interrupciones) all += one.hasta - one.desde;
    return all;
}

Json Constancia::json() const {
    const auto moment = [](const std::optional<std::int64_t>& when) {
        return when ? Json(utc(*when)) : Json();
    };
    Json witnesses = Json::array(), gaps = Json::array(), records = Json::array(), notes = Json::array();
    for (const auto& one : testigos)
        witnesses.push_back(Json::object(
            {{"nombre", one.nombre},
             {"muestras", one.muestras},
             {"visibles", one.visibles},
             {"distintas", one.distintas},
             {"primera_visible", one.primera_visible ? Json(utc(one.primera_visible)) : Json()}}));
    for (const auto& one : interrupciones)
        gaps.push_back(Json::object({{"desde", utc(one.desde)},
                                     {"hasta", utc(one.hasta)},
                                     {"visto", one.visto ? Json(log::name(*one.visto)) : Json()}}));
    for (const auto& one : registros) records.push_back(one);
    for (const auto& one : notas) notes.push_back(one);
    return Json::object({{"v", 1},
                         {"csv", exposicion.csv.text()},
                         {"desde", utc(desde)},
                         {"hasta", utc(hasta)},
                         {"terminada", terminada},
                         {"primera_visible", moment(primera)},
                         {"ultima_visible", moment(ultima)},
                         {"testigos", witnesses},
                         {"interrupciones", gaps},
                         {"registros", records},
                         {"testimonios", notes}});
}

std::optional<Constancia> availability_of(const Call& call, Transaction& tx, const Csv& csv,
                                          std::int64_t now) {
    auto exposicion = Exposures(tx).find(csv);
    if (!exposicion || !exposicion->desde || *exposicion->desde > now) return std::nullopt;
    Constancia what{
        std::move(*exposicion), LogReader(tx).origin().value_or(""), 0, 0, false, {}, {}, {}, {}, {}, {}};
    what.desde = *what.exposicion.desde;
    what.terminada = what.exposicion.hasta && *what.exposicion.hasta <= now;
    what.hasta = what.terminada ? *what.exposicion.hasta : now;
    const auto runs = runs_of(tx, csv, what.hasta);
    add_witnesses(what, runs);
    find_gaps(what, runs, cadence_of(call) * 5 / 2);
    for (
        const auto& row : tx.exec(
            "SELECT csv FROM evidence_documento WHERE documento LIKE 'evidence.disponibilidad.%' AND right(documento, 10) BETWEEN $1 AND $2 ORDER BY documento LIMIT 400",
            utc(what.desde).substr(0, 10), utc(what.hasta).substr(0, 10)))
        what.registros.push_back(row.text(0));
    for (
        const auto& row : tx.exec(
            "SELECT nota FROM evidence_ronda WHERE sede = $1 AND testigo <> $1 AND nota IS NOT NULL AND position($2 IN nota) > 0 AND fecha BETWEEN to_timestamp($3) AND to_timestamp($4) ORDER BY fecha LIMIT 20",
            what.sede, csv.text(), what.desde, what.hasta))
        what.notas.push_back(row.text(0));
    return what;
}

}  // namespace evidence
