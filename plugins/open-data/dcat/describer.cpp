#include "describer.hpp"

#include "text.hpp"

#include <algorithm>

namespace open_data::dcat {
namespace {

void labels(Node& node, const Term& term) {
    node.text("skos:prefLabel", term.es, "es").text("skos:prefLabel", term.en, "en");
}

constexpr Term local_authority{"http://purl.org/adms/publishertype/LocalAuthority", "Autoridad local",
                               "Local authority"};

bool is_media_type(std::string_view type) {
    const auto slash = type.find('/');
    if (slash == 0 || slash == std::string_view::npos || slash + 1 == type.size()) return false;
    return std::all_of(type.begin(), type.end(), [&](const char& c) {
        const bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        const auto at = static_cast<std::size_t>(&c - type.data());
        return word || at == slash ||
               (at > slash && std::string_view("+.-").find(c) != std::string_view::npos);
    });
}

}  // namespace

std::string Shared::concept_of(const Term& term) {
    std::string uri(term.uri);
    once(uri, [&] {
        Node node;
        labels(node.is("skos:Concept"), term);
        place(node, uri);
        return node;
    });
    return uri;
}

std::string Shared::scheme(const Term& scheme) {
    std::string uri(scheme.uri);
    once(uri, [&] {
        Node node;
        return node.is("skos:ConceptScheme")
            .text("dct:title", scheme.es, "es")
            .text("dct:title", scheme.en, "en");
    });
    return uri;
}

void Shared::place(Node& node, std::string_view uri) {
    if (const auto* of = find_scheme(uri)) node.iri("skos:inScheme", scheme(*of));
}

std::string Shared::typed(const Term& term, std::string_view type) {
    std::string uri(term.uri);
    once(uri, [&] {
        Node node;
        place(node.is(type), uri);
        return node;
    });
    return uri;
}

void Shared::give(std::vector<Node>& out) {
    for (auto& [uri, node] : nodes_) out.push_back(std::move(node));
    nodes_.clear();
}

Node describe(const Page& page) {
    Node node;
    if (!is_web_url(page.url)) return node;
    node.uri = encode_uri(page.url);
    return node.is("hydra:PagedCollection")
        .link("hydra:first", page.first)
        .link("hydra:previous", page.previous)
        .link("hydra:next", page.next)
        .link("hydra:last", page.last)
        .number("hydra:itemsPerPage", page.items_per_page, "xsd:integer")
        .number("hydra:totalItems", page.total_items, "xsd:integer");
}

std::string publisher_uri(const Agent& agent) {
    const auto& code = agent.dir3;
    const bool right = code.size() == 9 && code[0] >= 'A' && code[0] <= 'Z' &&
                       std::all_of(code.begin(), code.end(),
                                   [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
    return right ? "http://datos.gob.es/recurso/sector-publico/org/Organismo/" + code : std::string();
}

Node describe(const Agent& agent, Shared& shared) {
    Node node;
    return node.is("foaf:Agent")
        .texts("foaf:name", agent.name)
        .plain("dct:identifier", agent.dir3)
        .iri("dct:type", shared.concept_of(local_authority));
}

const std::string& access_url(const Distribution& distribution, const Dataset& dataset) {
    if (is_web_url(distribution.access_url)) return distribution.access_url;
    if (is_web_url(dataset.landing_page)) return dataset.landing_page;
    return distribution.download_url;
}

std::string media_type_of(const Distribution& distribution) {
    auto type = to_lower(distribution.media_type.substr(0, distribution.media_type.find(';')));
    if (is_media_type(type)) return type;
    const auto* known = find_file_type(distribution.format);
    return known ? std::string(known->media_type) : std::string();
}

}  // namespace open_data::dcat
