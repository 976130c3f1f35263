// concejo calendar day|add-days|deadline|entry|year|check: the same answers, for operators and scripts.
#include "answers.hpp"
#include "mensaje.hpp"
#include "paginas.hpp"

namespace calendar {
namespace {

using concejo::Call;
using concejo::Terminal;

/// `help` is a msgid: the kernel translates it when it is shown.
Json option(const char* name, const char* help, bool required = false, bool flag = false) {
    return Json::object({{"name", name}, {"help", help}, {"required", required}, {"flag", flag}});
}

/// Option names have hyphens where fields have underscores.
Dato typed(const Json& arguments) {
    return [&arguments](std::string_view name) -> std::optional<std::string> {
        std::string word(name);
        for (char& c : word) c = c == '_' ? '-' : c;
        const Json* found = arguments.find(word);
        if (found && found->is_bool())
            return found->as_bool() ? std::optional<std::string>("si") : std::nullopt;
        return found && found->is_string() ? std::optional(found->as_string()) : std::nullopt;
    };
}

/// Runs what answers; what is wrong with the words of the command line ends in 2.
template <class Answer>
void answered(const Call& call, const Json& arguments, const Terminal& terminal, Answer&& answer) {
    const Entorno entorno(call);
    std::optional<Json> told;
    try {
        told = answer(entorno);
    } catch (const concejo::Error& error) {
        if (error.kind() != concejo::ErrorKind::invalid) throw;
        terminal.err(error.what());
        return terminal.exit_code(2);
    }
    const Json& said = *told;
    const Json& why = said["impedimento"];
    if (arguments.bool_or("json", false)) {
        terminal.out(said.dump());
    } else {
        for (const char* member : {"vence", "efectiva", "dia"}) {
            if (!said[member].is_string()) continue;
            terminal.out(said[member].as_string() +
                         (said["hora"].is_string() ? " " + said["hora"].as_string() : "") +
                         (said["motivo"].is_string() ? " " + said["motivo"].as_string() : ""));
            break;
        }
        const Json& steps = said["pasos"];
        if (steps.is_array()) {
            for (const auto& step : steps.as_array())
                terminal.out("  " + step.string_or("articulo", "") + "  " + step.string_or("texto", ""));
        }
        if (why.is_object()) terminal.err(why.string_or("articulo", "") + "  " + why.string_or("texto", ""));
    }
    // the question was right and there is no day: the answer is no
    if (why.is_object() || (said.contains("habil") && said["habil"].is_null())) terminal.exit_code(1);
}

void deadline_command(const Call& call, const Json& arguments, const Terminal& terminal) {
    answered(call, arguments, terminal, [&](const Entorno& entorno) {
        auto tx = call.begin();
        return answer_term(entorno, message_of(typed(arguments)), tx);
    });
}

void add_days_command(const Call& call, const Json& arguments, const Terminal& terminal) {
    answered(call, arguments, terminal, [&](const Entorno& entorno) {
        auto tx = call.begin();
        return answer_term(
            entorno,
            Json::object({{"desde", arguments.string_or("desde", "")},
                          {"cantidad", arguments.string_or("dias", "")},
                          {"unidad", arguments.bool_or("naturales", false) ? "naturales" : "habiles"}}),
            tx);
    });
}

void day_command(const Call& call, const Json& arguments, const Terminal& terminal) {
    answered(call, arguments, terminal, [&](const Entorno& entorno) {
        return answer_day(entorno, Json::object({{"dia", arguments.string_or("dia", iso(entorno.hoy))}}));
    });
}

void entry_command(const Call& call, const Json& arguments, const Terminal& terminal) {
    answered(call, arguments, terminal, [&](const Entorno& entorno) {
        return answer_entry(entorno,
                            Json::object({{"instante", arguments.contains("instante") ? arguments["instante"]
                                                                                      : Json(entorno.now)}}));
    });
}

void year_command(const Call& call, const Json& arguments, const Terminal& terminal) {
    const Entorno entorno(call);
    const Json said = answer_year(
        entorno, Json::object({{"ejercicio",
                                arguments.string_or("ejercicio", std::to_string(year_of(entorno.hoy)))}}));
    if (arguments.bool_or("json", false)) return terminal.out(said.dump());
    for (const auto& one : said["festivos"].as_array())
        terminal.out(one.string_or("fecha", "") + "\t" + one.string_or("ambito", "") + "\t" +
                     one.string_or("nombre", ""));
    for (const auto& one : said["faltan"].as_array())
        terminal.err(fill(call.tr("No consta la lista de fiestas: {lista}"), {{"lista", one.as_string()}}));
}

/// Whether deadlines of this year and the next can be counted.
void check_command(const Call& call, const Json& arguments, const Terminal& terminal) {
    const Entorno entorno(call);
    Json problems = Json::array();
    for (const auto& [year, frase] : entorno.problemas) problems.push_back(entorno.text(frase));
    for (const int year : {year_of(entorno.hoy), year_of(entorno.hoy) + 1}) {
        for (const auto capa : entorno.sede.missing(year))
            problems.push_back(
                entorno.text({N_("Calendario de {ejercicio}: no consta la lista «{lista}»."),
                              {{"ejercicio", Valor::numero(year)},
                               {"lista", Valor::texto(capa == Capa::local ? "locales" : "autonomicos")}}}));
    }
    if (arguments.bool_or("json", false))
        terminal.out(Json::object({{"correcto", problems.empty()}, {"problemas", problems}}).dump());
    else {
        for (const auto& one : problems.as_array()) terminal.err(one.as_string());
        if (problems.empty())
            terminal.out(call.tr("El calendario de este año y el del siguiente están completos."));
    }
    if (!problems.empty()) terminal.exit_code(1);
}

Json verb(const char* name, const char* help, std::initializer_list<Json> options) {
    return Json::object(
        {{"verb", name}, {"help", help}, {"options", Json(Json::Array(options))}, {"files", Json::array()}});
}

}  // namespace

void register_commands(concejo::Kernel& kernel) {
    kernel.command(
        verb("deadline", N_("Dice cuándo vence un plazo y por qué."),
             {option("desde", N_("día del acto, AAAA-MM-DD"), true),
              option("plazo", N_("duración: \"10 habiles\", \"15 naturales\", \"1 mes\", \"24 horas\"…"),
                     true),
              option("hora", N_("hora del acto, hh:mm")),
              option("origen", N_("notificacion, publicacion, silencio o registro")),
              option("objeto", N_("tramite, solicitud o recurso")),
              option("urgencia", N_("tramitación de urgencia"), false, true),
              option("suspension-desde", N_("día en que empezó la suspensión")),
              option("suspension-hasta", N_("día en que se levantó")),
              option("causa", N_("letra del artículo 22, por ejemplo 22.1.a")),
              option("ampliacion-cantidad", N_("cuánto se amplió")),
              option("ampliacion-unidad", N_("habiles, naturales o meses")),
              option("ampliacion-acordada", N_("día en que se acordó")),
              option("ampliacion-articulo", N_("32 o 23")),
              option("residencia-comunidad", N_("código de la comunidad donde reside, si es otro municipio")),
              option("residencia-locales", N_("fiestas locales de donde reside, separadas por comas"))}),
        deadline_command);
    kernel.command(
        verb("add-days", N_("Suma días hábiles, o naturales, a un día."),
             {option("desde", N_("día del acto, AAAA-MM-DD"), true), option("dias", N_("cuántos"), true),
              option("naturales", N_("cuentan todos los días"), false, true)}),
        add_days_command);
    kernel.command(verb("day", N_("Dice si un día es hábil y por qué."),
                        {option("dia", N_("AAAA-MM-DD; hoy, si no se indica"))}),
                   day_command);
    kernel.command(
        verb("entry", N_("Dice cuándo se entiende hecha una presentación en el registro."),
             {option("instante", N_("AAAA-MM-DDThh:mm en la hora de la sede; ahora, si no se indica"))}),
        entry_command);
    kernel.command(verb("year", N_("Lista las fiestas de un año."),
                        {option("ejercicio", N_("el año; este, si no se indica"))}),
                   year_command);
    kernel.command(verb("check", N_("Comprueba que consta el calendario de este año y del siguiente."), {}),
                   check_command);
}

}  // namespace calendar
