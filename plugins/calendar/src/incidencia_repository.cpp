#include "incidencia_repository.hpp"

#include <concejo/error.hpp>

namespace calendar {
namespace {

constexpr auto columns =
    "SELECT id, clase, sistema, descripcion, extract(epoch FROM inicio)::bigint, extract(epoch FROM creada_en)::bigint, creada_por, nombre FROM calendar_incidencia ";

Incidencia read(const concejo::Rows::Row& row) {
    return {row.integer(0), row.view(1) == "ciberincidente", row.text(2), row.text(3), row.integer(4),
            row.integer(5), {row.text(6), row.text(7)},      {}};
}

Dia day_in(const concejo::Rows::Row& row, std::uint32_t column) {
    return row.is_null(column) ? Dia{} : parse_dia(row.view(column)).value_or(Dia{});
}
Instante instant(const concejo::Rows::Row& row, std::uint32_t column) {
    return row.is_null(column) ? 0 : row.integer(column);
}

}  // namespace

void IncidenciaRepository::follow(std::vector<Incidencia>& all) {
    if (all.empty()) return;
    concejo::Json ids = concejo::Json::array();
    for (const auto& one : all) ids.push_back(one.id);
    const auto rows = tx_.exec(
        "SELECT incidencia, id, accion, extract(epoch FROM cuando)::bigint, quien, nombre, extract(epoch FROM fin)::bigint, desde, hasta, nuevo, acuerdo, texto, anula FROM calendar_paso "
        "WHERE incidencia = ANY (SELECT jsonb_array_elements_text($1::jsonb)::bigint) ORDER BY id",
        ids);
    for (const auto& row : rows) {
        for (auto& one : all) {
            if (one.id != row.integer(0)) continue;
            one.pasos.push_back({row.integer(1),
                                 row.text(2),
                                 row.integer(3),
                                 {row.text(4), row.text(5)},
                                 instant(row, 6),
                                 day_in(row, 7),
                                 day_in(row, 8),
                                 day_in(row, 9),
                                 row.text(10),
                                 row.text(11),
                                 instant(row, 12)});
        }
    }
}

std::vector<Incidencia> IncidenciaRepository::page(std::int64_t after, int limit) {
    std::vector<Incidencia> all;
    for (const auto& row :
         tx_.exec(std::string(columns) + "WHERE $1::bigint = 0 OR id < $1 ORDER BY id DESC LIMIT $2", after,
                  limit))
        all.push_back(read(row));
    follow(all);
    return all;
}

std::optional<Incidencia> IncidenciaRepository::find(std::int64_t id) {
    std::vector<Incidencia> all;
    for (const auto& row : tx_.exec(std::string(columns) + "WHERE id = $1", id)) all.push_back(read(row));
    follow(all);
    return all.empty() ? std::nullopt : std::optional(std::move(all.front()));
}

std::int64_t IncidenciaRepository::add(const Incidencia& one) {
    return tx_
        .exec(
            "INSERT INTO calendar_incidencia (clase, sistema, descripcion, inicio, creada_por, nombre) VALUES ($1, $2, $3, to_timestamp($4), $5, $6) RETURNING id",
            one.ciberincidente ? "ciberincidente" : "tecnica", one.sistema, one.descripcion, one.inicio,
            one.quien.id, one.quien.nombre)[0]
        .integer(0);
}

void IncidenciaRepository::add(std::int64_t incidencia, const Seguimiento& one) {
    const bool extends = one.accion == "ampliar";
    const auto when = [&](Dia value) { return extends ? std::optional(iso(value)) : std::nullopt; };
    tx_.exec(
        "INSERT INTO calendar_paso (incidencia, accion, quien, nombre, fin, desde, hasta, nuevo, acuerdo, texto, anula) "
        "VALUES ($1, $2, $3, $4, to_timestamp($5), $6, $7, $8, $9, $10, $11)",
        incidencia, one.accion, one.quien.id, one.quien.nombre,
        one.accion == "resolver" ? std::optional(one.fin) : std::nullopt, when(one.desde), when(one.hasta),
        when(one.nuevo), one.acuerdo, one.texto,
        one.accion == "anular" ? std::optional(one.anula) : std::nullopt);
}

std::vector<Prorroga> IncidenciaRepository::prorrogas() {
    std::vector<Prorroga> all;
    const auto rows = tx_.exec(
        "SELECT p.desde, p.hasta, p.nuevo, i.clase, i.id FROM calendar_paso p JOIN calendar_incidencia i ON i.id = p.incidencia "
        "WHERE p.accion = 'ampliar' AND NOT EXISTS (SELECT 1 FROM calendar_paso a WHERE a.anula = p.id) ORDER BY p.id");
    for (const auto& row : rows)
        all.push_back(
            {day_in(row, 0), day_in(row, 1), day_in(row, 2), row.view(3) == "ciberincidente", row.text(4)});
    return all;
}

}  // namespace calendar
