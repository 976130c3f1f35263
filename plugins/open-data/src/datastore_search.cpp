// datastore_search: rows as they are, straight into the text of the answer.
#include "datastore_search.hpp"

#include "datastore_selection.hpp"
#include "sql_names.hpp"

#include <algorithm>
#include <limits>

namespace open_data::ckan {
namespace {

constexpr const char* this_address = "/api/3/action/datastore_search";
constexpr const char* datastore_parameters =
    "resource_id id filters q full_text distinct plain language limit offset fields sort include_total total_estimation_threshold records_format include_next_page";

std::int64_t total_of(Ask& ask, const Selection& selection, const Resource& resource) {
    if (!selection.filtered && !selection.distinct) return resource.rows;
    const auto rest = selection.from + " WHERE " + selection.where;
    const auto statement = selection.distinct ? "SELECT count(*) FROM (SELECT DISTINCT " +
                                                    listed(selection.expressions) + rest + ") d"
                                              : "SELECT count(*)" + rest;
    return ask.tx.exec_list(statement, selection.parameters.list)[0].integer(0);
}

std::vector<Field> as_fields(const std::vector<Column>& shown) {
    std::vector<Field> fields;
    for (const auto& one : shown) fields.push_back({one.name, one.kind});
    return fields;
}

void append_cells(std::string& out, const concejo::Rows::Row& row, const std::vector<Field>& fields,
                  char separator) {
    for (std::uint32_t i = 0; i < fields.size(); ++i) {
        if (i > 0) out += separator;
        append_cell(out, row, i, fields[i], separator);
    }
    out += '\n';
}

std::string records_of(const concejo::Rows& rows, const std::vector<Column>& shown,
                       const std::string& format) {
    std::string out;
    const auto fields = as_fields(shown);
    if (format == "csv" || format == "tsv") {
        std::string text;
        for (const auto row : rows) append_cells(text, row, fields, format == "csv" ? ',' : '\t');
        append_json(out, text);
        return out;
    }
    std::vector<std::string> keys(shown.size());
    for (std::size_t i = 0; i < shown.size(); ++i) append_json(keys[i], shown[i].name), keys[i] += ':';
    const bool objects = format == "objects";
    out.reserve(rows.size() * shown.size() * 32);
    out += '[';
    for (const auto row : rows) {
        if (out.size() > 1) out += ',';
        out += objects ? '{' : '[';
        for (std::uint32_t i = 0; i < shown.size(); ++i) {
            if (i > 0) out += ',';
            if (objects) out += keys[i];
            append_json(out, row, i, fields[i]);
        }
        out += objects ? '}' : ']';
    }
    return out + ']';
}

std::string address_with(const Ask& ask, std::optional<std::int64_t> offset) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string query;
    const auto add = [&](std::string_view key, std::string_view value) {
        query += (query.empty() ? "?" : "&") + std::string(key) + "=";
        for (const char c : value) {
            const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                               c == '-' || c == '_' || c == '.';
            if (plain)
                query += c;
            else
                query += '%', query += digits[static_cast<unsigned char>(c) >> 4],
                    query += digits[static_cast<unsigned char>(c) & 15];
        }
    };
    if (ask.from_query)
        for (const auto& [key, value] : ask.args.values().as_object())
            if (key != "offset") add(key, text_of(value).value_or(value.dump()));
    if (offset) add("offset", std::to_string(*offset));
    return this_address + query;
}

/// The filters of the next page by the last row's number: as quick at any depth, and blind to rows that come meanwhile. Of any
/// page that has rows, as CKAN 2.12 gives them: whoever asks again later gets what came since.
Json next_page(const Ask& ask, const Selection& selection, const concejo::Rows& rows) {
    const auto at = std::find_if(selection.shown.begin(), selection.shown.end(),
                                 [](const auto& one) { return one.name == "_id"; });
    const auto sort = ask.args.text("sort");
    const bool by_id = (sort.empty() || sort == "_id" || sort == "_id asc") && selection.ranks.empty() &&
                       !selection.distinct;
    if (!by_id || at == selection.shown.end() || rows.empty()) return {};
    auto filters = ask.args.tree("filters");
    if (!filters.is_object()) filters = Json::object();
    if (!filters["_id"].is_null() && !filters["_id"].is_object()) return {};
    filters["_id"]["gt"] =
        rows[rows.size() - 1].integer(static_cast<std::uint32_t>(at - selection.shown.begin()));
    return Json::object({{"filters", std::move(filters)}, {"limit", selection.limit}});
}

/// The parameters as they were given, and those that hold where none were.
std::string echo(const Ask& ask, const Selection& selection, const Resource& resource,
                 const std::string& format, bool with_total) {
    Json said = Json::object();
    for (const auto* key : {"filters", "q"})
        if (ask.args.has(key)) said[key] = ask.args.tree(key);
    for (const auto* key : {"full_text", "language", "sort"})
        if (ask.args.has(key)) said[key] = ask.args[key];
    for (const auto* key : {"distinct", "plain", "include_next_page"})
        if (ask.args.has(key)) said[key] = ask.args.flag(key, false);
    if (ask.args.has("offset")) said["offset"] = selection.offset;
    said["include_total"] = with_total, said["limit"] = selection.limit, said["records_format"] = format,
    said["resource_id"] = resource.id;
    said["total_estimation_threshold"] = ask.args.has("total_estimation_threshold")
                                             ? Json(*ask.args.natural("total_estimation_threshold"))
                                             : Json();
    auto text = said.dump();
    text.pop_back();
    return text;
}

std::string answer_with(Ask& ask, const Resource& resource, const std::string& format) {
    auto selection = selection_of({ask.args, ask.tx, &ask.request}, resource);
    const bool with_total = ask.args.flag("include_total", true);
    const auto total = with_total ? total_of(ask, selection, resource) : 0;
    const auto head = statement_of(selection);
    const auto tail = page(selection.parameters, selection.limit, selection.offset);
    const auto rows = ask.tx.exec_list(head + tail, selection.parameters.list);
    Json fields = Json::array();
    for (const auto& one : selection.shown) fields.push_back(shown_column(one));
    auto out = echo(ask, selection, resource, format, with_total);
    out += ",\"records\":" + records_of(rows, selection.shown, format) + ",\"fields\":" + fields.dump();
    out += ",\"_links\":" + Json::object({{"start", address_with(ask, std::nullopt)},
                                          {"next", address_with(ask, selection.offset + selection.limit)}})
                                .dump();
    if (ask.args.flag("include_next_page", false))
        if (const auto next = next_page(ask, selection, rows); !next.is_null())
            out += ",\"next_page\":" + next.dump();
    if (with_total) out += ",\"total\":" + std::to_string(total) + ",\"total_was_estimated\":false";
    return out + "}";
}

/// CKAN shows the statement here; the members are the same, what is ours stays with us.
Failure invalid_query(const Ask& ask) {
    Json values = Json::array();
    const auto filters = ask.args.tree("filters");
    if (filters.is_object())
        for (const auto& [key, value] : filters.as_object()) values.push_back(value);
    return invalid(Json::object(
        {{"query", Json::array({"Invalid query"})},
         {"info", Json::object({{"statement", Json::array({""})},
                                {"params", Json::array({values})},
                                {"orig", Json::array({"invalid input for the type of a column"})}})}}));
}

std::string list_tables(Ask& ask) {
    for (const auto* key : {"filters", "q", "full_text", "fields", "sort", "distinct"})
        if (ask.args.has(key)) throw invalid(key, std::string("Not supported for ") + list_of_tables);
    const auto limit = std::min(ask.args.natural("limit").value_or(usual_records), most_records),
               offset = ask.args.natural("offset").value_or(0);
    const auto format = ask.args.text("records_format").empty() ? "objects" : ask.args.text("records_format");
    if (format != "objects" && format != "lists")
        throw invalid("records_format", "Value must be one of objects; lists");
    auto answer = shown_tables(ask, limit, offset, format == "objects");
    answer["resource_id"] = list_of_tables, answer["limit"] = limit, answer["records_format"] = format;
    answer["include_total"] = true, answer["total_was_estimated"] = false,
    answer["total_estimation_threshold"] = nullptr;
    answer["_links"] = Json::object(
        {{"start", address_with(ask, std::nullopt)}, {"next", address_with(ask, offset + limit)}});
    return answer.dump();
}

std::string datastore_search(Ask& ask) {
    ask.args.only(datastore_parameters);
    const auto id = ask.args.text("resource_id").empty() ? ask.args.text("id") : ask.args.text("resource_id");
    if (id.empty()) throw missing("resource_id");
    if (id == list_of_tables) return list_tables(ask);
    const auto resource = need_rows(ask, id);
    const auto format = ask.args.text("records_format").empty() ? "objects" : ask.args.text("records_format");
    if (format != "objects" && format != "lists" && format != "csv" && format != "tsv")
        throw invalid("records_format", "Value must be one of objects; lists; csv; tsv");
    try {
        return answer_with(ask, resource, format);
    } catch (const Failure&) {
        throw;
    } catch (const concejo::Error& error) {
        const bool of_tsquery = !ask.args.flag("plain", true) &&
                                std::string_view(error.what()).find("[42601]") != std::string_view::npos;
        if (error.kind() == concejo::ErrorKind::invalid || of_tsquery) throw invalid_query(ask);
        throw;
    }
}

}  // namespace

RowsQuery query_of(const Arguments& args, concejo::Transaction& tx, const Resource& resource, bool numbered) {
    auto selection = selection_of({args, tx, nullptr}, resource);
    RowsQuery query;
    if (args.list("fields").empty() &&
        !selection.distinct) {  // what the rows are, without what was reckoned to find them
        std::vector<std::string> expressions;
        for (std::size_t i = numbered ? 0 : 1; i < selection.columns.size(); ++i)
            expressions.push_back(selection.expressions[i]);
        selection.shown.assign(selection.columns.begin() + (numbered ? 0 : 1), selection.columns.end());
        selection.expressions = std::move(expressions);
    }
    for (const auto& one : selection.shown) query.fields.push_back({one.name, one.kind});
    query.statement = statement_of(selection);
    if (args.has("limit") || args.has("offset"))
        query.statement +=
            page(selection.parameters,
                 args.natural("limit").value_or(std::numeric_limits<std::int64_t>::max()), selection.offset);
    query.parameters = std::move(selection.parameters.list);
    return query;
}

Action datastore_search_action() {
    return {"datastore_search", datastore_search, false, datastore_parameters,
            "Return rows of a resource: filters, words, fields, order, pages."};
}

}  // namespace open_data::ckan
