#include "plugins/evidence/factory/json.hpp"

#include "plugins/evidence/crypto/encoding.hpp"

#include <concejo/error.hpp>

namespace evidence::factory {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;

Text text_from(const Json& json) {
    if (!json.is_array()) return json.is_string() ? Text(json.as_string()) : Text(std::string());
    std::vector<Run> runs;
    for (const auto& run : json.as_array())
        runs.push_back({run.string_or("text", ""), run.bool_or("bold", false), run.bool_or("italic", false),
                        run.bool_or("code", false), run.string_or("link", "")});
    return runs;
}

Align align_from(const Json& json) {
    const auto name = json.string_or("align", "left");
    return name == "centre" ? Align::centre : name == "right" ? Align::right : Align::left;
}

Table table_from(const Json& json) {
    Table table;
    table.caption = json.string_or("caption", "");
    table.row_headers = json.bool_or("row_headers", false);
    for (const auto& column : json.at("columns").as_array())
        table.columns.push_back({column.string_or("header", ""), align_from(column)});
    for (const auto& row : json.at("rows").as_array()) {
        auto& cells = table.rows.emplace_back();
        for (const auto& cell : row.as_array()) cells.push_back(text_from(cell));
    }
    return table;
}

List list_from(const Json& json) {
    List list;
    list.numbered = json.bool_or("numbered", false);
    for (const auto& item : json.at("items").as_array()) list.items.push_back(text_from(item));
    return list;
}

Block block_from(const Json& json) {
    if (!json.is_object() || json.as_object().size() != 1)
        throw Error(ErrorKind::invalid, "un bloque es un objeto con un solo miembro");
    const auto& [kind, what] = *json.as_object().begin();
    if (kind == "heading")
        return Heading{static_cast<int>(what.int_or("level", 1)), what.string_or("text", "")};
    if (kind == "paragraph")
        return Paragraph{text_from(what["text"]), align_from(what), what.bool_or("keep_with_next", false)};
    if (kind == "list") return list_from(what);
    if (kind == "table") return table_from(what);
    if (kind == "note")
        return Note{text_from(what["text"]), what.string_or("title", ""), what.bool_or("warning", false)};
    if (kind == "page_break") return PageBreak{};
    if (kind == "signature_space") return SignatureSpace{};
    if (kind != "definitions") throw Error(ErrorKind::invalid, "no hay bloques «" + kind + "»");
    Definitions all;
    for (const auto& one : what.as_array())
        all.items.push_back({one.string_or("label", ""), text_from(one["value"])});
    return all;
}

Letterhead letterhead_from(const Json& json) {
    Letterhead head{json.string_or("name", ""), json.string_or("unit", ""), std::nullopt};
    if (const auto* shield = json.find("shield"); shield && shield->is_object())
        head.shield = Picture{crypto::unbase64(shield->string_or("bytes", "")).value_or(""),
                              shield->string_or("alt", "")};
    if (const auto* accent = json.find("accent");
        accent && accent->is_array() && accent->as_array().size() == 3) {
        const auto& rgb = accent->as_array();
        head.accent = {rgb[0].as_double(), rgb[1].as_double(), rgb[2].as_double()};
    }
    return head;
}

}  // namespace

Document document_from(const Json& json) {
    Document made;
    made.title = json.string_or("title", "");
    made.language = json.string_or("language", "es");
    made.author = json.string_or("author", "");
    made.subject = json.string_or("subject", "");
    made.application = json.string_or("application", "");
    made.created = std::chrono::sys_seconds(std::chrono::seconds(json.int_or("created", 0)));
    made.page_label = json.string_or("page_label", "");
    made.letterhead = letterhead_from(json["letterhead"]);
    if (const auto* check = json.find("verification"); check && check->is_object())
        made.verification = Verification{check->string_or("csv_label", ""), check->string_or("csv", ""),
                                         check->string_or("url_label", ""), check->string_or("url", ""),
                                         check->string_or("note", ""),      check->string_or("mark", "")};
    for (const auto& block : json.at("blocks").as_array()) made.blocks.push_back(block_from(block));
    return made;
}

}  // namespace evidence::factory
