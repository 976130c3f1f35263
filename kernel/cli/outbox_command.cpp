#include "kernel/base/tr.hpp"
#include "kernel/outbox/effect.hpp"

#include "kernel/cli/command_core.hpp"

#include <fmt/format.h>

namespace kernel::cli {
namespace {

using concejo::Json;

struct EffectOptions {
    std::string tenant, state;
    std::int64_t id = 0;
};

Json json_of(const outbox::EffectInfo& effect) {
    return Json::object({{"id", effect.id},
                         {"plugin", effect.plugin},
                         {"kind", effect.kind},
                         {"key", effect.key},
                         {"order", effect.order},
                         {"state", effect.state},
                         {"attempts", effect.attempts},
                         {"created_at", effect.created_at},
                         {"next_at", effect.next_at},
                         {"sent_at", effect.sent_at},
                         {"delivered_at", effect.delivered_at},
                         {"error", effect.last_error},
                         {"note", effect.note},
                         {"settled_by", effect.settled_by}});
}

void list_effects(Context& context, const EffectOptions& asked) {
    CommandCore core(context);
    const auto& tenant = core.tenant(asked.tenant);
    Json all = Json::array();
    for (const auto& effect : outbox::list(core.core().databases->of(tenant), tenant.id, asked.state)) {
        all.push_back(json_of(effect));
        if (!context.json)
            context.terminal.out(fmt::format("{:>8} {:<20} {:<20} {:<10} {:>2} {} {}", effect.id,
                                             effect.plugin, effect.kind, effect.state, effect.attempts,
                                             effect.created_at, effect.last_error));
    }
    if (context.json) context.terminal.out(Json::object({{"effects", all}}).dump());
}

void show_effect(Context& context, const EffectOptions& asked) {
    CommandCore core(context);
    const auto& tenant = core.tenant(asked.tenant);
    const auto effect = outbox::show(core.core().databases->of(tenant), tenant.id, asked.id);
    context.exit_code = effect ? 0 : 1;
    if (!effect)
        return context.answer(Json::object({{"ok", false}}),
                              base::tr("No hay ningún envío con ese número en este municipio."));
    auto json = json_of(*effect);
    json["payload"] = effect->payload;
    if (context.json) return context.terminal.out(json.dump());
    for (const auto& [name, value] : json.as_object())
        context.terminal.out(
            fmt::format("{:<14} {}", name, value.is_string() ? value.as_string() : value.dump()));
}

void decide(Context& context, const EffectOptions& asked, outbox::Decision decision) {
    CommandCore core(context);
    const auto& tenant = core.tenant(asked.tenant);
    audit::Event who;
    who.actor = "system:cli";
    const bool done = outbox::decide(core.core().databases->of(tenant), tenant.id, asked.id, decision, who);
    context.exit_code = done ? 0 : 1;
    context.answer(Json::object({{"ok", done}}),
                   !done ? base::tr("No hay ningún envío en espera, dudoso o fallido con ese número.")
                   : decision == outbox::Decision::retry ? base::tr("Se enviará enseguida.")
                                                         : base::tr("Se da por hecho."));
}

}  // namespace

void add_outbox(CLI::App& app, Context& context) {
    auto* outbox = app.add_subcommand("outbox", base::tr("Los envíos a otros sistemas (correo, avisos …)"));
    outbox->require_subcommand(1);
    auto asked = std::make_shared<EffectOptions>();
    const auto verb = [&](const char* name, const std::string& help, bool numbered,
                          std::function<void()> run) {
        auto* command = outbox->add_subcommand(name, help);
        common_options(command, context);
        command->add_option("--tenant", asked->tenant, base::tr("Municipio (nombre de su archivo)"))
            ->required();
        if (numbered) command->add_option("numero", asked->id, base::tr("Número del envío"))->required();
        command->callback(std::move(run));
        return command;
    };
    verb("list", base::tr("Los envíos del municipio: primero los que necesitan a una persona"), false,
         [&context, asked] { list_effects(context, *asked); })
        ->add_option("--state", asked->state, base::tr("waiting, sending, delivered, unknown o dead"));
    verb("show", base::tr("Todo sobre un envío"), true, [&context, asked] { show_effect(context, *asked); });
    verb("retry", base::tr("Envía otra vez uno dudoso o fallido"), true,
         [&context, asked] { decide(context, *asked, outbox::Decision::retry); });
    verb("done", base::tr("Da por hecho uno dudoso o fallido"), true,
         [&context, asked] { decide(context, *asked, outbox::Decision::settle); });
}

}  // namespace kernel::cli
