// Pages in the municipality's theme: templates with the view model that every layout expects
// (themes/base/README.md). The web layer's part of the `pages` service. Thread-safe; touches no database, so
// it also runs on edge threads.
#pragma once

#include "kernel/base/clock.hpp"
#include "kernel/config/platform_config.hpp"
#include "kernel/i18n/catalogs.hpp"
#include "kernel/i18n/formats.hpp"
#include "kernel/identity/csrf.hpp"
#include "kernel/plugins/services.hpp"
#include "kernel/themes/theme_set.hpp"
#include "kernel/web/visit.hpp"

#include <map>
#include <string>

namespace kernel::web {

class Pages final : public plugins::Renderer {
public:
    /// All of these must outlive it.
    Pages(const config::PlatformConfig& platform, const tenancy::Tenants& tenants,
          const plugins::Registry& registry, const themes::ThemeSet& themes, const i18n::Catalogs& catalogs,
          const identity::Keys& keys, const base::Clock& clock);

    std::string render(plugins::Scope&, const std::string& name, concejo::Json view, bool layout) override;
    std::string render_plain(plugins::Scope&, const std::string& name, const concejo::Json& view) override;
    concejo::Json look(const tenancy::Tenant& tenant) override {
        return themes_.look(tenant.config.theme.name);
    }
    std::string url(const plugins::Scope&, std::string_view path, bool absolute) override;

    /// A template that names its own layout, for a visit of which perhaps only tenant and language are known.
    std::string own_page(Visit&, const std::string& name, const concejo::Json& view);
    /// Without any tenant's data: for hosts that belong to nobody.
    std::string neutral(std::string_view language, const std::string& name) const;

    /// What the pages of neutral() are dressed with: style and icon of the base theme, and fonts.
    bool is_neutral(std::string_view path) const;
    /// The kernel's own texts (domain "web"), and those of the base theme.
    std::string say(std::string_view language, std::string_view text) const;
    const i18n::Formats& formats(const tenancy::Tenant&) const;

    /// "https://sede.example.es" + path.
    static std::string absolute(const tenancy::Tenant&, std::string_view path);
    /// The address of a path as plugins and menus write it ("/tablon", "/gestion/tablon").
    static std::string path_in(std::string_view language, std::string_view path);

    bool secure() const { return platform_.http.public_scheme == "https"; }
    const themes::ThemeSet& themes() const { return themes_; }

private:
    concejo::Json layout(Visit&) const;
    void tokens(Visit&) const;
    void notice_form(Visit&, const std::string& html) const;

    const config::PlatformConfig& platform_;
    const plugins::Registry& registry_;
    const themes::ThemeSet& themes_;
    const i18n::Catalogs& catalogs_;
    identity::VisitorCsrf visitors_;
    const base::Clock& clock_;
    std::map<std::string, i18n::Formats> formats_;  ///< by tenant id
};

}  // namespace kernel::web
