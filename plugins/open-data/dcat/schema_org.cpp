#include "page_metadata.hpp"

#include "describer.hpp"
#include "text.hpp"

#include <fmt/format.h>

namespace open_data::dcat {

std::string in_language(const Texts& texts, const std::string& language) {
    for (const auto& wanted : {language, std::string("es")}) {
        const auto found = texts.find(wanted);
        if (found != texts.end() && !clean_text(found->second).empty()) return clean_text(found->second);
    }
    return texts.empty() ? std::string() : clean_text(texts.begin()->second);
}

namespace {

using concejo::Json;

std::string cut(std::string text, std::size_t characters) {
    std::size_t seen = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if ((text[i] & 0xC0) != 0x80 && seen++ == characters) {
            text.resize(i);
            break;
        }
    }
    return text;
}

void set(Json& json, const char* name, std::string value) {
    if (!value.empty()) json[name] = std::move(value);
}

std::string web(const std::string& url) { return is_web_url(url) ? encode_uri(url) : std::string(); }

std::string license_page(const std::string& license) {
    const auto* known = find_license(license);
    return known ? std::string(known->page) : web(license);
}

/// ISO 8601 interval; ".." where an end is open.
std::string interval(const std::optional<Period>& period) {
    if (!period || (!period->start && !period->end)) return {};
    const auto side = [](const std::optional<Day>& day) {
        return day && day->ok() ? iso(*day) : std::string("..");
    };
    return side(period->start) + "/" + side(period->end);
}

Json places(const std::vector<std::string>& uris) {
    Json places = Json::array();
    for (const auto& uri : uris) {
        const auto* t = find_territory(uri);
        if (!t) continue;
        auto shape =
            Json::object({{"@type", "GeoShape"},
                          {"box", fmt::format("{} {} {} {}", t->south, t->west, t->north, t->east)}});
        places.push_back(Json::object({{"@type", "Place"}, {"name", t->label}, {"geo", std::move(shape)}}));
    }
    return places;
}

Json organization(const Agent& agent, const Contact& contact, const std::string& language) {
    auto body = Json::object({{"@type", "GovernmentOrganization"}});
    set(body, "@id", publisher_uri(agent));
    set(body, "name", in_language(agent.name, language));
    if (!contact.email.empty())
        body["contactPoint"] = Json::object({{"@type", "ContactPoint"},
                                             {"contactType", "customer service"},
                                             {"email", clean_text(contact.email)}});
    return body;
}

Json download(const Distribution& distribution, const std::string& language) {
    auto file = Json::object({{"@type", "DataDownload"}});
    set(file, "contentUrl", web(distribution.download_url));
    set(file, "url", web(distribution.access_url));
    set(file, "name", in_language(distribution.title, language));
    set(file, "encodingFormat", media_type_of(distribution));
    set(file, "license", license_page(distribution.license));
    set(file, "sha256", to_lower(distribution.sha256));
    if (distribution.bytes) file["contentSize"] = fmt::format("{} B", *distribution.bytes);
    return file;
}

Json words(const Keywords& keywords, const std::string& language) {
    Json out = Json::array();
    const auto found = keywords.contains(language) ? keywords.find(language) : keywords.find("es");
    if (found == keywords.end()) return out;
    for (const auto& word : found->second) {
        if (auto clean = clean_text(word); !clean.empty()) out.push_back(clean);
    }
    return out;
}

}  // namespace

Json schema_org(const Dataset& dataset, const Catalog& catalog, const std::string& language) {
    auto json = Json::object({{"@context", "https://schema.org/"}, {"@type", "Dataset"}});
    set(json, "@id", web(dataset.uri));
    set(json, "url", web(dataset.landing_page));
    set(json, "identifier", clean_text(dataset.identifier.empty() ? dataset.uri : dataset.identifier));
    set(json, "name", in_language(dataset.title, language));
    set(json, "description", cut(in_language(dataset.description, language), 5000));
    if (auto keywords = words(dataset.keywords, language); !keywords.empty())
        json["keywords"] = std::move(keywords);
    if (!dataset.distributions.empty())
        set(json, "license", license_page(dataset.distributions.front().license));
    json["isAccessibleForFree"] = true;
    const auto& agent = dataset.publisher ? *dataset.publisher : catalog.publisher;
    json["creator"] = organization(agent, dataset.contact ? *dataset.contact : catalog.contact, language);
    set(json, "temporalCoverage", interval(dataset.temporal));
    if (auto where = places(dataset.spatial); !where.empty()) json["spatialCoverage"] = std::move(where);
    if (dataset.issued) json["datePublished"] = iso(*dataset.issued);
    if (dataset.modified) json["dateModified"] = iso(*dataset.modified);
    set(json, "version", clean_text(dataset.version));
    for (const auto& tag : dataset.languages) json["inLanguage"].push_back(tag);
    auto in = Json::object({{"@type", "DataCatalog"}});
    set(in, "name", in_language(catalog.title, language));
    set(in, "url", web(catalog.homepage));
    json["includedInDataCatalog"] = std::move(in);
    for (const auto& distribution : dataset.distributions)
        json["distribution"].push_back(download(distribution, language));
    return json;
}

Json schema_org(const Catalog& catalog, const std::string& language) {
    auto json = Json::object({{"@context", "https://schema.org/"}, {"@type", "DataCatalog"}});
    set(json, "@id", web(catalog.uri));
    set(json, "url", web(catalog.homepage));
    set(json, "name", in_language(catalog.title, language));
    set(json, "description", in_language(catalog.description, language));
    set(json, "license", license_page(catalog.license));
    json["publisher"] = organization(catalog.publisher, catalog.contact, language);
    if (auto where = places(catalog.spatial); !where.empty()) json["spatialCoverage"] = std::move(where);
    for (const auto& tag : catalog.languages) json["inLanguage"].push_back(tag);
    return json;
}

Json schema_org(const DataService& service, const Catalog& catalog, const std::string& language) {
    auto json = Json::object({{"@context", "https://schema.org/"}, {"@type", "WebAPI"}});
    set(json, "@id", web(service.uri));
    set(json, "url", web(service.endpoint_url));
    set(json, "name", in_language(service.title, language));
    set(json, "description", cut(in_language(service.description, language), 5000));
    set(json, "documentation",
        web(service.endpoint_description.empty() ? service.page : service.endpoint_description));
    set(json, "termsOfService", license_page(service.license));
    if (auto keywords = words(service.keywords, language); !keywords.empty())
        json["keywords"] = std::move(keywords);
    json["provider"] = organization(service.publisher ? *service.publisher : catalog.publisher,
                                    service.contact ? *service.contact : catalog.contact, language);
    if (auto where = places(service.spatial); !where.empty()) json["areaServed"] = std::move(where);
    return json;
}

std::string for_script(const Json& json) {
    const auto text = json.dump();
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        if (c == '<') {
            out += "\\u003c";
        } else {
            out += c;
        }
    }
    return out;
}

}  // namespace open_data::dcat
