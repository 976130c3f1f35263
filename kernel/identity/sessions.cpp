#include "kernel/identity/sessions.hpp"

#include "kernel/base/digest.hpp"
#include "kernel/base/encoding.hpp"
#include "kernel/base/random.hpp"
#include "kernel/base/text.hpp"
#include "kernel/identity/row_values.hpp"

#include <concejo/error.hpp>

namespace kernel::identity {
namespace {

using db::Bytes;
using db::Params;

/// Columns that session_at() reads, of sessions s and users u.
constexpr const char* session_columns =
    "encode(s.id_hash, 'hex'), s.tenant, u.id, u.login, u.name, u.roles, s.csrf_secret, "
    "coalesce(s.ip_prefix, ''), "
    "coalesce(s.agent, ''), u.must_change, (extract(epoch from s.created_at) * 1000)::bigint, "
    "(extract(epoch from s.last_seen_at) * 1000)::bigint, (extract(epoch from s.expires_at) * 1000)::bigint";

/// $1 tenant, $2 now, $3 the moment since which a session must have been seen.
constexpr const char* live =
    "s.tenant = $1 and u.tenant = s.tenant and u.id = s.user_id and u.disabled_at is null and s.revoked_at "
    "is null and s.expires_at > $2::timestamptz and s.last_seen_at > $3::timestamptz";

Session session_at(const db::Rows& rows, std::size_t row) {
    Session session;
    session.id = rows.text(row, 0);
    session.tenant = rows.text(row, 1);
    session.user_id = rows.text(row, 2);
    session.login = rows.text(row, 3);
    session.name = rows.text(row, 4);
    session.roles = db::parse_text_array(rows.value(row, 5));
    session.csrf_secret = rows.bytes(row, 6);
    session.ip_prefix = rows.text(row, 7);
    session.agent = rows.text(row, 8);
    session.must_change = rows.boolean(row, 9);
    session.created_at = time_at(rows, row, 10);
    session.last_seen_at = time_at(rows, row, 11);
    session.expires_at = time_at(rows, row, 12);
    return session;
}

/// At most 200 bytes of it, whole characters; nothing where it is no text.
std::string short_agent(std::string_view agent) {
    auto text = agent.substr(0, 200);
    if (const auto wrong = base::utf8_invalid_at(text); wrong + 4 > text.size()) text = text.substr(0, wrong);
    return base::utf8_valid(text) && text.find('\0') == std::string_view::npos ? std::string(text)
                                                                               : std::string();
}

/// What no browser of ours sends is not looked for.
bool plausible(std::string_view token) { return token.size() == 43 && base::unbase64url(token).has_value(); }

}  // namespace

NewSession Sessions::open(db::Transaction& tx, std::string_view user, std::string_view peer,
                          std::string_view agent) const {
    const auto token = base::random_token(32);
    const auto now = clock_.now();
    const auto rows = tx.exec_kernel(
        std::string("with s as (insert into sessions (id_hash, tenant, user_id, created_at, last_seen_at, "
                    "expires_at, ip_prefix, agent, csrf_secret) select $1, tenant, id, $2::timestamptz, "
                    "$2::timestamptz, $3::timestamptz, $4, $5, $6 from users where id = $7 and tenant = $8 "
                    "and disabled_at is null returning *) select ") +
            session_columns + " from s join users u on u.id = s.user_id",
        Params(Bytes{base::sha256(token)}, sql_time(now), sql_time(now + limits_.absolute),
               address_prefix(peer), short_agent(agent), Bytes{base::random_bytes(32)}, user,
               tx.tenant().id));
    if (rows.empty())
        throw concejo::Error(concejo::ErrorKind::not_found, "no hay un usuario activo con ese identificador");
    return {token, session_at(rows, 0)};
}

std::optional<Session> Sessions::find(std::string_view tenant, std::string_view token) const {
    if (!plausible(token)) return std::nullopt;
    const auto now = clock_.now();
    const auto hash = base::sha256(token);
    return pool_.with_retry(
        [&](db::Pool& pool) -> std::optional<Session> {
            auto tx = pool.begin_kernel(tenant);
            const auto rows =
                tx.exec_kernel(std::string("select ") + session_columns +
                                   " from sessions s, users u where s.id_hash = $4 and " + live,
                               Params(tenant, sql_time(now), sql_time(now - limits_.idle), Bytes{hash}));
            if (rows.empty()) return std::nullopt;
            auto session = session_at(rows, 0);
            if (now - session.last_seen_at >= limits_.touch) {
                tx.exec_kernel(
                    "update sessions set last_seen_at = greatest(last_seen_at, $1::timestamptz) where "
                    "id_hash = $2 and tenant = $3",
                    Params(sql_time(now), Bytes{hash}, tenant));
                session.last_seen_at = now;
            }
            tx.commit();
            return session;
        },
        std::chrono::seconds(3), true);
}

std::optional<NewSession> Sessions::rotate(std::string_view tenant, std::string_view token) const {
    if (!plausible(token)) return std::nullopt;
    const auto now = clock_.now();
    const auto fresh = base::random_token(32);
    auto tx = pool_.begin_kernel(tenant);
    const auto rows =
        tx.exec_kernel(std::string("update sessions s set id_hash = $5, csrf_secret = $6, last_seen_at = "
                                   "$2::timestamptz from users u "
                                   "where s.id_hash = $4 and ") +
                           live + " returning " + session_columns,
                       Params(tenant, sql_time(now), sql_time(now - limits_.idle), Bytes{base::sha256(token)},
                              Bytes{base::sha256(fresh)}, Bytes{base::random_bytes(32)}));
    if (rows.empty()) return std::nullopt;
    tx.commit();
    return NewSession{fresh, session_at(rows, 0)};
}

bool Sessions::close(std::string_view tenant, std::string_view token, const Origin& by) const {
    if (!plausible(token)) return false;
    auto tx = pool_.begin_kernel(tenant);
    const auto rows = tx.exec_kernel(
        "update sessions set revoked_at = $1 where id_hash = $2 and tenant = $3 and revoked_at is null "
        "returning user_id",
        Params(sql_time(clock_.now()), Bytes{base::sha256(token)}, tenant));
    if (rows.empty()) return false;
    audit::record(tx, event_of(by, tenant, "session.logout", "user:" + rows.text(0, 0)));
    tx.commit();
    return true;
}

std::vector<Session> Sessions::list(std::string_view tenant, std::string_view user) const {
    std::vector<Session> sessions;
    if (!is_uuid(user)) return sessions;
    const auto now = clock_.now();
    auto tx = pool_.begin_kernel(tenant);
    const auto rows = tx.exec_kernel(std::string("select ") + session_columns +
                                         " from sessions s, users u where s.user_id = $4 and " + live +
                                         " order by s.last_seen_at desc, s.created_at desc",
                                     Params(tenant, sql_time(now), sql_time(now - limits_.idle), user));
    for (std::size_t row = 0; row < rows.size(); ++row) sessions.push_back(session_at(rows, row));
    return sessions;
}

bool Sessions::revoke(std::string_view tenant, std::string_view user, std::string_view id,
                      const Origin& by) const {
    const auto hash = base::unhex(id);
    if (!hash || hash->size() != 32 || !is_uuid(user)) return false;
    auto tx = pool_.begin_kernel(tenant);
    const auto rows = tx.exec_kernel(
        "update sessions set revoked_at = $1 where id_hash = $2 and tenant = $3 and user_id = $4 "
        "and revoked_at is null",
        Params(sql_time(clock_.now()), Bytes{*hash}, tenant, user));
    if (rows.affected() == 0) return false;
    audit::record(tx, event_of(by, tenant, "session.revoke", "user:" + std::string(user)));
    tx.commit();
    return true;
}

std::size_t Sessions::revoke_all(std::string_view tenant, std::string_view user, const Origin& by,
                                 std::string_view keep) const {
    if (!is_uuid(user)) return 0;
    auto tx = pool_.begin_kernel(tenant);
    const auto rows = tx.exec_kernel(
        "update sessions set revoked_at = $1 where tenant = $2 and user_id = $3 and revoked_at is null "
        "and encode(id_hash, 'hex') <> $4",
        Params(sql_time(clock_.now()), tenant, user, keep));
    auto event = event_of(by, tenant, "session.revoke_all", "user:" + std::string(user));
    event.details["sessions"] = rows.affected();
    audit::record(tx, event);
    tx.commit();
    return rows.affected();
}

}  // namespace kernel::identity
