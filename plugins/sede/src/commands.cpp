// concejo sede publish|withdraw|list|seed: the same use cases as the pages, for operators and scripts.
#include "import_file.hpp"
#include "paginas.hpp"
#include "publish_anuncio.hpp"
#include "save_borrador.hpp"
#include "seed.hpp"
#include "vistas.hpp"
#include "withdraw_anuncio.hpp"

#include <sys/stat.h>

namespace sede {
namespace {

using concejo::Call;
using concejo::Terminal;

/// `help` is a msgid: the kernel translates it when it is shown.
Json option(const char* name, const char* help, bool required, bool flag = false) {
    return Json::object({{"name", name}, {"help", help}, {"required", required}, {"flag", flag}});
}

void say(const Entorno& entorno, const Terminal& terminal, const std::vector<Aviso>& avisos) {
    for (const auto& aviso : avisos) terminal.err(entorno.text(aviso));
    terminal.exit_code(1);
}

/// A wrong word of the command line: told with what to write instead.
void misuse(const Terminal& terminal, const std::string& text) {
    terminal.err(text);
    terminal.exit_code(2);
}

void publish_command(const Call& call, const Json& arguments, const Terminal& terminal) {
    const Entorno entorno(call);
    const std::string path = arguments.string_or("archivo", "");
    const auto desde = Fecha::parse(arguments.string_or("desde", entorno.hoy.iso()));
    const auto hasta = Fecha::parse(arguments.string_or("hasta", ""));
    if (!desde || !hasta)
        return misuse(terminal,
                      call.tr("--desde y --hasta deben ser fechas AAAA-MM-DD que existan en el calendario."));
    const std::string tipo = entorno.tipos.find(arguments.string_or("tipo", ""));
    if (tipo.empty()) {
        std::string known;
        for (const auto& one : entorno.tipos.all()) known += (known.empty() ? "" : ", ") + one.id;
        return misuse(terminal,
                      fill(call.tr("No hay ningún tipo de anuncio «{tipo}». Los que hay son: {tipos}."),
                           {{"tipo", arguments.string_or("tipo", "")}, {"tipos", known}}));
    }
    struct stat file {};
    if (path.empty() || ::stat(path.c_str(), &file) != 0 || !S_ISREG(file.st_mode))
        return misuse(terminal, fill(call.tr("No se puede leer el archivo {ruta}."), {{"ruta", path}}));

    std::string organo = clean_line(arguments.string_or("organo", ""), 200);
    if (organo.empty()) organo = entorno.settings.string_or("organo_por_defecto", "Secretaría");
    Contenido contenido{tipo,
                        organo,
                        clean_line(arguments.string_or("referencia", ""), 100),
                        clean_line(arguments.string_or("titulo", ""), 400),
                        clean_text(arguments.string_or("resumen", ""), 2000),
                        entorno.default_language(),
                        *desde,
                        *hasta,
                        {},
                        {},
                        {}};
    auto lacking = why_not_publishable(contenido, {entorno.hoy, true});
    std::erase_if(lacking,
                  [](const Aviso& aviso) { return aviso.campo == "documento"; });  // the file comes next
    if (!lacking.empty()) return say(entorno, terminal, lacking);
    const auto subida = ImportFile(entorno).documento(path, path, static_cast<std::uint64_t>(file.st_size));
    if (!subida) return say(entorno, terminal, {subida.error()});
    contenido.archivos.push_back(subida->archivo);

    const Json hidden = hidden_data(entorno, contenido.archivos);
    for (const auto& one : hidden.as_array())
        terminal.err(fill(call.tr("Aviso: datos que no se ven en el PDF: {que} {donde}"),
                          {{"que", one.string_or("text", "")}, {"donde", one.string_or("where", "")}}));
    auto tx = call.begin();
    for (const auto& other : AnuncioRepository(tx).published_with(subida->archivo.sha256, {}))
        terminal.err(fill(call.tr("Aviso: este mismo archivo ya está publicado como {numero}: {titulo}"),
                          {{"numero", other.numero}, {"titulo", other.titulo}}));
    SaveBorrador save(entorno, tx);
    PublishAnuncio publish_it(entorno, tx);
    const auto published = publish_it.past({})(save(std::move(contenido)));
    if (!published) return say(entorno, terminal, published.error());
    tx.commit();
    if (*desde < entorno.hoy)
        terminal.err(call.tr(
            "Aviso: el primer día de exposición ya ha pasado; la página muestra cuándo se publicó de verdad."));
    const std::string url = entorno.url(*published, true), csv = published->contenido.archivos.front().csv;
    if (arguments.bool_or("json", false))
        terminal.out(Json::object({{"url", url},
                                   {"id", published->id.text()},
                                   {"sha256", subida->archivo.sha256.text()},
                                   {"numero", published->numero->text()},
                                   {"csv", csv.empty() ? Json() : Json(csv)}})
                         .dump());
    else
        terminal.out(url);
}

void withdraw_command(const Call& call, const Json& arguments, const Terminal& terminal) {
    const Entorno entorno(call);
    auto tx = call.begin();
    const auto anuncio = AnuncioRepository(tx).find_by_slug(arguments.string_or("anuncio", ""));
    if (!anuncio) {
        terminal.err(
            fill(call.tr("No hay ningún anuncio «{anuncio}»: use su número (2026/0043) o su identificador."),
                 {{"anuncio", arguments.string_or("anuncio", "")}}));
        return terminal.exit_code(1);
    }
    const auto done = WithdrawAnuncio(entorno, tx)(*anuncio, arguments.string_or("motivo", ""),
                                                   arguments.string_or("organo", anuncio->contenido.organo));
    if (!done) return say(entorno, terminal, done.error());
    tx.commit();
    if (arguments.bool_or("json", false))
        terminal.out(
            Json::object({{"id", done->id.text()}, {"url", entorno.url(*done, true)}, {"estado", "retirado"}})
                .dump());
    else
        terminal.out(entorno.url(*done, true));
}

void list_command(const Call& call, const Json& arguments, const Terminal& terminal) {
    const Entorno entorno(call);
    auto tx = call.begin();
    AnuncioRepository anuncios(tx);
    Filtro filtro = read_filter(
        Ambito::gestion,
        [&](std::string_view name) {
            return arguments.find(name) ? std::optional(arguments.string_or(name, "")) : std::nullopt;
        },
        500);
    Json all = Json::array();
    for (const auto& anuncio : anuncios.page(filtro).anuncios) {
        const auto& c = anuncio.contenido;
        const std::string numero = anuncio.numero ? anuncio.numero->text() : "-",
                          state = name(anuncio.situacion(entorno.now));
        all.push_back(Json::object({{"id", anuncio.id.text()},
                                    {"numero", anuncio.numero ? Json(numero) : Json()},
                                    {"estado", state},
                                    {"tipo", c.tipo},
                                    {"titulo", c.titulo},
                                    {"desde", c.desde.iso()},
                                    {"hasta", c.hasta.iso()},
                                    {"url", anuncio.numero ? Json(entorno.url(anuncio, true)) : Json()}}));
        if (!arguments.bool_or("json", false))
            terminal.out(numero + "\t" + state + "\t" + c.desde.iso() + "\t" + c.hasta.iso() + "\t" + c.tipo +
                         "\t" + c.titulo);
    }
    if (arguments.bool_or("json", false)) terminal.out(Json::object({{"anuncios", all}}).dump());
}

}  // namespace

void register_commands(concejo::Kernel& kernel) {
    kernel.command(
        Json::object(
            {{"verb", "publish"},
             {"help", N_("Publica un PDF en el tablón e imprime su dirección.")},
             {"options", Json::array({option("tipo", N_("edicto, bando, empleo-publico…"), true),
                                      option("titulo", N_("título del anuncio"), true),
                                      option("desde", N_("primer día de exposición, AAAA-MM-DD"), true),
                                      option("hasta", N_("último día de exposición, AAAA-MM-DD"), true),
                                      option("organo", N_("órgano que publica"), false),
                                      option("referencia", N_("expediente"), false),
                                      option("resumen", N_("una o dos frases"), false)})},
             {"files", Json::array({Json::object({{"name", "archivo"}, {"help", N_("el PDF")}})})}}),
        publish_command);
    kernel.command(
        Json::object(
            {{"verb", "withdraw"},
             {"help", N_("Retira un anuncio: su página lo dice y sus archivos dejan de ofrecerse.")},
             {"options", Json::array({option("anuncio", N_("número (2026/0043) o identificador"), true),
                                      option("motivo", N_("por qué se retira"), true),
                                      option("organo", N_("órgano que lo retira"), false)})},
             {"files", Json::array()}}),
        withdraw_command);
    kernel.command(
        Json::object({{"verb", "list"},
                      {"help", N_("Lista los anuncios, los últimos cambiados primero.")},
                      {"options",
                       Json::array({option("estado",
                                           N_("borrador, programado, expuesto, archivado o retirado"), false),
                                    option("tipo", N_("solo los de este tipo"), false),
                                    option("q", N_("palabras o número"), false)})},
                      {"files", Json::array()}}),
        list_command);
    kernel.command(
        Json::object({{"verb", "seed"},
                      {"help", N_("Carga los anuncios de una lista JSON en un municipio de demostración.")},
                      {"hidden", true},
                      {"options", Json::array()},
                      {"files", Json::array({Json::object(
                                    {{"name", "lista"}, {"help", N_("lista de anuncios en JSON")}})})}}),
        seed);
}

}  // namespace sede
