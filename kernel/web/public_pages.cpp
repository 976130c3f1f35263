// Addresses that every municipality has whatever its modules.
#include "kernel/web/layout.hpp"
#include "kernel/web/own_pages.hpp"
#include "kernel/web/site_map.hpp"
#include "kernel/web/texts.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace kernel::web {

using concejo::Json;
using plugins::RouteKind;

namespace {

constexpr std::size_t most_contents = 100, most_in_a_column = 12;
constexpr std::string_view part_parameter = "parte";
constexpr auto xml_type = "application/xml; charset=utf-8";

/// What providers of the site map are asked; 0: everything they have.
std::string asked_for(std::size_t limit) {
    return Json::object({{"limit", static_cast<std::int64_t>(limit)}}).dump();
}

class PublicPages {
public:
    explicit PublicPages(OwnPages& own) : own_(own) {}

    http::Response robots(Visit& visit) const {
        auto text = std::string(
            "User-agent: *\nDisallow: /*/gestion\nDisallow: /*/buscar\nDisallow: /-/\nAllow: /-/static/\n");
        if (own_.services.platform.mode != config::Mode::produccion) text = "User-agent: *\nDisallow: /\n";
        text += "\nSitemap: " + Pages::absolute(visit.place(), "/sitemap.xml") + "\n";
        return {200, "text/plain; charset=utf-8", std::move(text)};
    }

    http::Response site_map(Visit& visit) const {
        std::vector<MapEntry> entries{{"/", "", "", ""}, {"/mapa-web", "", "", ""}};
        for (const auto& [plugin, answer] :
             plugins::ask(own_.services, own_.services.registry.site_maps, asked_for(0), visit))
            add_map_entries(entries, answer);
        add_map_entries(entries, menus(visit));
        const auto absolute = [&](std::string_view language, std::string_view path) {
            return Pages::absolute(visit.place(), Pages::path_in(language, path));
        };
        const auto& languages = visit.place().config.languages;
        const auto files = site_map_files(entries.size(), languages.size());
        const auto wanted = visit.asked().query_value(part_parameter);
        if (!wanted && files > 1) {
            return {200, xml_type, site_map_index(entries, languages.size(), [&](std::size_t number) {
                        return Pages::absolute(visit.place(),
                                               fmt::format("/sitemap.xml?{}={}", part_parameter, number));
                    })};
        }
        std::size_t number = 1;
        if (wanted) {
            const auto* end = wanted->data() + wanted->size();
            const auto [stop, error] = std::from_chars(wanted->data(), end, number);
            if (error != std::errc{} || stop != end || number < 1 || number > files)
                return own_.errors.answer(visit, 404);
        }
        return {200, xml_type, site_map_xml(entries, languages, absolute, number)};
    }

    http::Response human_map(Visit& visit) const {
        const auto in = input(visit);
        const auto legal = own_.pages.say(visit.language, texts::legal_information);
        Json all = menu(in, visit, "main");
        const auto footer = menu(in, visit, "footer"), legal_links = menu(in, visit, "legal");
        for (const auto& entry : footer.as_array()) all.push_back(entry);
        for (auto entry : legal_links.as_array()) {
            entry["group"] = legal;
            all.push_back(std::move(entry));
        }
        std::vector<MapEntry> contents;
        for (const auto& [plugin, answer] :
             plugins::ask(own_.services, own_.services.registry.site_maps, asked_for(most_contents), visit))
            add_map_entries(contents, answer);
        std::size_t shown = 0;
        for (const auto& entry : contents) {
            const auto href = Pages::path_in(visit.language, entry.path);
            const bool listed =
                std::any_of(all.as_array().begin(), all.as_array().end(),
                            [&](const Json& link) { return link["href"].as_string() == href; });
            if (entry.title.empty() || listed || ++shown > most_contents) continue;
            all.push_back(Json::object({{"label", entry.title},
                                        {"href", href},
                                        {"lang", entry.lang.empty() ? Json() : Json(entry.lang)},
                                        {"group", own_.pages.say(visit.language, texts::contents)}}));
        }
        auto groups = grouped(all, own_.pages.say(visit.language, texts::sede_title));
        for (auto& group : groups.as_array()) group["wide"] = group["links"].size() > most_in_a_column;
        const auto title = own_.pages.say(visit.language, "Mapa web");
        return html(own_.pages.own_page(
            visit, "pages/site-map",
            Json::object(
                {{"title", title},
                 {"breadcrumb",
                  Json::array({Json::object({{"label", own_.pages.say(visit.language, texts::sede_title)},
                                             {"href", write_address(RouteKind::page, visit.language, "/")}}),
                               Json::object({{"label", title}, {"href", nullptr}})})},
                 {"groups", std::move(groups)}})));
    }

    http::Response favicon(Visit& visit) const {
        http::Response moved(302);
        moved.set("Location",
                  own_.pages.themes().view(visit.place().config.theme.name).string_or("shield_href", "/"));
        moved.set("Cache-Control", "public, max-age=3600");
        return moved;
    }

    // RFC 9116: good for less than a year from today, because the address comes from a configuration that
    // somebody keeps.
    http::Response security_txt(Visit& visit) const {
        const auto& mail = visit.place().config.contact.email;
        if (mail.empty()) throw concejo::Error(concejo::ErrorKind::not_found, "sin contacto");
        std::string languages;
        for (const auto& language : visit.place().config.languages)
            languages += (languages.empty() ? "" : ", ") + language;
        return {200, "text/plain; charset=utf-8",
                fmt::format("Contact: mailto:{}\nExpires: {}\nPreferred-Languages: {}\nCanonical: {}\n", mail,
                            base::format_utc(own_.clock.now() + std::chrono::hours(24 * 300)), languages,
                            Pages::absolute(visit.place(), "/.well-known/security.txt"))};
    }

private:
    LayoutInput input(const Visit& visit) const {
        return {own_.services.registry, own_.services.catalogs, own_.pages.formats(visit.place()),
                own_.clock.now(), own_.services.platform.mode};
    }

    /// Paths of every public menu.
    Json menus(const Visit& visit) const {
        Json list = Json::array();
        for (const auto& entry : own_.services.registry.menus) {
            const bool open =
                entry.place != "staff" && entry.permission.empty() && entry.path.starts_with('/');
            if (open && visit.place().has(entry.plugin_id))
                list.push_back(Json::object({{"path", entry.path}}));
        }
        return list;
    }

    OwnPages& own_;
};

}  // namespace

void OwnPages::add_public(std::vector<Entry>& table) {
    const auto open = std::make_shared<PublicPages>(*this);
    const auto add = [&](RouteKind kind, const char* pattern,
                         http::Response (PublicPages::*handler)(Visit&) const, bool cached) {
        auto entry = own_entry(kind, "GET", pattern, [=](Visit& visit) { return (*open.*handler)(visit); });
        entry.cached = cached;
        table.push_back(std::move(entry));
    };
    add(RouteKind::bare, "/robots.txt", &PublicPages::robots, false);
    add(RouteKind::bare, "/sitemap.xml", &PublicPages::site_map, true);
    add(RouteKind::bare, "/favicon.ico", &PublicPages::favicon, false);
    add(RouteKind::bare, "/.well-known/security.txt", &PublicPages::security_txt, false);
    add(RouteKind::page, "/mapa-web", &PublicPages::human_map, true);
}

}  // namespace kernel::web
