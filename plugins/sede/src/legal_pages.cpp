// The pages that every sede must link: made of the municipality's file and of texts kept here.
// Ley 34/2002 art. 10, RGPD art. 13, Ley 34/2002 art. 22.2, RD 1112/2018 art. 15, RD 203/2021 art. 11.
#include "legal.hpp"
#include "paginas.hpp"

namespace sede {
namespace {

using concejo::Reply;
using concejo::Request;

void legal_notice(const Request& request, Reply& reply) {
    const LegalTexts t(request);
    const auto& m = t.entorno.municipio;
    std::vector<Section> sections;
    sections.push_back({"titular",
                        request.tr("Titular"),
                        {},
                        {},
                        t.rows({{request.tr("Titular"), t.holder()},
                                {"NIF", m.string_or("nif", "")},
                                {"DIR3", m.string_or("dir3", "")},
                                {request.tr("Domicilio"), t.contact("address")},
                                {request.tr("Teléfono"), t.contact("phone")},
                                {request.tr("Correo electrónico"), t.contact("email")}})});
    sections.push_back(
        {"uso",
         request.tr("Condiciones de uso"),
         {request.tr(
              "El acceso a esta sede es libre y gratuito. Quien la usa se compromete a no dañar los sistemas ni la información que contienen."),
          request.tr(
              "El titular responde de la integridad, la veracidad y la actualización de la información y de los servicios de esta sede, según el artículo 38.2 de la Ley 40/2015.")},
         {},
         {}});
    sections.push_back(
        {"propiedad",
         request.tr("Propiedad intelectual y reutilización"),
         {request.tr(
             "Los textos oficiales no son objeto de propiedad intelectual. El resto de los contenidos puede reutilizarse citando la fuente y la fecha de la última actualización, sin desnaturalizar su sentido, según la Ley 37/2007.")},
         {},
         {}});
    sections.push_back(
        {"enlaces",
         request.tr("Enlaces a otros sitios"),
         {request.tr(
             "El titular no responde del contenido de los sitios ajenos a los que esta sede enlaza.")},
         {},
         {}});
    const auto more = t.entorno.localized(t.legal["notice"]);
    if (!more.text.empty())
        sections.push_back({"ademas", request.tr("Otras condiciones"), {more.text}, {}, {}});
    t.reply(reply, "/aviso-legal", request.tr("Aviso legal"),
            request.tr("Quién es el titular de esta sede y en qué condiciones se usa."), sections);
}

void privacy(const Request& request, Reply& reply) {
    const LegalTexts t(request);
    const auto& p = t.legal["privacy"];
    std::vector<Section> sections;
    sections.push_back(
        {"responsable",
         request.tr("Responsable del tratamiento"),
         {},
         {},
         t.rows({{request.tr("Responsable"),
                  p.string_or("responsible", "").empty() ? t.holder() : p.string_or("responsible", "")},
                 {request.tr("Domicilio"), t.contact("address")},
                 {request.tr("Delegado de protección de datos"), p.string_or("dpo_name", "")},
                 {request.tr("Correo del delegado"), p.string_or("dpo_email", "")},
                 {request.tr("Dirección del delegado"), p.string_or("dpo_address", "")}})});
    sections.push_back(
        {"finalidad",
         request.tr("Para qué se tratan los datos y con qué base"),
         {request.tr(
              "Los datos que usted da se tratan para tramitar lo que pide y para cumplir las obligaciones legales del Ayuntamiento. La base jurídica es el ejercicio de poderes públicos y el cumplimiento de obligaciones legales (artículo 6.1, letras c y e, del Reglamento General de Protección de Datos)."),
          request.tr(
              "Consultar esta sede no exige identificarse. Los registros de acceso guardan lo necesario para la seguridad del servicio y no sirven para seguir a nadie.")},
         {},
         {}});
    for (const auto& module : t.entorno.municipio["modules"].as_array())
        if (module.as_string() == "open-data")
            sections.back().paragraphs.push_back(request.tr(
                "Quien sigue los datos abiertos por correo electrónico lo hace con su consentimiento (artículo 6.1.a): su dirección se usa solo para eso, se guarda mientras siga algo y se borra en cuanto lo deja."));
    sections.push_back(
        {"destinatarios",
         request.tr("A quién se comunican y cuánto tiempo se guardan"),
         {request.tr(
              "Los datos se comunican a otras Administraciones cuando una ley lo ordena o lo permite. No se transfieren fuera de la Unión Europea."),
          request.tr(
              "Se conservan el tiempo necesario para cada procedimiento y, después, el que marca la normativa de archivos.")},
         {},
         {}});
    sections.push_back(
        {"derechos",
         request.tr("Sus derechos"),
         {request.tr(
              "Puede pedir el acceso, la rectificación, la supresión, la limitación y la oposición ante el responsable o ante el delegado de protección de datos."),
          request.tr(
              "Si cree que sus datos no se han tratado bien, puede reclamar ante la autoridad de control.")},
         {},
         t.links({{request.tr("Autoridad de control"),
                   p.string_or("authority_name", "").empty()
                       ? request.tr("Agencia Española de Protección de Datos")
                       : p.string_or("authority_name", ""),
                   p.string_or("authority_url", "").empty() ? "https://www.aepd.es"
                                                            : p.string_or("authority_url", "")},
                  {request.tr("Registro de actividades de tratamiento"), p.string_or("register_url", ""),
                   p.string_or("register_url", "")}})});
    t.reply(reply, "/privacidad", request.tr("Protección de datos"),
            request.tr("Qué hace el Ayuntamiento con los datos personales y qué derechos tiene usted."),
            sections);
}

void cookies(const Request& request, Reply& reply) {
    const LegalTexts t(request);
    const auto cookie = [&](std::string name, std::string purpose, std::string lasts) {
        return Row{std::move(name),
                   purpose + " " + fill(request.tr("Duración: {tiempo}."), {{"tiempo", lasts}}), ""};
    };
    std::vector<Row> rows{
        cookie(request.tr("Idioma"), request.tr("Recuerda el idioma que usted elige."), request.tr("un año")),
        cookie(request.tr("Sesión"),
               request.tr("Mantiene abierta la sesión de quien se identifica y protege sus formularios."),
               request.tr("hasta que la cierra"))};
    if (t.legal["cookies"].is_array()) {
        for (const auto& own : t.legal["cookies"].as_array())
            rows.push_back(cookie(own.string_or("name", ""), own.string_or("purpose", ""),
                                  own.string_or("duration", "")));
    }
    std::vector<Section> sections;
    sections.push_back(
        {"cuales",
         request.tr("Qué cookies usa esta sede"),
         {request.tr(
             "Esta sede solo usa cookies técnicas, imprescindibles para prestar el servicio que usted pide. No hay cookies de análisis ni de publicidad, ni se carga nada de otros sitios.")},
         {},
         rows});
    sections.push_back(
        {"consentimiento",
         request.tr("Por qué no se le pide consentimiento"),
         {request.tr(
             "Las cookies técnicas están exentas del deber de consentimiento del artículo 22.2 de la Ley 34/2002. Puede borrarlas o impedirlas en su navegador; sin la de sesión no podrá identificarse.")},
         {},
         {}});
    t.reply(reply, "/cookies", request.tr("Cookies"), request.tr("Qué guarda esta sede en su navegador."),
            sections);
}

void about(const Request& request, Reply& reply) {
    const LegalTexts t(request);
    const auto& creation = t.legal["creation"];
    const auto& m = t.entorno.municipio;
    std::vector<Section> sections;
    sections.push_back({"identificacion",
                        request.tr("Identificación de la sede"),
                        {},
                        {},
                        t.links({{request.tr("Dirección"), m.string_or("url", ""), m.string_or("url", "")},
                                 {request.tr("Titular"), t.holder(), ""},
                                 {request.tr("Órgano responsable de la gestión"),
                                  t.legal.string_or("responsible_body", ""), ""},
                                 {request.tr("Código DIR3"), m.string_or("dir3", ""), ""}})});
    const std::string day = Fecha::parse(creation.string_or("date", ""))
                                ? request.date(creation.string_or("date", ""))
                                : creation.string_or("date", "");
    if (!creation.string_or("rule", "").empty() || !day.empty()) {
        sections.push_back(
            {"creacion",
             request.tr("Norma de creación"),
             {},
             {},
             t.links({{request.tr("Norma"), creation.string_or("rule", ""), creation.string_or("url", "")},
                      {request.tr("Fecha"), day, ""},
                      {request.tr("Boletín oficial"), creation.string_or("gazette", ""), ""}})});
    }
    sections.push_back(
        {"hora",
         request.tr("Fecha y hora oficiales"),
         {fill(
             request.tr(
                 "La fecha y la hora oficiales son las de la zona horaria {zona}. Los plazos de exposición del tablón se cuentan por días completos en esa hora."),
             {{"zona", m.string_or("time_zone", "")}})},
         {},
         {}});
    sections.push_back(
        {"tablon",
         request.tr("Tablón de anuncios"),
         {request.tr(
              "Cada anuncio tiene un número, una dirección permanente y la huella digital (SHA-256) de sus archivos. Lo publicado no se modifica ni se borra: se corrige con otro anuncio o se retira, y en ambos casos queda constancia."),
          request.tr(
              "Para comprobar un archivo, calcule su huella SHA-256 y compárela con la que muestra la página del anuncio.")},
         {},
         t.links(
             {{request.tr("Tablón"), request.tr("Tablón de anuncios y edictos"), request.url("/tablon")}})});
    sections.push_back({"contacto",
                        request.tr("Contacto"),
                        {},
                        {},
                        t.rows({{request.tr("Domicilio"), t.contact("address")},
                                {request.tr("Teléfono"), t.contact("phone")},
                                {request.tr("Correo electrónico"), t.contact("email")},
                                {request.tr("Horario"), t.contact("hours")}})});
    t.reply(reply, "/sobre-la-sede", request.tr("Sobre la sede"),
            request.tr("Qué es esta sede electrónica, quién responde de ella y cómo funciona."), sections);
}

}  // namespace

void accessibility(const Request&, Reply&);

void register_legal(concejo::Kernel& kernel) {
    const concejo::RouteOptions cached{.permission = "", .uploads = false, .cached = true, .body_limit = 0};
    kernel.page("/aviso-legal", legal_notice, cached);
    kernel.page("/privacidad", privacy, cached);
    kernel.page("/cookies", cookies, cached);
    kernel.page("/accesibilidad", accessibility, cached);
    kernel.page("/sobre-la-sede", about, cached);
    const auto menu = [&](const char* label, const char* path, int order) {
        kernel.menu(Json::object({{"place", "legal"}, {"label", label}, {"path", path}, {"order", order}}));
    };
    menu(N_("Aviso legal"), "/aviso-legal", 10);
    menu(N_("Protección de datos"), "/privacidad", 20);
    menu(N_("Cookies"), "/cookies", 30);
    menu(N_("Accesibilidad"), "/accesibilidad", 40);
    kernel.menu(Json::object({{"place", "footer"},
                              {"group", N_("Sede electrónica")},
                              {"label", N_("Sobre la sede")},
                              {"path", "/sobre-la-sede"},
                              {"order", 10}}));
    kernel.menu(Json::object({{"place", "footer"},
                              {"group", N_("Sede electrónica")},
                              {"label", N_("Tablón de anuncios y edictos")},
                              {"path", "/tablon"},
                              {"order", 20}}));
    kernel.menu(Json::object({{"place", "footer"},
                              {"group", N_("Sede electrónica")},
                              {"label", N_("Archivo del tablón de anuncios")},
                              {"path", "/tablon/archivo"},
                              {"order", 30}}));
}

}  // namespace sede
