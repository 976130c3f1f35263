#include "kernel/base/tr.hpp"
#include "kernel/cli/command_core.hpp"
#include "kernel/identity/tokens.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

namespace kernel::cli {
namespace {

using concejo::Json;

struct TokenOptions {
    std::string tenant, name, id;
    std::vector<std::string> scopes;
    int days = 0;
};

const identity::Origin by{"system:cli", "", ""};

void create(Context& context, const TokenOptions& asked) {
    CommandCore core(context);
    const auto& tenant = core.tenant(asked.tenant);
    const base::SystemClock clock;
    const identity::Tokens tokens(core.core().databases->of(tenant), clock);
    std::optional<base::TimePoint> expires;
    if (asked.days > 0) expires = clock.now() + std::chrono::hours(24) * asked.days;
    const auto fresh = tokens.create(tenant.id, asked.name, asked.scopes, expires, by);
    context.answer(Json::object({{"token", fresh.secret}, {"id", fresh.token.id}}), fresh.secret);
    if (!context.json) context.terminal.err(base::tr("Guárdelo ahora: no se vuelve a mostrar."));
}

void list_tokens(Context& context, const TokenOptions& asked) {
    CommandCore core(context);
    const auto& tenant = core.tenant(asked.tenant);
    const base::SystemClock clock;
    Json all = Json::array();
    for (const auto& token : identity::Tokens(core.core().databases->of(tenant), clock).list(tenant.id)) {
        Json scopes = Json::array();
        for (const auto& scope : token.scopes) scopes.push_back(scope);
        all.push_back(
            Json::object({{"id", token.id},
                          {"name", token.name},
                          {"scopes", scopes},
                          {"created_by", token.created_by},
                          {"expires", token.expires_at ? Json(base::format_utc(*token.expires_at)) : Json()},
                          {"revoked", token.revoked_at.has_value()}}));
        if (!context.json)
            context.terminal.out(fmt::format("{}  {:<24} {}", token.id, token.name,
                                             token.revoked_at ? base::tr("revocado") : base::tr("en vigor")));
    }
    if (context.json) context.terminal.out(Json::object({{"tokens", all}}).dump());
}

void revoke(Context& context, const TokenOptions& asked) {
    CommandCore core(context);
    const auto& tenant = core.tenant(asked.tenant);
    const base::SystemClock clock;
    const bool done =
        identity::Tokens(core.core().databases->of(tenant), clock).revoke(tenant.id, asked.id, by);
    context.exit_code = done ? 0 : 1;
    context.answer(
        Json::object({{"ok", done}}),
        done ? base::tr("Revocado.") : base::tr("No hay ningún token en vigor con ese identificador."));
}

}  // namespace

void add_token(CLI::App& app, Context& context) {
    auto* token = app.add_subcommand("token", base::tr("Los tokens con los que entran los programas"));
    token->require_subcommand(1);
    auto asked = std::make_shared<TokenOptions>();
    const auto verb = [&](const char* name, const std::string& help) {
        auto* command = token->add_subcommand(name, help);
        common_options(command, context);
        command->add_option("--tenant", asked->tenant, base::tr("Municipio (nombre de su archivo)"))
            ->required();
        return command;
    };
    auto* creating = verb("create", base::tr("Crea un token y lo muestra una sola vez"));
    creating->add_option("--scope", asked->scopes, base::tr("Lo que permite; puede repetirse"))->required();
    creating->add_option("--name", asked->name, base::tr("Para quién es"))
        ->default_str("concejo token create");
    creating->add_option("--days", asked->days, base::tr("Días que vale; sin límite si no se dice"));
    creating->callback([&context, asked] {
        if (asked->name.empty()) asked->name = "concejo token create";
        create(context, *asked);
    });
    verb("list", base::tr("Los tokens del municipio"))->callback([&context, asked] {
        list_tokens(context, *asked);
    });
    auto* revoking = verb("revoke", base::tr("Deja de valer desde ahora"));
    revoking->add_option("id", asked->id, base::tr("Identificador, como lo da «token list»"))->required();
    revoking->callback([&context, asked] { revoke(context, *asked); });
}

}  // namespace kernel::cli
