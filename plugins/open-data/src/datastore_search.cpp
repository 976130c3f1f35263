// datastore_search: rows as they are, straight into the text of the answer.
#include "datastore_search.hpp"

#include "sql_names.hpp"
#include "words_index.hpp"

#include <algorithm>
#include <limits>

namespace open_data::ckan {
namespace {

constexpr std::int64_t usual_records = 100, most_records = 32'000;
constexpr const char* this_address = "/api/3/action/datastore_search";
constexpr const char* datastore_parameters =
    "resource_id id filters q full_text distinct plain language limit offset fields sort include_total total_estimation_threshold records_format include_next_page";

/// What rows are selected by, and where the answer comes from.
struct Wanted {
    const Arguments& args;
    concejo::Transaction& tx;
    const concejo::Call* call = nullptr;  ///< asks for an index of words where one is worth it; null: goes without
};

/// What one request asks for, as parts of a statement.
struct Selection {
    std::vector<Column> columns;                   ///< those of the table
    std::vector<Column> shown;                     ///< those of the answer
    std::vector<std::string> expressions;          ///< one for each shown
    std::vector<std::pair<std::string, std::string>> ranks;  ///< name, expression
    std::string where = "true", order, from;
    Parameters parameters;
    bool filtered = false, distinct = false;
    std::int64_t limit = usual_records, offset = 0;
};

/// The words that a row or a column is looked for by, in the dictionaries of the house or those of a language of PostgreSQL.
class WordSearch {
public:
    WordSearch(const Wanted& ask, Parameters& parameters) : parameters_(parameters), plain_(ask.args.flag("plain", true)), language_(ask.args.text("language")) {
        if (!language_.empty() && ask.tx.exec("SELECT FROM pg_ts_config WHERE cfgname = $1 AND cfgnamespace = 'pg_catalog'::regnamespace", language_).empty())
            throw invalid("language", "invalid value \"" + language_.substr(0, 100) + "\"");
    }
    std::string vector(const std::string& text) {
        return language_.empty() ? "ext.search_vector('es', " + text + ")" : "to_tsvector(" + parameters_.place(language_) + "::regconfig, " + text + ")";
    }
    std::string query(const std::string& words) {
        const auto given = parameters_.place(words);
        if (language_.empty()) return plain_ ? "ext.search_query('es', " + given + ")" : "to_tsquery(ext.search_config('es'), ext.search_text('es', " + given + "))";
        return std::string(plain_ ? "plainto_tsquery(" : "to_tsquery(") + parameters_.place(language_) + "::regconfig, " + given + ")";
    }

private:
    Parameters& parameters_;
    bool plain_;
    std::string language_;
};

/// What a row is looked for in: its words beside it where they are there, and it is our own dictionaries that are asked; else itself.
std::string vector_of_rows(const Wanted& ask, Selection& selection, WordSearch& words, const Resource& resource) {
    if (ask.call && ask.args.text("language").empty()) {
        if (const auto table = words_table_of(*ask.call, ask.tx, resource); !table.empty()) {
            selection.from += " JOIN " + identifier(table) + " w USING (_id)";
            return std::string("w.") + words_column;
        }
    }
    std::vector<std::string> names;
    for (std::size_t i = 1; i < selection.columns.size(); ++i) names.push_back(selection.columns[i].name);
    return words.vector(whole_row(names));
}

void look_for(Selection& selection, WordSearch& words, const std::string& vector, const std::string& wanted, const std::string& rank) {
    const auto query = words.query(wanted);
    selection.where += " AND " + vector + " @@ " + query;
    selection.filtered = true;
    if (!rank.empty()) selection.ranks.emplace_back(rank, "ts_rank(" + vector + ", " + query + ")");
}

void add_word_search(const Wanted& ask, Selection& selection, const Resource& resource) {
    const auto q = ask.args.tree("q");
    const auto everywhere = ask.args.text("full_text");
    if (q.is_null() && everywhere.empty()) return;
    WordSearch words(ask, selection.parameters);
    const auto anywhere = text_of(q).value_or("");
    const auto rows = anywhere.empty() && everywhere.empty() ? std::string() : vector_of_rows(ask, selection, words, resource);
    if (q.is_object()) {
        for (const auto& [key, value] : q.as_object()) {
            const auto* column = find_column(selection.columns, key);
            if (!column) throw invalid("q", "invalid value \"" + key.substr(0, 200) + "\"");
            const auto wanted = text_of(value).value_or("");
            if (!wanted.empty()) look_for(selection, words, words.vector("coalesce(" + identifier(column->name) + "::text, '')"), wanted, "rank " + column->name);
        }
    } else if (!anywhere.empty()) {
        look_for(selection, words, rows, anywhere, "rank");
    }
    if (!everywhere.empty()) look_for(selection, words, rows, everywhere, "");
}

std::string expression_of(const Column& column) {
    const auto name = identifier(column.name);
    return column.kind == "json" ? "coalesce(" + name + "::text, 'null')" : name;
}

void choose_fields(const Wanted& ask, Selection& selection) {
    const auto rank = [&](const std::string& name) {
        return std::find_if(selection.ranks.begin(), selection.ranks.end(), [&](const auto& one) { return one.first == name; });
    };
    const auto add_rank = [&](const auto& one) {
        selection.shown.push_back({one.first, "numeric", "float", "real", {}});
        selection.expressions.push_back(one.second);
    };
    const auto wanted = ask.args.list("fields");
    for (const auto& name : wanted) {
        if (const auto* column = find_column(selection.columns, name)) {
            selection.shown.push_back(*column), selection.expressions.push_back(expression_of(*column));
        } else if (const auto found = rank(name); found != selection.ranks.end()) {
            add_rank(*found);
        } else {
            throw invalid("fields", "invalid value \"" + name.substr(0, 200) + "\"");
        }
    }
    if (!wanted.empty()) return;
    selection.shown = selection.columns;
    for (const auto& column : selection.columns) selection.expressions.push_back(expression_of(column));
    for (const auto& one : selection.ranks) add_rank(one);
}

std::string_view without_end(std::string_view text, std::string_view end, bool& had) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    had = text.size() > end.size() && text[text.size() - end.size() - 1] == ' ' &&
          std::equal(end.begin(), end.end(), text.end() - static_cast<std::ptrdiff_t>(end.size()), [&](char a, char b) { return a == lower(b); });
    if (had) text.remove_suffix(end.size() + 1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

/// "año desc nulls last" → "\"año\" DESC NULLS LAST"; the column is one of the table's, with its quotes or without.
std::string order_of_one(const Selection& selection, const std::string& clause) {
    bool last = false, first = false, desc = false, asc = false;
    auto text = without_end(clause, "nulls last", last);
    if (!last) text = without_end(text, "nulls first", first);
    text = without_end(text, "desc", desc);
    if (!desc) text = without_end(text, "asc", asc);
    auto name = std::string(text);
    if (name.size() > 2 && name.front() == '"' && name.back() == '"') name = name.substr(1, name.size() - 2);
    std::string by;
    if (const auto* column = find_column(selection.columns, name)) by = identifier(column->name);
    for (const auto& [rank, expression] : selection.ranks)
        if (rank == name) by = expression;
    // What a statement with DISTINCT is sorted by has to be among what it gives, and is named by its place there.
    const auto place = std::find_if(selection.shown.begin(), selection.shown.end(), [&](const auto& one) { return one.name == name; });
    if (selection.distinct) by = place == selection.shown.end() ? "" : std::to_string(place - selection.shown.begin() + 1);
    if (by.empty()) throw invalid("sort", "invalid value \"" + name.substr(0, 200) + "\"");
    return by + (desc ? " DESC" : " ASC") + (last ? " NULLS LAST" : first ? " NULLS FIRST" : "");
}

void choose_order(const Wanted& ask, Selection& selection) {
    for (const auto& one : ask.args.list("sort")) selection.order += (selection.order.empty() ? "" : ", ") + order_of_one(selection, one);
    if (selection.distinct) {
        std::string by_place;
        for (std::size_t i = 1; i <= selection.shown.size(); ++i) by_place += (by_place.empty() ? "" : ", ") + std::to_string(i);
        if (selection.order.empty()) selection.order = by_place;
        return;
    }
    if (selection.order.empty())
        for (const auto& one : selection.ranks) selection.order += one.second + " DESC, ";
    else selection.order += ", ";
    selection.order += "_id";
}

Selection selection_of(const Wanted& ask, const Resource& resource) {
    Selection selection;
    selection.columns = columns_of_table(resource);
    selection.from = " FROM " + identifier(resource.table);
    selection.distinct = ask.args.flag("distinct", false);
    selection.limit = std::min(ask.args.natural("limit").value_or(usual_records), most_records);
    selection.offset = ask.args.natural("offset").value_or(0);
    const auto filters = ask.args.tree("filters");
    if (!filters.is_null() && !(filters.is_string() && filters.as_string().empty())) {
        selection.where = condition_of_filters(selection.columns, filters, selection.parameters);
        selection.filtered = selection.where != "true";
    }
    add_word_search(ask, selection, resource);
    choose_fields(ask, selection);
    choose_order(ask, selection);
    return selection;
}

std::string listed(const std::vector<std::string>& expressions) {
    std::string list;
    for (const auto& one : expressions) list += (list.empty() ? "" : ", ") + one;
    return list;
}

std::string statement_of(const Selection& selection) {
    return "SELECT " + std::string(selection.distinct ? "DISTINCT " : "") + listed(selection.expressions) + selection.from + " WHERE " + selection.where + " ORDER BY " + selection.order;
}

std::int64_t total_of(Ask& ask, const Selection& selection, const Resource& resource) {
    if (!selection.filtered && !selection.distinct) return resource.rows;
    const auto rest = selection.from + " WHERE " + selection.where;
    const auto statement = selection.distinct ? "SELECT count(*) FROM (SELECT DISTINCT " + listed(selection.expressions) + rest + ") d" : "SELECT count(*)" + rest;
    return ask.tx.exec_list(statement, selection.parameters.list)[0].integer(0);
}


std::vector<Field> as_fields(const std::vector<Column>& shown) {
    std::vector<Field> fields;
    for (const auto& one : shown) fields.push_back({one.name, one.kind});
    return fields;
}

void append_cells(std::string& out, const concejo::Rows::Row& row, const std::vector<Field>& fields, char separator) {
    for (std::uint32_t i = 0; i < fields.size(); ++i) {
        if (i > 0) out += separator;
        append_cell(out, row, i, fields[i], separator);
    }
    out += '\n';
}

std::string records_of(const concejo::Rows& rows, const std::vector<Column>& shown, const std::string& format) {
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
            const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
            if (plain) query += c;
            else query += '%', query += digits[static_cast<unsigned char>(c) >> 4], query += digits[static_cast<unsigned char>(c) & 15];
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
    const auto at = std::find_if(selection.shown.begin(), selection.shown.end(), [](const auto& one) { return one.name == "_id"; });
    const auto sort = ask.args.text("sort");
    const bool by_id = (sort.empty() || sort == "_id" || sort == "_id asc") && selection.ranks.empty() && !selection.distinct;
    if (!by_id || at == selection.shown.end() || rows.empty()) return {};
    auto filters = ask.args.tree("filters");
    if (!filters.is_object()) filters = Json::object();
    if (!filters["_id"].is_null() && !filters["_id"].is_object()) return {};
    filters["_id"]["gt"] = rows[rows.size() - 1].integer(static_cast<std::uint32_t>(at - selection.shown.begin()));
    return Json::object({{"filters", std::move(filters)}, {"limit", selection.limit}});
}

/// The parameters as they were given, and those that hold where none were.
std::string echo(const Ask& ask, const Selection& selection, const Resource& resource, const std::string& format, bool with_total) {
    Json said = Json::object();
    for (const auto* key : {"filters", "q"})
        if (ask.args.has(key)) said[key] = ask.args.tree(key);
    for (const auto* key : {"full_text", "language", "sort"})
        if (ask.args.has(key)) said[key] = ask.args[key];
    for (const auto* key : {"distinct", "plain", "include_next_page"})
        if (ask.args.has(key)) said[key] = ask.args.flag(key, false);
    if (ask.args.has("offset")) said["offset"] = selection.offset;
    said["include_total"] = with_total, said["limit"] = selection.limit, said["records_format"] = format, said["resource_id"] = resource.id;
    said["total_estimation_threshold"] = ask.args.has("total_estimation_threshold") ? Json(*ask.args.natural("total_estimation_threshold")) : Json();
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
    out += ",\"_links\":" + Json::object({{"start", address_with(ask, std::nullopt)}, {"next", address_with(ask, selection.offset + selection.limit)}}).dump();
    if (ask.args.flag("include_next_page", false))
        if (const auto next = next_page(ask, selection, rows); !next.is_null()) out += ",\"next_page\":" + next.dump();
    if (with_total) out += ",\"total\":" + std::to_string(total) + ",\"total_was_estimated\":false";
    return out + "}";
}

/// CKAN shows the statement here; the members are the same, what is ours stays with us.
Failure invalid_query(const Ask& ask) {
    Json values = Json::array();
    const auto filters = ask.args.tree("filters");
    if (filters.is_object())
        for (const auto& [key, value] : filters.as_object()) values.push_back(value);
    return invalid(Json::object({{"query", Json::array({"Invalid query"})},
                                 {"info", Json::object({{"statement", Json::array({""})}, {"params", Json::array({values})}, {"orig", Json::array({"invalid input for the type of a column"})}})}}));
}

std::string list_tables(Ask& ask) {
    for (const auto* key : {"filters", "q", "full_text", "fields", "sort", "distinct"})
        if (ask.args.has(key)) throw invalid(key, std::string("Not supported for ") + list_of_tables);
    const auto limit = std::min(ask.args.natural("limit").value_or(usual_records), most_records), offset = ask.args.natural("offset").value_or(0);
    const auto format = ask.args.text("records_format").empty() ? "objects" : ask.args.text("records_format");
    if (format != "objects" && format != "lists") throw invalid("records_format", "Value must be one of objects; lists");
    auto answer = shown_tables(ask, limit, offset, format == "objects");
    answer["resource_id"] = list_of_tables, answer["limit"] = limit, answer["records_format"] = format;
    answer["include_total"] = true, answer["total_was_estimated"] = false, answer["total_estimation_threshold"] = nullptr;
    answer["_links"] = Json::object({{"start", address_with(ask, std::nullopt)}, {"next", address_with(ask, offset + limit)}});
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
        const bool of_tsquery = !ask.args.flag("plain", true) && std::string_view(error.what()).find("[42601]") != std::string_view::npos;
        if (error.kind() == concejo::ErrorKind::invalid || of_tsquery) throw invalid_query(ask);
        throw;
    }
}

}  // namespace

RowsQuery query_of(const Arguments& args, concejo::Transaction& tx, const Resource& resource, bool numbered) {
    auto selection = selection_of({args, tx, nullptr}, resource);
    RowsQuery query;
    if (args.list("fields").empty() && !selection.distinct) {  // what the rows are, without what was reckoned to find them
        std::vector<std::string> expressions;
        for (std::size_t i = numbered ? 0 : 1; i < selection.columns.size(); ++i) expressions.push_back(selection.expressions[i]);
        selection.shown.assign(selection.columns.begin() + (numbered ? 0 : 1), selection.columns.end());
        selection.expressions = std::move(expressions);
    }
    for (const auto& one : selection.shown) query.fields.push_back({one.name, one.kind});
    query.statement = statement_of(selection);
    if (args.has("limit") || args.has("offset"))
        query.statement += page(selection.parameters, args.natural("limit").value_or(std::numeric_limits<std::int64_t>::max()), selection.offset);
    query.parameters = std::move(selection.parameters.list);
    return query;
}

Action datastore_search_action() {
    return {"datastore_search", datastore_search, false, datastore_parameters, "Return rows of a resource: filters, words, fields, order, pages."};
}

}  // namespace open_data::ckan
