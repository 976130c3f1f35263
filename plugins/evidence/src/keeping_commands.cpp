// concejo evidence renew|erase: what is done to the archive as the years go by.
#include "archiving.hpp"
#include "erasure.hpp"
#include "pages.hpp"

namespace evidence {
namespace {

void renew_command(const Call& call, const Json& arguments, const Terminal& terminal) {
    const auto told = archive_now(call, arguments.bool_or("all", false));
    if (arguments.bool_or("json", false))
        return terminal.out(Json::object({{"documentos", static_cast<std::int64_t>(told.documents)},
                                          {"sellos_renovados", static_cast<std::int64_t>(told.renewed)},
                                          {"resumidos_de_nuevo", static_cast<std::int64_t>(told.rehashed)}})
                                .dump());
    terminal.out(fill(call.tr("Documentos archivados: {nuevos}. Sellos de tiempo renovados: {sellos}. "
                              "Documentos resumidos de nuevo: {resumidos}."),
                      {{"nuevos", std::to_string(told.documents)},
                       {"sellos", std::to_string(told.renewed)},
                       {"resumidos", std::to_string(told.rehashed)}}));
}

void erase_command(const Call& call, const Json& arguments, const Terminal& terminal) {
    const auto csv = Csv::parse(arguments.string_or("csv", ""));
    const auto reason = arguments.string_or("motivo", "");
    if (!csv || reason.find_first_not_of(' ') == std::string::npos) {
        terminal.err(csv ? call.tr("Diga por qué se suprime: --motivo.")
                         : fill(call.tr("«{csv}» no es un código seguro de verificación."),
                                {{"csv", arguments.string_or("csv", "")}}));
        return terminal.exit_code(2);
    }
    auto tx = call.begin();
    const auto found = Documents(tx).find(*csv);
    if (!found) {
        terminal.err(call.tr("Ningún documento tiene ese código."));
        return terminal.exit_code(1);
    }
    erase(call, tx, *found, reason);
    tx.commit();
    terminal.out(call.tr(
        "Suprimido: quedan su anotación en el registro y su sello, que ya no dicen de qué "
        "trataba. Los bytes de su contenido salen del disco un día después, cuando pasa el recolector; "
        "las copias de seguridad anteriores lo conservan hasta que caducan."));
}

}  // namespace

void register_keeping(concejo::Kernel& kernel) {
    kernel.command(
        Json::object({{"verb", "renew"},
                      {"help", N_("Archiva lo sellado y renueva los sellos de tiempo que caducan pronto, "
                                  "como cada noche.")},
                      {"options", Json::array({Json::object(
                                      {{"name", "all"},
                                       {"help", N_("todos los sellos de tiempo, aunque valgan todavía")},
                                       {"flag", true}})})}}),
        renew_command);
    kernel.command(
        Json::object(
            {{"verb", "erase"},
             {"help", N_("Suprime un documento por protección de datos: su contenido, sus textos y "
                         "su sal.")},
             {"options", Json::array({Json::object(
                             {{"name", "motivo"}, {"help", N_("por qué se suprime")}, {"required", true}})})},
             {"words", Json::array({Json::object(
                           {{"name", "csv"}, {"help", N_("su código seguro de verificación")}})})}}),
        erase_command);
}

}  // namespace evidence
