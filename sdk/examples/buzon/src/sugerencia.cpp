#include "sugerencia.hpp"

#include <cctype>

namespace buzon {
namespace {

// One order of columns for every query, so that one function reads them all.
const std::string select =
    "SELECT numero, codigo, asunto, texto, extract(epoch FROM recibida)::bigint, adjunto, adjunto_nombre, "
    "adjunto_tipo, respuesta, coalesce(extract(epoch FROM contestada)::bigint, 0), publicada FROM "
    "buzon_sugerencia ";

std::optional<Sugerencia> first(std::vector<Sugerencia> found) {
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

}  // namespace

std::string clean_code(std::string_view typed) {
    std::string code;
    for (const char c : typed) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte)) code += static_cast<char>(std::toupper(byte));
    }
    return code;
}

std::vector<Sugerencia> SugerenciaRepository::read(const concejo::Rows& rows) const {
    std::vector<Sugerencia> all;
    for (const auto row : rows) {
        Sugerencia one;
        one.numero = row.integer(0);
        one.codigo = row.text(1);
        one.asunto = row.text(2);
        one.texto = row.text(3);
        one.recibida = row.integer(4);
        if (!row.is_null(5)) one.adjunto = Adjunto{row.text(5), row.text(6), row.text(7)};
        if (!row.is_null(8)) one.respuesta = row.text(8);
        one.contestada = row.integer(9);
        one.publicada = row.boolean(10);
        all.push_back(std::move(one));
    }
    return all;
}

Sugerencia SugerenciaRepository::add(const std::string& asunto, const std::string& texto,
                                     const std::optional<Adjunto>& adjunto) {
    using Text = std::optional<std::string>;
    const auto rows = tx_.exec(
        "INSERT INTO buzon_sugerencia (asunto, texto, adjunto, adjunto_nombre, adjunto_tipo) VALUES ($1, $2, "
        "$3, $4, $5) RETURNING numero",
        asunto, texto, adjunto ? Text(adjunto->blob) : Text(), adjunto ? Text(adjunto->filename) : Text(),
        adjunto ? Text(adjunto->media_type) : Text());
    return *by_number(rows[0].integer(0));
}

std::optional<Sugerencia> SugerenciaRepository::by_number(std::int64_t numero) {
    return first(read(tx_.exec(select + "WHERE numero = $1", numero)));
}

std::optional<Sugerencia> SugerenciaRepository::by_code(std::string_view typed) {
    return first(read(tx_.exec(select + "WHERE codigo = $1", clean_code(typed))));
}

std::vector<Sugerencia> SugerenciaRepository::pending(std::int64_t after, int count) {
    return read(
        tx_.exec(select + "WHERE contestada IS NULL AND numero > $1 ORDER BY numero LIMIT $2", after, count));
}

std::vector<Sugerencia> SugerenciaRepository::published(int count) {
    return read(tx_.exec(select + "WHERE publicada ORDER BY contestada DESC LIMIT $1", count));
}

std::vector<Sugerencia> SugerenciaRepository::search(std::string_view words, std::int64_t count) {
    return read(tx_.exec(
        select + ", websearch_to_tsquery('spanish', $1) consulta WHERE publicada AND busqueda @@ consulta"
                 " ORDER BY ts_rank(busqueda, consulta) DESC LIMIT $2",
        words, count));
}

bool SugerenciaRepository::answer(std::int64_t numero, const std::string& respuesta, bool publish) {
    const auto rows = tx_.exec(
        "UPDATE buzon_sugerencia SET respuesta = $2, contestada = now(), publicada = $3"
        " WHERE numero = $1 AND contestada IS NULL",
        numero, respuesta, publish);
    return rows.affected() == 1;
}

std::vector<std::int64_t> SugerenciaRepository::withdraw_older_than(std::int64_t days) {
    std::vector<std::int64_t> numbers;
    const auto rows = tx_.exec(
        "UPDATE buzon_sugerencia SET publicada = false"
        " WHERE publicada AND contestada < now() - make_interval(days => $1::int) RETURNING numero",
        days);
    for (const auto row : rows) numbers.push_back(row.integer(0));
    return numbers;
}

bool SugerenciaRepository::note(std::int64_t numero, std::string_view paso, std::string_view origen) {
    return tx_.exec(
                  "INSERT INTO buzon_paso (sugerencia, paso, origen) VALUES ($1, $2, $3) ON CONFLICT "
                  "(origen) DO NOTHING",
                  numero, paso, origen)
               .affected() == 1;
}

SugerenciaRepository::Count SugerenciaRepository::count() {
    const auto rows = tx_.exec(
        "SELECT count(*) FILTER (WHERE contestada IS NULL), count(contestada) FROM buzon_sugerencia");
    return {rows[0].integer(0), rows[0].integer(1)};
}

}  // namespace buzon
