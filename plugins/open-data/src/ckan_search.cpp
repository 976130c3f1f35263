// package_search: what portals ask most.
#include "ckan_licenses.hpp"
#include "ckan_query.hpp"
#include "ckan_show.hpp"
#include "sql_names.hpp"

#include <algorithm>

namespace open_data::ckan {
namespace {

constexpr std::int64_t most_rows = 1000, usual_rows = 10, usual_facets = 50, most_facets = 10'000;
constexpr const char* usual_sort = "score desc, metadata_modified desc";
constexpr const char* search_parameters =
    "q fl fq fq_list rows sort start wt qf bf boost tie defType mm df facet facet.mincount facet.limit facet.field include_private include_drafts "
    "include_deleted include_tracking use_default_schema extras";

struct Search {
    Parameters parameters;
    std::string where;
    std::string words;  ///< what `score` goes by; empty: nothing does
};

void refuse_unknown(const Ask& ask) {
    const auto known = words_of(search_parameters);
    std::string unknown;
    for (const auto& [key, value] : ask.args.values().as_object())
        if (key.find("ext_") != 0 && std::find(known.begin(), known.end(), key) == known.end())
            unknown += (unknown.empty() ? "'" : ", '") + key.substr(0, 100) + "'";
    if (!unknown.empty())
        throw of_type(400, "Search Query Error",
                      "Search Query is invalid: \"Invalid search parameters: [" + unknown + "]\"");
}

std::int64_t row_count(const Ask& ask, const char* key, std::int64_t otherwise) {
    try {
        return ask.args.natural(key).value_or(otherwise);
    } catch (const Failure& failure) {
        if (failure.error()[key].size() == 1 && failure.error()[key].as_array()[0] == Json("Invalid integer"))
            throw invalid(
                Json::object({{key, Json::array({"Invalid integer", "Please enter an integer value"})}}));
        throw;
    }
}

/// "parques NOT fuentes" → "parques -fuentes", as the database's own searches say it.
std::string with_minus(std::string_view q) {
    std::string text = " " + std::string(q);
    for (auto at = text.find(" NOT "); at != std::string::npos; at = text.find(" NOT ", at))
        text.replace(at, 5, " -");
    return text.substr(1);
}

/// Texts without a field are words to look for; with one they are Solr's language.
void add_words(Search& search, const std::string& q) {
    if (q.empty() || q == "*" || q == "*:*" || q == "\"\"" || q == "''") return;
    if (q.find(':') != std::string::npos || q.find('*') != std::string::npos) {
        search.where += " AND " + condition_of_query(q, search.parameters);
        return;
    }
    search.words = with_minus(q);
    search.where += " AND d.search @@ ext.search_query('es', " + search.parameters.place(search.words) + ")";
}

Search search_for(const Ask& ask) {
    Search search;
    std::vector<std::string> states{"published"};
    const auto wants = [&](const char* flag) {
        return (ask.writer || ask.collaborator) && ask.args.flag(flag, false);
    };
    if (wants("include_drafts")) states.insert(states.end(), {"draft", "review"});
    if (wants("include_deleted")) states.insert(states.end(), {"withdrawn", "deleted"});
    search.where = " WHERE d.state = ANY(" + search.parameters.place(text_array(states)) + "::text[])";
    if (!wants("include_private")) search.where += " AND NOT d.private";
    if (!ask.writer && ask.collaborator)
        search.where += std::string(" AND (") + seen_by_all +
                        " OR d.id IN (SELECT dataset FROM open_data_collaborator WHERE who = " +
                        search.parameters.place(ask.portal.by()) + "))";
    add_words(search, ask.args.text("q"));
    auto filters =
        ask.args["fq"].is_array() ? ask.args.list("fq") : std::vector<std::string>{ask.args.text("fq")};
    const auto& more = ask.args["fq_list"];
    if (more.is_array()) {
        for (const auto& one : more.as_array()) filters.push_back(text_of(one).value_or(""));
    } else if (!ask.args.text("fq_list").empty()) {
        const auto listed = ask.args.tree("fq_list");
        if (listed.is_array())
            for (const auto& one : listed.as_array()) filters.push_back(text_of(one).value_or(""));
        else
            filters.push_back(ask.args.text("fq_list"));
    }
    for (const auto& one : filters)
        if (one.find_first_not_of(" \t\r\n") != std::string::npos)
            search.where += " AND " + condition_of_query(one, search.parameters);
    return search;
}

/// "metadata_modified desc, name asc" → what ORDER BY takes.
std::string order_of(const std::string& sort, Search& search) {
    std::string order;
    for (std::string_view left = sort; !left.empty();) {
        const auto one = left.substr(0, left.find(','));
        left.remove_prefix(std::min(left.size(), one.size() + 1));
        const auto words = words_of(one);
        if (words.empty()) continue;
        std::string by;
        if (words[0] == "name")
            by = "d.name";
        else if (words[0] == "title" || words[0] == "title_string")
            by = "ext.fold(coalesce(d.meta #>> '{title,es}', d.name))";
        else if (words[0] == "metadata_modified")
            by = "d.modified_at";
        else if (words[0] == "metadata_created")
            by = "d.created_at";
        else if (words[0] == "id")
            by = "d.id";
        else if (words[0] == "score" || words[0] == "relevance") {
            if (search.words.empty()) continue;
            by =
                "ts_rank_cd(d.search, ext.search_query('es', " + search.parameters.place(search.words) + "))";
        } else if (words[0] == "views_recent" || words[0] == "views_total" || words[0] == "popularity")
            continue;
        else
            throw of_type(
                409, "Search Error",
                "Search error: sort param field can't be found: " + std::string(words[0].substr(0, 100)));
        if (words.size() > 1 && words[1] != "asc" && words[1] != "desc")
            throw of_type(400, "Search Query Error", "Search Query is invalid: \"Invalid sort parameter\"");
        order += by + (words.size() > 1 && words[1] == "desc" ? " DESC, " : " ASC, ");
    }
    return " ORDER BY " + order + "d.serial DESC";
}

struct FacetSource {
    std::string_view field;
    const char* value;
};
constexpr FacetSource facet_sources[] = {
    {"tags", "unnest(d.tags)"},
    {"res_format", "unnest(d.formats)"},
    {"organization", "(SELECT o.name FROM open_data_organization o WHERE o.id = d.organization)"},
    {"owner_org", "d.organization::text"},
    {"groups",
     "jsonb_array_elements_text(CASE jsonb_typeof(d.meta -> 'groups') WHEN 'array' THEN d.meta -> 'groups' ELSE '[]' END)"},
    {"license_id", "d.license"},
    {"private", "d.private::text"},
    {"author", "d.meta ->> 'author'"},
    {"maintainer", "d.meta ->> 'maintainer'"},
    {"dataset_type", "'dataset'::text"}};

Json counts_of(Ask& ask, const Search& search, const FacetSource& source) {
    auto parameters = search.parameters;
    // -1: all of them, as Solr says it; a number that is none is refused before.
    const auto limit = ask.args.text("facet.limit") == "-1"
                           ? most_facets
                           : std::min(row_count(ask, "facet.limit", usual_facets), most_facets);
    const auto least = row_count(ask, "facet.mincount", 1);
    const auto rows = ask.tx.exec_list(
        std::string("SELECT value, count(*) FROM (SELECT ") + source.value +
            " AS value FROM open_data_dataset d" + search.where +
            ") v WHERE value <> '' GROUP BY value HAVING count(*) >= " + parameters.place(least) +
            "::bigint ORDER BY count(*) DESC, value LIMIT " + parameters.place(limit) + "::bigint",
        parameters.list);
    Json counts = Json::object();
    for (const auto row : rows)
        counts[source.field == "license_id" ? license_of(row.view(0)).id : row.text(0)] = row.integer(1);
    return counts;
}

std::string label_of(Ask& ask, std::string_view field, const std::string& value) {
    if (field != "organization" && field != "groups") return value;
    const auto found = ask.catalogue.organization(value, field == "groups" ? "group" : "organization");
    const auto title = found ? text_in(found->meta["title"], "es") : std::string();
    return title.empty() ? value : title;
}

void add_facets(Ask& ask, const Search& search, Json& result) {
    Json facets = Json::object(), with_labels = Json::object();
    if (ask.args.flag("facet", true)) {
        for (const auto& field : ask.args.list("facet.field")) {
            const auto* source = std::find_if(std::begin(facet_sources), std::end(facet_sources),
                                              [&](const auto& one) { return one.field == field; });
            const auto counts =
                source == std::end(facet_sources) ? Json::object() : counts_of(ask, search, *source);
            Json items = Json::array();
            for (const auto& [value, count] : counts.as_object())
                items.push_back(Json::object(
                    {{"name", value}, {"display_name", label_of(ask, field, value)}, {"count", count}}));
            facets[field] = counts;
            with_labels[field] = Json::object({{"title", field}, {"items", std::move(items)}});
        }
    }
    result["facets"] = std::move(facets);
    result["search_facets"] = std::move(with_labels);
}

Json only_fields(const Json& package, const std::vector<std::string>& fields) {
    Json kept = Json::object();
    for (const auto& field : fields)
        if (const auto* value = package.find(field)) kept[field] = *value;
    return kept;
}

std::string package_search(Ask& ask) {
    refuse_unknown(ask);
    auto search = search_for(ask);
    const auto rows = std::min(row_count(ask, "rows", usual_rows), most_rows),
               start = row_count(ask, "start", 0);
    const auto sort = ask.args.text("sort").empty() ? std::string(usual_sort) : ask.args.text("sort");
    Json result =
        Json::object({{"count", ask.tx
                                    .exec_list("SELECT count(*) FROM open_data_dataset d" + search.where,
                                               search.parameters.list)[0]
                                    .integer(0)}});
    add_facets(ask, search, result);
    const auto tail = order_of(sort, search) + page(search.parameters, rows, start);
    std::vector<std::string> ids;
    if (rows > 0) {
        const auto found = ask.tx.exec_list("SELECT d.id FROM open_data_dataset d" + search.where + tail,
                                            search.parameters.list);
        for (const auto row : found) ids.push_back(row.text(0));
    }
    auto results = Show(ask).packages(ask.catalogue.find_all(ids));
    const auto fields = ask.args.list("fl");
    if (!fields.empty() && std::find(fields.begin(), fields.end(), "*") == fields.end())
        for (auto& one : results.as_array()) one = only_fields(one, fields);
    result["results"] = std::move(results);
    result["sort"] = sort;
    return result.dump();
}

}  // namespace

std::vector<Action> search_actions() {
    return {{"package_search", package_search, false, search_parameters,
             "Return the datasets that match: q and fq as Solr has them, facets, rows of at most 1000."}};
}

}  // namespace open_data::ckan
