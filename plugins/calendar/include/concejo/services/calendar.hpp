// The legal clock for other plugins: calendar:1, typed. Header only; needs the SDK and nothing else.
//
//   requires "bus/1" and, in the descriptor, "calendar:1" (or optional, and then say openly that no date can be given)
//   const concejo::services::Calendar calendar(request);
//   const auto term = calendar.term({.desde = "2026-01-31", .plazo = "1 meses"});
//   if (term.vence) … else show term.impedimento
#pragma once

#include <concejo/call.hpp>

namespace concejo::inline v1::services {

/// Why, in the language of the call: one rule applied.
struct PasoPlazo {
    std::string articulo, codigo, texto;
};

struct SuspensionPlazo {
    std::string desde, hasta;  ///< AAAA-MM-DD; an empty `hasta` goes on
    std::string causa;         ///< "22.1.a" … "22.2.c", or empty
};

struct AmpliacionPlazo {
    std::int64_t cantidad;
    std::string unidad;           ///< "habiles", "naturales", "meses", "años"
    std::string acordada;         ///< AAAA-MM-DD
    std::string articulo = "32";  ///< or "23"
};

struct PeticionPlazo {
    std::string desde;                    ///< AAAA-MM-DD of the act, on the body's clock
    std::string plazo;                    ///< "10 habiles", "15 naturales", "1 meses", "2 años", "24 horas"
    std::string hora{};                   ///< hh:mm: needed for terms in hours
    std::string origen = "notificacion";  ///< "publicacion", "silencio", "registro"
    std::string objeto = "tramite";       ///< "solicitud", "recurso": urgency does not shorten those
    bool urgencia = false;
    std::vector<SuspensionPlazo> suspensiones{};
    std::vector<AmpliacionPlazo> ampliaciones{};
    std::string residencia{};  ///< region's code, where the person lives in another municipality (art. 30.6)
    std::vector<std::string> residencia_locales{};  ///< its local days, AAAA-MM-DD
};

struct RespuestaPlazo {
    std::optional<std::string> vence;  ///< AAAA-MM-DD; nothing: `impedimento` says why
    std::optional<std::string> hora;   ///< of terms in hours; "24:00" is the end of the day
    std::string instante;              ///< RFC 3339, the first instant after the term
    std::string codigo;                ///< of the impediment: "no_consta", "vencido", "excede" …
    std::string impedimento;
    std::vector<PasoPlazo> pasos;
};

/// A document in the register (art. 31.2): when it counts as presented, and its place among the others.
struct EntradaRegistro {
    std::optional<std::string> efectiva;  ///< RFC 3339; nothing where the calendar is not known
    bool inhabil = false;
    std::string impedimento;
    std::vector<PasoPlazo> pasos;
};

struct PlazoMovido {
    std::string id, vencia, vence, incidencia;
};

class Calendar {
public:
    /// With a transaction, what it reads is what that transaction sees.
    explicit Calendar(const Call& call, Transaction* tx = nullptr) : call_(call), tx_(tx) {}

    /// Error{invalid} for what no calendar or clock has; Error{not_found} where the municipality has no calendar module.
    RespuestaPlazo term(const PeticionPlazo& asked) const {
        const Json said = ask("plazo", message(asked));
        RespuestaPlazo answer;
        if (said["vence"].is_string()) answer.vence = said["vence"].as_string();
        if (said["hora"].is_string()) answer.hora = said["hora"].as_string();
        answer.instante = said.string_or("instante", "");
        answer.codigo = said["impedimento"].string_or("codigo", "");
        answer.impedimento = said["impedimento"].string_or("texto", "");
        answer.pasos = steps(said);
        return answer;
    }
    /// Whether that day counts; nothing where its year's calendar is not known.
    std::optional<bool> working(std::string_view dia) const {
        const Json said = ask("dia", Json::object({{"dia", dia}}));
        return said["habil"].is_bool() ? std::optional(said["habil"].as_bool()) : std::nullopt;
    }
    EntradaRegistro entry(std::int64_t unix_seconds) const {
        const Json said = ask("presentacion", Json::object({{"instante", unix_seconds}}));
        EntradaRegistro answer;
        if (said["efectiva"].is_string()) answer.efectiva = said["efectiva"].as_string();
        answer.inhabil = said.bool_or("inhabil", false);
        answer.impedimento = said["impedimento"].string_or("texto", "");
        answer.pasos = steps(said);
        return answer;
    }
    /// Of those terms ({id, last day}), the ones that published extensions move (arts. 32.4 and 32.5). Ask again on the events
    /// "calendar.ampliacion" and "calendar.ampliacion.anulada".
    std::vector<PlazoMovido> affected(const std::vector<std::pair<std::string, std::string>>& terms) const {
        Json list = Json::array();
        for (const auto& [id, vence] : terms) list.push_back(Json::object({{"id", id}, {"vence", vence}}));
        const Json said = ask("afectados", Json::object({{"plazos", list}}));
        std::vector<PlazoMovido> moved;
        for (const auto& one : said.at("afectados").as_array())
            moved.push_back({one.string_or("id", ""), one.string_or("vencia", ""), one.string_or("vence", ""),
                             one.string_or("incidencia", "")});
        return moved;
    }

private:
    Json ask(std::string_view method, const Json& message) const {
        return call_.ask_service("calendar:1", method, message, tx_);
    }

    static Json message(const PeticionPlazo& asked) {
        Json message = Json::object({{"desde", asked.desde},
                                     {"plazo", asked.plazo},
                                     {"origen", asked.origen},
                                     {"objeto", asked.objeto},
                                     {"urgencia", asked.urgencia}});
        if (!asked.hora.empty()) message["hora"] = asked.hora;
        for (const auto& one : asked.suspensiones)
            message["suspensiones"].push_back(
                Json::object({{"desde", one.desde}, {"hasta", one.hasta}, {"causa", one.causa}}));
        for (const auto& one : asked.ampliaciones)
            message["ampliaciones"].push_back(Json::object({{"cantidad", one.cantidad},
                                                            {"unidad", one.unidad},
                                                            {"acordada", one.acordada},
                                                            {"articulo", one.articulo}}));
        if (asked.residencia.empty()) return message;
        Json local = Json::array();
        for (const auto& day : asked.residencia_locales) local.push_back(day);
        message["residencia"] = Json::object({{"comunidad", asked.residencia}, {"locales", local}});
        return message;
    }
    static std::vector<PasoPlazo> steps(const Json& said) {
        std::vector<PasoPlazo> all;
        for (const auto& one : said.at("pasos").as_array())
            all.push_back(
                {one.string_or("articulo", ""), one.string_or("codigo", ""), one.string_or("texto", "")});
        return all;
    }

    const Call& call_;
    Transaction* tx_;
};

}  // namespace concejo::inline v1::services
