// The record of who did what, for who may see it. Looking at it is written down as well.
#include "kernel/audit/export.hpp"
#include "kernel/base/text.hpp"
#include "kernel/http/text.hpp"
#include "kernel/web/audit_labels.hpp"
#include "kernel/web/page_tools.hpp"
#include "kernel/web/texts.hpp"

#include <concejo/error.hpp>

#include <charconv>
#include <map>

namespace kernel::web {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;

namespace {

constexpr std::size_t shown = 25, piece = 1000, most_downloaded = 100'000;
constexpr std::size_t longest = 200;  // characters of a filter

/// How addresses name the filters.
constexpr std::pair<const char*, std::string audit::Filter::*> filters[] = {
    {"quien", &audit::Filter::actor},   {"accion", &audit::Filter::action},
    {"objeto", &audit::Filter::object}, {"resultado", &audit::Filter::result},
    {"desde", &audit::Filter::from},    {"hasta", &audit::Filter::until}};

class AuditPages : PageTools {
public:
    using PageTools::PageTools;

    http::Response list(Visit& visit) const {
        std::string wrong;
        std::vector<audit::Entry> entries;
        try {
            entries =
                audit::find(pool(visit), visit.place().id, filter_of(visit), shown + 1, cursor_of(visit));
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::invalid) throw;
            wrong = say(visit, texts::audit_no_day);
        }
        note(visit, "audit.read");
        return list_page(visit, std::move(entries), wrong, Json());
    }

    http::Response one(Visit& visit) const {
        const auto given = parameter(visit, "numero");
        std::int64_t number = 0;
        std::from_chars(given.data(), given.data() + given.size(), number);
        const auto entry = audit::entry(pool(visit), visit.place().id, number);
        if (!entry) throw Error(ErrorKind::not_found, "no hay ninguna anotación con ese número");
        audit(visit, "audit.read", "audit:" + given, "ok");
        Json summary = Json::array(), details = Json::array();
        sum(visit, summary, texts::audit_when, when(visit, entry->at));
        sum(visit, summary, texts::audit_who, who(visit, entry->actor));
        sum(visit, summary, texts::audit_what, action(visit, entry->action));
        sum(visit, summary, texts::audit_on, entry->object);
        sum(visit, summary, texts::audit_result, result(visit, entry->result));
        sum(visit, summary, texts::audit_from, entry->ip_prefix);
        sum(visit, summary, texts::audit_request, entry->request_id);
        sum(visit, summary, texts::audit_hash, entry->hash);
        for (const auto& [name, value] : entry->details.as_object()) {
            const auto text = value.is_string() ? value.as_string() : value.dump();
            if (!text.empty()) details.push_back(Json::object({{"name", name}, {"text", text}}));
        }
        return page(visit, "web/audit-entry",
                    Json::object({{"title", say(visit, texts::audit_one, {{"n", given}})},
                                  {"summary", std::move(summary)},
                                  {"details", std::move(details)},
                                  {"back_href", staff(visit, "/auditoria")}}));
    }

    http::Response verify(Visit& visit) const {
        const auto chain =
            audit::check_chain(pool(visit), visit.place().id, visit.deadline - std::chrono::seconds(5));
        const char* outcome = chain.broken ? "failed" : "ok";
        audit(visit, "audit.verify", "", outcome,
              Json::object({{"checked", chain.checked}, {"broken", chain.broken}, {"whole", chain.whole}}));
        const auto* text = chain.broken  ? texts::audit_broken
                           : chain.whole ? texts::audit_intact
                                         : texts::audit_intact_so_far;
        const auto counted = number(visit, chain.broken ? chain.broken : chain.checked);
        auto entries = audit::find(pool(visit), visit.place().id, filter_of(visit), shown + 1);
        return list_page(visit, std::move(entries), "",
                         Json::object({{"text", say(visit, text, {{"n", counted}})},
                                       {"tone", chain.broken ? "err" : "ok"}}));
    }

    http::Response csv(Visit& visit) const {
        return download(visit, "csv", "text/csv; charset=utf-8", "\xEF\xBB\xBF" + audit::csv_head(),
                        &audit::csv_line);
    }
    http::Response json(Visit& visit) const {
        return download(visit, "jsonl", "application/x-ndjson", "", &audit::json_line);
    }

private:
    audit::Filter filter_of(const Visit& visit) const {
        audit::Filter filter;
        for (const auto& [name, member] : filters)
            filter.*member = base::trim(query(visit, name).substr(0, longest));
        filter.zone = visit.place().config.time_zone;
        if (!filter.actor.empty() && filter.actor.find(':') == std::string::npos &&
            filter.actor != "anonymous") {
            const auto user = accounts(visit).users.find(visit.place().id, filter.actor);
            if (user) filter.actor = "user:" + user->id;
        }
        return filter;
    }

    /// "2026-11-26T10:00:00.123456Z_812"
    static audit::Cursor cursor_of(const Visit& visit) {
        const auto text = query(visit, "antes");
        const auto mark = text.find('_');
        audit::Cursor cursor;
        if (mark == text.npos || !base::parse_utc(text.substr(0, mark))) return cursor;
        std::from_chars(text.data() + mark + 1, text.data() + text.size(), cursor.id);
        cursor.at = text.substr(0, mark);
        return cursor;
    }

    std::string filters_in(const Visit& visit) const {
        std::string out;
        for (const auto& [name, member] : filters) {
            const auto value = query(visit, name).substr(0, longest);
            if (!value.empty())
                out += (out.empty() ? "?" : "&") + std::string(name) + "=" + http::percent_encoded(value);
        }
        return out;
    }

    void note(const Visit& visit, const char* action) const {
        auto details = Json::object();
        for (const auto& [name, member] : filters) {
            const auto value = query(visit, name).substr(0, longest);
            if (!value.empty()) details[name] = value;
        }
        audit(visit, action, "", "ok", details);
    }

    std::string who(const Visit& visit, const std::string& actor) const {
        if (!actor.starts_with("user:")) return actor;
        const auto user = accounts(visit).users.find_by_id(visit.place().id, actor.substr(5));
        return user ? user->login : actor;
    }
    std::string result(const Visit& visit, const std::string& result) const {
        return say(visit, result == "ok"       ? texts::audit_ok
                          : result == "denied" ? texts::audit_denied
                          : result == "failed" ? texts::audit_failed
                                               : texts::audit_asked);
    }

    /// "" for a code that nobody declares: its plugin is gone, or it is a third party's.
    std::string label(const Visit& visit, const std::string& code) const {
        if (const auto* own = label_of_action(code)) return say(visit, own);
        const auto* declared = own_.services.registry.action(code);
        if (!declared) return "";
        return own_.services.catalogs.translate(visit.language, declared->plugin_id, declared->label);
    }
    /// With its code, which files and other programs go by.
    std::string action(const Visit& visit, const std::string& code) const {
        const auto text = label(visit, code);
        return text.empty() ? code : text + " (" + code + ")";
    }
    Json action_cell(const Visit& visit, const std::string& code) const {
        const auto text = label(visit, code);
        return cell({{"label", say(visit, texts::audit_what)},
                     {"text", text.empty() ? code : text},
                     {"note", text.empty() ? Json() : Json(code)}});
    }

    Json rows_of(const Visit& visit, const std::vector<audit::Entry>& entries) const {
        std::map<std::string, std::string> names;
        Json rows = Json::array();
        for (const auto& entry : entries) {
            auto& name = names[entry.actor];
            if (name.empty()) name = who(visit, entry.actor);
            const auto tone = entry.result == "ok" ? "ok" : entry.result == "asked" ? "info" : "err";
            rows.push_back(Json::object(
                {{"cells",
                  Json::array(
                      {cell({{"header", true},
                             {"href", staff(visit, "/auditoria/" + std::to_string(entry.number))},
                             {"text", std::to_string(entry.number)}}),
                       cell({{"label", say(visit, texts::audit_when)}, {"text", when(visit, entry.at)}}),
                       cell({{"label", say(visit, texts::audit_who)}, {"text", name}}),
                       action_cell(visit, entry.action),
                       cell({{"label", say(visit, texts::audit_on)}, {"text", entry.object}}),
                       cell({{"label", say(visit, texts::audit_result)},
                             {"text", result(visit, entry.result)},
                             {"tone", tone}})})}}));
        }
        return rows;
    }

    Json fields_of(const Visit& visit, const std::string& wrong) const {
        std::vector<Choice> actions{{"", say(visit, texts::audit_any)}},
            results{{"", say(visit, texts::audit_any)}};
        for (const auto& code : audit::actions(pool(visit), visit.place().id))
            actions.push_back({code, action(visit, code), code == query(visit, "accion")});
        for (const char* one : {"ok", "denied", "failed", "asked"})
            results.push_back({one, result(visit, one), query(visit, "resultado") == one});
        const auto text = [&](const char* name, const char* label, const char* type,
                              const std::string& error) {
            return field(visit, {.name = name,
                                 .label = label,
                                 .value = query(visit, name),
                                 .error = error,
                                 .type = type,
                                 .optional = true});
        };
        const bool bad_from =
            !wrong.empty() && !query(visit, "desde").empty() && !base::valid_date(query(visit, "desde"));
        return Json::array({text("quien", texts::audit_who, "text", ""),
                            selection(visit, "accion", texts::audit_what, actions),
                            text("objeto", texts::audit_on, "text", ""),
                            selection(visit, "resultado", texts::audit_result, results),
                            text("desde", texts::audit_since, "date", bad_from ? wrong : ""),
                            text("hasta", texts::audit_until, "date", bad_from ? "" : wrong)});
    }

    http::Response list_page(Visit& visit, std::vector<audit::Entry> entries, const std::string& wrong,
                             Json chain) const {
        const bool more = entries.size() > shown;
        if (more) entries.pop_back();
        const auto in = filters_in(visit);
        const auto path = staff(visit, "/auditoria");
        const bool none = entries.empty();
        const auto columns =
            Json::array({column(visit, texts::audit_number), column(visit, texts::audit_when),
                         column(visit, texts::audit_who), column(visit, texts::audit_what),
                         column(visit, texts::audit_on), column(visit, texts::audit_result)});
        auto older = path + in + (in.empty() ? "?" : "&") + "antes=";
        if (more) older += http::percent_encoded(entries.back().at + "_" + std::to_string(entries.back().id));
        const auto href = [&](bool shown, std::string where) {
            return shown ? Json(std::move(where)) : Json();
        };
        return page(
            visit, "web/audit",
            Json::object(
                {{"title", say(visit, texts::audit_title)},
                 {"errors",
                  wrong.empty() ? Json() : form_errors(say(visit, texts::check_data), "desde", wrong)},
                 {"chain", std::move(chain)},
                 {"action", path},
                 {"fields", fields_of(visit, wrong)},
                 {"verify_action", path + "/comprobar"},
                 {"csv_href", path + "/descarga/csv" + in},
                 {"json_href", path + "/descarga/jsonl" + in},
                 {"table",
                  none ? Json()
                       : table(visit, "anotaciones", texts::audit_entries, columns, rows_of(visit, entries))},
                 {"empty", none ? nothing(visit, texts::audit_none, texts::audit_none_why) : Json()},
                 {"older_href", href(more, older)},
                 {"newest_href", href(!query(visit, "antes").empty(), path + in)}}),
            wrong.empty() ? 200 : 422);
    }

    /// Piece by piece, each with a transaction of its own: a slow reader holds no connection.
    http::Response download(Visit& visit, const char* extension, const char* type, std::string head,
                            std::string (*line)(const audit::Entry&)) const {
        struct State {
            audit::Filter filter;
            audit::Cursor cursor;
            std::string head, tenant;
            std::size_t given = 0;
            bool over = false;
        };
        auto state = std::make_shared<State>();
        state->filter = filter_of(visit);
        state->tenant = visit.place().id;
        state->head = std::move(head);
        audit::find(pool(visit), state->tenant, state->filter,
                    1);  // a wrong day is told before anything is sent
        note(visit, "audit.download");
        http::Response response(
            200, type,
            http::StreamBody{[state, line, &pool = pool(visit)] {
                                 std::string out = std::exchange(state->head, {});
                                 if (state->over) return out;
                                 const auto entries = audit::find(
                                     pool, state->tenant, state->filter,
                                     std::min(piece, most_downloaded - state->given), state->cursor);
                                 for (const auto& entry : entries) out += line(entry);
                                 state->given += entries.size();
                                 state->over = entries.size() < piece || state->given >= most_downloaded;
                                 if (!entries.empty()) state->cursor = {entries.back().at, entries.back().id};
                                 return out;
                             },
                             {}});
        response.set("Content-Disposition", std::string("attachment; filename=\"auditoria-") +
                                                visit.place().config.slug + "." + extension + "\"");
        return response;
    }
};

}  // namespace

void OwnPages::add_audit(std::vector<Entry>& table) {
    const auto add = adding(table, std::make_shared<AuditPages>(*this), identity::permission::see_audit);
    add("GET", "/auditoria", &AuditPages::list);
    add("GET", "/auditoria/descarga/csv", &AuditPages::csv);
    add("GET", "/auditoria/descarga/jsonl", &AuditPages::json);
    add("POST", "/auditoria/comprobar", &AuditPages::verify);
    add("GET", "/auditoria/:numero", &AuditPages::one);
}

}  // namespace kernel::web
