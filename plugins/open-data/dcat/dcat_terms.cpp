#include "dcat_terms.hpp"

#include "text.hpp"

#include <fmt/format.h>

#include <set>

namespace open_data::dcat {
namespace {

std::string box(const Territory& t) {
    return fmt::format("POLYGON(({0} {1},{2} {1},{2} {3},{0} {3},{0} {1}))", t.west, t.south, t.east,
                       t.north);
}

std::string point(const Territory& t) { return fmt::format("POINT({} {})", t.longitude, t.latitude); }

/// "tel:+34910000000" (RFC 3966); empty where there are no figures.
std::string telephone_uri(std::string_view telephone) {
    std::string number;
    for (const char c : telephone) {
        if ((c >= '0' && c <= '9') || (c == '+' && number.empty())) number += c;
    }
    return number.size() < 3 ? std::string() : "tel:" + number;
}

std::string email_uri(std::string_view email) {
    const auto at = email.find('@');
    const bool whole =
        at != std::string_view::npos && at > 0 && at + 1 < email.size() && !clean_text(email).empty();
    return whole ? "mailto:" + encode_uri(email) : std::string();
}

}  // namespace

void DcatTerms::publisher(Node& node, const Agent& agent) {
    auto uri = publisher_uri(agent);
    if (uri.empty()) return;
    shared_.once(uri, [&] { return describe(agent, shared_); });
    node.iri("dct:publisher", std::move(uri));
}

void DcatTerms::contact(Node& node, const Contact& contact, const std::string& of, const Agent& agent) {
    if (contact.name.empty() && contact.email.empty() && contact.page.empty()) return;
    auto uri = is_web_url(contact.uri) ? encode_uri(contact.uri) : of + "#contacto";
    shared_.once(uri, [&] {
        Node card;
        return card.is("vcard:Kind")
            .is("vcard:Organization")
            .texts("vcard:fn", contact.name)
            .texts("vcard:organization-name", contact.name)
            .iri("vcard:hasEmail", email_uri(contact.email))
            .iri("vcard:hasTelephone", telephone_uri(contact.telephone))
            .link("vcard:hasURL", contact.page)
            .iri("vcard:hasUID", publisher_uri(agent));
    });
    node.iri("dcat:contactPoint", std::move(uri));
}

void DcatTerms::languages(Node& node, const std::vector<std::string>& tags) {
    std::set<std::string_view> uris{find_language("es")->term.uri};
    for (const auto& tag : tags) {
        const auto* language = find_language(tag);
        if (language) uris.insert(language->term.uri);
    }
    for (const auto& language : dcat::languages()) {
        if (uris.contains(language.term.uri))
            node.iri("dct:language", shared_.typed(language.term, "dct:LinguisticSystem"));
    }
}

void DcatTerms::license(Node& node, const std::string& license) {
    const auto* known = find_license(license);
    if (!known && !is_web_url(license)) return;
    const auto uri = known ? std::string(known->term.uri) : encode_uri(license);
    const auto* type = find_license_type(known ? known->type : "UnknownIPR");
    shared_.once(uri, [&] {
        Node document;
        document.is("dct:LicenseDocument").iri("dct:type", shared_.concept_of(*type));
        if (known) document.text("rdfs:label", known->term.es, "es").text("rdfs:label", known->term.en, "en");
        if (known) shared_.place(document, uri);
        return document;
    });
    node.iri("dct:license", uri);
}

void DcatTerms::rights(Node& node, std::string_view name, const std::string& code) {
    if (const auto* right = find_access_right(code))
        node.iri(name, shared_.typed(*right, "dct:RightsStatement"));
}

void DcatTerms::spatial(Node& node, const std::vector<std::string>& uris) {
    for (const auto& uri : uris) {
        const auto* territory = find_territory(uri);
        if (!territory) {
            node.link("dct:spatial", uri);
            continue;
        }
        std::string name(territory->uri);
        shared_.once(name, [&] {
            Node place;
            return place.is("dct:Location")
                .text("skos:prefLabel", territory->label, "es")
                .plain("dcat:bbox", box(*territory), "geo:wktLiteral")
                .plain("dcat:centroid", point(*territory), "geo:wktLiteral");
        });
        node.iri("dct:spatial", std::move(name));
    }
}

void DcatTerms::coverage(Node& node, const Dataset& dataset) {
    spatial(node, dataset.spatial);
    if (dataset.temporal) {
        Node period;
        node.nested("dct:temporal", period.is("dct:PeriodOfTime")
                                        .day("dcat:startDate", dataset.temporal->start)
                                        .day("dcat:endDate", dataset.temporal->end));
    }
    node.instant("dct:issued", dataset.issued).instant("dct:modified", dataset.modified);
    if (const auto* frequency = find_frequency(dataset.frequency))
        node.iri("dct:accrualPeriodicity", shared_.typed(frequency->term, "dct:Frequency"));
}

void DcatTerms::subjects(Node& node, const Keywords& keywords, const std::vector<std::string>& sectors) {
    for (const auto& [language, words] : keywords) {
        for (const auto& word : words) node.text("dcat:keyword", word, language);
    }
    std::set<std::string_view> themes;
    for (const auto& code : sectors) {
        const auto* sector = find_sector(code);
        if (!sector) {
            node.link("dcat:theme", code);
            continue;
        }
        node.iri("dcat:theme", shared_.concept_of(sector->term));
        const auto* theme = find_data_theme(sector->data_theme);
        if (theme && themes.insert(theme->uri).second) node.iri("dcat:theme", shared_.concept_of(*theme));
    }
}

void DcatTerms::law(Node& node, const std::vector<std::string>& laws,
                    const std::vector<std::string>& hvd_categories) {
    std::set<std::string> uris;
    for (const auto& law : laws) {
        if (is_web_url(law)) uris.insert(encode_uri(law));
    }
    if (!hvd_categories.empty()) uris.insert(hvd_regulation);
    for (const auto& uri : uris) {
        shared_.once(uri, [] { return Node().is("eli:LegalResource"); });
        node.iri("dcatap:applicableLegislation", uri);
    }
}

void DcatTerms::hvd(Node& node, const std::vector<std::string>& categories) {
    for (const auto& code : categories) {
        if (const auto* category = find_hvd_category(code))
            node.iri("dcatap:hvdCategory", shared_.concept_of(*category));
    }
}

void DcatTerms::media_type(Node& node, const Distribution& distribution) {
    const auto type = media_type_of(distribution);
    const auto* known = find_media_type(type);
    if (type.empty() || (known && !known->registered)) return;
    const auto uri = "http://www.iana.org/assignments/media-types/" + type;
    shared_.once(uri, [] { return Node().is("dct:MediaType"); });
    node.iri("dcat:mediaType", uri);
}

}  // namespace open_data::dcat
