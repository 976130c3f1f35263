#include "availability.hpp"

#include "sdk.hpp"
#include "seal.hpp"

#include "plugins/evidence/log/jcs.hpp"

#include <map>

namespace evidence {
namespace {

constexpr log::Seen every_result[] = {log::Seen::visible, log::Seen::ausente, log::Seen::distinto,
                                      log::Seen::error};

std::optional<std::int64_t> moment_of(std::string iso) {
    std::erase_if(iso, [](char c) { return c == '-' || c == ':' || c == 'T'; });
    try {
        return std::chrono::floor<std::chrono::seconds>(crypto::parse_generalized(iso))
            .time_since_epoch()
            .count();
    } catch (const Error&) {
        return std::nullopt;
    }
}

/// The last run of samples of a document by one witness.
struct Reciente {
    std::int64_t ultima = 0;
    std::string resultado;
};

std::map<std::string, Reciente> last_runs(Transaction& tx, const Ronda& ronda) {
    Json codes = Json::array();
    for (const auto& muestra : ronda.muestras) codes.push_back(muestra.csv.text());
    std::map<std::string, Reciente> all;
    for (
        const auto& row : tx.exec(
            "SELECT c.csv, extract(epoch FROM t.ultima)::bigint, t.resultado FROM jsonb_array_elements_text($2::jsonb) AS c (csv), "
            "LATERAL (SELECT ultima, resultado FROM evidence_tramo WHERE testigo = $1 AND csv = c.csv ORDER BY primera DESC LIMIT 1) t",
            ronda.testigo, codes))
        all[row.text(0)] = {row.integer(1), row.text(2)};
    return all;
}

}  // namespace

std::int64_t cadence_of(const Call& call) {
    return call.settings()["disponibilidad"].int_or("cada_minutos", 10) * 60;
}

std::string Ronda::text() const {
    Json found = Json::object();
    for (const auto resultado : every_result) {
        Json codes = Json::array();
        for (const auto& muestra : muestras)
            if (muestra.resultado == resultado) codes.push_back(muestra.csv.text());
        if (!codes.as_array().empty()) found[std::string(log::name(resultado))] = std::move(codes);
    }
    return log::canonical(Json::object({{"v", 1},
                                        {"tipo", "ronda"},
                                        {"sede", sede},
                                        {"testigo", testigo},
                                        {"fecha", utc(fecha)},
                                        {"cadencia", cadencia},
                                        {"muestras", found}})) +
           "\n";
}

std::optional<Ronda> Ronda::parse(std::string_view text) {
    if (!text.ends_with('\n')) return std::nullopt;
    const auto json = log::parse_canonical(text.substr(0, text.size() - 1));
    if (!json || !json->is_object() || !(*json)["muestras"].is_object()) return std::nullopt;
    const auto when = moment_of(json->string_or("fecha", ""));
    if (!when) return std::nullopt;
    Ronda ronda{
        json->string_or("sede", ""), json->string_or("testigo", ""), *when, json->int_or("cadencia", 0), {}};
    if (ronda.cadencia < shortest_cadence || ronda.cadencia > longest_cadence) return std::nullopt;
    const Json found = (*json)["muestras"];
    for (const auto resultado : every_result) {
        const auto* codes = found.find(log::name(resultado));
        if (!codes) continue;
        if (!codes->is_array()) return std::nullopt;
        for (const auto& code : codes->as_array()) {
            auto csv = code.is_string() ? Csv::parse(code.as_string()) : std::nullopt;
            if (!csv || ronda.muestras.size() >= most_samples) return std::nullopt;
            ronda.muestras.push_back({std::move(*csv), resultado});
        }
    }
    return ronda.text() == text ? std::optional(std::move(ronda)) : std::nullopt;
}

std::int64_t last_round(Transaction& tx, const std::string& sede, const std::string& testigo) {
    tx.exec("SELECT pg_advisory_xact_lock(hashtext(current_schema() || $1))", testigo);
    const auto last = tx.exec(
        "SELECT extract(epoch FROM max(fecha))::bigint FROM evidence_ronda WHERE sede = $1 AND testigo = $2",
        sede, testigo);
    return last[0].is_null(0) ? 0 : last[0].integer(0);
}

void record(const Call& call, Transaction& tx, const Ronda& ronda, const std::string& note) {
    last_round(tx, ronda.sede, ronda.testigo);
    std::map<std::string, Exposicion> exposed;
    for (auto& one : Exposures(tx).current(ronda.fecha)) exposed.emplace(one.csv.text(), std::move(one));
    auto known = last_runs(tx, ronda);

    Json same = Json::array();
    std::vector<std::pair<const Exposicion*, log::Seen>> news;
    int samples = 0;
    for (const auto& [csv, resultado] : ronda.muestras) {
        const auto found = exposed.find(csv.text());
        if (found == exposed.end()) continue;
        const auto last = known.find(csv.text());
        if (last != known.end() && last->second.ultima >= ronda.fecha) continue;
        ++samples;
        const bool goes_on = last != known.end() && last->second.resultado == log::name(resultado) &&
                             last->second.ultima >= ronda.fecha - ronda.cadencia * 5 / 2;
        if (goes_on)
            same.push_back(csv.text());
        else
            news.emplace_back(&found->second, resultado);
        known[csv.text()] = {ronda.fecha,
                             std::string(log::name(resultado))};  // said twice in one round: once
    }
    tx.exec(
        "UPDATE evidence_tramo t SET ultima = to_timestamp($2), muestras = muestras + 1 FROM (SELECT testigo, csv, max(primera) AS primera FROM evidence_tramo "
        "WHERE testigo = $1 AND csv IN (SELECT jsonb_array_elements_text($3::jsonb)) GROUP BY testigo, csv) l WHERE (t.testigo, t.csv, t.primera) = (l.testigo, l.csv, l.primera)",
        ronda.testigo, ronda.fecha, same);
    tx.exec(
        "INSERT INTO evidence_ronda (sede, testigo, fecha, muestras, nota) VALUES ($1, $2, to_timestamp($3), $4, $5)",
        ronda.sede, ronda.testigo, ronda.fecha, samples,
        news.empty() ? std::optional<std::string>() : std::optional(note));
    if (news.empty()) return;
    const auto office = office_of(call, tx);
    LogWriter book(tx, *office, origin_for(call.municipality()));
    const LogReader reader(tx);
    for (const auto& [exposicion, resultado] : news) {
        tx.exec(
            "INSERT INTO evidence_tramo (testigo, csv, primera, ultima, resultado, muestras) VALUES ($1, $2, to_timestamp($3), to_timestamp($3), $4, 1)",
            ronda.testigo, exposicion->csv.text(), ronda.fecha, log::name(resultado));
        log::Leaf leaf;
        leaf.what = log::What::disponibilidad;
        leaf.municipio = call.municipality().string_or("id", "");
        leaf.documento = exposicion->documento;
        leaf.fecha = utc(ronda.fecha);
        leaf.anterior = reader.hash_of(exposicion->hoja);
        leaf.testigo = ronda.testigo;
        leaf.resultado = resultado;
        Documents(tx).mention(exposicion->csv, book.append(leaf));
    }
    book.sign();
    ask_for_dates(call, tx);
}

}  // namespace evidence
