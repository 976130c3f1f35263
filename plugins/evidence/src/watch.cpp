// Who looks, and when: our own sede at itself, and at those that ask us to be their witness.
//
// A job that has a transaction asks no server: `vigilar` reads what is exposed and leaves the looking to
// `mirar`, which asks first and writes afterwards; `testificar` looks at another sede, and `entregar-testimonio`
// sends what was seen there.
#include "availability.hpp"
#include "pages.hpp"
#include "seal.hpp"

#include "plugins/evidence/log/jcs.hpp"

namespace evidence {
namespace {

constexpr std::size_t most_in_a_look = 200;
constexpr int unanswered_in_a_row = 3;  ///< after as many the server is down, and is not asked for the rest
constexpr std::int64_t latest_testimony = 15 * 60, clock_skew = 120, longest_list = 4 << 20,
                       largest_of_others = 64 << 20;

std::int64_t unix_now() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())
        .time_since_epoch()
        .count();
}

/// Error: nobody answered, or not about the document. Nothing: we were asked to come later.
std::optional<log::Seen> look(const Call& call, const Json& document, bool& answered) {
    answered = true;
    try {
        const auto answer =
            call.http(Json::object({{"url", document.string_or("url", "")},
                                    {"headers", Json::array({Json::array({"Cache-Control", "no-cache"})})},
                                    {"seconds", 60},
                                    {"connect_seconds", 5},
                                    {"redirects", 2},
                                    {"retries", 1},
                                    {"to_file", true},
                                    {"max_bytes", document.int_or("bytes", 0) + (1 << 20)}}));
        if (answer.status == 200)
            return answer.sha256 == document.string_or("sha256", "") ? log::Seen::visible
                                                                     : log::Seen::distinto;
        if (answer.status == 429) return std::nullopt;
        return answer.status == 404 || answer.status == 410 ? log::Seen::ausente : log::Seen::error;
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::invalid) return log::Seen::distinto;  // larger than it may be
        answered = false;
        call.log(CONCEJO_WARNING, std::string("evidence: control de disponibilidad: ") + error.what());
        return log::Seen::error;
    }
}

std::vector<Muestra> look_at_all(const Call& call, const Json& documents, const Job& job) {
    std::vector<Muestra> all;
    int unanswered = 0;
    const auto& list = documents.as_array();
    for (const auto& document : list) {
        auto csv = Csv::parse(document.string_or("csv", ""));
        if (!csv) continue;
        std::optional seen = log::Seen::error;
        bool answered = false;
        if (unanswered < unanswered_in_a_row) seen = look(call, document, answered);
        unanswered = answered ? 0 : unanswered + 1;
        if (seen) all.push_back({std::move(*csv), *seen});
        job(all.size(), list.size());
    }
    return all;
}

std::string signed_by_us(const Office& office, const std::string& origin, const std::string& text) {
    return log::Note{text, {log::sign_note(verifier_of(origin, office), office.log_signer(), text)}}.write();
}

// ---- our own sede

void watch(const Call& call, const Json& payload, const Job&) {
    auto tx = call.begin();
    const auto origin = LogReader(tx).origin();
    if (!origin) return tx.commit();
    const auto now = unix_now();
    // the schedule comes every five minutes; who looks more seldom lets it pass
    if (!payload.bool_or("ahora", false) && now / 300 * 300 % cadence_of(call) != 0) return tx.commit();
    const auto exposed = Exposures(tx).current(now);
    for (std::size_t at = 0; at < exposed.size(); at += most_in_a_look) {
        Json documents = Json::array();
        for (std::size_t i = at; i < std::min(exposed.size(), at + most_in_a_look); ++i)
            documents.push_back(to_look_at(call, exposed[i]));
        call.enqueue(
            tx, Json::object({{"kind", "mirar"}, {"payload", Json::object({{"documentos", documents}})}}));
    }
    tx.commit();
}

void look_at_ours(const Call& call, const Json& payload, const Job& job) {
    auto samples = look_at_all(call, payload["documentos"], job);
    auto tx = call.begin();
    const auto origin = LogReader(tx).origin();
    if (!origin || samples.empty()) return tx.commit();
    last_round(tx, *origin, *origin);
    const Ronda ronda{*origin, *origin, unix_now(), cadence_of(call), std::move(samples)};
    record(call, tx, ronda, signed_by_us(*office_of(call, tx), *origin, ronda.text()));
    tx.commit();
}

// ---- others' sedes

/// What a sede says that it exposes; nothing for what is no such list. What has an address elsewhere, or is larger than
/// `largest_of_others`, is left out.
Json listed_by(const Call& call, const std::string& sede, std::string& origin) {
    const auto answer = call.http(Json::object(
        {{"url", sede + "/evidencia/expuesto.json"}, {"seconds", 30}, {"max_bytes", longest_list}}));
    if (answer.status != 200)
        throw Error(ErrorKind::unavailable, sede + ": HTTP " + std::to_string(answer.status));
    const Json list = Json::parse(answer.body);
    origin = list.string_or("origen", "");
    Json documents = Json::array();
    const Json given = list["documentos"];
    if (!given.is_array() || !log::is_key_name(origin))
        throw Error(ErrorKind::unavailable, sede + ": su lista de lo expuesto no se entiende");
    for (const auto& one : given.as_array()) {
        const auto bytes = one.int_or("bytes", -1);  // theirs to say, our disk to fill
        if (bytes < 0 || bytes > largest_of_others || documents.as_array().size() == most_samples) continue;
        if (one.string_or("url", "").starts_with(sede + "/")) documents.push_back(one);
    }
    return documents;
}

void testify(const Call& call, const Json& payload, const Job& job) {
    const auto sede = payload.string_or("sede", "");
    std::string origin;
    const Json documents = listed_by(call, sede, origin);
    auto samples = look_at_all(call, documents, job);
    auto tx = call.begin();
    const auto ours = LogReader(tx).origin().value_or(origin_for(call.municipality()));
    const Ronda ronda{origin, ours, unix_now(), cadence_of(call), std::move(samples)};
    const auto note = signed_by_us(*office_of(call, tx), ours, ronda.text());
    tx.exec(
        "INSERT INTO evidence_ronda (sede, testigo, fecha, muestras) VALUES ($1, $2, to_timestamp($3), $4)",
        origin, ours, ronda.fecha, ronda.muestras.size());
    call.enqueue(tx, Json::object({{"kind", "entregar-testimonio"},
                                   {"payload", Json::object({{"sede", sede}, {"nota", note}})}}));
    tx.commit();
}

void testify_for_all(const Call& call, const Json&, const Job&) {
    auto tx = call.begin();
    const Json watched = call.settings()["disponibilidad"]["testigo_de"];
    for (const auto& sede : watched.as_array()) {
        const auto& address = sede.as_string();
        call.enqueue(tx, Json::object({{"kind", "testificar"},
                                       {"payload", Json::object({{"sede", address}})},
                                       {"unique", address}}));
    }
    tx.commit();
}

void hand_over(const Call& call, const Json& payload, const Job&) {
    const auto answer = call.http(
        Json::object({{"method", "POST"},
                      {"url", payload.string_or("sede", "") + "/evidencia/testimonio"},
                      {"headers", Json::array({Json::array({"Content-Type", "text/plain; charset=utf-8"})})},
                      {"seconds", 30}}),
        payload.string_or("nota", ""));
    if (answer.status == 204 || answer.status == 409) return;  // 409: told already, or too late
    throw Error(answer.status < 500 && answer.status != 429 ? ErrorKind::invalid : ErrorKind::unavailable,
                payload.string_or("sede", "") + ": HTTP " + std::to_string(answer.status) + " " +
                    answer.body.substr(0, 300));
}

// ---- over HTTP

void exposed_list(const Request& request, Reply& reply) {
    auto tx = request.begin();
    Json documents = Json::array();
    for (const auto& one : Exposures(tx).current(unix_now())) {
        if (documents.as_array().size() == most_samples) break;
        documents.push_back(to_look_at(request, one));
    }
    reply.field("Cache-Control", "no-cache");
    reply.field("Access-Control-Allow-Origin", "*");
    reply.body("application/json",
               Json::object({{"v", 1},
                             {"origen", LogReader(tx).origin().value_or(origin_for(request.municipality()))},
                             {"documentos", documents}})
                   .dump());
}

std::optional<log::VerifierKey> witness_named(const Call& call, const std::string& name) {
    const Json known = call.settings()["disponibilidad"]["testigos"];
    for (const auto& text : known.as_array()) {
        auto key = log::VerifierKey::parse(text.as_string());
        if (key && key->name() == name) return key;
    }
    return std::nullopt;
}

void take_testimony(const Request& request, Reply& reply) {
    const auto note = log::Note::parse(request.body);
    const auto ronda = note ? Ronda::parse(note->text) : std::nullopt;
    if (!ronda) throw Error(ErrorKind::invalid, N_("Eso no es una ronda firmada de comprobaciones."));
    const auto key = witness_named(request, ronda->testigo);
    if (!key || log::signed_by(*note, *key) != log::Signed::yes)
        throw Error(ErrorKind::forbidden, N_("Esa ronda no la firma ningún testigo de este municipio."));
    auto tx = request.begin();
    if (ronda->sede != LogReader(tx).origin().value_or("") || ronda->testigo == ronda->sede)
        throw Error(ErrorKind::invalid, N_("Esa ronda no es de esta sede."));
    const auto now = unix_now();
    if (ronda->fecha < now - latest_testimony || ronda->fecha > now + clock_skew)
        throw Error(ErrorKind::conflict, N_("La hora de esa ronda no es la de ahora."));
    if (last_round(tx, ronda->sede, ronda->testigo) >= ronda->fecha)
        throw Error(ErrorKind::conflict, N_("Ese testigo ya contó una ronda posterior."));
    record(request, tx, *ronda, std::string(request.body));
    tx.commit();
    reply.status(204);
    reply.body("text/plain; charset=utf-8", "");
}

// ---- the record of each day

Json day_record(Transaction& tx, const std::string& origin, const std::string& day) {
    Json rounds = Json::array(), runs = Json::array();
    for (
        const auto& row : tx.exec(
            "SELECT sede, testigo, extract(epoch FROM fecha)::bigint, muestras, nota FROM evidence_ronda WHERE (fecha AT TIME ZONE 'UTC')::date = $1::date ORDER BY sede, testigo, fecha",
            day)) {
        Json round = Json::object({{"sede", row.text(0)},
                                   {"testigo", row.text(1)},
                                   {"fecha", utc(row.integer(2))},
                                   {"muestras", row.integer(3)}});
        if (!row.is_null(4) && row.view(0) != row.view(1)) round["nota"] = row.text(4);
        rounds.push_back(std::move(round));
    }
    for (
        const auto& row : tx.exec(
            "SELECT testigo, csv, extract(epoch FROM primera)::bigint, extract(epoch FROM ultima)::bigint, resultado, muestras FROM evidence_tramo "
            "WHERE primera < ($1::date + 1)::timestamp AT TIME ZONE 'UTC' AND ultima >= $1::date::timestamp AT TIME ZONE 'UTC' ORDER BY testigo, csv, primera",
            day))
        runs.push_back(Json::object({{"testigo", row.text(0)},
                                     {"csv", row.text(1)},
                                     {"primera", utc(row.integer(2))},
                                     {"ultima", utc(row.integer(3))},
                                     {"resultado", row.text(4)},
                                     {"muestras", row.integer(5)}}));
    return Json::object({{"v", 1},
                         {"tipo", "jornada"},
                         {"sede", origin},
                         {"dia", day},
                         {"rondas", rounds},
                         {"tramos", runs}});
}

/// Seals the record of each past day: what was seen in it can be neither changed nor added to any more.
void close_days(const Call& call, const Json&, const Job&) {
    auto tx = call.begin();
    const auto origin = LogReader(tx).origin();
    if (!origin) return tx.commit();
    std::vector<std::string> days;
    for (
        const auto& row : tx.exec(
            "SELECT DISTINCT to_char(fecha AT TIME ZONE 'UTC', 'YYYY-MM-DD') FROM evidence_ronda WHERE fecha < date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' "
            "AND NOT EXISTS (SELECT FROM evidence_documento WHERE documento = 'evidence.disponibilidad.' || to_char(fecha AT TIME ZONE 'UTC', 'YYYY-MM-DD')) ORDER BY 1 LIMIT 31"))
        days.push_back(row.text(0));
    for (const auto& day : days) {
        const auto text = log::canonical(day_record(tx, *origin, day));
        Peticion asked;
        asked.documento = "evidence.disponibilidad." + day;
        asked.nombre = "disponibilidad-" + day + ".json";
        asked.titulo =
            concejo::fill(call.tr("Control de disponibilidad del {fecha}"), {{"fecha", call.date(day)}});
        asked.idioma = call.municipality().string_or("default_language", "es");
        asked.metadatos = Json::object({{"tipo_documental", "TD99"}});
        asked.publicado = false;
        seal_bytes(call, tx, std::move(asked), text, "application/json");
    }
    // what is in a sealed record is kept there
    tx.exec(
        "DELETE FROM evidence_ronda WHERE nota IS NULL AND fecha < now() - interval '40 days' AND EXISTS (SELECT FROM evidence_documento WHERE documento = "
        "'evidence.disponibilidad.' || to_char(fecha AT TIME ZONE 'UTC', 'YYYY-MM-DD'))");
    tx.commit();
}

/// Without waiting for its turn.
void watch_command(const Call& call, const Json&, const concejo::Terminal& terminal) {
    auto tx = call.begin();
    call.enqueue(tx, Json::object({{"kind", "vigilar"}, {"payload", Json::object({{"ahora", true}})}}));
    call.enqueue(tx, Json::object({{"kind", "vigilar-otras"}, {"payload", Json::object()}}));
    tx.commit();
    terminal.out(
        call.tr("Se comprobará ahora todo lo expuesto: el resultado está en Control de disponibilidad."));
}

}  // namespace

void register_watch(concejo::Kernel& kernel) {
    kernel.job("vigilar", watch,
               {.label = N_("Control de disponibilidad: qué hay que mirar"), .max_attempts = 2});
    kernel.job("mirar", look_at_ours,
               {.label = N_("Control de disponibilidad: comprobación de lo expuesto"), .max_attempts = 2});
    kernel.job("vigilar-otras", testify_for_all,
               {.label = N_("Testigo de la disponibilidad de otras sedes"), .max_attempts = 2});
    kernel.job("testificar", testify, {.label = N_("Testigo: comprobación de otra sede"), .max_attempts = 2});
    kernel.job("entregar-testimonio", hand_over,
               {.label = N_("Testigo: entrega de lo comprobado"), .max_attempts = 4, .backoff_s = 20});
    kernel.job("cerrar-jornada", close_days, {.label = N_("Sella el control de disponibilidad de cada día")});
    kernel.schedule(Json::object({{"kind", "vigilar"}, {"cron", "*/5 * * * *"}}));
    kernel.schedule(Json::object({{"kind", "vigilar-otras"}, {"cron", "*/10 * * * *"}}));
    kernel.schedule(Json::object({{"kind", "cerrar-jornada"}, {"cron", "30 3 * * *"}}));
    kernel.command(
        Json::object(
            {{"verb", "watch"},
             {"help", N_("Comprueba ahora lo expuesto, aquí y en las sedes de las que esta da testimonio.")},
             {"options", Json::array()},
             {"words", Json::array()}}),
        watch_command);
    kernel.bare("GET", "/evidencia/expuesto.json", exposed_list);
    kernel.bare("POST", "/evidencia/testimonio", take_testimony,
                {.permission = "", .uploads = false, .cached = false, .body_limit = 256 << 10});
}

}  // namespace evidence
