#include "articulo_11.hpp"

#include "fecha.hpp"
#include "paginas.hpp"

#include <concejo/services/calendar.hpp>
#include <concejo/services/evidence.hpp>

#include <algorithm>

namespace sede {
namespace {

using concejo::Json;
using concejo::Reply;
using concejo::Request;
using concejo::Terminal;

/// Builds the letters in order; each call adds what it finds to the last one.
class Repaso {
public:
    explicit Repaso(const Entorno& entorno)
        : entorno_(entorno), settings_(entorno.settings["articulo_11"]), legal_(entorno.municipio["legal"]) {
        const auto& modules = entorno.municipio.at("modules").as_array();
        for (const auto& one : modules) modules_.push_back(one.as_string());
    }

    void contents();
    void services();
    std::vector<Letra> take() { return std::move(letras_); }

private:
    std::string tr(const char* msgid) const { return entorno_.call.tr(msgid); }
    std::string url(const char* path) const { return entorno_.call.url(path); }
    bool has(std::string_view module) const {
        return std::find(modules_.begin(), modules_.end(), module) != modules_.end();
    }

    Repaso& letra(const char* apartado, std::string asunto) {
        return letras_.push_back({apartado, std::move(asunto), {}, {}, {}}), *this;
    }
    Repaso& row(std::string label, std::string text, std::string href = {}) {
        if (!text.empty())
            letras_.back().rows.push_back({std::move(label), std::move(text), std::move(href)});
        return *this;
    }
    Repaso& link(std::string text, const char* path) { return row("", std::move(text), url(path)); }
    /// Unless something has been found already.
    void need(std::string what) {
        if (letras_.back().rows.empty()) letras_.back().falta = std::move(what);
    }
    void need(bool there, std::string what) {
        if (!there && letras_.back().falta.empty()) letras_.back().falta = std::move(what);
    }
    void norma(const char* key) {
        if (const auto& one = settings_[key]; one.is_object())
            row("", one.string_or("texto", ""), one.string_or("enlace", ""));
    }
    void automated();
    void known_year();
    void seals();

    const Entorno& entorno_;
    const Json& settings_;
    const Json& legal_;
    std::vector<std::string> modules_;
    std::vector<Letra> letras_;
};

void Repaso::contents() {
    const auto& m = entorno_.municipio;
    const auto holder = legal_.string_or("holder", ""), body = legal_.string_or("responsible_body", "");
    letra("11.1.a", tr("Identificación de la sede, de su titular y de los órganos competentes"))
        .row(tr("Dirección"), m.string_or("url", ""), m.string_or("url", ""))
        .row(tr("Titular"), holder.empty() ? m.string_or("name", "") : holder)
        .row(tr("Órgano responsable de la gestión"), body);
    need(!body.empty(), tr("Indique el órgano responsable en legal.organo_responsable."));

    const auto& creation = legal_["creation"];
    letra("11.1.b", tr("Acto o disposición de creación"))
        .row(tr("Norma"), creation.string_or("rule", ""), creation.string_or("url", ""))
        .row(tr("Boletín oficial"), creation.string_or("gazette", ""));
    need(!creation.string_or("rule", "").empty(),
         tr("Indique la norma de creación en legal.creacion_sede.norma."));
    need(!creation.string_or("url", "").empty(),
         tr("Enlace la norma, o su publicación en el boletín, en legal.creacion_sede.enlace."));

    letra("11.1.c", tr("Cómo se usa, mapa, propiedad intelectual, protección de datos y accesibilidad"))
        .link(tr("Mapa web"), "/mapa-web")
        .link(tr("Aviso legal"), "/aviso-legal")
        .link(tr("Protección de datos"), "/privacidad")
        .link(tr("Accesibilidad"), "/accesibilidad");
    need(!legal_["privacy"].string_or("dpo_email", "").empty() &&
             !legal_["accessibility"].string_or("status", "").empty(),
         tr("Complete legal.proteccion_datos y legal.accesibilidad."));

    letra("11.1.d", tr("Sistemas de identificación y firma que se admiten"));
    if (const auto& all = settings_["identificacion"]; all.is_array()) {
        for (const auto& one : all.as_array()) row("", one.as_string());
    }
    need(tr("Indique los sistemas admitidos en modulos.sede.articulo_11.identificacion."));

    letra("11.1.e", tr("Norma que regula el registro electrónico"));
    norma("registro");
    need(tr("Indique la norma en modulos.sede.articulo_11.registro."));

    letra("11.1.f", tr("Fecha y hora oficiales y calendario de días inhábiles"));
    if (has("calendar"))
        link(tr("Fecha y hora oficial"), "/calendario/hora")
            .link(tr("Calendario de días inhábiles"), "/calendario");
    need(tr("Active el módulo calendar y ponga sus fiestas."));
    if (has("calendar")) known_year();

    letra("11.1.g", tr("Incidencias técnicas y ampliaciones de plazos"));
    if (has("calendar")) link(tr("Incidencias técnicas y ampliaciones de plazos"), "/calendario/incidencias");
    need(tr("Active el módulo calendar: publica las incidencias y las ampliaciones."));

    letra("11.1.h", tr("Servicios, procedimientos y trámites"));
    if (const auto& all = settings_["procedimientos"]; all.is_array()) {
        for (const auto& one : all.as_array())
            row(one.string_or("nombre", ""),
                fill(tr("Plazo máximo: {plazo}"), {{"plazo", one.string_or("plazo", "")}}),
                one.string_or("enlace", ""));
    }
    need(tr("Relacione los procedimientos en modulos.sede.articulo_11.procedimientos."));

    automated();
}

/// Only where its regional and local holidays are there does a calendar say of an ordinary day whether it counts.
void Repaso::known_year() {
    const auto year = entorno_.call.today().substr(0, 4);
    bool known = true;
    for (const char* day :
         {"-07-06", "-07-07", "-07-08", "-07-09", "-07-10"})  // at least three are Monday to Friday
        known = known && concejo::services::Calendar(entorno_.call).working(year + day).has_value();
    need(known, fill(tr("Faltan las fiestas de {ejercicio} en modulos.calendar.calendarios."),
                     {{"ejercicio", year}}));
}

/// RD 203/2021, art. 19.2: which they are, and who issued them.
void Repaso::seals() {
    letra("11.2.e", tr("Verificación de los sellos electrónicos"));
    if (!has("evidence")) return need(tr("Active el módulo evidence."));
    const auto all = concejo::services::seals(entorno_.call);
    for (const auto& one : all)
        row(one.titular, fill(tr("Emitido por {emisor}; válido hasta el {fecha}"),
                              {{"emisor", one.emisor}, {"fecha", entorno_.call.instant(one.hasta)}}));
    if (!all.empty())
        link(tr("Sellos electrónicos"), "/sellos").link(tr("Verificar un documento"), "/verificar");
    need(tr("Todavía no se ha sellado nada: publique el primer anuncio."));
    need(all.empty() || all.front().hasta > entorno_.now,
         tr("El certificado del sello ha caducado: ponga otro en modulos.evidence.sello."));
}

void Repaso::automated() {
    letra("11.1.i", tr("Actuaciones administrativas automatizadas"));
    const auto all_modules = entorno_.call.automated_actions();
    for (const auto& one : all_modules.as_array())
        row(one.at("label").as_string(), one.at("description").as_string());
    if (const auto& all = settings_["actuaciones"]; all.is_array()) {
        for (const auto& one : all.as_array())
            row(one.string_or("nombre", ""), one.string_or("descripcion", "") + " " +
                                                 one.string_or("responsable", "") + " " +
                                                 one.string_or("datos", ""));
    }
}

void Repaso::services() {
    letra("11.2.a", tr("Acceso a los trámites, con el plazo máximo de cada uno"));
    if (settings_["procedimientos"].is_array() && !settings_["procedimientos"].as_array().empty())
        link(tr("Servicios, procedimientos y trámites"), "/contenido-minimo#l-11-1-h");
    need(tr("Relacione los procedimientos en modulos.sede.articulo_11.procedimientos."));

    letra("11.2.b", tr("Sugerencias y quejas"))
        .row("", settings_.string_or("quejas", "").empty() ? "" : tr("Presentar una sugerencia o una queja"),
             settings_.string_or("quejas", ""));
    need(tr("Indique su página en modulos.sede.articulo_11.quejas."));

    letra("11.2.c", tr("Comunicaciones y reclamaciones sobre accesibilidad"))
        .link(tr("Accesibilidad"), "/accesibilidad");
    need(!legal_["accessibility"].string_or("email", "").empty(),
         tr("Complete legal.accesibilidad: correo y teléfono."));

    letra("11.2.d", tr("Verificación del certificado de la sede"))
        .row("", settings_.string_or("certificado", "").empty() ? "" : tr("Comprobar el certificado"),
             settings_.string_or("certificado", ""));
    need(tr("Indique dónde se verifica en modulos.sede.articulo_11.certificado."));

    seals();

    letra("11.2.f", tr("Comprobación de documentos con código seguro de verificación"));
    if (has("evidence")) link(tr("Verificar un documento"), "/verificar");
    need(tr("Active el módulo evidence."));

    letra("11.2.g", tr("Presentación masiva, en su caso"));
    norma("presentacion_masiva");
    letra("11.2.h", tr("Modelos normalizados de solicitud, en su caso"));
    norma("modelos");

    letra("11.2.i", tr("Oficinas de asistencia en materia de registros"));
    if (const auto& all = settings_["oficinas"]; all.is_array()) {
        for (const auto& one : all.as_array()) {
            std::string text = one.string_or("direccion", "");
            for (const char* more : {"horario", "dir3"}) {
                if (const auto value = one.string_or(more, ""); !value.empty()) text += " · " + value;
            }
            row(one.string_or("nombre", ""), text, one.string_or("enlace", ""));
        }
    }
    need(tr("Relacione las oficinas en modulos.sede.articulo_11.oficinas."));

    letra("11.3", tr("Códigos DIR3 de los órganos y oficinas"))
        .row(entorno_.municipio.string_or("name", ""),
             entorno_.municipio["dir3"].is_string() ? entorno_.municipio["dir3"].as_string() : "");
    if (const auto& all = settings_["unidades"]; all.is_array()) {
        for (const auto& one : all.as_array()) row(one.string_or("nombre", ""), one.string_or("dir3", ""));
    }
    need(tr("Indique el código DIR3 en municipio.dir3."));
}

void minimum_contents(const Request& request, Reply& reply) {
    const LegalTexts t(request);
    std::vector<Section> sections;
    for (auto& one : articulo_11(t.entorno)) {
        if (one.rows.empty() && one.paragraphs.empty()) {
            if (one.falta.empty()) continue;  // «en su caso», and there is none
            one.paragraphs.push_back(request.tr("Este municipio todavía no lo ofrece."));
        }
        std::string id = "l-" + one.apartado;
        std::replace(id.begin(), id.end(), '.', '-');
        sections.push_back({id, one.asunto, one.paragraphs, {}, one.rows});
    }
    t.reply(
        reply, "/contenido-minimo", request.tr("Contenido y servicios de la sede"),
        request.tr(
            "Lo que la ley pide a una sede electrónica y dónde está en esta (Real Decreto 203/2021, artículo 11)."),
        sections);
}

void check_command(const concejo::Call& call, const Json& arguments, const Terminal& terminal) {
    const Entorno entorno(call);
    Json all = Json::array();
    bool whole = true;
    for (const auto& one : articulo_11(entorno)) {
        whole = whole && one.falta.empty();
        Json found = Json::array();
        for (const auto& row : one.rows)
            found.push_back(
                Json::object({{"texto", row.label.empty() ? row.text : row.label + ": " + row.text},
                              {"enlace", row.href.empty() ? Json() : Json(row.href)}}));
        for (const auto& text : one.paragraphs)
            found.push_back(Json::object({{"texto", text}, {"enlace", Json()}}));
        all.push_back(Json::object({{"apartado", one.apartado},
                                    {"asunto", one.asunto},
                                    {"cumple", one.falta.empty()},
                                    {"contenido", found},
                                    {"falta", one.falta.empty() ? Json() : Json(one.falta)}}));
        if (!arguments.bool_or("json", false))
            terminal.out((one.falta.empty() ? "✓ " : "✗ ") + one.apartado + "  " + one.asunto +
                         (one.falta.empty() ? "" : "\n      " + one.falta));
    }
    if (arguments.bool_or("json", false))
        terminal.out(
            Json::object(
                {{"completo", whole}, {"norma", "Real Decreto 203/2021, artículo 11"}, {"apartados", all}})
                .dump());
    if (!whole) terminal.exit_code(1);
}

}  // namespace

std::vector<Letra> articulo_11(const Entorno& entorno) {
    Repaso repaso(entorno);
    repaso.contents();
    repaso.services();
    return repaso.take();
}

void register_articulo_11(concejo::Kernel& kernel) {
    kernel.page("/contenido-minimo", minimum_contents,
                {.permission = "", .uploads = false, .cached = true, .body_limit = 0});
    kernel.menu(Json::object({{"place", "footer"},
                              {"group", N_("Sede electrónica")},
                              {"label", N_("Contenido y servicios de la sede")},
                              {"path", "/contenido-minimo"},
                              {"order", 15}}));
    kernel.command(
        Json::object(
            {{"verb", "check"},
             {"help",
              N_("Repasa letra por letra el artículo 11 del Real Decreto 203/2021 y dice lo que falta.")},
             {"options", Json::array()},
             {"files", Json::array()}}),
        check_command);
}

}  // namespace sede
