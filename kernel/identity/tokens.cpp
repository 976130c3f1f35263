#include "kernel/identity/tokens.hpp"

#include "kernel/base/digest.hpp"
#include "kernel/base/encoding.hpp"
#include "kernel/base/random.hpp"
#include "kernel/base/text.hpp"
#include "kernel/base/tr.hpp"
#include "kernel/identity/row_values.hpp"

#include <concejo/error.hpp>

namespace kernel::identity {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using db::Bytes;
using db::Params;

constexpr std::string_view prefix = "cj_";
constexpr std::size_t random_length = 43, checksum_length = 6;

constexpr const char* token_columns =
    "id, tenant, name, coalesce(created_by, ''), scopes, (extract(epoch from created_at) * 1000)::bigint, "
    "(extract(epoch from expires_at) * 1000)::bigint, (extract(epoch from last_used_at) * 1000)::bigint, "
    "(extract(epoch from revoked_at) * 1000)::bigint";

/// No secret: it tells a token from a text that only looks like one, for us and for those who scan code for
/// leaked keys.
std::string checksum(std::string_view random) { return base::base64url(base::sha256(random).substr(0, 4)); }

Token token_at(const db::Rows& rows, std::size_t row) {
    Token token;
    token.id = rows.text(row, 0);
    token.tenant = rows.text(row, 1);
    token.name = rows.text(row, 2);
    token.created_by = rows.text(row, 3);
    token.scopes = db::parse_text_array(rows.value(row, 4));
    token.created_at = time_at(rows, row, 5);
    token.expires_at = optional_time_at(rows, row, 6);
    token.last_used_at = optional_time_at(rows, row, 7);
    token.revoked_at = optional_time_at(rows, row, 8);
    return token;
}

}  // namespace

bool Tokens::well_formed(std::string_view secret) {
    if (secret.size() != prefix.size() + random_length + checksum_length || !secret.starts_with(prefix))
        return false;
    const auto random = secret.substr(prefix.size(), random_length);
    return base::equals_constant_time(checksum(random), secret.substr(prefix.size() + random_length));
}

NewToken Tokens::create(std::string_view tenant, std::string_view name,
                        const std::vector<std::string>& scopes, std::optional<base::TimePoint> expires,
                        const Origin& by) const {
    const auto now = clock_.now();
    if (base::trim(name).empty() || name.size() > 200)
        throw Error(
            ErrorKind::invalid,
            base::tr("la clave necesita un nombre de hasta 200 caracteres que diga qué programa la usa"));
    if (scopes.empty())
        throw Error(ErrorKind::invalid, base::tr("la clave necesita al menos un permiso (--scope)"));
    if (expires && *expires <= now)
        throw Error(ErrorKind::invalid, base::tr("la fecha en que caduca la clave ya pasó"));
    const auto random = base::random_token(32);
    const auto secret = std::string(prefix) + random + checksum(random);
    auto tx = pool_.begin_kernel(tenant);
    const auto rows = tx.exec_kernel(
        std::string(
            "insert into api_tokens (tenant, name, token_hash, scopes, created_by, created_at, expires_at) "
            "values ($1, $2, $3, $4, $5, $6, $7) returning ") +
            token_columns,
        Params(tenant, base::trim(name), Bytes{base::sha256(secret)}, db::text_array(scopes), by.actor,
               sql_time(now), sql_time(expires)));
    auto event = event_of(by, tenant, "token.create", "token:" + rows.text(0, 0));
    event.details["name"] = rows.text(0, 2);
    event.details["scopes"] = base::join(scopes, ",");
    audit::record(tx, event);
    tx.commit();
    return {secret, token_at(rows, 0)};
}

std::optional<Principal> Tokens::verify(std::string_view tenant, std::string_view secret) const {
    if (!well_formed(secret)) return std::nullopt;
    const auto now = clock_.now();
    return pool_.with_retry(
        [&](db::Pool& pool) -> std::optional<Principal> {
            auto tx = pool.begin_kernel(tenant);
            const auto rows =
                tx.exec_kernel(std::string("select ") + token_columns +
                                   " from api_tokens where tenant = $1 and token_hash = $2 "
                                   "and revoked_at is null and (expires_at is null or expires_at > $3)",
                               Params(tenant, Bytes{base::sha256(secret)}, sql_time(now)));
            if (rows.empty()) return std::nullopt;
            const auto token = token_at(rows, 0);
            if (!token.last_used_at || now - *token.last_used_at >= std::chrono::minutes(1)) {
                tx.exec_kernel("update api_tokens set last_used_at = $1 where id = $2 and tenant = $3",
                               Params(sql_time(now), token.id, tenant));
            }
            tx.commit();
            Principal who;
            who.kind = PrincipalKind::token;
            who.id = token.id;
            who.login = who.name = token.name;
            who.permissions.insert(token.scopes.begin(), token.scopes.end());
            return who;
        },
        std::chrono::seconds(3), true);
}

std::vector<Token> Tokens::list(std::string_view tenant) const {
    auto tx = pool_.begin_kernel(tenant);
    const auto rows = tx.exec_kernel(std::string("select ") + token_columns +
                                         " from api_tokens where tenant = $1 order by created_at desc, id",
                                     Params(tenant));
    std::vector<Token> tokens;
    for (std::size_t row = 0; row < rows.size(); ++row) tokens.push_back(token_at(rows, row));
    return tokens;
}

bool Tokens::revoke(std::string_view tenant, std::string_view id, const Origin& by) const {
    if (!is_uuid(id)) return false;
    auto tx = pool_.begin_kernel(tenant);
    const auto rows = tx.exec_kernel(
        "update api_tokens set revoked_at = $1 where id = $2 and tenant = $3 and revoked_at is null",
        Params(sql_time(clock_.now()), id, tenant));
    if (rows.affected() == 0) return false;
    audit::record(tx, event_of(by, tenant, "token.revoke", "token:" + std::string(id)));
    tx.commit();
    return true;
}

}  // namespace kernel::identity
