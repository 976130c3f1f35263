#include "ckan_licenses.hpp"

#include "plugins/open-data/dcat/vocabulary.hpp"

namespace open_data::ckan {
namespace {

struct Known {
    std::string_view id, title, url;
    bool content, data, generic, open;
    std::string_view eu;
};
constexpr Known known_licenses[] = {
#include "ckan_licenses.inc"
};

concejo::Json said(bool value) { return value ? "True" : "False"; }

}  // namespace

LicenseView license_of(std::string_view stored) {
    if (stored.empty()) return {};
    for (const auto& one : known_licenses)
        if (stored == one.id || (!one.eu.empty() && stored == one.eu))
            return {std::string(one.id), std::string(one.title), std::string(one.url), one.open};
    if (const auto* term = dcat::find_license(stored))
        return {std::string(stored), std::string(term->term.en), std::string(term->page),
                term->type != "NonCommercialUseOnly" && term->type != "NoDerivativeWork"};
    return {std::string(stored), std::string(stored), {}, false};
}

std::string stored_license(std::string_view id) {
    for (const auto& one : known_licenses)
        if (id == one.id && !one.eu.empty()) return std::string(one.eu);
    return std::string(id);
}

concejo::Json license_records() {
    using concejo::Json;
    Json list = Json::array();
    for (const auto& one : known_licenses)
        list.push_back(Json::object({{"domain_content", said(one.content)},
                                     {"id", one.id},
                                     {"domain_data", said(one.data)},
                                     {"domain_software", said(false)},
                                     {"family", ""},
                                     {"is_generic", said(one.generic)},
                                     {"od_conformance", one.open ? "approved" : "not reviewed"},
                                     {"osd_conformance", "not reviewed"},
                                     {"maintainer", ""},
                                     {"status", "active"},
                                     {"url", one.url},
                                     {"title", one.title},
                                     {"is_okd_compliant", said(one.open)},
                                     {"is_osi_compliant", said(false)}}));
    return list;
}

}  // namespace open_data::ckan
