// What every member of staff may do with the own account: see what there is, sessions, second factor,
// password.
#include "kernel/web/device.hpp"
#include "kernel/web/layout.hpp"
#include "kernel/web/own_pages.hpp"
#include "kernel/web/qr.hpp"
#include "kernel/web/texts.hpp"

#include <concejo/error.hpp>

namespace kernel::web {

using concejo::Json;

namespace {

class AccountPages {
public:
    explicit AccountPages(OwnPages& own) : own_(own) {}

    http::Response home(Visit& visit) const {
        const LayoutInput in{
            own_.services.registry, own_.services.catalogs,      own_.pages.formats(visit.place()),
            own_.clock.now(),       own_.services.platform.mode, own_.services.platform.admin_municipio};
        return html(own_.pages.own_page(
            visit, "web/staff-home",
            Json::object({{"title", say(visit, texts::management)}, {"groups", staff_menu(in, visit)}})));
    }

    http::Response sessions(Visit& visit) const {
        Json list = Json::array();
        for (const auto& session : accounts(visit).sessions.list(visit.place().id, visit.session->user_id)) {
            const bool current = session.id == visit.session->id;
            list.push_back(Json::object(
                {{"device", device(visit, session.agent)},
                 {"address", session.ip_prefix},
                 {"last_used", own_.pages.formats(visit.place())
                                   .date_time(visit.language, session.last_seen_at, i18n::Style::normal)},
                 {"current", current},
                 {"close_href",
                  current ? Json() : Json(staff_path(visit, "/sesiones/" + session.id + "/cerrar"))}}));
        }
        return html(
            own_.pages.own_page(visit, "pages/sessions",
                                Json::object({{"title", say(visit, texts::open_sessions)},
                                              {"sessions", list},
                                              {"close_all_href", staff_path(visit, "/sesiones/cerrar")}})));
    }

    http::Response close_others(Visit& visit) const {
        accounts(visit).sessions.revoke_all(visit.place().id, visit.session->user_id, origin_of(visit),
                                            visit.session->id);
        return see_other(staff_path(visit, "/sesiones"));
    }

    http::Response close_one(Visit& visit) const {
        for (const auto& parameter : visit.path_parameters) {
            if (parameter.name == "id")
                accounts(visit).sessions.revoke(visit.place().id, visit.session->user_id, parameter.value,
                                                origin_of(visit));
        }
        return see_other(staff_path(visit, "/sesiones"));
    }

    http::Response two_steps(Visit& visit) const {
        try {
            const auto offer = accounts(visit).second_factor.offer(visit.place().id, visit.session->user_id,
                                                                   visit.place().config.name);
            return two_steps_form(visit, 200, offer, nullptr);
        } catch (const concejo::Error& error) {
            if (error.kind() != concejo::ErrorKind::conflict) throw;
            return two_steps_on(visit);
        }
    }

    // The offered secret comes back sealed with the form, so that a mistyped code does not make the person
    // scan again.
    http::Response two_steps_sent(Visit& visit) const {
        if (accounts(visit).second_factor.confirm(visit.place().id, visit.session->user_id,
                                                  form_text(visit, "codigo"), origin_of(visit)))
            return two_steps_on(visit);
        const auto uri = opened(visit);
        if (!uri) return see_other(staff_path(visit, "/verificacion"));
        const auto mark = uri->find("secret=");
        identity::TotpOffer offer{
            mark == uri->npos ? "" : uri->substr(mark + 7, uri->find('&', mark) - mark - 7), *uri};
        return two_steps_form(visit, 422, offer, texts::wrong_code);
    }

    http::Response qr(Visit& visit) const {
        const auto uri = opened(visit);
        if (!uri) throw concejo::Error(concejo::ErrorKind::not_found, "el código ya no sirve");
        return {200, "image/svg+xml", qr_svg(*uri)};
    }

    http::Response password(Visit& visit) const { return password_form(visit, 200, "", ""); }

    http::Response password_sent(Visit& visit) const {
        auto& users = accounts(visit).users;
        const auto fresh = form_text(visit, "nueva");
        if (!users.knows_password(visit.place().id, visit.session->user_id, form_text(visit, "actual")))
            return password_form(visit, 422, "actual", say(visit, texts::wrong_password));
        if (fresh != form_text(visit, "repetida"))
            return password_form(visit, 422, "repetida", say(visit, texts::passwords_differ));
        try {
            users.passwd(visit.place().id, visit.session->user_id, fresh, false, origin_of(visit),
                         visit.session->id);
        } catch (const concejo::Error& error) {
            if (error.kind() != concejo::ErrorKind::invalid) throw;
            // The kernel's own domain, where the rules of passwords stand.
            const auto why = own_.services.catalogs.translate(visit.language, "kernel", error.what());
            return password_form(visit, 422, "nueva", why);
        }
        if (auto rotated = accounts(visit).sessions.rotate(visit.place().id, visit.session_token)) {
            visit.cookies.push_back(own_.cookies.set(own_.cookies.session(), rotated->token));
            visit.session = rotated->session;
        }
        return done(visit, texts::change_password, texts::password_changed);
    }

private:
    std::string say(const Visit& visit, const char* text) const {
        return own_.pages.say(visit.language, text);
    }
    Accounts& accounts(const Visit& visit) const { return own_.accounts.of(visit.place()); }
    std::string purpose(const Visit& visit) const { return "qr " + visit.session->user_id; }

    std::optional<std::string> opened(const Visit& visit) const {
        return own_.keys.open(visit.asked().query_value("c").value_or(""), purpose(visit));
    }

    std::string device(const Visit& visit, std::string_view agent) const {
        const auto [browser, system] = device_of(agent);
        if (browser.empty() || system.empty())
            return browser.empty() && system.empty() ? say(visit, texts::unknown_device) : browser + system;
        auto text = say(visit, texts::device_on);
        text.replace(text.find("{browser}"), 9, browser);
        return text.replace(text.find("{system}"), 8, system);
    }

    http::Response two_steps_form(Visit& visit, int status, const identity::TotpOffer& offer,
                                  const char* error) const {
        const auto sealed = own_.keys.seal(offer.uri, purpose(visit));
        return html(own_.pages.own_page(
                        visit, "pages/totp-setup",
                        Json::object({{"title", say(visit, texts::two_steps)},
                                      {"qr_href", staff_path(visit, "/verificacion/qr.svg") + "?c=" + sealed},
                                      {"secret", offer.secret},
                                      {"action", staff_path(visit, "/verificacion") + "?c=" + sealed},
                                      {"errors", error ? form_errors(say(visit, texts::check_data), "codigo",
                                                                     say(visit, error))
                                                       : Json()}})),
                    status);
    }

    http::Response two_steps_on(Visit& visit) const {
        return done(visit, texts::two_steps, texts::two_steps_on);
    }

    http::Response done(Visit& visit, const char* title, const char* text) const {
        return html(own_.pages.own_page(
            visit, "web/done",
            Json::object({{"title", say(visit, title)},
                          {"text", say(visit, text)},
                          {"back", Json::object({{"href", staff_path(visit, "/")},
                                                 {"label", say(visit, texts::back_to_management)}})}})));
    }

    Json field(const Visit& visit, const char* name, const char* label, const char* hint,
               std::string_view wrong, const std::string& error) const {
        const bool mine = wrong == name;
        std::string described = hint ? std::string(name) + "-a" : "";
        if (mine) described += (described.empty() ? "" : " ") + std::string(name) + "-e";
        return Json::object(
            {{"text_field",
              Json::object(
                  {{"id", name},
                   {"name", name},
                   {"label", say(visit, label)},
                   {"type", "password"},
                   {"value", ""},
                   {"hint", hint ? Json(say(visit, hint)) : Json()},
                   {"error", mine ? Json(error) : Json()},
                   {"optional", false},
                   {"width", nullptr},
                   {"inputmode", nullptr},
                   {"maxlength", 256},
                   {"autocomplete", std::string_view(name) == "actual" ? "current-password" : "new-password"},
                   {"described", described.empty() ? Json() : Json(described)}})}});
    }

    http::Response password_form(Visit& visit, int status, std::string_view wrong,
                                 const std::string& error) const {
        const auto fields =
            Json::array({field(visit, "actual", texts::present_password, nullptr, wrong, error),
                         field(visit, "nueva", texts::new_password, texts::password_hint, wrong, error),
                         field(visit, "repetida", texts::repeat_password, nullptr, wrong, error)});
        return html(own_.pages.own_page(
                        visit, "web/password",
                        Json::object({{"title", say(visit, texts::change_password)},
                                      {"done", nullptr},
                                      {"fields", fields},
                                      {"action", staff_path(visit, "/clave")},
                                      {"errors", wrong.empty() ? Json()
                                                               : form_errors(say(visit, texts::check_data),
                                                                             wrong, error)}})),
                    status);
    }

    OwnPages& own_;
};

}  // namespace

void OwnPages::add_account(std::vector<Entry>& table) {
    const auto add = adding(table, std::make_shared<AccountPages>(*this));
    add("GET", "/", &AccountPages::home);
    add("GET", "/sesiones", &AccountPages::sessions);
    add("POST", "/sesiones/cerrar", &AccountPages::close_others);
    add("POST", "/sesiones/:id/cerrar", &AccountPages::close_one);
    add("GET", "/verificacion", &AccountPages::two_steps);
    add("POST", "/verificacion", &AccountPages::two_steps_sent);
    add("GET", "/verificacion/qr.svg", &AccountPages::qr);
    add("GET", "/clave", &AccountPages::password);
    add("POST", "/clave", &AccountPages::password_sent);
}

}  // namespace kernel::web
