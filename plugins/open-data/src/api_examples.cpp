#include "api_examples.hpp"

#include <algorithm>
#include <string_view>

namespace open_data {
namespace {

/// The portal's address, as programs reach it. The names below "localhost" of a demonstration are known to browsers and to
/// few programs: there it is its address in numbers, where it has one.
std::string reachable_home(const Portal& portal) {
    const auto home = portal.home();
    const auto from = home.find("://") + 3, to = std::min(home.find_first_of(":/", from), home.size());
    if (!std::string_view(home).substr(from, to - from).ends_with(".localhost")) return home;
    for (const auto& domain : portal.municipality["domains"].as_array())
        if (domain == Json("127.0.0.1")) return home.substr(0, from) + "127.0.0.1" + home.substr(to);
    return home;
}

}  // namespace

Json api_examples(const Portal& portal, const Resource& resource) {
    const auto home = reachable_home(portal);
    const auto rows = home + "/api/3/action/datastore_search?resource_id=" + resource.id + "&limit=5";
    const auto file = home + portal.rows_url(resource, "csv");
    const auto example = [](const char* label, std::string code) {
        return Json::object({{"label", label}, {"code", std::move(code)}});
    };
    return Json::array(
        {example("curl", "curl \"" + rows + "\""),
         example("Python", "import json\nfrom urllib.request import urlopen\n\nwith urlopen(\"" + rows +
                               "\") as answer:\n    for row in json.load(answer)[\"result\"][\"records\"]:\n "
                               "       print(row)"),
         example("R",
                 "rows <- read.csv(\"" + file + "\", encoding = \"UTF-8\", check.names = FALSE)\nhead(rows)"),
         example("JavaScript", "fetch(\"" + rows +
                                   "\")\n  .then(answer => answer.json())\n  .then(({result}) => "
                                   "console.log(result.records))")});
}

}  // namespace open_data
