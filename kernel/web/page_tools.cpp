#include "kernel/web/page_tools.hpp"

namespace kernel::web {

using concejo::Json;

std::string PageTools::say(const Visit& visit, const char* text,
                           std::initializer_list<Filling> filled) const {
    auto said = say(visit, text);
    for (const auto& [name, value] : filled) {
        const auto hole = "{" + std::string(name) + "}";
        if (const auto at = said.find(hole); at != said.npos) said.replace(at, hole.size(), value);
    }
    return said;
}

Json PageTools::told(const Visit& visit, const std::string& text) const {
    const auto told = own_.services.catalogs.tell(visit.language, "kernel", text);
    return Json::object(
        {{"text", told.text}, {"lang", told.lang == visit.language ? Json() : Json(told.lang)}});
}

std::string PageTools::parameter(const Visit& visit, std::string_view name) {
    for (const auto& given : visit.path_parameters)
        if (given.name == name) return given.value;
    return {};
}

std::vector<std::string> PageTools::form_list(const Visit& visit, std::string_view name) {
    std::vector<std::string> list;
    for (const auto& field : visit.asked().form)
        if (field.name == name) list.push_back(field.value);
    return list;
}

std::string PageTools::when(const Visit& visit, base::TimePoint time) const {
    return own_.pages.formats(visit.place()).date_time(visit.language, time, i18n::Style::normal);
}

std::string PageTools::when(const Visit& visit, const std::string& utc) const {
    const auto time = base::parse_utc(utc);
    return time ? when(visit, *time) : std::string();
}

void PageTools::audit(const Visit& visit, const char* action, std::string object, const char* result,
                      Json details) const {
    auto event = identity::event_of(origin_of(visit), visit.place().id, action, std::move(object), result);
    event.details = std::move(details);
    audit::record(pool(visit), event);
}

Json PageTools::diff(const Json& hunks) {
    Json out = Json::array();
    if (!hunks.is_array()) return out;
    for (const auto& hunk : hunks.as_array()) {
        Json lines = Json::array();
        for (const auto& line : hunk["lines"].as_array()) {
            const auto kind = line.string_or("kind", "");
            const auto number = [&](const char* side) {
                const auto at = line.int_or(side, 0);
                return at ? Json(std::to_string(at)) : Json();
            };
            lines.push_back(Json::object({{"kind", kind},
                                          {"same", kind == "same"},
                                          {"removed", kind == "removed"},
                                          {"added", kind == "added"},
                                          {"before", number("before")},
                                          {"after", number("after")},
                                          {"text", line.string_or("text", "")}}));
        }
        out.push_back(Json::object({{"lines", std::move(lines)}}));
    }
    return out;
}

Json PageTools::cell(Json::Object given) {
    auto cell = Json::object({{"header", false},
                              {"href", nullptr},
                              {"text", ""},
                              {"label", ""},
                              {"tone", nullptr},
                              {"numeric", false},
                              {"note", nullptr}});
    for (auto& [name, value] : given) cell[name] = std::move(value);
    return cell;
}

Json PageTools::column(const Visit& visit, const char* label, bool numeric) const {
    return Json::object(
        {{"label", say(visit, label)}, {"numeric", numeric}, {"sorted", nullptr}, {"sort_href", nullptr}});
}

Json PageTools::table(const Visit& visit, const char* id, const char* caption, Json columns,
                      Json rows) const {
    return Json::object({{"id", id},
                         {"caption", say(visit, caption)},
                         {"columns", std::move(columns)},
                         {"rows", std::move(rows)}});
}

Json PageTools::nothing(const Visit& visit, const char* heading, const char* text) const {
    return Json::object({{"heading", say(visit, heading)},
                         {"text", say(visit, text)},
                         {"href", nullptr},
                         {"label", nullptr}});
}

void PageTools::sum(const Visit& visit, Json& summary, const char* label, const std::string& text) const {
    if (!text.empty())
        summary.push_back(Json::object(
            {{"label", say(visit, label)}, {"text", text}, {"href", nullptr}, {"change_href", nullptr}}));
}

Json PageTools::field(const Visit& visit, const Field& given) const {
    const std::string id = given.id ? given.id : given.name;
    std::string described = given.hint ? id + "-a" : "";
    if (!given.error.empty()) described += (described.empty() ? "" : " ") + id + "-e";
    auto made = Json::object({{"id", id},
                              {"name", given.name},
                              {"label", say(visit, given.label)},
                              {"type", given.type},
                              {"value", given.value},
                              {"hint", given.hint ? Json(say(visit, given.hint)) : Json()},
                              {"error", given.error.empty() ? Json() : Json(given.error)},
                              {"optional", given.optional},
                              {"width", nullptr},
                              {"inputmode", nullptr},
                              {"maxlength", given.maxlength},
                              {"autocomplete", given.autocomplete},
                              {"rows", given.rows},
                              {"described", described.empty() ? Json() : Json(described)}});
    return Json::object({{given.rows ? "textarea_field" : "text_field", std::move(made)}});
}

Json PageTools::choices(const Visit& visit, const char* name, const char* label,
                        const std::vector<Choice>& all, const std::string& error, bool optional) const {
    Json options = Json::array();
    for (const auto& one : all)
        options.push_back(Json::object({{"id", std::string(name) + "-" + one.value},
                                        {"name", name},
                                        {"value", one.value},
                                        {"label", one.label},
                                        {"selected", one.selected},
                                        {"note", one.note.empty() ? Json() : Json(one.note)}}));
    return Json::object(
        {{"checkboxes_field",
          Json::object({{"id", name},
                        {"label", say(visit, label)},
                        {"optional", optional},
                        {"hint", nullptr},
                        {"error", error.empty() ? Json() : Json(error)},
                        {"described", error.empty() ? Json() : Json(std::string(name) + "-e")},
                        {"options", std::move(options)}})}});
}

Json PageTools::selection(const Visit& visit, const char* name, const char* label,
                          const std::vector<Choice>& all) const {
    Json options = Json::array();
    for (const auto& one : all)
        options.push_back(
            Json::object({{"value", one.value}, {"label", one.label}, {"selected", one.selected}}));
    return Json::object({{"select_field", Json::object({{"id", name},
                                                        {"name", name},
                                                        {"label", say(visit, label)},
                                                        {"optional", true},
                                                        {"hint", nullptr},
                                                        {"error", nullptr},
                                                        {"width", nullptr},
                                                        {"described", nullptr},
                                                        {"options", std::move(options)},
                                                        {"groups", Json::array()}})}});
}

}  // namespace kernel::web
