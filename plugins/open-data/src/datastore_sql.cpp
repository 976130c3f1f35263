// datastore_search_sql: a SELECT of the client's own. Four walls, each enough by itself: what the statement
// says (sql/), a login that may read the views shown to it and nothing else, what those views show, and a
// transaction that only reads.
#include "datastore_table.hpp"

#include "plugins/open-data/sql/statement.hpp"

#include <algorithm>

namespace open_data::ckan {
namespace {

constexpr std::int64_t most_answered = 32'000;
constexpr int patience = 5'000;  ///< milliseconds

/// The shape that CKAN gives to whatever its database refuses.
Failure invalid_statement(const std::string& text, const std::string& why) {
    return invalid(Json::object({{"query", Json::array({why})},
                                 {"info", Json::object({{"statement", Json::array({text})},
                                                        {"params", Json::array({Json::object()})},
                                                        {"orig", Json::array({why})}})}}));
}

Failure refusal_of(const sql::NotAllowed& refused, const std::string& text) {
    using Why = sql::NotAllowed::Why;
    const auto what = refused.what.substr(0, 200);
    switch (refused.why) {
        case Why::table:
            return of_type(403, "Authorization Error",
                           "Access denied: Not authorized to access system tables: " + what);
        case Why::function:
            return of_type(403, "Authorization Error",
                           "Access denied: Not authorized to call function " + what);
        case Why::syntax:
            return invalid_statement(text, what);
        case Why::no_select:
            return invalid_statement(text, "Query must be " + what);
        case Why::other:
            break;
    }
    return invalid_statement(text, "Not allowed here: " + what);
}

/// The reading login sees what everybody sees, whoever asks.
Resource need_published(Ask& ask, const std::string& id) {
    auto [dataset, resource] = need_table(ask, id);
    if (!dataset.visible()) throw ask.denied("read resource " + id);
    return std::move(resource);
}

void show(Ask& ask, const Resource& resource) {
    Json names = Json::array();
    for (const auto& one : columns_of_table(resource)) names.push_back(one.name);
    ask.request.show_table(
        ask.tx,
        Json::object({{"name", resource.id},
                      {"table", resource.table},
                      {"columns", std::move(names)},
                      {"while", Json::object({{"table", "open_data_shown_table"}, {"column", "name"}})}}));
}

void need_columns(const sql::Statement& statement, const std::vector<Resource>& resources,
                  const std::string& text) {
    for (const auto& name : statement.members) {
        const bool there = std::any_of(resources.begin(), resources.end(), [&](const Resource& one) {
            return find_column(columns_of_table(one), name) != nullptr;
        });
        if (!there) throw invalid_statement(text, "column \"" + name.substr(0, 200) + "\" does not exist");
    }
}

/// As CKAN's client for its database gives them: whole and floating numbers as numbers, exact ones as text.
std::string kind_of_type(const std::string& type) {
    if (type == "bool") return "boolean";
    if (type == "json" || type == "jsonb") return "json";
    for (const auto* number : {"int2", "int4", "int8", "float4", "float8", "oid"})
        if (type == number) return "numeric";
    return type == "timestamp" ? "timestamp" : "text";
}

/// Rows into the text of the answer as they come.
class Answer {
public:
    void columns(const Json& all) {
        for (const auto& one : all.as_array()) {
            const auto name = one.string_or("name", ""), type = one.string_or("type", "");
            fields_.push_back(Json::object({{"id", name}, {"type", type}}));
            kinds_.push_back(kind_of_type(type));
            keys_.emplace_back();
            append_json(keys_.back(), name), keys_.back() += ':';
        }
    }
    void row(std::span<const concejo_param> values) {
        if (++rows_ > most_answered) return;
        records_ += records_.empty() ? "{" : ",{";
        for (std::size_t i = 0; i < values.size(); ++i) {
            records_ += (i > 0 ? "," : "") + keys_[i];
            const auto text =
                std::string_view(values[i].text.data ? values[i].text.data : "", values[i].text.size);
            append(values[i].is_null ? std::nullopt : std::optional(text), kinds_[i]);
        }
        records_ += '}';
    }
    std::string text(const std::string& asked) const {
        std::string out = "{\"sql\":";
        append_json(out, asked);
        out += ",\"records\":[" + records_ + "],\"fields\":" + fields_.dump();
        return out + (rows_ > most_answered ? ",\"records_truncated\":true}" : "}");
    }

private:
    void append(std::optional<std::string_view> value, const std::string& kind) {
        if (!value)
            records_ += "null";
        else if (kind == "boolean")
            records_ += *value == "t" ? "true" : "false";
        else if (kind == "numeric")
            records_ += value->find_first_of("NI") == std::string_view::npos ? *value : "null";
        else if (kind == "json")
            records_ += *value;
        else if (auto text = std::string(*value); kind == "timestamp" && text.size() > 10)
            text[10] = 'T', append_json(records_, text);
        else
            append_json(records_, text);
    }

    Json fields_ = Json::array();
    std::vector<std::string> kinds_, keys_;
    std::string records_;
    std::int64_t rows_ = 0;
};

std::string datastore_search_sql(Ask& ask) {
    if (!ask.portal.settings.bool_or("sql", false))
        throw bad_request("Action name not known: datastore_search_sql");
    ask.args.only("sql");
    const auto asked = ask.args.need("sql");
    const auto read = sql::read_statement(asked);
    if (!read) throw refusal_of(read.error(), asked);
    std::vector<Resource> resources;
    for (const auto& id : read->resources)
        resources.push_back(need_published(ask, id)), show(ask, resources.back());
    need_columns(*read, resources, asked);
    ask.tx.commit();  // the views, where they are new; the statement has a session of its own
    Answer answer;
    try {
        ask.request.select_for_stranger(
            Json::object({{"sql", read->text}, {"rows", most_answered + 1}, {"milliseconds", patience}}),
            [&](const Json& columns) { answer.columns(columns); },
            [&](std::span<const concejo_param> values) { answer.row(values); });
    } catch (const concejo::Error& error) {
        if (error.kind() == concejo::ErrorKind::invalid) throw invalid_statement(asked, error.what());
        throw;
    }
    return answer.text(asked);
}

}  // namespace

Action datastore_sql_action() {
    return {"datastore_search_sql", datastore_search_sql, false, "sql",
            "Return the rows of one SELECT over published resources, of at most 32000. The municipality may "
            "have it switched off."};
}

}  // namespace open_data::ckan
