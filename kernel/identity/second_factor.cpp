#include "kernel/identity/second_factor.hpp"

#include "kernel/base/encoding.hpp"
#include "kernel/identity/row_values.hpp"
#include "kernel/identity/totp.hpp"

#include <concejo/error.hpp>

namespace kernel::identity {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using db::Params;

struct Row {
    std::string login;
    std::optional<std::string> sealed;
    bool confirmed = false;
    std::optional<std::int64_t> last_step;
};

/// Locked until the transaction ends, so that the same code sent twice at once is taken once.
std::optional<Row> row_of(db::Transaction& tx, std::string_view user) {
    if (!is_uuid(user)) return std::nullopt;
    const auto rows = tx.exec_kernel(
        "select login, totp_secret, totp_confirmed_at is not null, totp_last_step from users "
        "where id = $1 and tenant = $2 for update",
        Params(user, tx.tenant().id));
    if (rows.empty()) return std::nullopt;
    Row row{rows.text(0, 0), rows.optional(0, 1), rows.boolean(0, 2), std::nullopt};
    if (!rows.is_null(0, 3)) row.last_step = rows.integer(0, 3);
    return row;
}

Row require(db::Transaction& tx, std::string_view user) {
    if (auto row = row_of(tx, user)) return *row;
    throw Error(ErrorKind::not_found, "no hay ningún usuario con el identificador '" +
                                          std::string(user.substr(0, 80)) + "' en este municipio");
}

std::string opened(const Keys& keys, const Row& row, const std::string& purpose) {
    if (const auto secret = keys.open(*row.sealed, purpose)) return *secret;
    throw Error(ErrorKind::internal,
                "el segundo factor de '" + row.login +
                    "' se selló con otra clave de instalación: recupere la clave "
                    "de la copia de seguridad, o quítele el segundo factor y que lo vuelva a dar de alta");
}

}  // namespace

std::string totp_purpose(std::string_view tenant, std::string_view user) {
    return "totp " + std::string(tenant) + " " + std::string(user);
}

TotpOffer SecondFactor::offer(std::string_view tenant, std::string_view user, std::string_view issuer) {
    auto tx = pool_.begin_kernel(tenant);
    const auto row = require(tx, user);
    if (row.confirmed)
        throw Error(ErrorKind::conflict, "ya tiene un segundo factor; quítelo antes de dar de alta otro");
    const auto secret = new_totp_secret();
    tx.exec_kernel("update users set totp_secret = $1, totp_last_step = null where id = $2 and tenant = $3",
                   Params(keys_.seal(secret, totp_purpose(tenant, user)), user, tenant));
    tx.commit();
    return {base::base32(secret, false), totp_uri(secret, issuer, row.login)};
}

bool SecondFactor::confirm(std::string_view tenant, std::string_view user, std::string_view code,
                           const Origin& by) {
    const auto now = clock_.now();
    auto tx = pool_.begin_kernel(tenant);
    const auto row = require(tx, user);
    if (!row.sealed || row.confirmed) return false;
    const auto step = totp_match(opened(keys_, row, totp_purpose(tenant, user)), code, now, std::nullopt);
    if (!step) return false;
    tx.exec_kernel(
        "update users set totp_confirmed_at = $1, totp_last_step = $2 where id = $3 and tenant = $4",
        Params(sql_time(now), *step, user, tenant));
    audit::record(tx, event_of(by, tenant, "user.totp_add", "user:" + std::string(user)));
    tx.commit();
    return true;
}

void SecondFactor::set(std::string_view tenant, std::string_view user, std::string_view secret,
                       const Origin& by) {
    auto tx = pool_.begin_kernel(tenant);
    require(tx, user);
    tx.exec_kernel(
        "update users set totp_secret = $1, totp_confirmed_at = $2, totp_last_step = null where id = $3 and "
        "tenant = $4",
        Params(keys_.seal(secret, totp_purpose(tenant, user)), sql_time(clock_.now()), user, tenant));
    audit::record(tx, event_of(by, tenant, "user.totp_add", "user:" + std::string(user)));
    tx.commit();
}

void SecondFactor::remove(std::string_view tenant, std::string_view user, const Origin& by) {
    auto tx = pool_.begin_kernel(tenant);
    require(tx, user);
    tx.exec_kernel(
        "update users set totp_secret = null, totp_confirmed_at = null, totp_last_step = null where id = $1 "
        "and tenant = $2",
        Params(user, tenant));
    audit::record(tx, event_of(by, tenant, "user.totp_remove", "user:" + std::string(user)));
    tx.commit();
}

bool SecondFactor::use(db::Transaction& tx, std::string_view user, std::string_view code) const {
    const auto row = row_of(tx, user);
    if (!row || !row->confirmed || !row->sealed) return false;
    const auto step = totp_match(opened(keys_, *row, totp_purpose(tx.tenant().id, user)), code, clock_.now(),
                                 row->last_step);
    if (!step) return false;
    tx.exec_kernel("update users set totp_last_step = $1 where id = $2 and tenant = $3",
                   Params(*step, user, tx.tenant().id));
    return true;
}

}  // namespace kernel::identity
