// concejo evidence copy|copy-paper: authentic copies for operators and scripts.
#include "copies.hpp"
#include "make_bundle.hpp"
#include "pages.hpp"

#include <concejo/services/evidence.hpp>

namespace evidence {
namespace {

Json copy_option(const char* name, const char* help, bool required = false, bool flag = false) {
    return Json::object({{"name", name}, {"help", help}, {"required", required}, {"flag", flag}});
}

void issue_and_write(const Call& call, const CopyRequest& asked, const Json& arguments,
                     const Terminal& terminal) {
    const auto issued = IssueCopy(call)(asked);
    if (!issued) {
        terminal.err(call.tr(issued.error()));
        return terminal.exit_code(1);
    }
    if (!arguments.bool_or("json", false)) return terminal.write(stored_content(call, *issued));
    terminal.out(Json::object({{"csv", issued->csv.text()},
                               {"csv_legible", issued->csv.grouped()},
                               {"estado_elaboracion", asked.estado},
                               {"sha256", issued->sha256},
                               {"identificador_documento_origen",
                                issued->metadatos.string_or("identificador_documento_origen", "")},
                               {"verificacion",
                                call.url(concejo::services::verification_path(issued->csv.text()), true)}})
                     .dump());
}

void copy_command(const Call& call, const Json& arguments, const Terminal& terminal) {
    CopyRequest asked;
    asked.paginas = arguments.string_or("paginas", "");
    asked.areas = arguments.string_or("zonas", "");
    asked.titulo = arguments.string_or("titulo", "");
    asked.textos = arguments.string_or("textos", "");
    for (auto& c : asked.textos)
        if (c == ';') c = '\n';
    const bool whole = asked.paginas.empty() && asked.areas.empty() && asked.textos.empty();
    asked.estado = whole ? "EE02" : "EE04";
    asked.seconds = 600;
    asked.origen = Csv::parse(arguments.string_or("csv", ""));
    if (!asked.origen) {
        terminal.err(fill(call.tr("«{csv}» no es un código seguro de verificación."),
                          {{"csv", arguments.string_or("csv", "")}}));
        return terminal.exit_code(2);
    }
    issue_and_write(call, asked, arguments, terminal);
}

void copy_paper_command(const Call& call, const Json& arguments, const Terminal& terminal) {
    CopyRequest asked;
    asked.estado = "EE03";
    asked.scan = arguments.string_or("archivo", "");
    asked.titulo = arguments.string_or("titulo", "");
    asked.tipo_documental = arguments.string_or("tipo-documental", "TD99");
    asked.referencia = arguments.string_or("referencia", "");
    asked.de_ciudadano = arguments.bool_or("de-ciudadano", false);
    asked.seconds = 600;
    issue_and_write(call, asked, arguments, terminal);
}

}  // namespace

void register_copy_commands(concejo::Kernel& kernel) {
    kernel.command(
        Json::object(
            {{"verb", "copy"},
             {"help", N_("Expide la copia auténtica de un documento sellado y la escribe en la salida.")},
             {"options",
              Json::array(
                  {copy_option("titulo",
                               N_("copia parcial: su título, si el del original dice lo que se quita")),
                   copy_option("paginas", N_("copia parcial: las páginas que se copian, como 1,3-5")),
                   copy_option("textos",
                               N_("copia parcial: textos que se quitan, separados por punto y coma")),
                   copy_option("zonas",
                               N_("copia parcial: lo que se quita, como 2:20,35,100,12 (página, y "
                                  "milímetros desde la izquierda y desde arriba, ancho y alto); varias, "
                                  "con punto y coma"))})},
             {"words", Json::array({Json::object(
                           {{"name", "csv"}, {"help", N_("su código seguro de verificación")}})})}}),
        copy_command);
    kernel.command(
        Json::object(
            {{"verb", "copy-paper"},
             {"help", N_("Expide la copia auténtica de un papel escaneado y la escribe en la salida.")},
             {"options",
              Json::array({copy_option("titulo", N_("título del documento"), true),
                           copy_option("tipo-documental", N_("tipo documental del ENI, de TD01 a TD99")),
                           copy_option("referencia", N_("expediente")),
                           copy_option("de-ciudadano", N_("lo presentó un ciudadano"), false, true)})},
             {"files",
              Json::array({Json::object({{"name", "archivo"}, {"help", N_("el PDF del escaneo")}})})}}),
        copy_paper_command);
}

}  // namespace evidence
