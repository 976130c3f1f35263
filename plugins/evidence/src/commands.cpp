// concejo evidence bundle|eni|diligencia|key|validate|pki: for operators and scripts.
#include "diligencia.hpp"
#include "eni.hpp"
#include "judging.hpp"
#include "make_bundle.hpp"
#include "pages.hpp"
#include "rotation.hpp"
#include "seal.hpp"

#include "plugins/evidence/keys/development_pki.hpp"

namespace evidence {
namespace {

Json word(const char* name, const char* help) {
    return Json::array({Json::object({{"name", name}, {"help", help}})});
}

Json verb(const char* name, const char* help, Json words = Json::array()) {
    return Json::object(
        {{"verb", name}, {"help", help}, {"options", Json::array()}, {"words", std::move(words)}});
}

void refuse(const Terminal& terminal, const std::string& text, int code = 1) {
    terminal.err(text);
    terminal.exit_code(code);
}

void bundle_command(const Call& call, const Json& arguments, const Terminal& terminal) {
    const auto csv = Csv::parse(arguments.string_or("csv", ""));
    if (!csv)
        return refuse(terminal,
                      fill(call.tr("«{csv}» no es un código seguro de verificación."),
                           {{"csv", arguments.string_or("csv", "")}}),
                      2);
    auto tx = call.begin();
    const auto found = Documents(tx).find(*csv);
    if (!found) return refuse(terminal, call.tr("Ningún documento tiene ese código."));
    terminal.write(make_bundle(call, tx, *found));
}

void eni_command(const Call& call, const Json& arguments, const Terminal& terminal) {
    const auto csv = Csv::parse(arguments.string_or("csv", ""));
    const auto found = [&] {
        auto tx = call.begin();
        return csv ? Documents(tx).find(*csv) : std::nullopt;
    }();
    if (!found || found->sal.empty()) return refuse(terminal, call.tr("Ningún documento tiene ese código."));
    terminal.write(eni_document(call, *found));
}

void diligencia_command(const Call& call, const Json& arguments, const Terminal& terminal) {
    const auto csv = Csv::parse(arguments.string_or("csv", ""));
    if (!csv) return refuse(terminal, call.tr("Ningún documento tiene ese código."));
    const auto sealed = issue_diligencia(call, *csv);
    if (arguments.bool_or("json", false))
        return terminal.out(
            Json::object({{"csv", sealed.csv.text()}, {"sha256", sealed.sha256}, {"nombre", sealed.nombre}})
                .dump());
    terminal.write(stored_content(call, sealed));
}

void key_command(const Call& call, const Json& arguments, const Terminal& terminal) {
    auto tx = call.begin();
    const auto origin = LogReader(tx).origin();
    if (!origin)
        return refuse(terminal, call.tr("El registro de publicación está vacío: todavía no tiene clave."));
    const auto office = office_of(call, tx);
    if (arguments.bool_or("all", false)) return terminal.write(all_verifier_keys(tx, *office, *origin));
    terminal.out(verifier_of(*origin, *office).text());
    terminal.out(crypto::public_pem(office->log_public()));
}

void pki_command(const Call& call, const Json& arguments, const Terminal& terminal) {
    const Json town = call.municipality();
    const auto folder = arguments.string_or("carpeta", "");
    keys::make_development_pki(folder,
                               {.entity = town.string_or("name", "").substr(0, 50),
                                .nif = town["nif"].is_string() ? town["nif"].as_string() : "P0000000A",
                                .ocsp_address = {},
                                .crl_address = {},
                                .root_crl_address = {}});
    terminal.out(fill(call.tr("Claves de desarrollo en {carpeta}: sello.key y sello.pem, tsa.key y tsa.pem, "
                              "cadena.pem. No valen en producción."),
                      {{"carpeta", folder}}));
}

void tell(const Call& call, const Terminal& terminal, const Json& report) {
    const auto& signatures = report.at("signatures").as_array();
    const auto verdict = report.string_or("verdict", "");
    terminal.out(signatures.empty()           ? call.tr("No tiene firmas.")
                 : verdict == "total-passed"  ? call.tr("Las firmas valen.")
                 : verdict == "indeterminate" ? call.tr("No se puede saber si las firmas valen.")
                                              : call.tr("Alguna firma no vale."));
    for (const auto& reason : report.at("reasons").as_array())
        terminal.out("- " + call.tr(reason.string_or("text", "")));
    for (const auto& one : signatures) {
        terminal.out(signature_line(call, one));
        for (const char* list : {"reasons", "changes"}) {
            for (const auto& reason : one.at(list).as_array())
                terminal.out(
                    "  - " + call.tr(reason.string_or("text", "")) +
                    (reason.string_or("detail", "").empty() ? "" : ": " + reason.string_or("detail", "")));
        }
    }
}

void validate_command(const Call& call, const Json& arguments, const Terminal& terminal) {
    const auto report = judge_file(call, Judged::signatures, arguments.string_or("archivo", ""));
    if (!report)
        return refuse(terminal, call.tr("El archivo no se puede leer o es demasiado complejo para juzgarlo."),
                      2);
    if (arguments.bool_or("json", false))
        terminal.out(report->dump());
    else
        tell(call, terminal, *report);
    const auto verdict = report->string_or("verdict", "");
    terminal.exit_code(verdict == "total-passed" ? 0 : verdict == "indeterminate" ? 3 : 1);
}

}  // namespace

void register_commands(concejo::Kernel& kernel) {
    kernel.command(verb("bundle", N_("Escribe en la salida el archivo .evidencia de un documento sellado."),
                        word("csv", N_("su código seguro de verificación"))),
                   bundle_command);
    kernel.command(verb("eni", N_("Escribe en la salida el documento ENI de un documento sellado."),
                        word("csv", N_("su código seguro de verificación"))),
                   eni_command);
    kernel.command(
        verb("diligencia",
             N_("Expide la diligencia de exposición de un documento y escribe en la salida su PDF sellado."),
             word("csv", N_("su código seguro de verificación"))),
        diligencia_command);
    auto key = verb(
        "key", N_("Escribe la clave pública del registro de publicación: la de concejo-verify --clave."));
    key["options"].push_back(Json::object(
        {{"name", "all"}, {"help", N_("todas las que han firmado, y desde cuándo")}, {"flag", true}}));
    kernel.command(key, key_command);
    kernel.command(Json::object({{"verb", "validate"},
                                 {"help", N_("Juzga las firmas de un PDF, y dice qué se cambió después. "
                                             "Termina con 0 si valen, 1 si no y 3 si no se puede saber.")},
                                 {"options", Json::array()},
                                 {"files", word("archivo", N_("el PDF, o una firma CMS"))}}),
                   validate_command);
    kernel.command(verb("pki", N_("Hace claves y certificados de desarrollo en una carpeta nueva."),
                        word("carpeta", N_("carpeta que se crea"))),
                   pki_command);
}

}  // namespace evidence
