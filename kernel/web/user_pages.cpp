// The municipality's accounts, for who may see to them. Nobody gives or touches more than he has himself;
// what could take an account over asks for the own password once more.
#include "kernel/base/text.hpp"
#include "kernel/http/text.hpp"
#include "kernel/identity/confirmation.hpp"
#include "kernel/web/page_tools.hpp"
#include "kernel/web/texts.hpp"

#include <concejo/error.hpp>

#include <algorithm>

namespace kernel::web {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;
using identity::User;

namespace {

constexpr std::size_t users_shown = 50;

class UserPages : PageTools {
public:
    using PageTools::PageTools;

    http::Response list(Visit& visit) const {
        const auto words = query(visit, "q").substr(0, 200), after = query(visit, "despues").substr(0, 200);
        auto users = accounts(visit).users.page(visit.place().id, words, after, users_shown + 1);
        const bool more = users.size() > users_shown;
        if (more) users.pop_back();
        Json rows = Json::array();
        for (const auto& user : users) rows.push_back(row(visit, user));
        const auto columns =
            Json::array({column(visit, texts::user_login), column(visit, texts::user_name),
                         column(visit, texts::user_roles), column(visit, texts::user_state)});
        return page(
            visit, "web/users",
            Json::object(
                {{"title", say(visit, texts::users)},
                 {"new_href", staff(visit, "/usuarios/nuevo")},
                 {"action", staff(visit, "/usuarios")},
                 {"words", words},
                 {"table",
                  users.empty() ? Json() : table(visit, "usuarios", texts::users, columns, std::move(rows))},
                 {"empty", users.empty() ? nothing(visit, texts::user_none, texts::user_none_why) : Json()},
                 {"next_href", more ? Json(staff(visit, "/usuarios") +
                                           "?despues=" + http::percent_encoded(users.back().login, "") +
                                           (words.empty() ? "" : "&q=" + http::percent_encoded(words, "")))
                                    : Json()},
                 {"first_href", after.empty() ? Json() : Json(staff(visit, "/usuarios"))}}));
    }

    http::Response fresh(Visit& visit) const { return new_form(visit, 200, "", ""); }

    http::Response create(Visit& visit) const {
        const auto roles = form_list(visit, "papel");
        if (const auto why = password_refused(visit); !why.empty()) return new_form(visit, 422, "clave", why);
        if (const auto why = roles_refused(visit, "user.add", {}, {}, roles); !why.empty())
            return new_form(visit, 422, "papel", why);
        identity::NewUser user;
        user.tenant = visit.place().id;
        user.login = base::trim(form(visit, "usuario"));
        user.name = base::trim(form(visit, "nombre")).substr(0, 200);
        user.email = base::trim(form(visit, "correo")).substr(0, 200);
        user.roles = roles;
        if (user.name.empty()) user.name = user.login;
        try {
            const auto made = accounts(visit).users.add(user, origin_of(visit));
            const auto password =
                accounts(visit).users.reset_password(user.tenant, made.id, origin_of(visit));
            return one_page(visit, 200, made.id, {texts::user_created, password, "", ""});
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::invalid && error.kind() != ErrorKind::conflict) throw;
            return new_form(visit, 422, "usuario", told(visit, error.what()).string_or("text", ""));
        }
    }

    http::Response one(Visit& visit) const { return one_page(visit, 200, parameter(visit, "id"), {}); }

    http::Response set_roles(Visit& visit) const {
        const auto roles = form_list(visit, "papel");
        return change(visit, "clave-papeles", [&](const User& user) -> Outcome {
            if (auto why = roles_refused(visit, "user.roles", "user:" + user.id, user.roles, roles);
                !why.empty())
                return {"", "", "papel", why};
            accounts(visit).users.set_roles(user.tenant, user.id, roles, origin_of(visit));
            return {texts::user_roles_set, "", "", ""};
        });
    }

    http::Response act(Visit& visit) const {
        const auto what = form(visit, "accion");
        return change(visit, "clave-acciones", [&](const User& user) -> Outcome {
            auto& mine = accounts(visit);
            const auto by = origin_of(visit);
            if (what == "bloquear") {
                mine.users.set_disabled(user.tenant, user.id, true, by);
                return {texts::user_blocked, "", "", ""};
            }
            if (what == "desbloquear") {
                mine.users.set_disabled(user.tenant, user.id, false, by);
                mine.users.unlock(user.tenant, user.id, by);
                return {texts::user_unblocked, "", "", ""};
            }
            if (what == "clave")
                return {texts::user_password_set, mine.users.reset_password(user.tenant, user.id, by), "",
                        ""};
            if (what == "segundo-factor") {
                mine.second_factor.remove(user.tenant, user.id, by);
                mine.sessions.revoke_all(user.tenant, user.id, by);
                return {texts::user_factor_removed, "", "", ""};
            }
            if (what == "sesiones") {
                mine.sessions.revoke_all(user.tenant, user.id, by);
                return {texts::user_sessions_ended, "", "", ""};
            }
            throw Error(ErrorKind::invalid, "acción desconocida");
        });
    }

private:
    struct Outcome {
        const char* done = "";   ///< text
        std::string password{};  ///< shown this once
        std::string wrong{};     ///< id of a field …
        std::string error{};     ///< … and what is wrong with it
    };

    User user_or_404(const Visit& visit, const std::string& id) const {
        if (auto user = accounts(visit).users.find_by_id(visit.place().id, id)) return std::move(*user);
        throw Error(ErrorKind::not_found, "no hay ningún usuario con ese identificador");
    }

    std::string state(const Visit& visit, const User& user) const {
        return say(visit, user.disabled        ? texts::user_is_blocked
                          : !user.has_password ? texts::user_without_password
                          : user.must_change   ? texts::user_must_change
                                               : texts::user_is_active);
    }

    Json row(const Visit& visit, const User& user) const {
        std::string labels;
        for (const auto& role : user.roles) labels += (labels.empty() ? "" : ", ") + role_label(visit, role);
        return Json::object(
            {{"cells",
              Json::array({cell({{"header", true},
                                 {"href", staff(visit, "/usuarios/" + user.id)},
                                 {"text", user.login}}),
                           cell({{"label", say(visit, texts::user_name)}, {"text", user.name}}),
                           cell({{"label", say(visit, texts::user_roles)},
                                 {"text", labels.empty() ? say(visit, texts::user_no_roles) : labels}}),
                           cell({{"label", say(visit, texts::user_state)},
                                 {"text", state(visit, user)},
                                 {"tone", user.disabled ? "warn" : "ok"}})})}});
    }

    std::string role_label(const Visit& visit, const std::string& role) const {
        if (role == identity::administrator_role) return say(visit, texts::role_administrator);
        for (const auto& declared : own_.services.registry.roles)
            if (declared.id == role)
                return own_.services.catalogs.translate(visit.language, declared.plugin_id, declared.label);
        return role;
    }

    bool within_own(const Visit& visit, const std::vector<std::string>& roles) const {
        const auto may = own_.accounts.permissions().resolve(roles);
        return std::all_of(may.begin(), may.end(), [&](const auto& one) { return visit.who.may(one); });
    }

    /// Roles of the modules that are on here, the kernel's, and those that the person has already.
    std::vector<Choice> role_choices(const Visit& visit, const std::vector<std::string>& chosen) const {
        std::vector<Choice> list;
        const auto add = [&](const std::string& role, bool known) {
            const auto same = [&](const Choice& one) { return one.value == role; };
            if (std::any_of(list.begin(), list.end(), same)) return;
            const bool has = std::find(chosen.begin(), chosen.end(), role) != chosen.end();
            const bool mine = within_own(visit, {role});
            if (mine || has)
                list.push_back({role, role_label(visit, role), has,
                                known ? std::string() : say(visit, texts::role_unknown)});
        };
        add(std::string(identity::administrator_role), true);
        for (const auto& role : own_.services.registry.roles)
            if (visit.place().has(role.plugin_id)) add(role.id, true);
        for (const auto& role : chosen) add(role, own_.accounts.permissions().unknown_roles({role}).empty());
        return list;
    }

    /// Why these roles cannot be given; "" where they can. What the person has already may stay. The page
    /// offers none that is beyond who asks: whoever sends one all the same is written down.
    std::string roles_refused(const Visit& visit, const char* action, const std::string& object,
                              const std::vector<std::string>& has,
                              const std::vector<std::string>& wanted) const {
        for (const auto& role : wanted) {
            if (std::find(has.begin(), has.end(), role) != has.end()) continue;
            if (!own_.accounts.permissions().unknown_roles({role}).empty())
                return say(visit, texts::role_is_none);
            if (within_own(visit, {role})) continue;
            audit(visit, action, object, "denied", Json::object({{"role", role}}));
            return say(visit, texts::role_beyond_own);
        }
        return {};
    }

    std::string password_refused(const Visit& visit) const {
        auto& mine = accounts(visit);
        const auto self = user_or_404(visit, visit.session->user_id);
        switch (identity::confirm_password(mine.pool, mine.users, mine.rules, self, form(visit, "clave"),
                                           origin_of(visit), own_.clock.now())) {
            case identity::Confirmed::yes:
                return {};
            case identity::Confirmed::no:
                return say(visit, texts::wrong_password);
            case identity::Confirmed::locked:
                break;
        }
        return say(visit, texts::too_many_tries);
    }

    /// Nothing: may be changed here. Otherwise why not.
    const char* not_ours(const Visit& visit, const User& user) const {
        if (user.id == visit.session->user_id) return texts::user_is_you;
        return within_own(visit, user.roles) ? nullptr : texts::user_has_more;
    }

    template <class F>
    http::Response change(Visit& visit, const char* password_field, F&& what) const {
        const auto user = user_or_404(visit, parameter(visit, "id"));
        if (const auto* why = not_ours(visit, user)) {
            audit(visit, "user.change", "user:" + user.id, "denied");
            return one_page(visit, 403, user.id, {"", "", "", say(visit, why)});
        }
        if (auto why = password_refused(visit); !why.empty())
            return one_page(visit, 422, user.id, {"", "", password_field, why});
        try {
            const Outcome outcome = what(user);
            return one_page(visit, outcome.error.empty() ? 200 : 422, user.id, outcome);
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::conflict) throw;
            return one_page(visit, 409, user.id,
                            {"", "", password_field, told(visit, error.what()).string_or("text", "")});
        }
    }

    Json own_password(const Visit& visit, const char* id, const std::string& error) const {
        return field(visit, {.name = "clave",
                             .label = texts::your_password,
                             .hint = texts::your_password_why,
                             .error = error,
                             .type = "password",
                             .maxlength = 256,
                             .autocomplete = "current-password",
                             .id = id});
    }

    Json errors_of(const Visit& visit, const std::string& wrong, const std::string& error) const {
        return error.empty() ? Json() : form_errors(say(visit, texts::check_data), wrong, error);
    }

    http::Response new_form(Visit& visit, int status, const std::string& wrong,
                            const std::string& error) const {
        const auto mine = [&](const char* name) { return wrong == name ? error : std::string(); };
        const auto fields = Json::array(
            {field(visit, {.name = "usuario",
                           .label = texts::user_login,
                           .value = form(visit, "usuario"),
                           .hint = texts::user_login_hint,
                           .error = mine("usuario"),
                           .maxlength = 100}),
             field(visit, {.name = "nombre", .label = texts::user_name, .value = form(visit, "nombre")}),
             field(visit, {.name = "correo",
                           .label = texts::user_email,
                           .value = form(visit, "correo"),
                           .type = "email",
                           .optional = true}),
             choices(visit, "papel", texts::user_roles, role_choices(visit, form_list(visit, "papel")),
                     mine("papel"), true),
             own_password(visit, "clave", mine("clave"))});
        return page(visit, "web/user-new",
                    Json::object({{"title", say(visit, texts::user_new)},
                                  {"fields", fields},
                                  {"action", staff(visit, "/usuarios/nuevo")},
                                  {"back_href", staff(visit, "/usuarios")},
                                  {"errors", errors_of(visit, wrong, error)}}),
                    status);
    }

    http::Response one_page(Visit& visit, int status, const std::string& id, const Outcome& outcome) const {
        const auto user = user_or_404(visit, id);
        const auto sessions = accounts(visit).sessions.list(user.tenant, user.id);
        Json summary = Json::array();
        sum(visit, summary, texts::user_name, user.name);
        sum(visit, summary, texts::user_email, user.email);
        sum(visit, summary, texts::user_state, state(visit, user));
        sum(visit, summary, texts::two_steps,
            say(visit, user.has_totp ? texts::factor_on : texts::factor_off));
        sum(visit, summary, texts::open_sessions, number(visit, static_cast<long>(sessions.size())));
        if (!sessions.empty())
            sum(visit, summary, texts::user_last_seen, when(visit, sessions[0].last_seen_at));
        sum(visit, summary, texts::user_since, when(visit, user.created_at));
        const auto* closed = not_ours(visit, user);
        const auto mine = [&](const char* name) {
            return outcome.wrong == name ? outcome.error : std::string();
        };
        auto asked = user.roles;
        if (outcome.wrong == "papel" || outcome.wrong == "clave-papeles") asked = form_list(visit, "papel");
        const auto path = staff(visit, "/usuarios/" + user.id);
        return page(
            visit, "web/user",
            Json::object(
                {{"title", user.login},
                 {"done", *outcome.done ? Json(say(visit, outcome.done)) : Json()},
                 {"password", outcome.password.empty() ? Json() : Json(outcome.password)},
                 {"errors", outcome.wrong.empty() ? Json() : errors_of(visit, outcome.wrong, outcome.error)},
                 {"closed", closed ? Json(say(visit, closed)) : Json()},
                 {"summary", std::move(summary)},
                 {"roles_action", closed ? Json() : Json(path + "/papeles")},
                 {"roles_fields", Json::array({choices(visit, "papel", texts::user_roles,
                                                       role_choices(visit, asked), mine("papel"), true),
                                               own_password(visit, "clave-papeles", mine("clave-papeles"))})},
                 {"act_action", closed ? Json() : Json(path + "/accion")},
                 {"act_fields", Json::array({own_password(visit, "clave-acciones", mine("clave-acciones"))})},
                 {"disabled", user.disabled},
                 {"has_totp", user.has_totp},
                 {"back_href", staff(visit, "/usuarios")},
                 {"audit_href", visit.who.may(identity::permission::see_audit)
                                    ? Json(staff(visit, "/auditoria") + "?objeto=user%3A" + user.id)
                                    : Json()}}),
            status);
    }
};

}  // namespace

void OwnPages::add_users(std::vector<Entry>& table) {
    const auto add = adding(table, std::make_shared<UserPages>(*this), identity::permission::manage_users);
    add("GET", "/usuarios", &UserPages::list);
    add("GET", "/usuarios/nuevo", &UserPages::fresh);
    add("POST", "/usuarios/nuevo", &UserPages::create);
    add("GET", "/usuarios/:id", &UserPages::one);
    add("POST", "/usuarios/:id/papeles", &UserPages::set_roles);
    add("POST", "/usuarios/:id/accion", &UserPages::act);
}

}  // namespace kernel::web
