// Municipalities and plugins of the installation. These addresses are there in one municipality alone, the
// one that platform.yaml names.
#include "kernel/base/text.hpp"
#include "kernel/http/text.hpp"
#include "kernel/web/module_pages.hpp"
#include "kernel/web/supervisor_answer.hpp"
#include "kernel/web/texts.hpp"

#include <concejo/error.hpp>

namespace kernel::web {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;

namespace {

Json words(std::string_view text) {
    Json list = Json::array();
    std::string word;
    for (const char c : std::string(text) + " ") {
        const bool gap = c == ' ' || c == ',' || c == '\n' || c == '\r' || c == '\t';
        if (!gap) word += c;
        if (gap && !word.empty()) list.push_back(std::exchange(word, {}));
    }
    return list;
}

std::string joined(const Json& list) {
    std::string text;
    if (!list.is_array()) return text;
    for (const auto& one : list.as_array()) text += (text.empty() ? "" : ", ") + one.as_string();
    return text;
}

class InstallationPages : PageTools {
public:
    using PageTools::PageTools;

    http::Response tenants(Visit& visit) const {
        const auto answer = ask(visit, Json::object({{"ask", "tenants"}}));
        Json rows = Json::array();
        for (const auto& one : answer.at("tenants").as_array()) rows.push_back(tenant_row(visit, one));
        const bool done = visit.asked().query_value("hecho").has_value();
        return page(visit, "web/tenants",
                    Json::object({{"title", say(visit, texts::tenants)},
                                  {"done", done ? Json(say(visit, texts::tenant_created)) : Json()},
                                  {"new_href", staff(visit, "/instalacion/municipios/nuevo")},
                                  {"tenants", std::move(rows)}}));
    }

    http::Response fresh(Visit& visit) const { return new_form(visit, 200, "", ""); }

    http::Response review(Visit& visit) const {
        try {
            const auto answer = ask(visit, wanted(visit, "tenant-review"));
            return new_form(visit, 200, "", answer.string_or("text", ""));
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::invalid && error.kind() != ErrorKind::conflict) throw;
            return new_form(visit, 422, error.what(), "");
        }
    }

    http::Response create(Visit& visit) const {
        const auto object = "tenant:" + form(visit, "slug");
        const auto details =
            Json::object({{"name", form(visit, "nombre")}, {"hosts", form(visit, "dominios")}});
        try {
            audit(visit, "tenant.create", object, "asked", details);
            ask(visit, wanted(visit, "tenant-write"));
            audit(visit, "tenant.create", object, "ok", details);
            return see_other(staff(visit, "/instalacion/municipios") + "?hecho=1");
        } catch (const Error& error) {
            audit(visit, "tenant.create", object, "failed", Json::object({{"why", error.what()}}));
            if (error.kind() == ErrorKind::unavailable || error.kind() == ErrorKind::internal) throw;
            return new_form(visit, 422, error.what(), "");
        }
    }

    http::Response plugins(Visit& visit) const { return plugins_page(visit, 200, {}); }

    http::Response restore(Visit& visit) const {
        const auto plugin = parameter(visit, "complemento"), tenant = form(visit, "municipio");
        auto details = Json::object({{"tenant", tenant}});
        try {
            const auto answer = ask_supervisor(own_, Json::object({{"command", "restore"},
                                                                   {"plugin", plugin},
                                                                   {"tenant", tenant},
                                                                   {"by", "user:" + visit.who.id}}));
            const auto lifted = answer.int_or("lifted", 0);
            details["lifted"] = lifted;
            if (lifted > 0) audit(visit, "plugin.restore", "plugin:" + plugin, "ok", details);
            return see_other(staff(visit, "/instalacion/complementos") + (lifted > 0 ? "?hecho=1" : ""));
        } catch (const Error& error) {
            details["why"] = error.what();
            audit(visit, "plugin.restore", "plugin:" + plugin, "failed", details);
            if (error.kind() != ErrorKind::invalid) throw;
            return plugins_page(visit, 422, told(visit, error.what()));
        }
    }

private:
    /// `failed`: why a plugin could not be put back into service, as told() answers it.
    http::Response plugins_page(Visit& visit, int code, Json failed) const {
        const auto answer = ask(visit, Json::object({{"ask", "plugins"}}));
        const auto status = ask_supervisor(own_, Json::object({{"command", "status"}}));
        Json list = Json::array();
        for (const auto& one : answer.at("plugins").as_array()) list.push_back(plugin(visit, one, status));
        const bool done = visit.asked().query_value("hecho").has_value();
        return page(visit, "web/plugins",
                    Json::object({{"title", say(visit, texts::plugins)},
                                  {"done", done ? Json(say(visit, texts::plugin_restored)) : Json()},
                                  {"failed", std::move(failed)},
                                  {"plugins", std::move(list)}}),
                    code);
    }

    Json ask(const Visit& visit, Json request) const {
        request["command"] = "config";
        request["by"] = "user:" + visit.who.id;
        return ask_supervisor(own_, request);
    }

    static Json wanted(const Visit& visit, const char* what) {
        Json modules = Json::array();
        for (const auto& one : form_list(visit, "modulo")) modules.push_back(one);
        Json languages = Json::array();
        for (const auto& one : form_list(visit, "idioma")) languages.push_back(one);
        return Json::object({{"ask", what},
                             {"slug", std::string(base::trim(form(visit, "slug")))},
                             {"name", std::string(base::trim(form(visit, "nombre")))},
                             {"ine", std::string(base::trim(form(visit, "ine")))},
                             {"id", ""},
                             {"hosts", words(form(visit, "dominios"))},
                             {"languages", std::move(languages)},
                             {"modules", std::move(modules)}});
    }

    /// Users, jobs that wait and kept files, of one that serves.
    void facts(const Visit& visit, Json& summary, const std::string& slug) const {
        const auto* place = own_.services.tenants.by_slug(slug);
        if (!place) return;
        auto tx = own_.services.databases.of(*place).begin_kernel(place->id);
        const auto rows = tx.exec(
            "select (select count(*) from concejo.users where tenant = $1 and disabled_at is null), "
            "(select count(*) from concejo.jobs where tenant = $1 and state = 'waiting'), "
            "(select coalesce(sum(bytes), 0)::bigint from concejo.blobs where tenant = $1)",
            db::Params(place->id));
        sum(visit, summary, texts::users, number(visit, rows.integer(0, 0)));
        sum(visit, summary, texts::tenant_jobs, number(visit, rows.integer(0, 1)));
        sum(visit, summary, texts::tenant_files,
            own_.pages.formats(visit.place())
                    .number(visit.language, static_cast<double>(rows.integer(0, 2)) / (1 << 20), 1) +
                " MiB");
    }

    Json tenant_row(const Visit& visit, const Json& one) const {
        const auto slug = one.string_or("slug", ""), state = one.string_or("state", "");
        const auto* place = own_.services.tenants.by_slug(slug);
        std::string failed;
        if (place)
            for (const auto& [id, why] : place->unavailable) failed += (failed.empty() ? "" : ", ") + id;
        Json summary = Json::array(), problems = Json::array();
        sum(visit, summary, texts::tenant_domains, joined(one["domains"]));
        sum(visit, summary, texts::modules, joined(one["modules"]));
        if (!failed.empty()) sum(visit, summary, texts::tenant_failed, failed);
        facts(visit, summary, slug);
        for (const auto& problem : one["problems"].as_array()) {
            auto entry = told(visit, problem.string_or("message", ""));
            const auto line = problem.int_or("line", 0);
            entry["place"] = problem.string_or("file", "") + (line ? ":" + std::to_string(line) : "");
            entry["warning"] = problem.string_or("severity", "") == "warning";
            problems.push_back(std::move(entry));
        }
        const bool good = state == "good" && failed.empty();
        return Json::object({{"name", one.string_or("name", slug)},
                             {"slug", slug},
                             {"href", staff(visit, "/instalacion/municipios/" + slug + "/modulos")},
                             {"url", one["url"]},
                             {"state", say(visit, state == "left_out"    ? texts::tenant_left_out
                                                  : state == "last_good" ? texts::tenant_last_good
                                                  : good                 ? texts::tenant_good
                                                                         : texts::tenant_incomplete)},
                             {"tone", good ? "ok" : "err"},
                             {"summary", std::move(summary)},
                             {"problems", std::move(problems)}});
    }

    Json plugin(const Visit& visit, const Json& one, const Json& status) const {
        const auto id = one.string_or("id", "");
        Json summary = Json::array(), kept_out = Json::array();
        sum(visit, summary, texts::plugin_version, one.string_or("version", ""));
        sum(visit, summary, texts::plugin_abi, one.string_or("sdk", ""));
        sum(visit, summary, texts::plugin_toolchain, one.string_or("toolchain", ""));
        sum(visit, summary, texts::plugin_requires, joined(one["requires"]));
        sum(visit, summary, texts::plugin_optional, joined(one["optional"]));
        sum(visit, summary, texts::plugin_provides, joined(one["provides"]));
        if (status["quarantines"].is_array()) {
            for (const auto& each : status["quarantines"].as_array()) {
                if (each.string_or("plugin", "") != id) continue;
                const auto tenant = each.string_or("tenant", "");
                const auto* place = own_.services.tenants.by_id(tenant);
                kept_out.push_back(Json::object(
                    {{"text", say(visit, texts::plugin_quarantined,
                                  {{"where", tenant.empty() ? say(visit, texts::plugin_everywhere)
                                             : place        ? place->config.name
                                                            : tenant},
                                   {"time", when(visit, each.string_or("since", ""))},
                                   {"n", number(visit, each.int_or("crashes", 0))},
                                   {"reason", each.string_or("reason", "")}})},
                     {"tenant", tenant}}));
            }
        }
        const bool on = one.bool_or("active", false);
        const bool bad = !one["problems"].as_array().empty() || !kept_out.as_array().empty();
        return Json::object(
            {{"id", id},
             {"state", say(visit, bad  ? texts::plugin_bad
                                  : on ? texts::plugin_in_use
                                       : texts::plugin_unused)},
             {"tone", bad  ? "err"
                      : on ? "ok"
                           : "info"},
             {"problems", one["problems"]},
             {"summary", std::move(summary)},
             {"kept_out", std::move(kept_out)},
             {"restore_action", staff(visit, "/instalacion/complementos/" + id + "/restaurar")}});
    }

    /// The form; with `text`, the file that it makes, to be confirmed.
    http::Response new_form(Visit& visit, int status, const std::string& error,
                            const std::string& text) const {
        const auto answer = ask(visit, Json::object({{"ask", "tenants"}}));
        const auto chosen = [&](const char* name, const std::string& value) {
            for (const auto& one : form_list(visit, name))
                if (one == value) return true;
            return false;
        };
        std::vector<Choice> languages, modules;
        for (const auto& one : answer["languages"].as_array())
            languages.push_back({one.as_string(), std::string(i18n::language_name(one.as_string())),
                                 chosen("idioma", one.as_string())});
        for (const auto& one : answer["plugins"].as_array())
            modules.push_back({one.as_string(), one.as_string(), chosen("modulo", one.as_string())});
        const auto line = [&](const char* name, const char* label, const char* hint) {
            return field(visit, {.name = name, .label = label, .value = form(visit, name), .hint = hint});
        };
        const auto why = error.empty() ? Json() : told(visit, error);
        return page(visit, "web/tenant-new",
                    Json::object(
                        {{"title", say(visit, text.empty() ? texts::tenant_new : texts::tenant_review)},
                         {"errors", error.empty() ? Json()
                                                  : form_errors(say(visit, texts::check_data), "slug",
                                                                why.string_or("text", ""))},
                         {"text", text.empty() ? Json() : Json(text)},
                         {"create_action", staff(visit, "/instalacion/municipios/nuevo/crear")},
                         {"sent", sent(visit)},
                         {"action", staff(visit, "/instalacion/municipios/nuevo")},
                         {"fields",
                          Json::array({line("nombre", texts::tenant_name, nullptr),
                                       line("slug", texts::tenant_slug, texts::tenant_slug_hint),
                                       line("ine", texts::tenant_ine, texts::tenant_ine_hint),
                                       line("dominios", texts::tenant_domains, texts::tenant_domains_hint),
                                       choices(visit, "idioma", texts::tenant_languages, languages, "", true),
                                       choices(visit, "modulo", texts::modules, modules, "", true)})},
                         {"back_href", staff(visit, "/instalacion/municipios")}}),
                    status);
    }

    /// What was typed, to be sent again with the confirmation.
    static Json sent(const Visit& visit) {
        Json list = Json::array();
        for (const auto& given : visit.asked().form)
            if (given.name != "csrf_token" && given.name != "form_key")
                list.push_back(Json::object({{"name", given.name}, {"value", given.value}}));
        return list;
    }
};

}  // namespace

void OwnPages::add_installation(std::vector<Entry>& table) {
    if (services.platform.admin_municipio.empty()) return;
    const auto pages = std::make_shared<InstallationPages>(*this);
    const auto modules = std::make_shared<ModulePages>(*this, true);
    const auto add = [&](const char* method, const char* pattern, OwnHandler handler) {
        table.push_back(own_entry(plugins::RouteKind::staff, method, pattern, std::move(handler)));
        table.back().permission = identity::permission::manage_installation;
        table.back().only_in = services.platform.admin_municipio;
    };
    add("GET", "/instalacion/municipios", [=](Visit& visit) { return pages->tenants(visit); });
    add("GET", "/instalacion/municipios/nuevo", [=](Visit& visit) { return pages->fresh(visit); });
    add("POST", "/instalacion/municipios/nuevo", [=](Visit& visit) { return pages->review(visit); });
    add("POST", "/instalacion/municipios/nuevo/crear", [=](Visit& visit) { return pages->create(visit); });
    const std::string of_one = "/instalacion/municipios/:slug/modulos";
    add("GET", of_one.c_str(), [=](Visit& visit) { return modules->list(visit); });
    add("GET", (of_one + "/:modulo").c_str(), [=](Visit& visit) { return modules->one(visit); });
    add("POST", (of_one + "/:modulo/revision").c_str(), [=](Visit& visit) { return modules->review(visit); });
    add("POST", (of_one + "/:modulo/aplicar").c_str(), [=](Visit& visit) { return modules->apply(visit); });
    add("GET", "/instalacion/complementos", [=](Visit& visit) { return pages->plugins(visit); });
    add("POST", "/instalacion/complementos/:complemento/restaurar",
        [=](Visit& visit) { return pages->restore(visit); });
}

}  // namespace kernel::web
