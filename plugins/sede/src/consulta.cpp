#include "consulta.hpp"

#include <charconv>

namespace sede {
namespace {

constexpr auto exposed = "estado = 'publicado' AND visible_desde <= now() AND visible_hasta > now()";
constexpr auto over =
    "estado <> 'borrador' AND ((estado = 'publicado' AND visible_hasta <= now()) OR (estado = 'retirado' AND retirado_en >= visible_desde))";
constexpr auto shown =
    "estado <> 'borrador' AND visible_desde <= now() AND (estado = 'publicado' OR retirado_en >= visible_desde)";

std::string scope(const Filtro& filtro) {
    switch (filtro.ambito) {
        case Ambito::vigente:
            return exposed;
        case Ambito::archivo:
            return over;
        case Ambito::publico:
            return shown;
        case Ambito::gestion:
            break;
    }
    return filtro.situacion.empty() ? "true" : situation(filtro.situacion);
}

std::string place(Consulta& consulta, std::string value) {
    consulta.parametros.push_back(std::move(value));
    return "$" + std::to_string(consulta.parametros.size());
}

}  // namespace

std::optional<Cursor> Cursor::parse(std::string_view text) {
    Cursor cursor{};
    const char* end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, cursor.micros);
    if (first.ec != std::errc{} || first.ptr == end || *first.ptr != '_') return std::nullopt;
    const auto second = std::from_chars(first.ptr + 1, end, cursor.serie);
    if (second.ec != std::errc{} || second.ptr != end) return std::nullopt;
    return cursor;
}

std::string Cursor::text() const { return std::to_string(micros) + "_" + std::to_string(serie); }

std::string situation(std::string_view wanted) {
    if (wanted == "borrador") return "estado = 'borrador'";
    if (wanted == "programado") return "estado = 'publicado' AND visible_desde > now()";
    if (wanted == "expuesto") return exposed;
    if (wanted == "archivado") return "estado = 'publicado' AND visible_hasta <= now()";
    if (wanted == "retirado") return "estado = 'retirado'";
    return "false";
}

const char* order_column(Ambito ambito) {
    return ambito == Ambito::gestion ? "modificado_en" : "visible_desde";
}

Consulta count_query(const Filtro& filtro) {
    Consulta consulta;
    auto& where = consulta.where;
    where = scope(filtro);
    if (where.find(" OR ") != std::string::npos) where = "(" + where + ")";
    if (!filtro.tipo.empty()) where += " AND tipo = " + place(consulta, filtro.tipo);
    if (!filtro.organo.empty()) where += " AND organo = " + place(consulta, filtro.organo);
    if (filtro.desde) where += " AND hasta >= " + place(consulta, filtro.desde->iso()) + "::date";
    if (filtro.hasta) where += " AND desde <= " + place(consulta, filtro.hasta->iso()) + "::date";
    if (!filtro.texto.empty()) {
        const auto words = place(consulta, filtro.texto);
        consulta.texto = static_cast<int>(consulta.parametros.size());
        where += " AND (busqueda @@ ext.search_query('es', " + words + ")";
        if (const auto numero = Numero::parse(filtro.texto)) {
            where += " OR (ejercicio = " + place(consulta, std::to_string(numero->year()));
            where += "::int AND numero = " + place(consulta, std::to_string(numero->number())) + "::int)";
        }
        where += " OR lower(referencia) = lower(" + words + "))";
    }
    return consulta;
}

Consulta page_query(const Filtro& filtro) {
    Consulta consulta = count_query(filtro);
    const std::string column = order_column(filtro.ambito);
    const auto& cursor = filtro.antes ? filtro.antes : filtro.despues;
    consulta.reversed = filtro.antes.has_value();
    if (cursor) {
        consulta.where += " AND (" + column + ", serie) " + (consulta.reversed ? ">" : "<");
        consulta.where += " (timestamptz 'epoch' + " + place(consulta, std::to_string(cursor->micros));
        consulta.where += "::bigint * interval '1 microsecond', " +
                          place(consulta, std::to_string(cursor->serie)) + "::bigint)";
    }
    const std::string direction = consulta.reversed ? " ASC" : " DESC";
    consulta.order = "ORDER BY " + column + direction + ", serie" + direction + " LIMIT " +
                     std::to_string(filtro.limite + 1);
    return consulta;
}

}  // namespace sede
