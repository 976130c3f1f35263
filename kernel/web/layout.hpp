// The view model that every layout expects: themes/base/README.md has its shape.
#pragma once

#include "kernel/base/clock.hpp"
#include "kernel/config/platform_config.hpp"
#include "kernel/i18n/catalogs.hpp"
#include "kernel/i18n/formats.hpp"
#include "kernel/plugins/registry.hpp"
#include "kernel/web/visit.hpp"

#include <concejo/json.hpp>

#include <string>
#include <string_view>

namespace kernel::web {

struct LayoutInput {
    const plugins::Registry& registry;
    const i18n::Catalogs& catalogs;
    const i18n::Formats& formats;
    base::TimePoint now;
    config::Mode mode;
    std::string_view admin_municipio;  ///< slug of the one that administers the installation, or ""
};

/// Everything but what the theme itself gives (assets, brand_strong) and the form's tokens. Names that a page
/// may set (title, description, breadcrumb …) are there with null, so that strict templates find them.
concejo::Json layout_view(const LayoutInput&, const Visit&);

/// Menus of a place, for those who may: [{name, items: [{label, href, icon, count, current}]}] by group.
concejo::Json staff_menu(const LayoutInput&, const Visit&);

/// Entries of a place ("main", "footer", "legal", "top") of the modules that are on, in order, translated:
/// [{label, href, current, group}].
concejo::Json menu(const LayoutInput&, const Visit&, std::string_view place);

/// [{title, links: [{label, href, lang}]}]
concejo::Json grouped(const concejo::Json& entries, const std::string& otherwise);

}  // namespace kernel::web
