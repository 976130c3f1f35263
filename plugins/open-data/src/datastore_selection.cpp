// What a search of rows asks for, as parts of one statement.
#include "datastore_selection.hpp"

#include "sql_names.hpp"
#include "words_index.hpp"

#include <algorithm>

namespace open_data::ckan {
namespace {

/// The words that a row or a column is looked for by, in the dictionaries of the house or those of a language of PostgreSQL.
class WordSearch {
public:
    WordSearch(const Wanted& ask, Parameters& parameters)
        : parameters_(parameters),
          plain_(ask.args.flag("plain", true)),
          language_(ask.args.text("language")) {
        if (!language_.empty() &&
            ask.tx
                .exec(
                    "SELECT FROM pg_ts_config WHERE cfgname = $1 AND cfgnamespace = 'pg_catalog'::regnamespace",
                    language_)
                .empty())
            throw invalid("language", "invalid value \"" + language_.substr(0, 100) + "\"");
    }
    std::string vector(const std::string& text) {
        return language_.empty()
                   ? "ext.search_vector('es', " + text + ")"
                   : "to_tsvector(" + parameters_.place(language_) + "::regconfig, " + text + ")";
    }
    std::string query(const std::string& words) {
        const auto given = parameters_.place(words);
        if (language_.empty())
            return plain_ ? "ext.search_query('es', " + given + ")"
                          : "to_tsquery(ext.search_config('es'), ext.search_text('es', " + given + "))";
        return std::string(plain_ ? "plainto_tsquery(" : "to_tsquery(") + parameters_.place(language_) +
               "::regconfig, " + given + ")";
    }

private:
    Parameters& parameters_;
    bool plain_;
    std::string language_;
};

/// What a row is looked for in: its words beside it where they are there, and it is our own dictionaries that are asked; else itself.
std::string vector_of_rows(const Wanted& ask, Selection& selection, WordSearch& words,
                           const Resource& resource) {
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

void look_for(Selection& selection, WordSearch& words, const std::string& vector, const std::string& wanted,
              const std::string& rank) {
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
    const auto rows = anywhere.empty() && everywhere.empty()
                          ? std::string()
                          : vector_of_rows(ask, selection, words, resource);
    if (q.is_object()) {
        for (const auto& [key, value] : q.as_object()) {
            const auto* column = find_column(selection.columns, key);
            if (!column) throw invalid("q", "invalid value \"" + key.substr(0, 200) + "\"");
            const auto wanted = text_of(value).value_or("");
            if (!wanted.empty())
                look_for(selection, words,
                         words.vector("coalesce(" + identifier(column->name) + "::text, '')"), wanted,
                         "rank " + column->name);
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
        return std::find_if(selection.ranks.begin(), selection.ranks.end(),
                            [&](const auto& one) { return one.first == name; });
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
          std::equal(end.begin(), end.end(), text.end() - static_cast<std::ptrdiff_t>(end.size()),
                     [&](char a, char b) { return a == lower(b); });
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
    const auto place = std::find_if(selection.shown.begin(), selection.shown.end(),
                                    [&](const auto& one) { return one.name == name; });
    if (selection.distinct)
        by = place == selection.shown.end() ? "" : std::to_string(place - selection.shown.begin() + 1);
    if (by.empty()) throw invalid("sort", "invalid value \"" + name.substr(0, 200) + "\"");
    return by + (desc ? " DESC" : " ASC") + (last ? " NULLS LAST" : first ? " NULLS FIRST" : "");
}

void choose_order(const Wanted& ask, Selection& selection) {
    for (const auto& one : ask.args.list("sort"))
        selection.order += (selection.order.empty() ? "" : ", ") + order_of_one(selection, one);
    if (selection.distinct) {
        std::string by_place;
        for (std::size_t i = 1; i <= selection.shown.size(); ++i)
            by_place += (by_place.empty() ? "" : ", ") + std::to_string(i);
        if (selection.order.empty()) selection.order = by_place;
        return;
    }
    if (selection.order.empty())
        for (const auto& one : selection.ranks) selection.order += one.second + " DESC, ";
    else
        selection.order += ", ";
    selection.order += "_id";
}

}  // namespace

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
    return "SELECT " + std::string(selection.distinct ? "DISTINCT " : "") + listed(selection.expressions) +
           selection.from + " WHERE " + selection.where + " ORDER BY " + selection.order;
}
}  // namespace open_data::ckan
