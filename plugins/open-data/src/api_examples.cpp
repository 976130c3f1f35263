#include "api_examples.hpp"

namespace open_data {

Json api_examples(const Portal& portal, const Resource& resource) {
    const auto rows =
        portal.home() + "/api/3/action/datastore_search?resource_id=" + resource.id + "&limit=5";
    const auto file = portal.rows_url(resource, "csv", true);
    const auto example = [](const char* label, std::string code) {
        return Json::object({{"label", label}, {"code", std::move(code)}});
    };
    return Json::array(
        {example("curl", "curl \"" + rows + "\""),
         example("Python", "import json\nfrom urllib.request import urlopen\n\nwith urlopen(\"" + rows +
                               "\") as answer:\n    for row in json.load(answer)[\"result\"][\"records\"]:\n "
                               "       print(row)"),
         example("R", "rows <- read.csv(\"" + file +
                          "\", fileEncoding = \"UTF-8\", check.names = FALSE)\nhead(rows)"),
         example("JavaScript", "fetch(\"" + rows +
                                   "\")\n  .then(answer => answer.json())\n  .then(({result}) => "
                                   "console.log(result.records))")});
}

}  // namespace open_data
