// Tokens that a token makes: it gives no more than this API's own scope, and they end with it. CKAN's "user" is here the token that an
// administrator made, in whose name those act.
#include "ckan_access.hpp"
#include "ckan_show.hpp"

#include <ctime>

namespace open_data::ckan {
namespace {

using concejo::Error;
using concejo::ErrorKind;

constexpr std::size_t longest_token_name = 200;
constexpr std::int64_t longest_life = 10LL * 366 * 24 * 3600;  ///< seconds

bool is_self(Ask& ask, const std::string& user) {
    const auto own = Show(ask).user();
    return user == own.string_or("id", "") || user == own.string_or("name", "");
}

std::string unix_text(const Json& unix_seconds) {
    const auto at = static_cast<std::time_t>(unix_seconds.as_int());
    std::tm parts{};
    ::gmtime_r(&at, &parts);
    char text[40];
    return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S.000000", &parts)};
}

/// As the extension expire_api_token asks for it: so many of a unit of so many seconds.
std::int64_t asked_expiry(const Ask& ask) {
    if (!ask.args.has("expires_in")) return 0;
    const auto count = ask.args.natural("expires_in").value_or(0),
               unit = ask.args.natural("unit").value_or(1);
    if (count < 1 || unit < 1 || count > longest_life / unit)
        throw invalid("expires_in", "Must be from one second to ten years");
    return static_cast<std::int64_t>(std::time(nullptr)) + count * unit;
}

std::string token_create(Ask& ask) {
    ask.need_writer("create API tokens");
    const auto user = ask.args.text("user"), name = ask.args.text("name");
    Json missing_ones = Json::object();
    for (const auto* key : {"user", "name"})
        if (ask.args.text(key).empty()) missing_ones[key] = Json::array({"Missing value"});
    if (!missing_ones.empty()) throw invalid(std::move(missing_ones));
    if (!is_self(ask, user)) throw not_found("User not found");
    if (name.size() > longest_token_name)
        throw invalid("name", "Name must be a maximum of 200 characters long");
    if (name.find_first_not_of(" \t\r\n") == std::string::npos) throw missing("name");
    const auto expires = asked_expiry(ask);
    try {
        const auto made = ask.request.make_token(
            ask.tx,
            Json::object({{"name", name}, {"scopes", Json::array({may_write})}, {"expires", expires}}));
        return Json::object({{"token", made["secret"]}}).dump();
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::forbidden)
            throw ask.denied("create API tokens: one that a token made makes no others");
        if (error.kind() == ErrorKind::conflict)
            throw invalid("user", "This token has made as many as may live at once: revoke some");
        throw;
    }
}

std::string token_list(Ask& ask) {
    ask.need_writer("list API tokens");
    const auto user = ask.args.text("user_id").empty() ? ask.args.text("user") : ask.args.text("user_id");
    if (user.empty()) throw missing("user_id");
    if (!is_self(ask, user)) throw ask.denied("list API tokens");
    const auto id = Show(ask).user().string_or("id", "");
    Json list = Json::array();
    const auto tokens = ask.request.list_tokens(ask.tx);
    for (const auto& one : tokens.as_array())
        list.push_back(
            Json::object({{"created_at", unix_text(one["created"])},
                          {"id", one["id"]},
                          {"last_access", one["used"].is_null() ? Json() : Json(unix_text(one["used"]))},
                          {"name", one["name"]},
                          {"user_id", id}}));
    return list.dump();
}

/// Whether there is one or it is somebody else's is told to nobody.
std::string token_revoke(Ask& ask) {
    ask.need_writer("revoke API tokens");
    const auto jti = ask.args.text("jti"), secret = ask.args.text("token");
    if (jti.empty() && secret.empty()) throw missing("token");
    try {
        ask.request.revoke_token(ask.tx, Json::object({{"id", jti}, {"secret", jti.empty() ? secret : ""}}));
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::not_found) throw ask.denied("revoke this API token");
        throw;
    }
    return "null";
}

}  // namespace

std::vector<Action> token_actions() {
    return {{"api_token_create", token_create, true, "user name expires_in unit",
             "Make a token that may do what this one may here, and ends with it.", true},
            {"api_token_list", token_list, false, "user_id user", "Return the token and those that it made."},
            {"api_token_revoke", token_revoke, true, "token jti", "Revoke the token or one that it made."}};
}

}  // namespace open_data::ckan
