// concejo open-data harvest: a round now, in sight of whoever asks for it.
#include "harvest_jobs.hpp"

namespace open_data {
namespace {

using concejo::Call;
using concejo::Terminal;

Json harvest_option(const char* name, const char* help, bool flag) {
    return Json::object({{"name", name}, {"help", help}, {"required", false}, {"flag", flag}});
}

void tell_round(const Call& call, const Terminal& terminal, const Source& source,
                const HarvestReport& report) {
    terminal.out(source.name + ": " +
                 text_of_tally(call, report.tally,
                               {"seen", "added", "changed", "same", "draft", "refused", "duplicate", "absent",
                                "withdrawn"}) +
                 ".");
    for (const auto& one : report.problems.as_array())
        for (const auto& note : one["notes"].as_array())
            terminal.err(
                "  " +
                (one.string_or("title", "").empty() ? one.string_or("key", "") : one.string_or("title", "")) +
                ": " + text_of_note(call, note));
    if (!report.error.empty()) terminal.err(source.name + ": " + report.error);
}

Json report_as_json(const Call& call, const Source& source, const HarvestReport& report) {
    Json problems = report.problems;
    for (auto& one : problems.as_array()) {
        Json texts = Json::array();
        for (const auto& note : one["notes"].as_array()) texts.push_back(text_of_note(call, note));
        one["notes"] = texts;
    }
    return Json::object({{"source", source.name},
                         {"outcome", report.outcome},
                         {"error", report.error},
                         {"pages", report.pages},
                         {"tally", report.tally},
                         {"problems", problems}});
}

void harvest_command(const Call& call, const Json& arguments, const Terminal& terminal) {
    const auto settings = call.settings();
    const auto wanted = arguments.string_or("source", "");
    const HarvestOptions options{"system:cli", arguments.bool_or("dry-run", false),
                                 arguments.bool_or("confirm", false)};
    auto sources = sources_of(settings);
    if (!wanted.empty()) std::erase_if(sources, [&](const Source& one) { return one.name != wanted; });
    if (sources.empty() || (options.confirmed && wanted.empty())) {
        terminal.err(sources.empty()
                         ? concejo::fill(call.tr("La configuración del municipio no tiene ninguna fuente "
                                                 "«{fuente}» (modulos.open-data.fuentes)."),
                                         {{"fuente", wanted}})
                         : call.tr("--confirm pide decir de qué fuente: --source NOMBRE."));
        return terminal.exit_code(2);
    }
    Json told = Json::array();
    bool good = true;
    for (const auto& source : sources) {
        const auto report = gather(call, source, options, [&](std::int64_t seen, std::int64_t total) {
            terminal.progress(static_cast<std::uint64_t>(seen),
                              total > 0 ? static_cast<std::uint64_t>(total) : 0, source.title);
        });
        good = good && report.outcome == "done";
        if (arguments.bool_or("json", false))
            told.push_back(report_as_json(call, source, report));
        else
            tell_round(call, terminal, source, report);
    }
    if (arguments.bool_or("json", false)) terminal.out(Json::object({{"sources", told}}).dump());
    if (!good) terminal.exit_code(1);
}

}  // namespace

void register_harvest_command(concejo::Kernel& kernel) {
    kernel.command(
        Json::object(
            {{"verb", "harvest"},
             {"help", N_("Recoge los catálogos de otros que dice la configuración.")},
             {"options",
              Json::array(
                  {harvest_option("source", N_("solo esta fuente"), false),
                   harvest_option("dry-run", N_("dice qué haría, sin hacerlo"), true),
                   harvest_option("confirm", N_("retira lo que falta aunque sea más de la mitad"), true)})},
             {"files", Json::array()}}),
        harvest_command);
}

}  // namespace open_data
