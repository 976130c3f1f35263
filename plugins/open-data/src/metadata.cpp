#include "metadata.hpp"

#include "dump.hpp"
#include "following.hpp"
#include "harvested.hpp"
#include "plugins/open-data/dcat/vocabulary.hpp"
#include "save_dataset.hpp"
#include "service.hpp"

#include <cstdio>

namespace open_data {

dcat::Texts texts_of(const Json& texts) {
    dcat::Texts all;
    if (texts.is_object())
        for (const auto& [language, text] : texts.as_object())
            if (text.is_string() && !text.as_string().empty()) all.emplace(language, text.as_string());
    return all;
}

std::optional<dcat::Instant> instant_of(const std::string& written) {
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    if (std::sscanf(written.c_str(), "%d-%d-%dT%d:%d:%d", &year, &month, &day, &hour, &minute, &second) != 6)
        return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
           std::chrono::seconds(second);
}

bool is_day(const std::string& text) {
    int year = 0, month = 0, day = 0;
    char more = 0;
    if (text.size() != 10 || std::sscanf(text.c_str(), "%4d-%2d-%2d%c", &year, &month, &day, &more) != 3)
        return false;
    return std::chrono::year_month_day{std::chrono::year(year),
                                       std::chrono::month(static_cast<unsigned>(month)),
                                       std::chrono::day(static_cast<unsigned>(day))}
        .ok();
}

std::string day_typed(const std::string& text) {
    int day = 0, month = 0, year = 0;
    char more = 0;
    if (std::sscanf(text.c_str(), "%2d/%2d/%4d%c", &day, &month, &year, &more) != 3 || year < 1000)
        return text;
    char iso[40];
    std::snprintf(iso, sizeof iso, "%04d-%02d-%02d", year, month, day);
    return iso;
}

std::string day_written(const std::string& day) {
    return is_day(day) ? day.substr(8) + "/" + day.substr(5, 2) + "/" + day.substr(0, 4) : day;
}

namespace {

std::vector<std::string> list_of(const Json& list) {
    std::vector<std::string> all;
    if (list.is_array())
        for (const auto& one : list.as_array())
            if (one.is_string() && !one.as_string().empty()) all.push_back(one.as_string());
    return all;
}

std::optional<dcat::Day> day_of(const std::string& written) {
    const auto at = instant_of(written + "T00:00:00");
    if (!at) return std::nullopt;
    return dcat::Day(std::chrono::floor<std::chrono::days>(*at));
}

std::string lower(std::string text) {
    for (auto& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

dcat::Contact contact_of(const Portal& portal) {
    const auto& contact = portal.municipality["contact"];
    dcat::Contact made;
    made.uri = portal.home() + "/datos#contacto";
    made.name = {{"es", portal.municipality.string_or("name", "")}};
    made.email = portal.settings.string_or("correo", contact.string_or("email", ""));
    made.telephone = contact.string_or("phone", "");
    if (!made.telephone.empty() && made.telephone.front() != '+') made.telephone = "+34 " + made.telephone;
    made.page = portal.home() + "/es/datos";
    return made;
}

/// The file as it came and its rows in the formats that machines read.
std::vector<dcat::Distribution> distributions_of(const Portal& portal, const Dataset& dataset,
                                                 const Resource& resource) {
    dcat::Distribution base;
    base.title = texts_of(resource.meta["name"]);
    base.title.try_emplace("es", portal.title(resource));
    base.description = texts_of(resource.meta["description"]);
    base.description.try_emplace(
        "es", portal.title(resource) + ", de «" + text_in(dataset.meta["title"], "es") + "».");
    base.access_url = portal.home() + "/es/datos/" + dataset.name;
    base.license = dataset.meta.string_or("license", "");
    base.availability = "AVAILABLE";
    base.issued = instant_of(resource.created),
    base.modified = instant_of(resource.data_at.empty() ? resource.modified : resource.data_at);
    std::vector<dcat::Distribution> all;
    const auto uri = portal.home() + "/dataset/" + dataset.id + "/resource/" + resource.id;
    auto file = base;
    file.uri = uri, file.format = lower(resource.format),
    file.media_type = resource.blob.empty() ? "" : resource.media_type;
    file.download_url = portal.file_url(resource, true), file.sha256 = resource.blob;
    if (resource.bytes) file.bytes = static_cast<std::uint64_t>(*resource.bytes);
    if (!file.download_url.empty()) all.push_back(std::move(file));
    if (resource.tabular())
        for (const auto* format : described_formats) {
            if (!offers(resource, *dump_format(format))) continue;
            auto rows = base;
            rows.uri = uri + "#" + format, rows.format = format, rows.made_here = true,
            rows.download_url = portal.rows_url(resource, format, true);
            if (const auto& made = resource.files[format]; made.is_object()) {
                rows.bytes = static_cast<std::uint64_t>(made.int_or("bytes", 0));
                rows.sha256 = made.string_or("sha256", "");
            }
            for (auto& [language, title] : rows.title)
                title += std::string(" (") + dump_format(format)->label + ")";
            all.push_back(std::move(rows));
        }
    return all;
}

}  // namespace

dcat::Catalog catalog_of(const Portal& portal) {
    const auto& m = portal.municipality;
    const auto name = m.string_or("name", "");
    dcat::Catalog catalog;
    catalog.uri = portal.home() + "/catalogo";
    catalog.title = {{"es", "Datos abiertos: " + name}};
    catalog.description = {
        {"es", name + ": catálogo de los datos que publica para que cualquiera los reutilice."}};
    catalog.publisher = {m.string_or("dir3", ""), {{"es", name}}};
    catalog.contact = contact_of(portal);
    catalog.homepage = portal.home() + "/es/datos";
    catalog.license = "CC_BY_4_0";
    if (const auto territory = portal.settings.string_or("territorio", ""); !territory.empty())
        catalog.spatial = {territory};
    else if (const auto* found = dcat::territory_of_province(m.string_or("ine", "")))
        catalog.spatial = {std::string(found->uri)};
    dcat::DataService api;
    api.uri = portal.home() + "/api/3";
    api.title = {{"es", "Interfaz de programación de los datos: " + name}};
    api.description = {
        {"es",
         "Búsqueda en el catálogo y en las filas de cada recurso, como la de CKAN (Action API, versión 3)."}};
    api.endpoint_url = portal.home() + "/api/3/action";
    api.endpoint_description = portal.home() + "/api/3/openapi.json";
    api.page = portal.home() + "/es/datos";
    api.sectors = {"sector-publico"};
    api.keywords = {{"es", {"API", "CKAN", "datos abiertos"}}};
    api.license = "CC_BY_4_0", api.access_right = "PUBLIC";
    api.conforms_to = {"https://spec.openapis.org/oas/v3.1.0"};
    catalog.services.push_back(std::move(api));
    return catalog;
}

namespace {

/// Who answers for what it describes, where somebody of his own does.
std::optional<dcat::Contact> own_contact(const Json& meta, const dcat::Catalog& catalog,
                                         const std::string& page) {
    const auto name = meta.string_or("maintainer", ""), email = meta.string_or("maintainer_email", "");
    if (name.empty() && email.empty()) return std::nullopt;
    auto contact = catalog.contact;  // the municipality's, for what he has not
    contact.uri.clear(), contact.page = page;
    if (!name.empty()) contact.name = {{"es", name}};
    if (mail_address(email)) contact.email = email;  // programs write anything there
    return contact;
}

/// What datasets and services say alike: what they are called, what they are about, where, who answers for them.
template <class Described>
void describe_alike(const Json& meta, const dcat::Catalog& catalog, const Json& publisher,
                    const std::string& page, Described& d) {
    d.title = texts_of(meta["title"]), d.description = texts_of(meta["notes"]);
    if (meta["keywords"].is_object())
        for (const auto& [language, words] : meta["keywords"].as_object())
            d.keywords[language] = list_of(words);
    d.sectors = list_of(meta["sectors"]);
    const auto place = meta.string_or("spatial", "");
    d.spatial = place.empty() ? catalog.spatial : std::vector<std::string>{place};
    d.access_right = meta.string_or("access_right", "PUBLIC");
    d.contact = own_contact(meta, catalog, page);
    if (const auto code = publisher.string_or("dir3", ""); !code.empty() && code != catalog.publisher.dir3)
        d.publisher = dcat::Agent{code, texts_of(publisher["name"])};
}

}  // namespace

dcat::Dataset described(const Portal& portal, const dcat::Catalog& catalog, const Dataset& dataset) {
    const auto& meta = dataset.meta;
    dcat::Dataset d;
    d.uri = portal.home() + "/dataset/" + dataset.id;
    d.identifier = d.uri;
    d.landing_page = portal.home() + "/es/datos/" + dataset.name;
    describe_alike(meta, catalog, dataset.publisher, d.landing_page, d);
    if (meta["temporal"].is_object())
        d.temporal = dcat::Period{day_of(meta["temporal"].string_or("start", "")),
                                  day_of(meta["temporal"].string_or("end", ""))};
    d.issued = instant_of(dataset.issued.empty() ? dataset.created : dataset.issued),
    d.modified = instant_of(dataset.modified);
    d.frequency = meta.string_or("frequency", "");
    if (const auto hvd = meta.string_or("hvd", ""); !hvd.empty()) d.hvd_categories = {hvd};
    for (auto& one : list_of(meta["legislation"])) d.legislation.push_back(std::move(one));
    d.version = meta.string_or("version", "");
    d.withdrawn = dataset.state == State::withdrawn;
    if (const auto at = meta["withdrawn"].int_or("at", 0); d.withdrawn && at > 0)
        d.withdrawn_at = dcat::Instant(std::chrono::seconds(at)),
        d.withdrawn_reason = meta["withdrawn"].string_or("reason", "");
    for (const auto& resource : dataset.resources) {
        for (auto& one : distributions_of(portal, dataset, resource))
            d.distributions.push_back(std::move(one));
        if (resource.tabular()) d.served_by = {catalog.services.front().uri};
    }
    if (is_harvested(dataset)) describe_as_there(dataset, d);
    if (dataset.services.is_array())
        for (const auto& one : dataset.services.as_array())
            d.served_by.push_back(service_uri(portal, one.string_or("id", "")));
    return d;
}

dcat::DataService described(const Portal& portal, const dcat::Catalog& catalog, const Service& service) {
    const auto page = portal.home() + "/es/servicios-de-datos/" + service.name;
    dcat::DataService d;
    d.uri = service_uri(portal, service.id);
    describe_alike(service.meta, catalog, service.publisher, page, d);
    d.endpoint_url = service.endpoint, d.endpoint_description = service.described_by();
    d.page = service.meta.string_or("page", "");
    if (d.page.empty()) d.page = page;
    d.license = service.meta.string_or("license", "");
    if (const auto* kind = service_kind(service.kind); kind && *kind->standard)
        d.conforms_to = {kind->standard};
    return d;
}

dcat::Score quality_of(const Portal& portal, const Dataset& dataset) {
    const auto catalog = catalog_of(portal);
    return dcat::score(described(portal, catalog, dataset), catalog,
                       !dcat::has_errors(problems_of(portal, dataset)), [&](const std::string& url) {
                           return url.starts_with(portal.home() + "/") ? std::optional(true) : std::nullopt;
                       });
}

}  // namespace open_data
