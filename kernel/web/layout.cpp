#include "kernel/web/layout.hpp"

#include "kernel/web/pages.hpp"
#include "kernel/web/texts.hpp"

#include <fmt/format.h>

#include <map>

namespace kernel::web {

using concejo::Json;
using plugins::RouteKind;

namespace {

/// A query without what only counts visitors; where a login leads to, in that language too.
std::string query_in(const Visit& visit, std::string_view raw, const std::string& language) {
    auto query = without_trackers(raw);
    if (visit.address.kind != RouteKind::staff) return query;
    constexpr std::string_view back = "volver=/";
    const auto at = query.starts_with(back) ? 0 : query.find(std::string("&").append(back));
    if (at == query.npos) return query;
    const auto from = query.find('/', at) + 1, size = visit.address.language.size();
    if (query.compare(from, size, visit.address.language) == 0 && query.substr(from + size, 1) == "/")
        query.replace(from, size, language);
    return query;
}

/// The same page in another language, with its query.
std::string in_other(const Visit& visit, const std::string& language) {
    const auto& address = visit.address;
    if (address.language.empty() || !visit.request) return write_address(RouteKind::page, language, "/");
    const auto& target = visit.request->target;
    const auto mark = target.find('?');
    auto path = target.substr(0, mark);
    path.replace(0, 1 + address.language.size(), "/" + language);
    const auto query = mark == target.npos
                           ? std::string()
                           : query_in(visit, std::string_view(target).substr(mark + 1), language);
    return query.empty() ? path : path + "?" + query;
}

void languages(Json& view, const Visit& visit) {
    const auto& tenant = visit.place();
    Json list = Json::array(), alternates = Json::array();
    // What the staff work with is nobody's to index, and its query may say where they were going.
    const bool has_page =
        visit.request && !visit.address.language.empty() && visit.address.kind != RouteKind::staff;
    for (const auto& code : tenant.config.languages) {
        const auto href = in_other(visit, code);
        list.push_back(Json::object({{"code", code},
                                     {"name", i18n::language_name(code)},
                                     {"href", href},
                                     {"current", code == visit.language}}));
        if (has_page)
            alternates.push_back(Json::object({{"code", code}, {"href", Pages::absolute(tenant, href)}}));
    }
    view["lang"] = visit.language;
    view["languages"] = std::move(list);
    view["alternates"] = std::move(alternates);
    const bool home = visit.address.rest == "/";
    view["x_default"] =
        has_page
            ? Json(Pages::absolute(tenant, home ? "/" : in_other(visit, tenant.config.languages.front())))
            : Json();
    view["canonical"] = has_page ? Json(Pages::absolute(tenant, in_other(visit, visit.language))) : Json();
}

Json text_or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

std::string telephone(const std::string& phone) {
    std::string digits;
    for (const char c : phone) {
        if ((c >= '0' && c <= '9') || (c == '+' && digits.empty())) digits += c;
    }
    if (digits.size() == 9) digits = "+34" + digits;
    return digits.empty() ? "" : "tel:" + digits;
}

Json municipality(const config::MunicipioConfig& m) {
    return Json::object({{"name", m.name},
                         {"place", m.place},
                         {"address", text_or_null(m.contact.address)},
                         {"phone", text_or_null(m.contact.phone)},
                         {"phone_href", text_or_null(telephone(m.contact.phone))},
                         {"email", text_or_null(m.contact.email)},
                         {"nif", m.nif ? Json(m.nif->text()) : Json()},
                         {"dir3", m.dir3 ? Json(m.dir3->text()) : Json()},
                         {"shield_href", nullptr}});
}

std::string say(const LayoutInput& in, const Visit& visit, const char* text) {
    return in.catalogs.translate(visit.language, "web", text);
}

/// To the minute, alike in every worker. ICU takes longer to write a date than many a page takes to be made.
Json official_time(const LayoutInput& in, const Visit& visit) {
    using Minute = std::chrono::time_point<std::chrono::system_clock, std::chrono::minutes>;
    thread_local Minute minute;
    thread_local std::map<std::pair<std::string, std::string>, Json> written;
    if (const auto now = std::chrono::floor<std::chrono::minutes>(in.now); now != minute)
        minute = now, written.clear();
    const auto& zone = in.formats.zone();
    auto& time = written[{zone, visit.language}];
    if (!time.is_null()) return time;
    const auto shown = zone == "Europe/Madrid"     ? say(in, visit, texts::peninsula)
                       : zone == "Atlantic/Canary" ? say(in, visit, texts::canarias)
                                                   : zone;
    return time = Json::object({{"iso", in.formats.iso(minute)},
                                {"date", in.formats.date(visit.language, in.now)},
                                {"time", in.formats.time(visit.language, in.now)},
                                {"zone", shown}});
}

/// Notices of the configuration whose days have come and are not over, in the municipality's zone.
Json notices(const LayoutInput& in, const Visit& visit) {
    Json list = Json::array();
    const auto day = in.formats.iso(in.now).substr(0, 10);
    for (const auto& notice : visit.place().config.notices) {
        if ((!notice.from.empty() && day < notice.from) || (!notice.until.empty() && day > notice.until))
            continue;
        const auto href =
            notice.href.starts_with('/') ? Pages::path_in(visit.language, notice.href) : notice.href;
        list.push_back(Json::object({{"text", notice.text.in(visit.language)},
                                     {"href", text_or_null(href)},
                                     {"more", say(in, visit, texts::more_information)}}));
    }
    return list;
}

Json staff_box(const LayoutInput& in, const Visit& visit) {
    const auto path = [&](std::string_view rest) {
        return write_address(RouteKind::staff, visit.language, rest);
    };
    const bool inside = visit.staff_layout && visit.session;
    return Json::object(
        {{"name", inside ? Json(visit.who.name.empty() ? visit.who.login : visit.who.name) : Json()},
         {"login_href", visit.staff_layout ? Json() : Json(path("/"))},
         {"logout_href", inside ? Json(path("/salir")) : Json()},
         {"csrf", nullptr},
         {"menu", inside ? staff_menu(in, visit) : Json::array()}});
}

}  // namespace

Json layout_view(const LayoutInput& in, const Visit& visit) {
    Json view = Json::object();
    languages(view, visit);
    for (const auto* name : {"title", "subtitle", "description", "detail", "detail_lang", "management_href",
                             "request_id", "errors", "header_action"})
        view[name] = nullptr;
    view["sede_title"] = say(in, visit, texts::sede_title);
    view["title"] = view["sede_title"];
    view["came_back"] = false;
    view["breadcrumb"] = Json::array();
    view["nav"] = menu(in, visit, "main");
    view["footer_groups"] = grouped(menu(in, visit, "footer"), view["sede_title"].as_string());
    view["legal_links"] = menu(in, visit, "legal");
    view["legal_links"].push_back(
        Json::object({{"label", in.catalogs.translate(visit.language, "base", "Mapa web")},
                      {"href", Pages::path_in(visit.language, "/mapa-web")}}));
    if (const auto top = menu(in, visit, "top"); !top.empty()) {
        view["header_action"] = top.as_array().front();
        view["header_action"]["icon"] = "folder-user";
    }
    view["municipality"] = municipality(visit.place().config);
    view["home_href"] =
        write_address(visit.staff_layout ? RouteKind::staff : RouteKind::page, visit.language, "/");
    view["search_href"] = nullptr;
    for (const auto& route : in.registry.routes) {
        if (route.kind == RouteKind::page && route.pattern == "/buscar" && route.method == "GET" &&
            visit.place().has(route.plugin_id))
            view["search_href"] = Pages::path_in(visit.language, "/buscar");
    }
    view["official_time"] = official_time(in, visit);
    view["notices"] = notices(in, visit);
    view["staff"] = visit.staff_layout && !visit.session ? Json() : staff_box(in, visit);
    view["demo_mark"] = in.mode == config::Mode::demostracion;
    view["csrf_token"] = nullptr;
    view["form_key"] = nullptr;
    return view;
}

}  // namespace kernel::web
