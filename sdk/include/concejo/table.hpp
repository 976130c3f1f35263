// Tables as the theme draws them: the view of components/table.
#pragma once

#include <concejo/json.hpp>

#include <string>
#include <vector>

namespace concejo::inline v1 {

/// {"label","text","header","href","tone","note","numeric"}. `label`: its column's, shown where the table is stacked; `header`: it
/// says what the row is of.
inline Json cell_view(std::string label, std::string text, bool header = false, std::string href = {}) {
    return Json::object({{"label", std::move(label)},
                         {"text", std::move(text)},
                         {"header", header},
                         {"href", std::move(href)},
                         {"tone", ""},
                         {"note", ""},
                         {"numeric", false}});
}

/// {"id","caption","columns","rows"}, whose columns nobody sorts. `rows`: [{"cells"}].
inline Json table_view(std::string id, std::string caption, const std::vector<std::string>& columns,
                       Json rows) {
    Json heads = Json::array();
    for (const auto& label : columns)
        heads.push_back(
            Json::object({{"label", label}, {"sorted", ""}, {"sort_href", ""}, {"numeric", false}}));
    return Json::object({{"id", std::move(id)},
                         {"caption", std::move(caption)},
                         {"columns", std::move(heads)},
                         {"rows", std::move(rows)}});
}

}  // namespace concejo::inline v1
