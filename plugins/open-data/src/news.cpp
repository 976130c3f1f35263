#include "news.hpp"

#include "sql_names.hpp"

namespace open_data {
namespace {

constexpr std::size_t longest_reason = 1000;

/// `of`: whose news it is, as a query of one column; its own parameter is $6.
void note_news(concejo::Transaction& tx, const Dataset& dataset, const char* what, const std::string& reason,
               const char* of, const std::string& parameter, const char* conflict) {
    const auto title = dataset.meta["title"];
    tx.exec(std::string("INSERT INTO open_data_news (follower, dataset, what, name, title, reason) SELECT "
                        "DISTINCT f.follower, $1::uuid, $2, $3, $4::jsonb, $5 FROM (") +
                of + ") f ON CONFLICT (follower, dataset) DO " + conflict,
            dataset.id, what, dataset.name, title.is_object() ? title : Json::object(), reason, parameter);
}

}  // namespace

void note_publication(concejo::Transaction& tx, const Dataset& dataset) {
    std::vector<std::string> sectors;
    if (const auto& given = dataset.meta["sectors"]; given.is_array())
        for (const auto& one : given.as_array())
            if (one.is_string()) sectors.push_back(one.as_string());
    note_news(
        tx, dataset, "published", {},
        "SELECT follower FROM open_data_following WHERE kind = 'catalogue' UNION ALL SELECT follower FROM "
        "open_data_following WHERE kind = 'sector' AND object = ANY ($6::text[])",
        text_array(sectors),
        "UPDATE SET what = excluded.what, name = excluded.name, title = excluded.title, reason = '', at = "
        "now()");
}

void note_version(concejo::Transaction& tx, const Dataset& dataset) {
    note_news(tx, dataset, "version", {},
              "SELECT follower FROM open_data_following WHERE kind = 'dataset' AND object = $6", dataset.id,
              "NOTHING");
}

void note_withdrawal(concejo::Transaction& tx, const Dataset& dataset) {
    tx.exec("DELETE FROM open_data_news WHERE dataset = $1::uuid", dataset.id);  // its links lead nowhere now
    note_news(tx, dataset, "withdrawn",
              cut(dataset.meta["withdrawn"].string_or("reason", ""), longest_reason),
              "SELECT follower FROM open_data_following WHERE kind = 'dataset' AND object = $6", dataset.id,
              "NOTHING");
    tx.exec("DELETE FROM open_data_following WHERE kind = 'dataset' AND object = $1", dataset.id);
}

}  // namespace open_data
