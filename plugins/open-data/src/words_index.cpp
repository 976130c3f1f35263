#include "words_index.hpp"

#include "records.hpp"
#include "sql_names.hpp"

namespace open_data {
namespace {

constexpr const char* job_kind = "palabras";

/// In one transaction, which holds the resource's row: nobody writes to the table meanwhile.
void make_words(const concejo::Call& call, const Json& payload, const concejo::Job&) {
    const auto table = payload.string_or("table", "");
    auto tx = call.begin();
    const auto found = tx.exec(
        "SELECT columns FROM open_data_resource WHERE table_name = $1 AND state = 'active' FOR UPDATE",
        table);
    const bool made = !tx.exec("SELECT FROM open_data_words WHERE table_name = $1", table).empty();
    if (found.empty() || made) return tx.commit();
    std::vector<std::string> names;
    const auto columns = Json::parse(found[0].view(0));
    for (const auto& one : columns.as_array()) names.push_back(one.string_or("name", ""));
    const auto words = "open_data_w" + tx.exec("SELECT nextval('open_data_table_number')")[0].text(0);
    call.make_table(
        tx,
        Json::object(
            {{"table", words},
             {"columns", Json::array({Json::object({{"name", "_id"}, {"type", "bigint"}, {"required", true}}),
                                      Json::object({{"name", words_column}, {"type", "tsvector"}})})}}));
    tx.exec("INSERT INTO " + identifier(words) + " SELECT _id, ext.search_vector('es', " + whole_row(names) +
            ") FROM " + identifier(table));
    call.change_table(
        tx, Json::object({{"table", words},
                          {"key", Json::array({"_id"})},
                          {"index", Json::array({Json::object({{"name", words + "_words"},
                                                               {"columns", Json::array({words_column})},
                                                               {"method", "text"}})})},
                          {"analyze", true}}));
    tx.exec("INSERT INTO open_data_words (table_name, words_table) VALUES ($1, $2)", table, words);
    tx.commit();
}

}  // namespace

std::string whole_row(const std::vector<std::string>& columns) {
    std::string text = "''";
    for (const auto& one : columns) text += " || ' ' || coalesce(" + identifier(one) + "::text, '')";
    return "(" + text + ")";
}

std::string words_table_of(const concejo::Call& call, concejo::Transaction& tx, const Resource& resource) {
    if (resource.rows < rows_worth_an_index) return {};
    const auto found =
        tx.exec("SELECT words_table FROM open_data_words WHERE table_name = $1", resource.table);
    if (!found.empty()) return found[0].text(0);
    auto asking = call.begin();
    call.enqueue(asking, Json::object({{"kind", job_kind},
                                       {"payload", Json::object({{"table", resource.table}})},
                                       {"unique", resource.table}}));
    asking.commit();
    return {};
}

void forget_words(const concejo::Call& call, concejo::Transaction& tx, const std::string& table) {
    for (const auto row :
         tx.exec("DELETE FROM open_data_words WHERE table_name = $1 RETURNING words_table", table))
        call.drop_table(tx, row.view(0));
}

void forget_old_words(const concejo::Call& call, concejo::Transaction& tx) {
    const auto old = tx.exec(
        "DELETE FROM open_data_words w WHERE NOT EXISTS (SELECT FROM open_data_resource r WHERE r.table_name = w.table_name AND r.state = 'active') RETURNING words_table");
    for (const auto row : old) call.drop_table(tx, row.view(0));
}

void register_words(concejo::Kernel& kernel) { kernel.job(job_kind, make_words); }

}  // namespace open_data
