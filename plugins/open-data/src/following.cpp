#include "following.hpp"

#include "metadata.hpp"
#include "plugins/open-data/dcat/text.hpp"
#include "plugins/open-data/dcat/vocabulary.hpp"

#include <algorithm>

namespace open_data {
namespace {

constexpr auto by_hidden_token = "token = encode(sha256(convert_to($1, 'UTF8')), 'hex')";

bool is_secret(std::string_view text) {
    return text.size() == 32 && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

Follower follower_of(const concejo::Rows::Row& row) {
    return {row.text(0), row.text(1), row.text(2), row.text(3), row.text(4)};
}

/// Parts between dots, none of them empty, of characters that `good` takes.
template <class Good>
bool dotted_parts(std::string_view text, std::size_t longest, Good good) {
    while (true) {
        const auto dot = text.find('.');
        const auto part = text.substr(0, dot);
        if (part.empty() || part.size() > longest || !std::all_of(part.begin(), part.end(), good))
            return false;
        if (dot == text.npos) return true;
        text.remove_prefix(dot + 1);
    }
}

bool address_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

Followings::Request Followings::ask(const std::string& address, const std::string& language,
                                    const Followed& what) {
    const auto waiting = tx_.exec(
        "SELECT count(*) FILTER (WHERE lower(address) = lower($1)), count(*) FILTER (WHERE asked_at > now() "
        "- interval '1 hour') FROM open_data_follow_request WHERE asked_at > now() - make_interval(hours => "
        "$2)",
        address, hours_to_confirm);
    if (waiting[0].integer(1) >= most_an_hour) return {Asked::full};
    if (waiting[0].integer(0) >= most_asked_by_address) return {Asked::quiet};
    const auto token = tx_.exec("SELECT replace(gen_random_uuid()::text, '-', '')")[0].text(0);
    tx_.exec(
        "INSERT INTO open_data_follow_request (token, address, language, kind, object) VALUES "
        "(encode(sha256(convert_to($1, 'UTF8')), 'hex'), $2, $3, $4, $5)",
        token, address, language, what.kind, what.object);
    return {Asked::taken, token};
}

std::optional<Followed> Followings::asked(const std::string& token) {
    if (!is_secret(token)) return std::nullopt;
    const auto found = tx_.exec(std::string("SELECT kind, object FROM open_data_follow_request WHERE ") +
                                    by_hidden_token + " AND asked_at > now() - make_interval(hours => $2)",
                                token, hours_to_confirm);
    if (found.empty()) return std::nullopt;
    return Followed{found[0].text(0), found[0].text(1)};
}

std::optional<Follower> Followings::confirm(const std::string& token) {
    if (!is_secret(token)) return std::nullopt;
    const auto used = tx_.exec(std::string("DELETE FROM open_data_follow_request WHERE ") + by_hidden_token +
                                   " AND asked_at > now() - make_interval(hours => $2) RETURNING address, "
                                   "language, kind, object",
                               token, hours_to_confirm);
    if (used.empty()) return std::nullopt;
    const auto rows = tx_.exec(
        "INSERT INTO open_data_follower (address, language) VALUES ($1, $2) ON CONFLICT (lower(address)) DO "
        "UPDATE SET language = excluded.language RETURNING id, address, language, key, mail",
        used[0].view(0), used[0].view(1));
    auto follower = follower_of(rows[0]);
    tx_.exec(
        "INSERT INTO open_data_following (follower, kind, object) VALUES ($1::uuid, $2, $3) ON CONFLICT DO "
        "NOTHING",
        follower.id, used[0].view(2), used[0].view(3));
    return follower;
}

std::optional<Follower> Followings::by_key(const std::string& key) {
    if (!is_secret(key)) return std::nullopt;
    const auto found =
        tx_.exec("SELECT id, address, language, key, mail FROM open_data_follower WHERE key = $1", key);
    if (found.empty()) return std::nullopt;
    return follower_of(found[0]);
}

std::vector<Followed> Followings::of(const Follower& follower) {
    std::vector<Followed> all;
    for (const auto row : tx_.exec("SELECT kind, object FROM open_data_following WHERE follower = $1::uuid "
                                   "ORDER BY since, kind, object",
                                   follower.id))
        all.push_back({row.text(0), row.text(1)});
    return all;
}

void Followings::leave(const Follower& follower, const Followed& what) {
    tx_.exec("DELETE FROM open_data_following WHERE follower = $1::uuid AND kind = $2 AND object = $3",
             follower.id, what.kind, what.object);
    if (what.kind == "dataset")
        tx_.exec("DELETE FROM open_data_news WHERE follower = $1::uuid AND dataset::text = $2", follower.id,
                 what.object);
    tx_.exec(
        "DELETE FROM open_data_follower f WHERE f.id = $1::uuid AND NOT EXISTS (SELECT FROM "
        "open_data_following g WHERE g.follower = f.id)",
        follower.id);
}

void Followings::leave_all(const Follower& follower) {
    tx_.exec("DELETE FROM open_data_follower WHERE id = $1::uuid", follower.id);
}

void Followings::end(const std::string& secret) {
    if (!is_secret(secret)) return;
    tx_.exec("DELETE FROM open_data_follower WHERE key = $1", secret);
    tx_.exec(std::string("DELETE FROM open_data_follow_request WHERE ") + by_hidden_token, secret);
}

std::int64_t Followings::count(const Followed& what) {
    return tx_
        .exec("SELECT count(*) FROM open_data_following WHERE kind = $1 AND object = $2", what.kind,
              what.object)[0]
        .integer(0);
}

void Followings::forget() {
    tx_.exec("DELETE FROM open_data_follow_request WHERE asked_at <= now() - make_interval(hours => $1)",
             hours_to_confirm);
    tx_.exec(
        "DELETE FROM open_data_follower f WHERE NOT EXISTS (SELECT FROM open_data_following g WHERE "
        "g.follower = f.id) AND NOT EXISTS (SELECT FROM open_data_news n WHERE n.follower = f.id)");
}

std::optional<std::string> mail_address(std::string_view text) {
    static constexpr std::string_view others = "!#$%&'*+-/=?^_`{|}~";
    const auto at = text.find('@');
    if (at == text.npos || at > 64 || text.size() > 254) return std::nullopt;
    const auto domain = text.substr(at + 1);
    const bool good =
        dotted_parts(text.substr(0, at), 64,
                     [](char c) { return address_letter(c) || others.find(c) != others.npos; }) &&
        domain.find('.') != domain.npos &&
        dotted_parts(domain, 63, [](char c) { return address_letter(c) || c == '-'; });
    const auto hyphened = "." + std::string(domain) + ".";
    if (!good || hyphened.find(".-") != hyphened.npos || hyphened.find("-.") != hyphened.npos)
        return std::nullopt;
    return std::string(text.substr(0, at + 1)) + dcat::to_lower(domain);
}

std::string followed_title(const Portal& portal, Catalogue& catalogue, const Followed& what) {
    if (what.kind == "catalogue") return portal.call.tr("Todo el catálogo: cada conjunto de datos nuevo");
    if (what.kind == "sector") {
        const auto* sector = dcat::find_sector(what.object);
        if (!sector) return {};
        return concejo::fill(portal.call.tr("Los conjuntos nuevos de «{sector}»"),
                             {{"sector", label_of(portal, sector->term)}});
    }
    const auto dataset = catalogue.find(what.object);
    return dataset && dataset->visible() ? portal.title(*dataset) : std::string();
}

bool offers_following(const Portal& portal) {
    return portal.municipality.bool_or("sends_mail", false) &&
           portal.settings.string_or("seguimiento", "diario") != "no";
}

}  // namespace open_data
