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
constexpr std::size_t most_made = 100;          ///< that live, by one token
constexpr const char* maker_prefix = "token:";  ///< what created_by and the audit call one

constexpr const char* token_columns =
    "id, tenant, name, coalesce(created_by, ''), scopes, (extract(epoch from created_at) * 1000)::bigint, "
    "(extract(epoch from expires_at) * 1000)::bigint, (extract(epoch from last_used_at) * 1000)::bigint, "
    "(extract(epoch from revoked_at) * 1000)::bigint";

constexpr std::size_t token_column_count = 9;

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

const std::string& need_token(const Principal& who) {
    if (who.kind != PrincipalKind::token)
        throw Error(ErrorKind::forbidden, base::tr("solo una clave puede hacer, ver y revocar las suyas"));
    return who.id;
}

}  // namespace

bool Tokens::well_formed(std::string_view secret) {
    if (secret.size() != prefix.size() + random_length + checksum_length || !secret.starts_with(prefix))
        return false;
    const auto random = secret.substr(prefix.size(), random_length);
    return base::equals_constant_time(checksum(random), secret.substr(prefix.size() + random_length));
}

NewToken Tokens::insert(db::Transaction& tx, std::string_view tenant, std::string_view name,
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
    return {secret, token_at(rows, 0)};
}

NewToken Tokens::create(std::string_view tenant, std::string_view name,
                        const std::vector<std::string>& scopes, std::optional<base::TimePoint> expires,
                        const Origin& by) const {
    auto tx = pool_.begin_kernel(tenant);
    auto made = insert(tx, tenant, name, scopes, expires, by);
    tx.commit();
    return made;
}

std::optional<Principal> Tokens::verify(std::string_view tenant, std::string_view secret) const {
    if (!well_formed(secret)) return std::nullopt;
    const auto now = clock_.now();
    return pool_.with_retry(
        [&](db::Pool& pool) -> std::optional<Principal> {
            auto tx = pool.begin_kernel(tenant);
            // One that a token made acts in its maker's name.
            const auto rows = tx.exec_kernel(
                std::string("select ") + token_columns +
                    ", case when created_by like 'token:%' then (select maker.name from api_tokens maker "
                    "where maker.id = substr(api_tokens.created_by, 7)::uuid) end from api_tokens "
                    "where tenant = $1 and token_hash = $2 "
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
            who.name = token.name;
            who.login = rows.is_null(0, token_column_count) ? token.name : rows.text(0, token_column_count);
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

bool Tokens::revoke_in(db::Transaction& tx, std::string_view tenant, std::string_view id,
                       const Origin& by) const {
    if (!is_uuid(id)) return false;
    const auto now = sql_time(clock_.now());
    if (tx.exec_kernel(
              "update api_tokens set revoked_at = $1 where id = $2 and tenant = $3 and revoked_at is null",
              Params(now, id, tenant))
            .affected() == 0)
        return false;
    audit::record(tx, event_of(by, tenant, "token.revoke", "token:" + std::string(id)));
    // A second statement, for it also sees what was being made when the first one waited for the row.
    const auto made = tx.exec_kernel(
        "update api_tokens set revoked_at = $1 where tenant = $2 and created_by = $3 and revoked_at is null "
        "returning id",
        Params(now, tenant, maker_prefix + std::string(id)));
    for (std::size_t row = 0; row < made.size(); ++row)
        audit::record(tx, event_of(by, tenant, "token.revoke", maker_prefix + made.text(row, 0)));
    return true;
}

bool Tokens::revoke(std::string_view tenant, std::string_view id, const Origin& by) const {
    auto tx = pool_.begin_kernel(tenant);
    if (!revoke_in(tx, tenant, id, by)) return false;
    tx.commit();
    return true;
}

NewToken Tokens::make(db::Transaction& tx, const Principal& maker, std::string_view name,
                      const std::vector<std::string>& scopes, std::optional<base::TimePoint> expires,
                      const Origin& by) const {
    const auto& tenant = tx.tenant().id;
    // Its row is held, so that whoever revokes it meanwhile waits, and revokes what is made here too.
    const auto own =
        tx.exec_kernel(std::string("select ") + token_columns +
                           " from api_tokens where tenant = $1 and id = $2 and revoked_at is null for share",
                       Params(tenant, need_token(maker)));
    if (own.empty()) throw Error(ErrorKind::forbidden, base::tr("la clave está revocada"));
    const auto parent = token_at(own, 0);
    if (parent.created_by.starts_with(maker_prefix))
        throw Error(ErrorKind::forbidden, base::tr("una clave que hizo otra clave no puede hacer más"));
    for (const auto& scope : scopes)
        if (!maker.may(scope))
            throw Error(ErrorKind::forbidden, base::tr("una clave no puede dar permisos que no tiene"));
    if (made_by(tx, maker).size() > most_made)
        throw Error(ErrorKind::conflict,
                    base::tr("esta clave ya ha hecho 100 que siguen vivas: hay que revocar alguna"));
    if (parent.expires_at && (!expires || *expires > *parent.expires_at)) expires = parent.expires_at;
    return insert(tx, tenant, name, scopes, expires, by);
}

std::vector<Token> Tokens::made_by(db::Transaction& tx, const Principal& maker) const {
    const auto rows = tx.exec_kernel(
        std::string("select ") + token_columns +
            " from api_tokens where tenant = $1 and (id = $2 or created_by = $3) and revoked_at is null "
            "and (expires_at is null or expires_at > $4) order by id = $2 desc, created_at desc, id",
        Params(tx.tenant().id, need_token(maker), maker_prefix + maker.id, sql_time(clock_.now())));
    std::vector<Token> tokens;
    for (std::size_t row = 0; row < rows.size(); ++row) tokens.push_back(token_at(rows, row));
    return tokens;
}

std::vector<std::string> Tokens::names_with(db::Transaction& tx, std::string_view scope) const {
    const auto rows = tx.exec_kernel(
        "select distinct name from api_tokens where tenant = $1 and $2 = any(scopes) and revoked_at is null "
        "and (expires_at is null or expires_at > $3) and coalesce(created_by, '') not like 'token:%' order by name",
        Params(tx.tenant().id, scope, sql_time(clock_.now())));
    std::vector<std::string> names;
    for (std::size_t row = 0; row < rows.size(); ++row) names.push_back(rows.text(row, 0));
    return names;
}

std::string Tokens::id_of(db::Transaction& tx, const Principal& maker, std::string_view secret) const {
    if (!well_formed(secret)) return {};
    const auto rows = tx.exec_kernel(
        "select id from api_tokens where tenant = $1 and token_hash = $2 and (id = $3 or created_by = $4) "
        "and revoked_at is null",
        Params(tx.tenant().id, Bytes{base::sha256(secret)}, need_token(maker), maker_prefix + maker.id));
    return rows.empty() ? std::string() : rows.text(0, 0);
}

bool Tokens::revoke_made(db::Transaction& tx, const Principal& maker, std::string_view id,
                         const Origin& by) const {
    for (const auto& one : made_by(tx, maker))
        if (one.id == id) return revoke_in(tx, tx.tenant().id, id, by);
    return false;
}

}  // namespace kernel::identity
