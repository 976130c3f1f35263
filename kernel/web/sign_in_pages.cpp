// Login of staff: name and password, then the code of the second factor.
#include "kernel/http/text.hpp"
#include "kernel/web/language.hpp"
#include "kernel/web/own_pages.hpp"
#include "kernel/web/texts.hpp"

namespace kernel::web {

using concejo::Json;
using identity::SignInStatus;
using plugins::RouteKind;

namespace {

constexpr std::string_view login_path = "/acceso", code_path = "/acceso/codigo";

/// Where the person wanted to go; "" where that is not ours to send to.
std::string wanted(const Visit& visit) {
    const auto& languages = visit.place().config.languages;
    const auto asked =
        visit.asked().form_value("next").value_or(visit.asked().query_value("volver").value_or(""));
    return safe_return(asked, languages).value_or("");
}

std::string with_return(std::string path, const std::string& next) {
    return next.empty() ? path : path + "?volver=" + http::percent_encoded(next, "/");
}

class SignInPages {
public:
    explicit SignInPages(OwnPages& own) : own_(own) {}

    http::Response login(Visit& visit) const {
        if (visit.session) return see_other(wanted(visit).empty() ? staff_path(visit, "/") : wanted(visit));
        return login_form(visit, 200, "", nullptr);
    }

    http::Response login_sent(Visit& visit) const {
        if (auto wait = too_often(visit, form_text(visit, "usuario"))) return std::move(*wait);
        identity::Credentials given = credentials(visit);
        given.login = form_text(visit, "usuario");
        given.password = form_text(visit, "clave");
        return answer(visit, own_.accounts.of(visit.place()).sign_in(given), false);
    }

    http::Response code(Visit& visit) const { return code_form(visit, 200, nullptr); }

    http::Response code_sent(Visit& visit) const {
        if (auto wait = too_often(visit, "")) return std::move(*wait);
        identity::Credentials given = credentials(visit);
        given.ticket = visit.asked().cookie(own_.cookies.ticket()).value_or("");
        given.code = form_text(visit, "codigo");
        if (given.ticket.empty()) return login_form(visit, 422, "codigo", texts::start_again);
        return answer(visit, own_.accounts.of(visit.place()).sign_in(given), true);
    }

    http::Response logout(Visit& visit) const {
        own_.accounts.of(visit.place())
            .sessions.close(visit.place().id, visit.session_token, origin_of(visit));
        visit.cookies.push_back(own_.cookies.clear(own_.cookies.session()));
        return see_other(write_address(RouteKind::page, visit.language, "/"));
    }

private:
    identity::Credentials credentials(const Visit& visit) const {
        identity::Credentials given;
        given.tenant = visit.place().id;
        given.previous = visit.asked().cookie(own_.cookies.session()).value_or("");
        given.peer = visit.asked().peer;
        given.agent = visit.asked().field("user-agent");
        given.request_id = visit.request_id;
        return given;
    }

    std::optional<http::Response> too_often(Visit& visit, const std::string& login) const {
        if (own_.unlimited(visit.asked())) return std::nullopt;
        const auto now = std::chrono::steady_clock::now();
        auto wait = own_.limits.logins.take(OwnPages::client_of(visit.asked()), now);
        const bool address = wait.has_value();
        if (!wait && !login.empty()) wait = own_.limits.accounts.take(visit.place().id + '\n' + login, now);
        if (!wait) return std::nullopt;
        auto response = own_.errors.answer(visit, 429);
        response.cause = address ? "login_rate" : "account_rate";
        response.set("Retry-After", std::to_string(wait->count()));
        return response;
    }

    http::Response answer(Visit& visit, const identity::SignInOutcome& outcome, bool second) const {
        const auto& cookies = own_.cookies;
        const auto next = wanted(visit);
        switch (outcome.status) {
            case SignInStatus::ok: {
                visit.cookies.push_back(cookies.set(cookies.session(), outcome.session->token));
                visit.cookies.push_back(
                    cookies.set(language_cookie, visit.language, std::chrono::hours(24 * 365)));
                if (second) visit.cookies.push_back(cookies.clear(cookies.ticket()));
                if (outcome.session->session.must_change) return see_other(staff_path(visit, "/clave"));
                return see_other(next.empty() ? staff_path(visit, "/") : next);
            }
            case SignInStatus::needs_totp:
                visit.cookies.push_back(
                    cookies.set(cookies.ticket(), outcome.ticket, std::chrono::minutes(5), true));
                return see_other(with_return(staff_path(visit, code_path), next));
            case SignInStatus::wrong:
                if (!second) return login_form(visit, 422, "usuario", texts::wrong_login);
                if (!outcome.ticket.empty())
                    visit.cookies.push_back(
                        cookies.set(cookies.ticket(), outcome.ticket, std::chrono::minutes(5), true));
                return code_form(visit, 422, texts::wrong_code);
            case SignInStatus::expired:
                return login_form(visit, 422, "usuario", texts::start_again);
            case SignInStatus::disabled:
                return login_form(visit, 403, "usuario", texts::account_disabled);
            case SignInStatus::locked:
                break;
        }
        auto response = second ? code_form(visit, 429, texts::too_many_tries)
                               : login_form(visit, 429, "usuario", texts::too_many_tries);
        const auto left =
            outcome.until ? std::chrono::ceil<std::chrono::seconds>(*outcome.until - own_.clock.now()).count()
                          : 60;
        response.set("Retry-After", std::to_string(std::max<long>(1, left)));
        return response;
    }

    Json errors(const Visit& visit, std::string_view field, const char* text) const {
        if (!text) return nullptr;
        return form_errors(own_.pages.say(visit.language, texts::not_entered), field,
                           own_.pages.say(visit.language, text));
    }

    http::Response login_form(Visit& visit, int status, std::string_view field, const char* error) const {
        const auto next = wanted(visit);
        return html(
            own_.pages.own_page(
                visit, "pages/login",
                Json::object({{"title", own_.pages.say(visit.language, "Acceso del personal")},
                              {"action", staff_path(visit, login_path)},
                              {"next", next.empty() ? Json() : Json(next)},
                              {"usuario", form_text(visit, "usuario")},
                              {"notice", visit.asked().query_value("caducada")
                                             ? Json(own_.pages.say(visit.language, texts::session_ended))
                                             : Json()},
                              {"errors", errors(visit, field, error)}})),
            status);
    }

    http::Response code_form(Visit& visit, int status, const char* error) const {
        const auto next = wanted(visit);
        return html(own_.pages.own_page(
                        visit, "pages/totp",
                        Json::object({{"title", own_.pages.say(visit.language, "Código de verificación")},
                                      {"action", staff_path(visit, code_path)},
                                      {"next", next.empty() ? Json() : Json(next)},
                                      {"errors", errors(visit, "codigo", error)}})),
                    status);
    }

    OwnPages& own_;
};

}  // namespace

void OwnPages::add_sign_in(std::vector<Entry>& table) {
    const auto add = adding(table, std::make_shared<SignInPages>(*this));
    add("GET", login_path, &SignInPages::login).open = true;
    add("POST", login_path, &SignInPages::login_sent).open = true;
    add("GET", code_path, &SignInPages::code).open = true;
    add("POST", code_path, &SignInPages::code_sent).open = true;
    add("POST", "/salir", &SignInPages::logout);
}

}  // namespace kernel::web
