// concejo evidence import: what another administration sends, judged in a child.
#include "judging.hpp"
#include "pages.hpp"

namespace evidence {
namespace {

void tell_received(const Call& call, const Terminal& terminal, const Json& one, const std::string& indent) {
    const auto kind = one.string_or("tipo", ""), verdict = one.string_or("veredicto", "");
    const auto what = kind == "expediente"  ? call.tr("Expediente {id}: {veredicto}")
                      : kind == "documento" ? call.tr("Documento {id}: {veredicto}")
                                            : call.tr("Archivo {id}: {veredicto}");
    terminal.out(indent + fill(what, {{"id", one.string_or("identificador", "")},
                                      {"veredicto", verdict == "correcto" ? call.tr("correcto")
                                                    : verdict == "indeterminado"
                                                        ? call.tr("no se puede saber si es correcto")
                                                        : call.tr("incorrecto")}}));
    for (const auto& found : one.at("hallazgos").as_array()) {
        const auto detail = found.string_or("detalle", "");
        terminal.out(indent + "  - " + call.tr(found.string_or("texto", "")) +
                     (detail.empty() ? "" : ": " + detail));
    }
    for (const auto& signature : one.at("firmas").as_array()) {
        terminal.out(indent + "  " + signature_line(call, signature));
        for (const auto& reason : signature.at("reasons").as_array())
            terminal.out(indent + "    - " + call.tr(reason.string_or("text", "")));
    }
    if (const auto* documents = one.find("documentos"))
        for (const auto& document : documents->as_array())
            if (document.find("veredicto")) tell_received(call, terminal, document, indent + "  ");
}

void import_command(const Call& call, const Json& arguments, const Terminal& terminal) {
    const auto report = judge_file(call, Judged::eni, arguments.string_or("archivo", ""), 120);
    if (!report) {
        terminal.err(call.tr("El archivo no se puede leer o es demasiado complejo para juzgarlo."));
        return terminal.exit_code(2);
    }
    if (arguments.bool_or("json", false))
        terminal.out(report->dump());
    else
        tell_received(call, terminal, *report, "");
    const auto verdict = report->string_or("veredicto", "");
    terminal.exit_code(verdict == "correcto" ? 0 : verdict == "indeterminado" ? 3 : 1);
}

}  // namespace

void register_import(concejo::Kernel& kernel) {
    kernel.command(
        Json::object(
            {{"verb", "import"},
             {"help",
              N_("Lee un documento o un expediente ENI de otra administración (XML o zip) y dice si es "
                 "correcto. Termina con 0 si lo es, 1 si no y 3 si no se puede saber.")},
             {"options", Json::array()},
             {"files",
              Json::array({Json::object({{"name", "archivo"}, {"help", N_("el XML, o el zip")}})})}}),
        import_command);
}

}  // namespace evidence
