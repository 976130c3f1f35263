// Resources, read.
#include "ckan_access.hpp"
#include "ckan_show.hpp"
#include "ckan_sql.hpp"

#include <algorithm>

namespace open_data::ckan {
namespace {

struct Searched {
    std::string_view field;
    const char* expression;
};
constexpr Searched searched[] = {{"name", "coalesce(r.meta #>> '{name,es}', '')"},
                                 {"description", "coalesce(r.meta #>> '{description,es}', '')"},
                                 {"format", "r.format"},
                                 {"url", "r.url"},
                                 {"mimetype", "r.media_type"},
                                 {"hash", "coalesce(r.blob, r.meta ->> 'hash', '')"},
                                 {"id", "r.id::text"},
                                 {"package_id", "r.dataset::text"}};

std::string resource_show(Ask& ask) {
    return Show(ask).resource(need_resource(ask, asked_id(ask)).second).dump();
}

/// "name:agua" as a condition.
std::string condition_of(const std::string& pair, Parameters& parameters) {
    const auto colon = pair.find(':');
    if (colon == std::string::npos) throw invalid("query", "Must be <field>:<value> pair(s)");
    const auto field = std::string_view(pair).substr(0, colon);
    const auto* known = std::find_if(std::begin(searched), std::end(searched),
                                     [&](const auto& one) { return one.field == field; });
    if (known == std::end(searched))
        throw invalid("query", "Field \"" + std::string(field.substr(0, 100)) +
                                   "\" not recognised in resource_search.");
    return std::string("ext.fold(") + known->expression + ") LIKE ext.fold(" +
           parameters.place("%" + like_escaped(pair.substr(colon + 1)) + "%") + ")";
}

std::string resource_search(Ask& ask) {
    const Json query = ask.args.tree("query");
    if (query.is_null()) throw missing("query");
    Parameters parameters;
    std::string where = std::string(seen_by_all) + " AND r.state = 'active'";
    if (query.is_array()) {
        for (const auto& one : query.as_array())
            where += " AND " + condition_of(text_of(one).value_or(""), parameters);
    } else {
        where += " AND " + condition_of(text_of(query).value_or(""), parameters);
    }
    const auto from =
        " FROM open_data_resource r JOIN open_data_dataset d ON d.id = r.dataset WHERE " + where;
    const auto count = ask.tx.exec_list("SELECT count(*)" + from, parameters.list)[0].integer(0);
    auto order = ask.args.text("order_by");
    const auto* by = std::find_if(std::begin(searched), std::end(searched),
                                  [&](const auto& one) { return one.field == order; });
    const auto tail = std::string(" ORDER BY ") +
                      (by == std::end(searched) ? "r.created_at" : by->expression) + ", r.id" +
                      page(parameters, std::min<std::int64_t>(ask.args.natural("limit").value_or(1000), 1000),
                           ask.args.natural("offset").value_or(0));
    Show show(ask);
    Json results = Json::array();
    const auto rows = ask.tx.exec_list("SELECT r.id" + from + tail, parameters.list);
    for (const auto row : rows)
        if (const auto one = ask.catalogue.resource(row.text(0))) results.push_back(show.resource(*one));
    return Json::object({{"count", count}, {"results", std::move(results)}}).dump();
}

}  // namespace

std::vector<Action> resource_actions() {
    return {{"resource_show", resource_show, false, "id include_tracking", "Return a resource."},
            {"resource_search", resource_search, false, "query order_by offset limit",
             "Return the resources with these fields: name:agua."}};
}

}  // namespace open_data::ckan
