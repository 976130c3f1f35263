// /-/dev/components: every component and page of the theme with its fixture, for theme authors. Development
// and demonstration only.
#include "kernel/base/files.hpp"
#include "kernel/web/site_parts.hpp"

#include <concejo/error.hpp>

#include <algorithm>

namespace kernel::web {

using concejo::Json;

namespace {

void show_icons(Json& view, const std::string& icons) {
    if (!view.contains("blocks")) return;
    for (auto& block : view["blocks"].as_array()) {
        auto html = block.string_or("body_html", "");
        static constexpr std::string_view mark = "%ICONS%";
        for (auto at = html.find(mark); at != html.npos; at = html.find(mark))
            html.replace(at, mark.size(), icons);
        block["body_html"] = html;
    }
}

}  // namespace

http::Response Site::Parts::preview(Visit& visit) {
    hits.add(routes.entries().size() + std::size(system_paths) - 1);
    constexpr std::string_view prefix = "/-/dev/components";
    auto name = visit.asked().path.substr(prefix.size());
    if (name.empty() || name == "/") name = "/components";
    name.erase(0, 1);
    const bool plain =
        !name.empty() && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == name.npos;
    const auto file = options.fixtures / (name + ".json");
    if (options.fixtures.empty() || !plain || name == "common" || !std::filesystem::exists(file))
        return errors.answer(visit, 404);
    const auto& languages = visit.place().config.languages;
    const auto wanted = visit.asked().query_value("idioma").value_or("");
    if (std::find(languages.begin(), languages.end(), wanted) != languages.end()) visit.language = wanted;
    const auto fixture = Json::parse(base::read_file(file, 1u << 20));
    auto view = fixture.at("view");
    show_icons(view, pages.themes().view(visit.place().config.theme.name)["assets"].string_or("icons", ""));
    return html(pages.own_page(visit, fixture.at("template").as_string(), view));
}

}  // namespace kernel::web
