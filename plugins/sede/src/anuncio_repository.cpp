#include "anuncio_repository.hpp"

#include "sql.hpp"

#include <algorithm>
#include <map>

namespace sede {

using concejo::Param;

namespace {

constexpr auto columns =
    "SELECT id, estado, version, tipo, organo, referencia, titulo, resumen, idioma, desde, hasta, "
    "extract(epoch from publicar_en)::bigint, corrige, ejercicio, numero, extract(epoch from visible_desde)::bigint, "
    "extract(epoch from visible_hasta)::bigint, extract(epoch from publicado_en)::bigint, "
    "extract(epoch from retirado_en)::bigint, retirado_motivo, retirado_organo, serie, "
    "extract(epoch from modificado_en)::bigint FROM sede_anuncio ";

Anuncio anuncio(const concejo::Rows::Row& row) {
    const auto fecha = [&](std::uint32_t column) { return sql::need(Fecha::parse(row.view(column))); };
    const auto instant = [&](std::uint32_t column) {
        return row.is_null(column) ? std::optional<Instante>() : row.integer(column);
    };
    Anuncio made{sql::need(AnuncioId::parse(row.view(0))),
                 sql::need(parse_estado(row.view(1))),
                 static_cast<int>(row.integer(2)),
                 {row.text(3),
                  row.text(4),
                  row.text(5),
                  row.text(6),
                  row.text(7),
                  row.text(8),
                  fecha(9),
                  fecha(10),
                  instant(11),
                  AnuncioId::parse(row.view(12)),
                  {}},
                 {},
                 {},
                 instant(17),
                 {},
                 row.integer(21),
                 row.integer(22)};
    if (!row.is_null(14))
        made.numero = Numero::of(static_cast<int>(row.integer(13)), static_cast<int>(row.integer(14)));
    if (!row.is_null(15)) made.visible = Ventana{row.integer(15), row.integer(16)};
    if (!row.is_null(18)) made.retirada = Retirada{row.integer(18), row.text(19), row.text(20)};
    return made;
}

}  // namespace

std::vector<Anuncio> AnuncioRepository::read(std::string_view tail, const std::vector<Param>& params) {
    std::vector<Anuncio> found;
    for (const auto row : tx_.exec_list(std::string(columns).append(tail), params))
        found.push_back(anuncio(row));
    add_files(found);
    return found;
}

// One statement for the whole list: a sub-select for each announcement costs more than the rest of its page.
void AnuncioRepository::add_files(std::vector<Anuncio>& anuncios) {
    if (anuncios.empty()) return;
    std::map<std::string, Anuncio*, std::less<>> by_id;
    std::string ids;
    for (auto& anuncio : anuncios) {
        auto id = anuncio.id.text();
        ids += (ids.empty() ? "{" : ",") + id;
        by_id.emplace(std::move(id), &anuncio);
    }
    const auto rows = tx_.exec(
        "SELECT anuncio, sha256, bytes, tipo_medio, nombre, slug, paginas, csv FROM sede_archivo LEFT JOIN sede_sello USING (anuncio, orden) "
        "WHERE anuncio = ANY($1::uuid[]) ORDER BY anuncio, orden",
        ids + "}");
    for (const auto row : rows)
        by_id.find(row.view(0))
            ->second->contenido.archivos.push_back(
                {sql::need(Sha256::parse(row.view(1))), static_cast<std::uint64_t>(row.integer(2)),
                 row.text(3), row.text(4), row.text(5), static_cast<int>(row.integer(6)), row.text(7)});
}

std::string AnuncioRepository::text_of(const Anuncio& anuncio) {
    std::string text;
    for (const auto& archivo : anuncio.contenido.archivos) {
        if (const auto subida = find_upload(archivo.sha256)) text += subida->texto + "\n";
    }
    return clean_text(text, 400'000);  // PostgreSQL's search vectors end at 1 MiB
}

void AnuncioRepository::insert(const Anuncio& anuncio, const Quien& quien) {
    const auto& c = anuncio.contenido;
    tx_.exec(
        "INSERT INTO sede_anuncio (id, tipo, organo, referencia, titulo, resumen, idioma, desde, hasta, publicar_en, corrige, texto, creado_por) "
        "VALUES ($1::uuid, $2, $3, $4, $5, $6, $7, $8::date, $9::date, to_timestamp($10::float8), $11::uuid, $12, $13)",
        anuncio.id.text(), c.tipo, c.organo, c.referencia, c.titulo, c.resumen, c.idioma, c.desde.iso(),
        c.hasta.iso(), c.publicar_en, c.corrige ? std::optional(c.corrige->text()) : std::nullopt,
        text_of(anuncio), quien.id);
    save_files(anuncio);
}

bool AnuncioRepository::update(const Anuncio& anuncio, const Quien&) {
    const auto& c = anuncio.contenido;
    const auto rows = tx_.exec(
        "UPDATE sede_anuncio SET version = version + 1, tipo = $3, organo = $4, referencia = $5, titulo = $6, resumen = $7, idioma = $8, "
        "desde = $9::date, hasta = $10::date, publicar_en = to_timestamp($11::float8), corrige = $12::uuid, texto = $13, modificado_en = now() "
        "WHERE id = $1::uuid AND version = $2::int AND estado = 'borrador'",
        anuncio.id.text(), anuncio.version, c.tipo, c.organo, c.referencia, c.titulo, c.resumen, c.idioma,
        c.desde.iso(), c.hasta.iso(), c.publicar_en,
        c.corrige ? std::optional(c.corrige->text()) : std::nullopt, text_of(anuncio));
    if (rows.affected() == 0) return false;
    tx_.exec("DELETE FROM sede_archivo WHERE anuncio = $1::uuid", anuncio.id.text());
    save_files(anuncio);
    return true;
}

void AnuncioRepository::save_files(const Anuncio& anuncio) {
    int orden = 0;
    for (const auto& archivo : anuncio.contenido.archivos) {
        tx_.exec(
            "INSERT INTO sede_archivo (anuncio, orden, sha256, bytes, tipo_medio, nombre, slug, paginas) "
            "VALUES ($1::uuid, $2::int, $3, $4::bigint, $5, $6, $7, $8::int)",
            anuncio.id.text(), orden++, archivo.sha256.text(), archivo.bytes, archivo.tipo_medio,
            archivo.nombre, archivo.slug, archivo.paginas);
    }
}

void AnuncioRepository::discard(const AnuncioId& id) {
    tx_.exec("DELETE FROM sede_anuncio WHERE id = $1::uuid AND estado = 'borrador'", id.text());
}

Numero AnuncioRepository::publish(const AnuncioId& id, int ejercicio, const Ventana& ventana, Instante now,
                                  const Quien& quien) {
    const auto next = tx_.exec(
        "INSERT INTO sede_contador (ejercicio, ultimo) VALUES ($1::int, 1) "
        "ON CONFLICT (ejercicio) DO UPDATE SET ultimo = sede_contador.ultimo + 1 RETURNING ultimo",
        ejercicio);
    const Numero numero = sql::need(Numero::of(ejercicio, static_cast<int>(next[0].integer(0))));
    const auto rows = tx_.exec(
        "UPDATE sede_anuncio SET estado = 'publicado', ejercicio = $2::int, numero = $3::int, visible_desde = to_timestamp($4::float8), "
        "visible_hasta = to_timestamp($5::float8), publicado_en = to_timestamp($6::float8), publicado_por = $7, modificado_en = now() "
        "WHERE id = $1::uuid AND estado = 'borrador'",
        id.text(), numero.year(), numero.number(), ventana.desde, ventana.hasta, now, quien.id);
    if (rows.affected() != 1)
        throw concejo::Error(
            concejo::ErrorKind::conflict,
            N_("Este anuncio ya no es un borrador: otra persona lo ha publicado o descartado mientras tanto."));
    return numero;
}

void AnuncioRepository::withdraw(const AnuncioId& id, const Retirada& retirada, const Quien& quien) {
    const auto rows = tx_.exec(
        "UPDATE sede_anuncio SET estado = 'retirado', retirado_en = to_timestamp($2::float8), retirado_motivo = $3, retirado_organo = $4, "
        "retirado_por = $5, modificado_en = now() WHERE id = $1::uuid AND estado = 'publicado'",
        id.text(), retirada.cuando, retirada.motivo, retirada.organo, quien.id);
    if (rows.affected() != 1)
        throw concejo::Error(
            concejo::ErrorKind::conflict,
            N_("Este anuncio ya no está publicado: otra persona lo ha retirado mientras tanto."));
}

void AnuncioRepository::note(const AnuncioId& id, std::string_view accion, Instante now, const Quien& quien,
                             const concejo::Json& detalle) {
    tx_.exec(
        "INSERT INTO sede_transicion (anuncio, accion, cuando, quien, nombre, detalle) VALUES ($1::uuid, $2, to_timestamp($3::float8), $4, $5, $6::jsonb)",
        id.text(), accion, now, quien.id, quien.nombre, detalle);
}

void AnuncioRepository::sealed(const AnuncioId& id, std::size_t orden, std::string_view csv) {
    tx_.exec("INSERT INTO sede_sello (anuncio, orden, csv) VALUES ($1::uuid, $2, $3)", id.text(), orden, csv);
}

std::optional<Anuncio> AnuncioRepository::find(const AnuncioId& id) {
    return sql::first(read("WHERE id = $1::uuid", {id.text()}));
}

std::optional<Anuncio> AnuncioRepository::find(const Numero& numero) {
    return sql::first(
        read("WHERE ejercicio = $1::int AND numero = $2::int", {numero.year(), numero.number()}));
}

std::optional<Anuncio> AnuncioRepository::find_by_slug(std::string_view slug) {
    if (const auto id = AnuncioId::parse(slug)) return find(*id);
    if (const auto numero = Numero::parse(slug)) return find(*numero);
    return std::nullopt;
}

std::optional<Anuncio> AnuncioRepository::find_by_reference(std::string_view referencia) {
    return sql::first(read("WHERE lower(referencia) = lower($1) AND referencia <> '' ORDER BY serie LIMIT 1",
                           {referencia}));
}

std::vector<Anuncio> AnuncioRepository::corrections_of(const AnuncioId& id, Instante now) {
    auto found =
        read("WHERE corrige = $1::uuid AND estado <> 'borrador' ORDER BY visible_desde, serie", {id.text()});
    std::erase_if(found, [&](const Anuncio& anuncio) { return !anuncio.is_public(now); });
    return found;
}

std::vector<Transicion> AnuncioRepository::history(const AnuncioId& id) {
    std::vector<Transicion> all;
    for (
        const auto row : tx_.exec(
            "SELECT extract(epoch from cuando)::bigint, accion, quien, nombre FROM sede_transicion WHERE anuncio = $1::uuid ORDER BY id",
            id.text()))
        all.push_back({row.integer(0), row.text(1), row.text(2), row.text(3)});
    return all;
}

}  // namespace sede
