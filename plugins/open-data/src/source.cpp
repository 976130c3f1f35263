#include "source.hpp"

#include "ckan_licenses.hpp"

namespace open_data {
namespace {

/// Goes up whenever what is read becomes something else here: then pages that did not change are read again.
constexpr const char* way_of_reading = "2 ";

std::string interval_of(const std::string& every) {
    return every == "hora" ? "1 hour" : every == "semana" ? "7 days" : every == "mes" ? "1 month" : "1 day";
}

}  // namespace

std::vector<Source> sources_of(const Json& settings) {
    std::vector<Source> all;
    if (!settings["fuentes"].is_array()) return all;
    for (const auto& one : settings["fuentes"].as_array()) {
        Source source;
        source.name = one.string_or("nombre", ""), source.title = one.string_or("titulo", source.name);
        source.address = one.string_or("direccion", ""), source.ckan = one.string_or("tipo", "") == "ckan";
        while (source.ckan && source.address.ends_with('/')) source.address.pop_back();
        source.interval = interval_of(one.string_or("cada", "dia"));
        source.organization = one.string_or("organismo", ""),
        source.organization_title = one.string_or("organismo_titulo", ""),
        source.dir3 = one.string_or("dir3", "");
        source.sector = one.string_or("sector", ""), source.license = one.string_or("licencia", "");
        if (one["solo_de"].is_array())
            for (const auto& who : one["solo_de"].as_array()) source.only.push_back(who.as_string());
        source.rounds = static_cast<int>(one.int_or("rondas", 3)),
        source.publish = one.bool_or("publicar", true);
        source.said = way_of_reading + one.dump();
        all.push_back(std::move(source));
    }
    return all;
}

std::optional<Source> source_called(const Json& settings, std::string_view name) {
    for (auto& one : sources_of(settings))
        if (one.name == name) return std::move(one);
    return std::nullopt;
}

harvest::Terms terms_of(const Source& source) {
    harvest::Terms terms;
    terms.address = source.address, terms.sector = source.sector, terms.license = source.license;
    terms.publisher = source.dir3, terms.organization = source.organization_title, terms.only = source.only;
    // One body has one name, whatever each of its departments is called there.
    if (terms.organization.empty() && !source.dir3.empty()) terms.organization = source.title;
    terms.license_called = [](const std::string& name) { return ckan::stored_license(name); };
    return terms;
}

}  // namespace open_data
