// The accessibility statement, in the order and with the headings of the model of Decision (EU) 2018/1523.
// The State's Observatory looks for these headings and phrases in each language: the translations keep them.
#include "legal.hpp"

namespace sede {
namespace {

std::string status_text(const concejo::Call& call, const std::string& status) {
    if (status == "plena")
        return call.tr("Este sitio web es plenamente conforme con el Real Decreto 1112/2018.");
    if (status == "no_conforme")
        return call.tr(
            "Este sitio web no es conforme con el Real Decreto 1112/2018. Los aspectos que no lo son se indican a continuación.");
    return call.tr(
        "Este sitio web es parcialmente conforme con el Real Decreto 1112/2018 debido a la falta de conformidad de los aspectos que se indican a continuación.");
}

/// dd/mm/aaaa, as the model has it in every language.
std::string numeric(const std::string& iso) {
    const auto day = Fecha::parse(iso);
    return day ? day->typed() : iso;
}

}  // namespace

void accessibility(const concejo::Request& request, concejo::Reply& reply) {
    const LegalTexts t(request);
    const auto& a = t.legal["accessibility"];
    std::string status = a.string_or("status", "");
    std::vector<Section> sections;
    sections.push_back(
        {"compromiso",
         request.tr("Compromiso de accesibilidad"),
         {fill(
              request.tr(
                  "{titular} se ha comprometido a hacer accesible su sitio web de conformidad con el Real Decreto 1112/2018, de 7 de septiembre, sobre accesibilidad de los sitios web y aplicaciones para dispositivos móviles del sector público."),
              {{"titular", t.holder()}}),
          fill(request.tr("La presente declaración de accesibilidad se aplica al sitio web {direccion}."),
               {{"direccion", t.entorno.municipio.string_or("url", "")}})},
         {},
         {}});
    sections.push_back(
        {"situacion", request.tr("Situación de cumplimiento"), {status_text(request, status)}, {}, {}});
    Section exceptions{"contenido", request.tr("Contenido no accesible"), {}, {}, {}};
    if (a["exceptions"].is_array()) {
        for (const auto& exception : a["exceptions"].as_array())
            exceptions.items.push_back(exception.as_string());
    }
    if (status != "plena" && exceptions.items.empty())
        exceptions.items.push_back(request.tr(
            "Falta de conformidad con el RD 1112/2018: algunos PDF publicados en el tablón proceden de documentos escaneados y no tienen texto ni etiquetas. Puede pedirlos en un formato accesible."));
    exceptions.paragraphs.push_back(
        exceptions.items.empty()
            ? request.tr("No se conoce ningún contenido que no sea accesible.")
            : request.tr("El contenido que se recoge a continuación no es accesible por lo siguiente:"));
    sections.push_back(exceptions);

    const bool third_party = a.string_or("method", "") == "tercero";
    const std::string prepared = a.string_or("date", ""), reviewed = a.string_or("review", "");
    std::vector<std::string> preparation;
    if (!prepared.empty())
        preparation.push_back(fill(request.tr("La presente declaración fue preparada el {fecha}."),
                                   {{"fecha", numeric(prepared)}}));
    preparation.push_back(
        third_party
            ? request.tr(
                  "El método empleado para preparar la declaración ha sido una evaluación llevada a cabo por un tercero.")
            : request.tr(
                  "El método empleado para preparar la declaración ha sido una autoevaluación llevada a cabo por el propio organismo."));
    if (!reviewed.empty())
        preparation.push_back(fill(
            request.tr(
                "Última revisión de la declaración: {fecha}. La declaración fue revisada por última vez en esa fecha."),
            {{"fecha", numeric(reviewed)}}));
    sections.push_back({"preparacion",
                        request.tr("Preparación de la presente declaración de accesibilidad"),
                        preparation,
                        {},
                        {}});

    const auto or_contact = [&](const char* key, const char* contact) {
        const std::string own = a.string_or(key, "");
        return own.empty() ? t.contact(contact) : own;
    };
    sections.push_back(
        {"contacto",
         request.tr("Observaciones y datos de contacto"),
         {request.tr(
             "Puede comunicar cualquier posible incumplimiento, las dificultades de acceso al contenido o cualquier otra consulta o sugerencia de mejora (artículo 10.2.a del Real Decreto 1112/2018), y presentar una queja o una solicitud de información accesible (artículo 12), por estos medios. Se contestará en el plazo de veinte días hábiles.")},
         {},
         t.rows({{request.tr("Correo electrónico"), or_contact("email", "email")},
                 {request.tr("Teléfono"), or_contact("phone", "phone")},
                 {request.tr("Oficina"), t.contact("address")}})});
    sections.push_back(
        {"procedimiento",
         request.tr("Procedimiento de aplicación"),
         {request.tr(
             "Si, una vez realizada una solicitud de información accesible o una queja, esta se desestima, no se está de acuerdo con la decisión adoptada o la respuesta no cumple los requisitos del artículo 12.5, la persona interesada puede iniciar una reclamación. También puede iniciarla si han pasado veinte días hábiles sin respuesta.")},
         {},
         t.links(
             {{request.tr("Reclamación"), a.string_or("claims_url", ""), a.string_or("claims_url", "")}})});
    sections.push_back(
        {"opcional",
         request.tr("Contenido opcional"),
         {request.tr(
             "Este sitio está hecho para los requisitos de la norma UNE-EN 301549:2022 y las Pautas de Accesibilidad para el Contenido Web 2.1, nivel AA. Funciona con el teclado, sin JavaScript, con el texto ampliado y en modo claro y oscuro.")},
         {},
         {}});
    t.reply(
        reply, "/accesibilidad", request.tr("Declaración de accesibilidad"),
        request.tr("Hasta qué punto es accesible esta sede electrónica y qué puede hacer si algo no lo es."),
        sections);
}

}  // namespace sede
