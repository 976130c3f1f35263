// What the pages about the rows of a resource share: table, chart, map.
#pragma once

#include "portal.hpp"

#include <functional>
#include <map>

namespace open_data {

/// The resource that the address names, with rows, where whoever asks may see it. Throws Error{not_found}
/// else.
std::pair<Dataset, Resource> need_rows(const concejo::Request&, const Portal&, Catalogue&);

/// "/es/datos/NAME/tabla/ID"; `view`: tabla, grafico or mapa.
std::string view_url(const Portal&, const Dataset&, const Resource&, const char* view);
/// [{"href","label","of","current"}] of the views that the resource has.
Json view_links(const Portal&, const Dataset&, const Resource&, std::string_view current = {});

/// "breadcrumb", "title", "heading", "tabs", "tabs_label", "dataset_href" and "dataset" of such a page.
Json view_frame(const Portal&, const Dataset&, const Resource&, const char* view, const std::string& heading);

/// What people call each column, by its name.
std::map<std::string, std::string> column_titles(const Portal&, const Resource&);

/// The page of a list that «pagina» asks for, from 1 to `last`.
std::int64_t page_asked(const concejo::Request&, std::int64_t last);

/// For components/pagination; null where one page is all.
Json pagination_view(std::int64_t page, std::int64_t last,
                     const std::function<std::string(std::int64_t)>& href);

/// [{"id","name","label","value","options"…}] as components of a form take them.
Json select_view(const std::string& name, const std::string& label,
                 const std::vector<std::pair<std::string, std::string>>& options, const std::string& chosen);

}  // namespace open_data
