#include "answers.hpp"

namespace calendar {
namespace {

constexpr std::size_t most_terms = 10'000;

Dia day_in(const Entorno& entorno, const Json& message, const char* member) {
    const auto day = parse_dia(message.string_or(member, ""));
    if (!day) refuse(entorno, {{member, {N_("Debe ser una fecha AAAA-MM-DD entre 2000 y 2199.")}}});
    return *day;
}

}  // namespace

Json answer_day(const Entorno& entorno, const Json& message) {
    const Dia day = day_in(entorno, message, "dia");
    return to_json(entorno, day, entorno.sede.at(day));
}

Json answer_term(const Entorno& entorno, const Json& message, concejo::Transaction& tx) {
    IncidenciaRepository incidencias(tx);
    return to_json(entorno, count_or_refuse(entorno, message, incidencias));
}

Json answer_entry(const Entorno& entorno, const Json& message) {
    if (message["instante"].is_int()) {
        const auto seconds = message["instante"].as_int();
        if (seconds < 946'684'800 || seconds > 7'258'118'399)
            refuse(entorno, {{"instante", {N_("Debe estar entre los años 2000 y 2199.")}}});
        return to_json(entorno, presentacion(seconds, entorno.sede, entorno.zona));
    }
    const auto text = message.string_or("instante", "");
    const auto day = text.size() == 16 ? parse_dia(text.substr(0, 10)) : std::nullopt;
    const auto time =
        day && (text[10] == 'T' || text[10] == ' ') ? Hora::parse(text.substr(11)) : std::nullopt;
    if (!time || time->minutos >= 24 * 60)
        refuse(entorno, {{"instante", {N_("Debe ser AAAA-MM-DDThh:mm, en la hora de la sede.")}}});
    return to_json(entorno, presentacion(entorno.zona.at(*day, *time), entorno.sede, entorno.zona));
}

Json answer_year(const Entorno& entorno, const Json& message) {
    const auto year =
        message["ejercicio"].is_int()
            ? std::optional(message["ejercicio"].as_int())
            : std::optional<std::int64_t>(parse_number(message.string_or("ejercicio", "")).value_or(0));
    if (*year < first_year || *year > last_year)
        refuse(entorno, {{"ejercicio", {N_("El año debe estar entre 2000 y 2199.")}}});
    return year_json(entorno, static_cast<int>(*year));
}

Json answer_affected(const Entorno& entorno, const Json& message, concejo::Transaction& tx) {
    const Json& list = message["plazos"];
    if (!list.is_array() || list.size() > most_terms)
        refuse(entorno, {{"plazos", {N_("Debe ser una lista de 10000 plazos como mucho.")}}});
    std::vector<std::pair<std::string, Dia>> terms;
    for (const auto& one : list.as_array())
        terms.emplace_back(one.string_or("id", ""), day_in(entorno, one, "vence"));
    Json moved = Json::array();
    for (const auto& one : affected(terms, IncidenciaRepository(tx).prorrogas()))
        moved.push_back(Json::object({{"id", one.id},
                                      {"vencia", iso(one.vencia)},
                                      {"vence", iso(one.vence)},
                                      {"incidencia", one.incidencia}}));
    return Json::object({{"afectados", moved}});
}

}  // namespace calendar
