// The mails to those who follow: all that is new for each in one, in his language.
#include "fields.hpp"
#include "following.hpp"

namespace open_data {
namespace {

constexpr const char* digest_job = "avisar";
constexpr int at_a_time = 50, most_told = 40;  ///< followers in one transaction; datasets in one mail
constexpr std::size_t longest_line = 300;

/// Those whose turn it is, locked: with news of before the last eight in the morning and no mail since, or
/// with any where mails go at once.
std::vector<Follower> followers_due(concejo::Transaction& tx, const std::string& zone, bool at_once) {
    std::vector<Follower> all;
    for (const auto row : tx.exec(
             "SELECT f.id, f.address, f.language, f.key, f.mail FROM open_data_follower f, (SELECT CASE WHEN "
             "$2::boolean THEN now() + interval '1 minute' ELSE (date_trunc('day', (now() AT TIME ZONE $1) - "
             "interval '8 hours') + interval '8 hours') AT TIME ZONE $1 END AS moment) m WHERE ($2::boolean "
             "OR f.mailed_at IS NULL OR f.mailed_at < m.moment) AND EXISTS (SELECT FROM open_data_news n "
             "WHERE n.follower = f.id AND n.at < m.moment) ORDER BY f.id LIMIT $3::int FOR UPDATE OF f SKIP "
             "LOCKED",
             zone, at_once, at_a_time))
        all.push_back({row.text(0), row.text(1), row.text(2), row.text(3), row.text(4)});
    return all;
}

/// His mail server said that there is nobody, or the mail came back.
bool comes_back(const concejo::Call& call, const Follower& follower) {
    if (follower.mail.empty()) return false;
    try {
        const auto states = call.mail_state(follower.mail);
        for (const auto& one : states.as_array()) {
            const auto state = one.string_or("state", "");
            if (state == "refused" || state == "bounced") return true;
        }
    } catch (const concejo::Error& error) {  // its record is older than is kept
        if (error.kind() != concejo::ErrorKind::not_found) throw;
    }
    return false;
}

Json news_view(const Portal& portal, concejo::Transaction& tx, const Follower& follower) {
    const auto base = portal.home() + "/" + follower.language;
    Json items = Json::array();
    std::int64_t n = 0;
    for (const auto row : tx.exec("SELECT what, name, title, reason FROM open_data_news WHERE follower = "
                                  "$1::uuid ORDER BY at, name",
                                  follower.id)) {
        if (++n > most_told) continue;
        const auto what = row.text(0), title = text_in(Json::parse(row.view(2)), follower.language);
        items.push_back(
            Json::object({{"title", clean_line(title.empty() ? row.text(1) : title, longest_line)},
                          {"href", base + "/datos/" + row.text(1)},
                          {"published", what == "published"},
                          {"version", what == "version"},
                          {"withdrawn", what == "withdrawn"},
                          {"reason", clean_line(row.text(3), 1000)}}));
    }
    return Json::object({{"items", items},
                         {"more", n > most_told ? std::to_string(n - most_told) : std::string()},
                         {"catalogue_href", base + "/datos"},
                         {"list_href", base + "/seguir-datos/lista/" + follower.key}});
}

void mail_news(const Portal& portal, concejo::Transaction& tx, const Follower& follower) {
    if (comes_back(portal.call, follower)) return Followings(tx).leave_all(follower);
    const auto key = portal.call.send_mail(
        tx, Json::object({{"to", Json::array({Json(follower.address)})},
                          {"template", "open-data/correo_novedades"},
                          {"language", follower.language},
                          {"view", news_view(portal, tx, follower)},
                          {"unsubscribe", portal.home() + "/datos/baja/" + follower.key},
                          {"forget", true}}));
    tx.exec("UPDATE open_data_follower SET mail = $2, mailed_at = now() WHERE id = $1::uuid", follower.id,
            key);
    tx.exec("DELETE FROM open_data_news WHERE follower = $1::uuid", follower.id);
}

/// Exactly once: what was told goes in the transaction that queues the mail.
void run_digests(const concejo::Call& call, const Json&, const concejo::Job& job) {
    const Portal portal(call);
    const auto how = portal.settings.string_or("seguimiento", "diario");
    const auto zone = portal.municipality.string_or("time_zone", "Europe/Madrid");
    std::uint64_t told = 0;
    for (bool more = offers_following(portal); more && !job.cancelled();) {
        auto tx = call.begin();
        const auto followers = followers_due(tx, zone, how == "al_momento");
        for (const auto& one : followers) mail_news(portal, tx, one);
        tx.commit();
        job(told += followers.size(), 0);
        more = followers.size() == at_a_time;
    }
    auto tx = call.begin();
    Followings(tx).forget();
    tx.commit();
}

}  // namespace

void register_digests(concejo::Kernel& kernel) {
    kernel.job(
        digest_job, run_digests,
        concejo::JobOptions{.label = N_("Correos a quien sigue los datos abiertos"), .max_attempts = 3});
    kernel.schedule(Json::object({{"kind", digest_job}, {"every_seconds", 600}}));
}

}  // namespace open_data
