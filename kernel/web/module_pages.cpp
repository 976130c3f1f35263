#include "kernel/web/module_pages.hpp"

#include "kernel/config/module_block.hpp"
#include "kernel/web/supervisor_answer.hpp"
#include "kernel/web/texts.hpp"

#include <concejo/error.hpp>

#include <algorithm>
#include <iterator>

namespace kernel::web {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;

namespace {

constexpr std::size_t diff_kept = 16 << 10;  // bytes, in the audit

/// The first of the schema's words for people.
std::string words_of(const Json& schema) {
    const auto title = schema.string_or("title", ""), text = schema.string_or("description", "");
    return title.empty() || text.empty() ? title + text : title + ". " + text;
}

/// "a | b"; "" where the values are not listed.
std::string values_of(const Json& schema) {
    std::string list;
    if (const auto* allowed = schema.find("enum"); allowed && allowed->is_array())
        for (const auto& one : allowed->as_array())
            list += (list.empty() ? "" : " | ") + (one.is_string() ? one.as_string() : one.dump());
    return list;
}

/// The types of JSON Schema by their names there.
constexpr std::pair<std::string_view, const char*> type_labels[] = {
    {"string", texts::type_text},     {"integer", texts::type_integer}, {"number", texts::type_number},
    {"boolean", texts::type_boolean}, {"array", texts::type_array},     {"object", texts::type_object},
    {"null", texts::type_null}};

/// One, or those of a list.
std::vector<std::string> types_of(const Json& schema) {
    std::vector<std::string> names;
    const auto& type = schema["type"];
    if (type.is_string()) names.push_back(type.as_string());
    if (type.is_array())
        for (const auto& one : type.as_array()) names.push_back(one.as_string());
    return names;
}

/// Keys whose values are secrets, at any depth: the audit does not need them.
void secret_keys(const Json& schema, std::vector<std::string>& keys) {
    if (!schema.is_object()) return;
    for (const char* part : {"properties", "items"}) {
        const auto* inside = schema.find(part);
        if (!inside || !inside->is_object()) continue;
        if (std::string_view(part) == "items") {
            secret_keys(*inside, keys);
            continue;
        }
        for (const auto& [name, property] : inside->as_object()) {
            if (property.is_object() && (property.contains("x-secreto") || property.contains("writeOnly")))
                keys.push_back(name);
            secret_keys(property, keys);
        }
    }
}

/// "-a: 1\n+a: 2\n", without what is around, without secrets.
std::string diff_text(const Json& hunks, const Json& schema) {
    std::vector<std::string> secrets;
    secret_keys(schema, secrets);
    std::string text;
    for (const auto& hunk : hunks.as_array()) {
        for (const auto& line : hunk["lines"].as_array()) {
            const auto kind = line.string_or("kind", "");
            if (kind == "same") continue;
            auto words = line.string_or("text", "");
            for (const auto& key : secrets)
                if (const auto at = words.find(key + ":"); at != words.npos)
                    words = words.substr(0, at + key.size() + 1) + " «secreto»";
            text += (kind == "added" ? "+" : "-") + words + "\n";
        }
    }
    if (text.size() > diff_kept) text = text.substr(0, diff_kept) + "…";
    return text;
}

}  // namespace

std::string ModulePages::slug(const Visit& visit) const {
    return everywhere_ ? parameter(visit, "slug") : visit.place().config.slug;
}

std::string ModulePages::path(const Visit& visit, const std::string& rest) const {
    return staff(visit, everywhere_ ? "/instalacion/municipios/" + slug(visit) + "/modulos" + rest
                                    : "/modulos" + rest);
}

Json ModulePages::ask(const Visit& visit, Json request) const {
    request["command"] = "config";
    request["tenant"] = slug(visit);
    request["by"] = "user:" + visit.who.id;
    return ask_supervisor(own_, request);
}

Json ModulePages::problems(const Visit& visit, const Json& answer) const {
    Json list = Json::array();
    if (!answer["problems"].is_array()) return list;
    for (const auto& problem : answer["problems"].as_array()) {
        const auto line = problem.int_or("line", 0);
        auto one = told(visit, problem.string_or("message", ""));
        one["warning"] = problem.string_or("severity", "") == "warning";
        one["place"] =
            problem.string_or("file", "") +
            (line ? ":" + std::to_string(line) + ":" + std::to_string(problem.int_or("column", 0)) : "");
        list.push_back(std::move(one));
    }
    return list;
}

http::Response ModulePages::list(Visit& visit) const {
    const auto answer = ask(visit, Json::object({{"ask", "modules"}}));
    const auto* place = own_.services.tenants.by_slug(slug(visit));
    Json rows = Json::array();
    for (const auto& module : answer.at("modules").as_array()) {
        const auto id = module.string_or("id", "");
        const bool active = module.bool_or("active", false);
        const bool broken = place && active && !place->has(id);
        rows.push_back(Json::object(
            {{"cells", Json::array({cell({{"header", true}, {"href", path(visit, "/" + id)}, {"text", id}}),
                                    cell({{"label", say(visit, texts::module_what)},
                                          {"text", module.string_or("title", "")}}),
                                    cell({{"label", say(visit, texts::module_state)},
                                          {"text", say(visit, broken   ? texts::module_broken
                                                              : active ? texts::module_on
                                                                       : texts::module_off)},
                                          {"tone", broken   ? "err"
                                                   : active ? "ok"
                                                            : "info"}})})}}));
    }
    const auto columns = Json::array({column(visit, texts::module_name), column(visit, texts::module_what),
                                      column(visit, texts::module_state)});
    const bool none = rows.as_array().empty();
    return page(
        visit, "web/modules",
        Json::object(
            {{"title", say(visit, texts::modules)},
             {"subtitle", everywhere_ ? Json(slug(visit)) : Json()},
             {"problems", problems(visit, answer)},
             {"table", none ? Json() : table(visit, "modulos", texts::modules, columns, std::move(rows))},
             {"back_href", everywhere_ ? Json(staff(visit, "/instalacion/municipios")) : Json()}}));
}

/// What a setting may be, in words; beneath, the type as the schema says it.
Json ModulePages::type_cell(const Visit& visit, const Json& schema) const {
    const auto types = types_of(schema);
    std::string label, raw;
    for (const auto& type : types) {
        const auto* known = std::find_if(std::begin(type_labels), std::end(type_labels),
                                         [&](const auto& one) { return one.first == type; });
        label += (label.empty() ? "" : " | ") +
                 (known == std::end(type_labels) ? type : say(visit, known->second));
        raw += (raw.empty() ? "" : " | ") + type;
    }
    if (auto values = values_of(schema); !values.empty()) label = std::move(values);
    return cell({{"label", say(visit, texts::setting_type)},
                 {"text", label},
                 {"note", raw.empty() ? Json() : Json(raw)}});
}

/// One row for each setting: its name, what it is, its type, what holds where nothing is said.
Json ModulePages::settings(const Visit& visit, const Json& schema) const {
    Json rows = Json::array();
    const auto* properties = schema.is_object() ? schema.find("properties") : nullptr;
    if (properties && properties->is_object()) {
        for (const auto& [name, property] : properties->as_object()) {
            const auto* otherwise = property.find("default");
            rows.push_back(Json::object(
                {{"cells", Json::array({cell({{"header", true}, {"text", name}}),
                                        cell({{"label", say(visit, texts::setting_what)},
                                              {"text", words_of(property)}}),
                                        type_cell(visit, property),
                                        cell({{"label", say(visit, texts::setting_default)},
                                              {"text", otherwise ? otherwise->dump() : std::string()}})})}}));
        }
    }
    if (rows.as_array().empty()) return {};
    return table(visit, "ajustes-posibles", texts::settings_there_are,
                 Json::array({column(visit, texts::setting_name), column(visit, texts::setting_what),
                              column(visit, texts::setting_type), column(visit, texts::setting_default)}),
                 std::move(rows));
}

Json ModulePages::editor(const Visit& visit, const std::string& body, const std::string& error) const {
    return field(visit, {.name = "ajustes",
                         .label = texts::module_settings,
                         .value = body,
                         .hint = texts::module_settings_hint,
                         .error = error,
                         .optional = false,
                         .maxlength = 65536,
                         .rows = 16});
}

std::string ModulePages::title_of(const Visit& visit, const Json& schema) const {
    const auto id = parameter(visit, "modulo");
    const auto title = schema.is_object() ? schema.string_or("title", "") : std::string();
    return title.empty() ? id : title;
}

http::Response ModulePages::one(Visit& visit) const {
    const auto id = parameter(visit, "modulo");
    const auto answer = ask(visit, Json::object({{"ask", "module"}, {"module", id}}));
    const bool active = answer.bool_or("active", false), closed = !answer["why"].is_null();
    const bool done = visit.asked().query_value("hecho").has_value();
    return page(
        visit, "web/module",
        Json::object({{"title", title_of(visit, answer["schema"])},
                      {"subtitle", everywhere_ ? slug(visit) + " · " + id : id},
                      {"done", done ? Json(say(visit, texts::module_applied)) : Json()},
                      {"problems", problems(visit, answer)},
                      {"active", active},
                      {"state", say(visit, active ? texts::module_on : texts::module_off)},
                      {"closed", closed ? told(visit, answer.string_or("why", "")) : Json()},
                      {"action", path(visit, "/" + id + "/revision")},
                      {"fields", closed ? Json::array()
                                        : Json::array({editor(visit, answer.string_or("body", ""), "")})},
                      {"table", settings(visit, answer["schema"])},
                      {"back_href", path(visit, "")},
                      {"audit_href",
                       !everywhere_ && visit.who.may(identity::permission::see_audit)
                           ? Json(staff(visit, "/auditoria") + "?accion=config.change&objeto=module%3A" + id)
                           : Json()}}));
}

http::Response ModulePages::review(Visit& visit) const {
    const auto wanted = visit.asked().form_value("activo");
    if (!wanted) return reviewed(visit, form(visit, "ajustes"), 200, "");
    const auto now = ask(visit, Json::object({{"ask", "module"}, {"module", parameter(visit, "modulo")}}));
    const auto body = now.string_or("body", "");
    try {
        return reviewed(visit, config::with_active(body, *wanted == "si"), 200, "");
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::invalid) throw;
        return reviewed(visit, body, 422, told(visit, error.what()).string_or("text", ""));
    }
}

http::Response ModulePages::reviewed(Visit& visit, const std::string& body, int status,
                                     const std::string& error) const {
    const auto id = parameter(visit, "modulo");
    Json answer = Json::object(), schema;
    auto wrong = error;
    try {
        schema = ask(visit, Json::object({{"ask", "module"}, {"module", id}}))["schema"];
        answer = ask(visit, Json::object({{"ask", "review"}, {"module", id}, {"body", body}}));
    } catch (const Error& refused) {
        if (refused.kind() != ErrorKind::invalid) throw;
        wrong = told(visit, refused.what()).string_or("text", "");
    }
    const auto found = problems(visit, answer);
    bool bad = !wrong.empty();
    for (const auto& one : found.as_array()) bad = bad || !one["warning"].as_bool();
    const bool same = !bad && !answer.bool_or("changed", false);
    if (bad && wrong.empty()) wrong = say(visit, texts::module_wrong);
    if (bad && status == 200) status = 422;
    return page(
        visit, "web/module-review",
        Json::object(
            {{"title", say(visit, texts::module_review)},
             {"subtitle", (everywhere_ ? slug(visit) + " · " : "") + title_of(visit, schema)},
             {"errors",
              bad || !error.empty() ? form_errors(say(visit, texts::check_data), "ajustes", wrong) : Json()},
             {"problems", found},
             {"same", same ? Json(say(visit, texts::module_same)) : Json()},
             {"hunks", diff(answer["hunks"])},
             {"apply_action", bad || same ? Json() : Json(path(visit, "/" + id + "/aplicar"))},
             {"body", body},
             {"sha256", answer.string_or("sha256", "")},
             {"action", path(visit, "/" + id + "/revision")},
             {"fields", Json::array({editor(visit, body, bad ? wrong : "")})},
             {"back_href", path(visit, "/" + id)}}),
        status);
}

http::Response ModulePages::apply(Visit& visit) const {
    const auto id = parameter(visit, "modulo"), body = form(visit, "ajustes");
    const auto object = "module:" + id;
    Json details = Json::object({{"tenant", slug(visit)}, {"diff", ""}});
    try {
        const auto schema = ask(visit, Json::object({{"ask", "module"}, {"module", id}}))["schema"];
        const auto seen = ask(visit, Json::object({{"ask", "review"}, {"module", id}, {"body", body}}));
        details["diff"] = diff_text(seen["hunks"], schema);
        if (!seen.bool_or("changed", false)) return see_other(path(visit, "/" + id));
        audit(visit, "config.change", object, "asked", details);
        const auto made =
            ask(visit,
                Json::object(
                    {{"ask", "write"}, {"module", id}, {"body", body}, {"sha256", form(visit, "sha256")}}));
        details["generation"] = made.int_or("generation", 0);
        audit(visit, "config.change", object, "ok", details);
        return see_other(path(visit, "/" + id) + "?hecho=1");
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::not_found) throw;
        details["why"] = error.what();
        audit(visit, "config.change", object, "failed", details);
        const int status = error.kind() == ErrorKind::conflict ? 409 : 422;
        const auto why = error.kind() == ErrorKind::conflict
                             ? say(visit, texts::module_changed_since)
                             : told(visit, error.what()).string_or("text", "");
        return reviewed(visit, body, status, why);
    }
}

void OwnPages::add_modules(std::vector<Entry>& table) {
    const auto add =
        adding(table, std::make_shared<ModulePages>(*this, false), identity::permission::manage_modules);
    add("GET", "/modulos", &ModulePages::list);
    add("GET", "/modulos/:modulo", &ModulePages::one);
    add("POST", "/modulos/:modulo/revision", &ModulePages::review);
    add("POST", "/modulos/:modulo/aplicar", &ModulePages::apply);
}

}  // namespace kernel::web
