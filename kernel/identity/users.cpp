#include "kernel/identity/users.hpp"

#include "kernel/base/encoding.hpp"
#include "kernel/base/random.hpp"
#include "kernel/base/text.hpp"
#include "kernel/base/tr.hpp"
#include "kernel/identity/row_values.hpp"

#include <concejo/error.hpp>

#include <algorithm>

namespace kernel::identity {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using db::Params;

constexpr const char* user_columns =
    "id, tenant, login, name, coalesce(email, ''), roles, password_hash is not null, totp_confirmed_at is "
    "not null, disabled_at is not null, must_change, (extract(epoch from created_at) * 1000)::bigint";

User user_at(const db::Rows& rows, std::size_t row) {
    User user;
    user.id = rows.text(row, 0);
    user.tenant = rows.text(row, 1);
    user.login = rows.text(row, 2);
    user.name = rows.text(row, 3);
    user.email = rows.text(row, 4);
    user.roles = db::parse_text_array(rows.value(row, 5));
    user.has_password = rows.boolean(row, 6);
    user.has_totp = rows.boolean(row, 7);
    user.disabled = rows.boolean(row, 8);
    user.must_change = rows.boolean(row, 9);
    user.created_at = time_at(rows, row, 10);
    return user;
}

[[noreturn]] void nobody(std::string_view id) {
    throw Error(
        ErrorKind::not_found,
        base::tr("no hay ningún usuario con el identificador '{}' en este municipio", id.substr(0, 80)));
}

void require_uuid(std::string_view id) {
    if (!is_uuid(id)) nobody(id);
}

/// What can be typed, read aloud and written in a URL; an e-mail address serves too.
void require_login(std::string_view login) {
    const bool fits =
        !login.empty() && login.size() <= 100 && std::all_of(login.begin(), login.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                   c == '_' || c == '-' || c == '@' || c == '+';
        });
    if (!fits)
        throw Error(
            ErrorKind::invalid,
            base::tr(
                "el nombre de usuario '{}' no sirve: letras sin acento, cifras, punto, guion, guion bajo, "
                "@ y +, hasta 100",
                login.substr(0, 100)));
}

std::string accepted(std::string_view password, std::string_view login) {
    const auto result = accept_password(password, login);
    if (!result) throw Error(ErrorKind::invalid, base::translated(result.error().message));
    return *result;
}

std::string object_of(std::string_view id) { return "user:" + std::string(id); }

void end_sessions(db::Transaction& tx, std::string_view id, base::TimePoint now, std::string_view keep = {}) {
    tx.exec_kernel(
        "update sessions set revoked_at = $1 where tenant = $2 and user_id = $3 and revoked_at is null "
        "and encode(id_hash, 'hex') <> $4",
        Params(sql_time(now), tx.tenant().id, id, keep));
}

/// The others who can log in and have that role, locked until the transaction ends: two administrators who
/// take it from each other at the same moment wait for one another.
void keep_an_administrator(db::Transaction& tx, std::string_view id) {
    const auto rows = tx.exec_kernel(
        "select id::text = $2 from users where tenant = $1 and $3 = any(roles) and disabled_at is null "
        "and password_hash is not null order by id for update",
        Params(tx.tenant().id, id, administrator_role));
    bool one_of_them = false;
    for (std::size_t row = 0; row < rows.size(); ++row) one_of_them = one_of_them || rows.boolean(row, 0);
    if (one_of_them && rows.size() == 1)
        throw Error(
            ErrorKind::conflict,
            base::tr("es la última persona con el papel de administración: dé antes ese papel a otra"));
}

/// 20 characters of base32 in groups: what can be read out on the telephone.
std::string spelled_password() {
    const auto code = base::lower_ascii(base::base32(base::random_bytes(15), false));
    std::string text;
    for (std::size_t at = 0; at < code.size(); at += 4) text += (at ? "-" : "") + code.substr(at, 4);
    return text;
}

}  // namespace

User Users::add(const NewUser& user, const Origin& by) {
    require_login(user.login);
    std::optional<std::string> hash;
    if (!user.password.empty()) hash = passwords_.hash(accepted(user.password, user.login));
    auto tx = pool_.begin_kernel(user.tenant);
    const auto rows = tx.exec_kernel(
        std::string(
            "insert into users (tenant, login, name, email, roles, password_hash, must_change, created_at) "
            "values ($1, $2, $3, nullif($4, ''), $5, $6, $7, $8) on conflict (tenant, lower(login)) do "
            "nothing returning ") +
            user_columns,
        Params(user.tenant, user.login, user.name, user.email, db::text_array(user.roles), hash,
               user.must_change, sql_time(clock_.now())));
    if (rows.empty())
        throw Error(ErrorKind::conflict,
                    base::tr("ya hay un usuario '{}' en este municipio; elija otro nombre", user.login));
    auto event = event_of(by, user.tenant, "user.add", object_of(rows.value(0, 0)));
    event.details["login"] = user.login;
    event.details["roles"] = base::join(user.roles, ",");
    audit::record(tx, event);
    tx.commit();
    return user_at(rows, 0);
}

void Users::passwd(std::string_view tenant, std::string_view id, std::string_view password, bool must_change,
                   const Origin& by, std::string_view keep_session) {
    const auto user = find_by_id(tenant, id);
    if (!user) nobody(id);
    const auto hash = passwords_.hash(accepted(password, user->login));
    auto tx = pool_.begin_kernel(tenant);
    tx.exec_kernel("update users set password_hash = $1, must_change = $2 where id = $3 and tenant = $4",
                   Params(hash, must_change, id, tenant));
    end_sessions(tx, id, clock_.now(), keep_session);
    audit::record(tx, event_of(by, tenant, "user.passwd", object_of(id)));
    tx.commit();
}

void Users::set_roles(std::string_view tenant, std::string_view id, const std::vector<std::string>& roles,
                      const Origin& by) {
    require_uuid(id);
    auto tx = pool_.begin_kernel(tenant);
    const auto before = tx.exec_kernel("select roles from users where id = $1 and tenant = $2 for update",
                                       Params(id, tenant));
    if (before.empty()) nobody(id);
    if (std::find(roles.begin(), roles.end(), administrator_role) == roles.end())
        keep_an_administrator(tx, id);
    tx.exec_kernel("update users set roles = $1 where id = $2 and tenant = $3",
                   Params(db::text_array(roles), id, tenant));
    end_sessions(tx, id, clock_.now());
    auto event = event_of(by, tenant, "user.roles", object_of(id));
    event.details["before"] = base::join(db::parse_text_array(before.value(0, 0)), ",");
    event.details["after"] = base::join(roles, ",");
    audit::record(tx, event);
    tx.commit();
}

void Users::set_disabled(std::string_view tenant, std::string_view id, bool disabled, const Origin& by) {
    require_uuid(id);
    const auto now = clock_.now();
    auto tx = pool_.begin_kernel(tenant);
    if (disabled) keep_an_administrator(tx, id);
    const auto rows = tx.exec_kernel(
        "update users set disabled_at = case when $1 then coalesce(disabled_at, $2::timestamptz) end "
        "where id = $3 and tenant = $4",
        Params(disabled, sql_time(now), id, tenant));
    if (rows.affected() == 0) nobody(id);
    if (disabled) end_sessions(tx, id, now);
    audit::record(tx, event_of(by, tenant, disabled ? "user.disable" : "user.enable", object_of(id)));
    tx.commit();
}

void Users::unlock(std::string_view tenant, std::string_view id, const Origin& by) {
    require_uuid(id);
    auto tx = pool_.begin_kernel(tenant);
    const auto rows =
        tx.exec_kernel("select login from users where id = $1 and tenant = $2", Params(id, tenant));
    if (rows.empty()) nobody(id);
    tx.exec_kernel(
        "delete from login_attempts where tenant = $1 and lower(login) = lower($2) and not succeeded",
        Params(tenant, rows.value(0, 0)));
    audit::record(tx, event_of(by, tenant, "user.unlock", object_of(id)));
    tx.commit();
}

std::string Users::reset_password(std::string_view tenant, std::string_view id, const Origin& by) {
    const auto user = find_by_id(tenant, id);
    if (!user) nobody(id);
    auto fresh = spelled_password();
    while (!accept_password(fresh, user->login)) fresh = spelled_password();  // a login of few letters
    passwd(tenant, id, fresh, true, by);
    unlock(tenant, id, by);
    return fresh;
}

std::vector<User> Users::page(std::string_view tenant, std::string_view words, std::string_view after,
                              std::size_t limit) const {
    auto tx = pool_.begin_kernel(tenant);
    const auto rows = tx.exec_kernel(
        std::string("select ") + user_columns +
            " from users where tenant = $1 and lower(login) > lower($2) and ($3 = '' or "
            "position(lower($3) in lower(login || ' ' || name || ' ' || coalesce(email, ''))) > 0) "
            "order by lower(login) limit $4",
        Params(tenant, after, words, limit));
    std::vector<User> users;
    for (std::size_t row = 0; row < rows.size(); ++row) users.push_back(user_at(rows, row));
    return users;
}

std::optional<User> Users::find(std::string_view tenant, std::string_view login) const {
    auto tx = pool_.begin_kernel(tenant);
    const auto rows = tx.exec_kernel(
        std::string("select ") + user_columns + " from users where tenant = $1 and lower(login) = lower($2)",
        Params(tenant, login));
    return rows.empty() ? std::nullopt : std::optional(user_at(rows, 0));
}

std::optional<User> Users::find_by_id(std::string_view tenant, std::string_view id) const {
    if (!is_uuid(id)) return std::nullopt;
    auto tx = pool_.begin_kernel(tenant);
    const auto rows =
        tx.exec_kernel(std::string("select ") + user_columns + " from users where tenant = $1 and id = $2",
                       Params(tenant, id));
    return rows.empty() ? std::nullopt : std::optional(user_at(rows, 0));
}

std::vector<User> Users::list(std::string_view tenant) const {
    auto tx = pool_.begin_kernel(tenant);
    const auto rows = tx.exec_kernel(
        std::string("select ") + user_columns + " from users where tenant = $1 order by lower(login)",
        Params(tenant));
    std::vector<User> users;
    for (std::size_t row = 0; row < rows.size(); ++row) users.push_back(user_at(rows, row));
    return users;
}

bool Users::knows_password(std::string_view tenant, std::string_view id, std::string_view password) const {
    require_uuid(id);
    std::string hash;
    {
        auto tx = pool_.begin_kernel(tenant);
        const auto rows = tx.exec_kernel("select password_hash from users where id = $1 and tenant = $2",
                                         Params(id, tenant));
        if (!rows.empty()) hash = rows.text(0, 0);
    }  // no connection is held while hashing
    return passwords_.verify(hash, password);
}

}  // namespace kernel::identity
