#include "open_data.hpp"

#include "entorno.hpp"

#include <concejo/services/open_data.hpp>

namespace sede {
namespace {

using concejo::services::LiveColumn;
using concejo::services::LiveRows;

constexpr const char* board_dataset = "sede.tablon";
constexpr int rows_at_once = 1000;

Json texts(const char* es, const char* ca, const char* gl, const char* eu, const char* en) {
    return Json::object({{"es", es}, {"ca", ca}, {"gl", gl}, {"eu", eu}, {"en", en}});
}

LiveColumn column(const char* name, const char* type, Json title) {
    return {name, type, std::move(title), {}, {}};
}

concejo::services::LiveDataset board() {
    concejo::services::LiveDataset what;
    what.id = board_dataset, what.name = "tablon-de-anuncios",
    what.label = N_("El tablón de anuncios, como datos abiertos");
    what.title = texts("Tablón de anuncios", "Tauler d’anuncis", "Taboleiro de anuncios", "Iragarki-taula",
                       "Notice board");
    what.description = texts(
        "Anuncios y edictos que se exponen o se han expuesto en el tablón: tipo, órgano, referencia, fechas, "
        "dirección permanente y código seguro de verificación.",
        "Anuncis i edictes que s’exposen o s’han exposat al tauler: tipus, òrgan, referència, dates, adreça "
        "permanent i codi segur de verificació.",
        "Anuncios e edictos que se expoñen ou se expuxeron no taboleiro: tipo, órgano, referencia, datas, "
        "enderezo permanente e código seguro de verificación.",
        "Taulan jartzen diren edo jarri diren iragarkiak eta ediktuak: mota, organoa, erreferentzia, datak, "
        "helbide iraunkorra eta egiaztapen-kode segurua.",
        "Announcements and edicts that are or were on the board: type, body, reference, dates, permanent address "
        "and secure verification code (CSV).");
    what.left_out = texts(
        "De los anuncios retirados no se dan ni el título ni la referencia, y de ninguno el texto: pueden "
        "nombrar a personas. No se conservan versiones anteriores.",
        "Dels anuncis retirats no es donen ni el títol ni la referència, i de cap el text: poden contenir "
        "noms de persones. No es conserven versions anteriors.",
        "Dos anuncios retirados non se dan nin o título nin a referencia, e de ningún o texto: poden nomear "
        "persoas. Non se conservan versións anteriores.",
        "Kendutako iragarkien izenburua eta erreferentzia ez dira ematen, eta testua batena ere ez: "
        "pertsonak aipa ditzakete. Aurreko bertsioak ez dira gordetzen.",
        "Withdrawn announcements have neither title nor reference, and none has its text: they may name people. "
        "Earlier versions are not kept.");
    what.keywords = Json::object({{"es", Json::array({"tablón", "anuncios", "edictos"})}});
    what.frequency = "CONT";
    what.columns = {
        column("numero", "text", texts("Número", "Número", "Número", "Zenbakia", "Number")),
        column("tipo", "text", texts("Tipo", "Tipus", "Tipo", "Mota", "Type")),
        column("organo", "text", texts("Órgano", "Òrgan", "Órgano", "Organoa", "Body")),
        column("referencia", "text",
               texts("Expediente", "Expedient", "Expediente", "Espedientea", "Case file")),
        column("titulo", "text", texts("Título", "Títol", "Título", "Izenburua", "Title")),
        column("idioma", "text", texts("Idioma", "Idioma", "Idioma", "Hizkuntza", "Language")),
        column(
            "desde", "date",
            texts("Expuesto desde", "Exposat des de", "Exposto desde", "Noiztik ikusgai", "On display from")),
        column("hasta", "date",
               texts("Expuesto hasta", "Exposat fins a", "Exposto ata", "Noiz arte ikusgai",
                     "On display until")),
        column("publicado", "timestamp",
               texts("Publicado", "Publicat", "Publicado", "Argitaratuta", "Published")),
        column("retirado", "timestamp", texts("Retirado", "Retirat", "Retirado", "Kenduta", "Withdrawn")),
        column("corrige", "text",
               texts("Corrige al anuncio", "Corregeix l’anunci", "Corrixe o anuncio",
                     "Zuzentzen duen iragarkia", "Corrects announcement")),
        column("direccion", "text",
               texts("Dirección permanente", "Adreça permanent", "Enderezo permanente", "Helbide iraunkorra",
                     "Permanent address")),
        column("csv", "text",
               texts("Código seguro de verificación", "Codi segur de verificació",
                     "Código seguro de verificación", "Egiaztapen-kode segurua",
                     "Secure verification code (CSV)"))};
    what.key = {"numero"}, what.since = "desde";
    what.history = false;
    return what;
}

/// What everybody sees, as `shown` of consulta.cpp has it, by number.
constexpr auto board_rows =
    "SELECT a.serie, a.ejercicio || '/' || lpad(a.numero::text, greatest(4, length(a.numero::text)), '0'), "
    "a.tipo, a.organo, CASE WHEN a.estado = 'publicado' THEN nullif(a.referencia, '') END, CASE WHEN "
    "a.estado = 'publicado' THEN a.titulo END, a.idioma, a.desde, a.hasta, to_char(greatest(a.publicado_en, "
    "a.visible_desde) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), to_char(a.retirado_en AT TIME "
    "ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), (SELECT c.ejercicio || '/' || lpad(c.numero::text, "
    "greatest(4, length(c.numero::text)), '0') FROM sede_anuncio c WHERE c.id = a.corrige), $2 || "
    "'/id/anuncio/' || a.id, CASE WHEN a.estado = 'publicado' THEN s.csv END FROM sede_anuncio a LEFT JOIN "
    "sede_sello s ON s.anuncio = a.id AND s.orden = 0 WHERE a.estado <> 'borrador' AND a.visible_desde <= "
    "now() AND (a.estado = 'publicado' OR a.retirado_en >= a.visible_desde) AND a.serie > $1::bigint ORDER "
    "BY a.serie LIMIT ";

void yield_board(const concejo::Call& call, concejo::Transaction& tx, LiveRows& rows) {
    const auto home = call.municipality().string_or("url", "");
    const auto statement = board_rows + std::to_string(rows_at_once);
    std::int64_t last = 0;
    for (std::uint64_t found = rows_at_once; found == static_cast<std::uint64_t>(rows_at_once);) {
        const auto part = tx.exec(statement, last, home);
        found = part.size();
        for (const auto row : part) {
            last = row.integer(0);
            std::vector<LiveRows::Value> values;
            for (std::uint32_t i = 1; i < part.columns(); ++i) values.emplace_back(row.optional(i));
            rows.add(values);
        }
    }
}

}  // namespace

void register_open_data(concejo::Kernel& kernel) {
    concejo::services::live_dataset(kernel, board(), yield_board);
}

void board_changed(const concejo::Call& call, concejo::Transaction& tx, std::int64_t at) {
    concejo::services::refresh_dataset(call, tx, board_dataset, at);
}

}  // namespace sede
