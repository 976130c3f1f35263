// _table_metadata: which resources have rows. CKAN's clients list with it what datastore_search_sql can name.
#include "datastore_search.hpp"

namespace open_data::ckan {

Json shown_tables(Ask& ask, std::int64_t limit, std::int64_t offset, bool as_objects) {
    constexpr const char* shown =
        " FROM open_data_resource r JOIN open_data_shown_table s ON s.name = r.table_name";
    const auto total = ask.tx.exec(std::string("SELECT count(*)") + shown)[0].integer(0);
    const auto rows = ask.tx.exec(
        std::string(
            "SELECT left(md5(r.id::text), 16), r.id, coalesce(to_regclass(r.table_name)::oid::bigint, 0)") +
            shown + " ORDER BY 1 LIMIT $1::bigint OFFSET $2::bigint",
        limit, offset);
    Json records = Json::array();
    for (const auto row : rows) {
        if (as_objects)
            records.push_back(Json::object({{"_id", row.text(0)},
                                            {"name", row.text(1)},
                                            {"oid", row.integer(2)},
                                            {"alias_of", nullptr}}));
        else
            records.push_back(Json::array({row.text(0), row.text(1), row.integer(2), nullptr}));
    }
    Json fields = Json::array();
    for (const auto& [id, type] :
         {std::pair{"_id", "text"}, {"name", "name"}, {"oid", "oid"}, {"alias_of", "name"}})
        fields.push_back(Json::object({{"id", id}, {"type", type}}));
    return Json::object({{"fields", std::move(fields)}, {"records", std::move(records)}, {"total", total}});
}

}  // namespace open_data::ckan
