#include "left_sources.hpp"

#include "commands.hpp"
#include "harvest_intake.hpp"
#include "harvest_jobs.hpp"
#include "shown.hpp"
#include "sql_names.hpp"

#include <algorithm>

namespace open_data {
namespace {

using concejo::Call;
using concejo::Error;
using concejo::ErrorKind;
using concejo::Terminal;
using concejo::Transaction;

constexpr const char* settling = "dejar-fuente";

/// Nobody gathers it meanwhile, and nobody else settles it.
void need_left(const Call& call, Transaction& tx, const std::string& name) {
    lock_source(tx, name);
    if (source_called(call.settings(), name))
        throw Error(ErrorKind::conflict, N_("La configuración sigue teniendo esa fuente: quítela antes de "
                                            "modulos.open-data.fuentes."));
    if (!left_source(tx, call.settings(), name))
        throw Error(ErrorKind::not_found, N_("No hay nada publicado de esa fuente."));
}

/// If the configuration names it again one day, all of it is read again.
void forget_pages(Transaction& tx, const std::string& name) {
    tx.exec("DELETE FROM open_data_harvest_page WHERE source = $1", name);
    tx.exec("DELETE FROM open_data_source WHERE name = $1", name);
}

void note_settled(const Call& call, Transaction& tx, const std::string& name, const char* what,
                  std::int64_t datasets) {
    call.audit(tx, "open-data.dejar-fuente", name, "ok",
               Json::object({{"fuente", name}, {"que", what}, {"conjuntos", datasets}}));
}

std::int64_t settle(const Call& call, Transaction& tx, const std::string& name, bool withdraw) {
    return withdraw ? withdraw_source(call, tx, name) : keep_source(call, tx, name);
}

// ---- the command

Json list_of_sources(const Call& call) {
    auto tx = call.begin();
    Json list = Json::array();
    for (const auto& one : sources_of(call.settings()))
        list.push_back(Json::object({{"name", one.name}, {"title", one.title}, {"configured", true}}));
    for (const auto& one : left_sources(tx, call.settings()))
        list.push_back(Json::object(
            {{"name", one.name}, {"title", one.name}, {"configured", false}, {"datasets", one.datasets}}));
    return list;
}

std::string left_text(const Call& call, std::int64_t n) {
    return counted(call,
                   call.trn("Ya no está en la configuración; queda {n} conjunto.",
                            "Ya no está en la configuración; quedan {n} conjuntos.", n),
                   n);
}

void tell_sources(const Call& call, const Terminal& terminal, const Json& list) {
    for (const auto& one : list.as_array())
        terminal.out(one.string_or("name", "") + "  " +
                     (one.bool_or("configured", false) ? one.string_or("title", "")
                                                       : left_text(call, one.int_or("datasets", 0))));
}

void sources_command(const Call& call, const Json& arguments, const Terminal& terminal) {
    const auto withdraw = arguments.string_or("withdraw", ""), keep = arguments.string_or("keep", "");
    const bool json = arguments.bool_or("json", false);
    if (!withdraw.empty() && !keep.empty())
        return misuse(terminal, call.tr("O --withdraw o --keep: no las dos cosas."));
    if (withdraw.empty() && keep.empty()) {
        const auto list = list_of_sources(call);
        return json ? terminal.out(Json::object({{"sources", list}}).dump())
                    : tell_sources(call, terminal, list);
    }
    auto tx = call.begin();
    const auto& name = withdraw.empty() ? keep : withdraw;
    const auto datasets = settle(call, tx, name, !withdraw.empty());
    tx.commit();
    if (json) return terminal.out(Json::object({{"source", name}, {"datasets", datasets}}).dump());
    const auto text =
        withdraw.empty()
            ? call.trn("{n} conjunto se queda como está.", "{n} conjuntos se quedan como están.", datasets)
            : call.trn("{n} conjunto retirado.", "{n} conjuntos retirados.", datasets);
    terminal.out(name + ": " + counted(call, text, datasets));
}

}  // namespace

std::vector<LeftSource> left_sources(Transaction& tx, const Json& settings) {
    std::vector<std::string> named;
    for (const auto& one : sources_of(settings)) named.push_back(one.name);
    std::vector<LeftSource> left;
    for (const auto row :
         tx.exec("SELECT h.source, count(*) FROM open_data_harvested h JOIN open_data_dataset d ON "
                 "d.id = h.dataset WHERE NOT h.gone AND d.state IN ('published', 'draft', 'review') "
                 "AND h.source <> ALL($1::text[]) GROUP BY 1 ORDER BY 1",
                 text_array(named)))
        left.push_back({row.text(0), row.integer(1)});
    return left;
}

std::optional<LeftSource> left_source(Transaction& tx, const Json& settings, const std::string& name) {
    for (auto& one : left_sources(tx, settings))
        if (one.name == name) return std::move(one);
    return std::nullopt;
}

std::int64_t withdraw_source(const Call& call, Transaction& tx, const std::string& name) {
    need_left(call, tx, name);
    const Portal portal(call);
    Source source;
    source.name = source.title = name;
    HarvestIntake intake(portal, tx, source);
    const auto reason = concejo::fill(
        call.tr("El catálogo de donde se recogía, «{fuente}», ya no se recoge."), {{"fuente", name}});
    std::int64_t withdrawn = 0;
    for (const auto row :
         tx.exec("SELECT dataset FROM open_data_harvested h JOIN open_data_dataset d ON d.id = "
                 "h.dataset WHERE h.source = $1 AND NOT h.gone AND d.state = 'published'",
                 name))
        intake.withdraw(row.text(0), reason), ++withdrawn;
    tx.exec("UPDATE open_data_harvested SET gone = true WHERE source = $1", name);
    forget_pages(tx, name);
    note_settled(call, tx, name, "retirada", withdrawn);
    return withdrawn;
}

std::int64_t keep_source(const Call& call, Transaction& tx, const std::string& name) {
    need_left(call, tx, name);
    const auto kept = tx.exec(
        "UPDATE open_data_dataset d SET meta = jsonb_set(d.meta, '{origin,kept}', 'true') FROM "
        "open_data_harvested h WHERE h.source = $1 AND h.dataset = d.id AND NOT h.gone RETURNING d.id",
        name);
    tx.exec("DELETE FROM open_data_harvested WHERE source = $1 AND NOT gone", name);
    forget_pages(tx, name);
    note_settled(call, tx, name, "conservada", static_cast<std::int64_t>(kept.size()));
    return static_cast<std::int64_t>(kept.size());
}

void settle_source_soon(const Call& call, Transaction& tx, const std::string& name, bool withdraw) {
    call.enqueue(tx, Json::object({{"kind", settling},
                                   {"payload", Json::object({{"source", name}, {"withdraw", withdraw}})},
                                   {"unique", name},
                                   {"max_attempts", 2}}));
}

void register_left_sources(concejo::Kernel& kernel) {
    kernel.action("open-data.dejar-fuente",
                  N_("Conjuntos de un catálogo que ya no se recoge, retirados o conservados"));
    kernel.job(settling,
               [](const Call& call, const Json& payload, const concejo::Job&) {
                   auto tx = call.begin();
                   const auto name = payload.string_or("source", "");
                   if (!left_source(tx, call.settings(), name))
                       return;  // somebody has done it, or it is back
                   settle(call, tx, name, payload.bool_or("withdraw", false));
                   tx.commit();
               },
               {.label = N_("Retirar o conservar lo de un catálogo que ya no se recoge"), .max_attempts = 2});
    kernel.command(
        Json::object(
            {{"verb", "sources"},
             {"help",
              N_("Lista los catálogos que se recogen, y decide qué se hace con los que ya no están en la "
                 "configuración.")},
             {"options",
              Json::array(
                  {option("withdraw", N_("retira todos los conjuntos de esa fuente"), false),
                   option("keep", N_("los deja como están; desde entonces se cambian aquí"), false)})},
             {"files", Json::array()}}),
        sources_command);
}

}  // namespace open_data
