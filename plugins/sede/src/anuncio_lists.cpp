// Pages, counts and searches of the repository, and the uploads that wait for their announcement.
#include "anuncio_repository.hpp"
#include "sql.hpp"

#include <algorithm>

namespace sede {

using concejo::Param;

namespace {

std::vector<Param> params(const Consulta& consulta) {
    return {consulta.parametros.begin(), consulta.parametros.end()};
}

}  // namespace

Pagina AnuncioRepository::page(const Filtro& filtro) {
    const Consulta consulta = page_query(filtro);
    Pagina pagina{read("WHERE " + consulta.where + " " + consulta.order, params(consulta)), {}, {}};
    auto& list = pagina.anuncios;
    const bool more = list.size() > static_cast<std::size_t>(filtro.limite);
    if (more) list.pop_back();
    if (consulta.reversed) std::reverse(list.begin(), list.end());
    if (list.empty()) return pagina;
    const auto place = [&](const Anuncio& anuncio) {
        // modificado_en carries microseconds, so the exact place is asked of the database
        const auto row = tx_.exec(std::string("SELECT (extract(epoch from ") + order_column(filtro.ambito) +
                                      ") * 1000000)::bigint FROM sede_anuncio WHERE serie = $1::bigint",
                                  anuncio.serie);
        return Cursor{row[0].integer(0), anuncio.serie};
    };
    if (consulta.reversed ? more : filtro.despues.has_value()) pagina.anterior = place(list.front());
    if (consulta.reversed ? true : more) pagina.siguiente = place(list.back());
    return pagina;
}

std::int64_t AnuncioRepository::count(const Filtro& filtro) {
    const Consulta consulta = count_query(filtro);
    return tx_.exec_list("SELECT count(*) FROM sede_anuncio WHERE " + consulta.where, params(consulta))[0]
        .integer(0);
}

std::vector<std::int64_t> AnuncioRepository::counts(const std::vector<std::string>& situaciones) {
    std::string sql = "SELECT count(*)";
    for (const auto& name : situaciones) sql += ", count(*) FILTER (WHERE " + situation(name) + ")";
    const auto rows = tx_.exec(sql + " FROM sede_anuncio");
    std::vector<std::int64_t> counts;
    for (std::uint32_t i = 0; i <= situaciones.size(); ++i) counts.push_back(rows[0].integer(i));
    return counts;
}

std::vector<Recuento> AnuncioRepository::count_by(std::string_view column, const Filtro& filtro) {
    const Consulta consulta = count_query(filtro);
    const std::string name = column == "organo" ? "organo" : "tipo";  // never the caller's text
    std::vector<Recuento> counts;
    for (const auto row : tx_.exec_list("SELECT " + name + ", count(*) FROM sede_anuncio WHERE " +
                                            consulta.where + " GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 40",
                                        params(consulta)))
        counts.push_back({row.text(0), row.integer(1)});
    return counts;
}

std::vector<std::pair<std::string, std::string>> AnuncioRepository::highlights(
    const std::vector<Anuncio>& anuncios, std::string_view words) {
    std::vector<std::pair<std::string, std::string>> found;
    if (anuncios.empty() || words.empty()) return found;
    std::string ids = "{";
    for (const auto& anuncio : anuncios) ids += (ids.size() > 1 ? "," : "") + anuncio.id.text();
    const auto rows = tx_.exec(
        "SELECT id, ts_headline('ext.es', left(concat_ws(' — ', nullif(resumen, ''), texto), 60000), ext.search_query('es', $2) || websearch_to_tsquery('ext.es', $2), "
        "'StartSel=' || chr(2) || ', StopSel=' || chr(3) || ', MaxFragments=2, MaxWords=24, MinWords=10, FragmentDelimiter=\" … \"') "
        "FROM sede_anuncio WHERE id = ANY($1::uuid[]) AND busqueda @@ ext.search_query('es', $2)",
        ids + "}", words);
    for (const auto row : rows) found.emplace_back(row.text(0), row.text(1));
    return found;
}

std::vector<Direccion> AnuncioRepository::addresses(std::int64_t limit) {
    Filtro all;
    all.ambito = Ambito::publico;
    const Consulta consulta = count_query(all);
    const std::string most = limit > 0 ? " LIMIT " + std::to_string(limit) : "";
    std::vector<Direccion> found;
    for (
        const auto row : tx_.exec_list(
            "SELECT ejercicio, numero, to_char(desde, 'YYYY-MM-DD'), titulo, idioma FROM sede_anuncio WHERE " +
                consulta.where + " ORDER BY visible_desde DESC, serie DESC" + most,
            params(consulta)))
        found.push_back(
            {sql::need(Numero::of(static_cast<int>(row.integer(0)), static_cast<int>(row.integer(1)))).slug(),
             row.text(2), row.text(3), row.text(4)});
    return found;
}

std::optional<Instante> AnuncioRepository::next_change() {
    const auto rows = tx_.exec(
        "SELECT ceil(extract(epoch from least("
        "(SELECT min(visible_desde) FROM sede_anuncio WHERE estado <> 'borrador' AND visible_desde > now()), "
        "(SELECT min(visible_hasta) FROM sede_anuncio WHERE estado = 'publicado' AND visible_hasta > now()))))::bigint");
    return rows[0].is_null(0) ? std::nullopt : std::optional<Instante>(rows[0].integer(0));
}

void AnuncioRepository::keep_upload(const Subida& subida, const Quien& quien) {
    const auto& archivo = subida.archivo;
    tx_.exec(
        "INSERT INTO sede_subida (sha256, bytes, tipo_medio, nombre, paginas, texto, subido_por) VALUES ($1, $2::bigint, $3, $4, $5::int, $6, $7) "
        "ON CONFLICT (sha256) DO UPDATE SET nombre = excluded.nombre, subido_en = now(), subido_por = excluded.subido_por",
        archivo.sha256.text(), archivo.bytes, archivo.tipo_medio, archivo.nombre, archivo.paginas,
        subida.texto, quien.id);
}

std::optional<Subida> AnuncioRepository::find_upload(const Sha256& sha256) {
    const auto rows = tx_.exec(
        "SELECT bytes, tipo_medio, nombre, paginas, texto FROM sede_subida WHERE sha256 = $1", sha256.text());
    if (rows.empty()) return std::nullopt;
    const auto row = rows[0];
    return Subida{{sha256, static_cast<std::uint64_t>(row.integer(0)), row.text(1), row.text(2),
                   file_slug(row.view(2)), static_cast<int>(row.integer(3))},
                  row.text(4)};
}

std::vector<Repetido> AnuncioRepository::published_with(const Sha256& sha256,
                                                        const std::optional<AnuncioId>& except) {
    std::vector<Repetido> found;
    for (
        const auto& anuncio : read(
            "WHERE estado <> 'borrador' AND id IN (SELECT anuncio FROM sede_archivo WHERE sha256 = $1) ORDER BY serie LIMIT 5",
            {sha256.text()})) {
        if (except && anuncio.id == *except) continue;
        found.push_back({anuncio.id, anuncio.numero ? anuncio.numero->text() : "", anuncio.contenido.titulo,
                         anuncio.slug()});
    }
    return found;
}

}  // namespace sede
