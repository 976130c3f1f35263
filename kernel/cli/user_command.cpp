#include "kernel/base/encoding.hpp"
#include "kernel/base/random.hpp"
#include "kernel/base/tr.hpp"
#include "kernel/cli/command_core.hpp"
#include "kernel/identity/keys.hpp"
#include "kernel/identity/permissions.hpp"
#include "kernel/identity/second_factor.hpp"
#include "kernel/identity/users.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace kernel::cli {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;

constexpr std::size_t totp_secret_bytes = 20;

struct UserOptions {
    std::string tenant, login, name, email;
    std::vector<std::string> roles;
    bool totp = false;
};

/// The accounts of one municipality, as the command line reaches them.
class Accounts {
public:
    Accounts(Context& context, const std::string& slug)
        : core_(context),
          tenant_(core_.tenant(slug)),
          pool_(core_.core().databases->of(tenant_)),
          users_(pool_, passwords_, clock_) {}

    identity::User find(const std::string& login) {
        if (auto user = users_.find(tenant_.id, login)) return *user;
        throw Error(ErrorKind::not_found,
                    base::tr("no hay ningún usuario «{0}» en {1}", login, tenant_.config.slug));
    }
    void check_roles(const std::vector<std::string>& roles) {
        const identity::Permissions permissions(core_.core().registry.permissions,
                                                core_.core().registry.roles);
        const auto unknown = permissions.unknown_roles(roles);
        if (unknown.empty()) return;
        std::vector<std::string> known;
        for (const auto& role : permissions.roles()) known.push_back(role.id);
        throw Error(ErrorKind::invalid, base::tr("no hay ningún rol «{0}»; los que hay: {1}",
                                                 fmt::join(unknown, "», «"), fmt::join(known, ", ")));
    }
    std::string set_totp(const std::string& user) {
        const auto keys = core_.core().keys();
        const auto secret = base::random_bytes(totp_secret_bytes);
        identity::SecondFactor(pool_, keys, clock_).set(tenant_.id, user, secret, by);
        return base::base32(secret, false);
    }

    const identity::Origin by{"system:cli", "", ""};
    identity::Users& users() { return users_; }
    const tenancy::Tenant& tenant() const { return tenant_; }

private:
    CommandCore core_;
    const tenancy::Tenant& tenant_;
    db::Pool& pool_;
    identity::Passwords passwords_;
    base::SystemClock clock_;
    identity::Users users_;
};

void add(Context& context, const UserOptions& asked) {
    const auto password = read_secret(base::tr("Contraseña de {}", asked.login), true);
    Accounts accounts(context, asked.tenant);
    accounts.check_roles(asked.roles);
    identity::NewUser fresh;
    fresh.tenant = accounts.tenant().id;
    fresh.login = asked.login;
    fresh.name = asked.name.empty() ? asked.login : asked.name;
    fresh.email = asked.email;
    fresh.roles = asked.roles;
    fresh.password = password;
    const auto user = accounts.users().add(fresh, accounts.by);
    auto answer = Json::object({{"id", user.id}, {"login", user.login}});
    std::string text = base::tr("Usuario «{0}» creado en {1}.", user.login, asked.tenant);
    if (asked.totp) {
        const auto secret = accounts.set_totp(user.id);
        answer["totp_secret"] = secret;
        text +=
            "\n" + base::tr("Clave del segundo factor (escríbala en su aplicación de códigos): {}", secret);
    }
    context.answer(answer, text);
}

void passwd(Context& context, const UserOptions& asked) {
    const auto password = read_secret(base::tr("Nueva contraseña de {}", asked.login), true);
    Accounts accounts(context, asked.tenant);
    const auto user = accounts.find(asked.login);
    accounts.users().passwd(accounts.tenant().id, user.id, password, false, accounts.by);
    accounts.users().unlock(accounts.tenant().id, user.id, accounts.by);
    context.answer(Json::object({{"id", user.id}}),
                   base::tr("Contraseña cambiada; las sesiones de «{}» se han cerrado.", asked.login));
}

void list_users(Context& context, const UserOptions& asked) {
    Accounts accounts(context, asked.tenant);
    Json all = Json::array();
    for (const auto& user : accounts.users().list(accounts.tenant().id)) {
        Json roles = Json::array();
        for (const auto& role : user.roles) roles.push_back(role);
        all.push_back(Json::object({{"id", user.id},
                                    {"login", user.login},
                                    {"name", user.name},
                                    {"roles", roles},
                                    {"totp", user.has_totp},
                                    {"disabled", user.disabled}}));
        if (!context.json)
            context.terminal.out(
                fmt::format("{:<20} {:<28} {:<30} {}{}", user.login, user.name, fmt::join(user.roles, ", "),
                            user.has_totp ? base::tr("con segundo factor") : base::tr("sin segundo factor"),
                            user.disabled ? ", " + base::tr("desactivado") : ""));
    }
    if (context.json) context.terminal.out(Json::object({{"users", all}}).dump());
}

void disable(Context& context, const UserOptions& asked, bool disabled) {
    Accounts accounts(context, asked.tenant);
    const auto user = accounts.find(asked.login);
    accounts.users().set_disabled(accounts.tenant().id, user.id, disabled, accounts.by);
    context.answer(Json::object({{"id", user.id}, {"disabled", disabled}}),
                   disabled ? base::tr("Usuario «{}» desactivado.", asked.login)
                            : base::tr("Usuario «{}» activado.", asked.login));
}

}  // namespace

void add_user(CLI::App& app, Context& context) {
    auto* user = app.add_subcommand("user", base::tr("Los usuarios de la gestión de un municipio"));
    user->require_subcommand(1);
    auto asked = std::make_shared<UserOptions>();
    const auto verb = [&](const char* name, const std::string& help, bool with_login) {
        auto* command = user->add_subcommand(name, help);
        common_options(command, context);
        command->add_option("--tenant", asked->tenant, base::tr("Municipio (nombre de su archivo)"))
            ->required();
        if (with_login)
            command->add_option("--login", asked->login, base::tr("Nombre con el que entra"))->required();
        return command;
    };
    auto* adding = verb(
        "add",
        base::tr("Crea un usuario; la contraseña se pide en el terminal o llega por la entrada estándar"),
        true);
    adding->add_option("--name", asked->name, base::tr("Nombre y apellidos"));
    adding->add_option("--email", asked->email, base::tr("Correo"));
    adding->add_option("--role", asked->roles, base::tr("Rol; puede repetirse"))->required();
    adding->add_flag("--totp", asked->totp, base::tr("Le pone ya un segundo factor y muestra su clave"));
    adding->callback([&context, asked] { add(context, *asked); });
    verb("passwd", base::tr("Cambia la contraseña de un usuario y cierra sus sesiones"), true)
        ->callback([&context, asked] { passwd(context, *asked); });
    verb("list", base::tr("Los usuarios del municipio"), false)->callback([&context, asked] {
        list_users(context, *asked);
    });
    verb("disable", base::tr("Le cierra la entrada, sin borrar lo que hizo"), true)
        ->callback([&context, asked] { disable(context, *asked, true); });
    verb("enable", base::tr("Le devuelve la entrada"), true)->callback([&context, asked] {
        disable(context, *asked, false);
    });
}

}  // namespace kernel::cli
