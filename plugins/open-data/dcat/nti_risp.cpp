#include "describer.hpp"
#include "text.hpp"

#include <algorithm>

namespace open_data::dcat {
namespace {

/// The shapes of NTI-RISP 1.0.0 take texts in these only (they have Irish where Galician should be).
bool nti_takes(std::string_view language) {
    const auto* known = find_language(language_tag(language));
    return known && known->in_nti;
}

Texts taken(const Texts& texts) {
    Texts out;
    for (const auto& [language, text] : texts) {
        if (nti_takes(language)) out.emplace(language, text);
    }
    return out;
}

/// Annex III of the Resolution (BOE-A-2013-2380).
class NtiRisp : public Describer {
public:
    explicit NtiRisp(const Catalog& catalog) : catalog_(catalog), uri_(encode_uri(catalog.uri)) {}

    void begin(const Page* page, std::vector<Node>& out) override {
        Node node;
        node.uri = uri_;
        node.is("dcat:Catalog")
            .plain("dct:identifier", uri_)
            .texts("dct:title", taken(catalog_.title))
            .texts("dct:description", taken(catalog_.description))
            .link("foaf:homepage", catalog_.homepage)
            .instant("dct:issued", catalog_.issued)
            .instant("dct:modified", catalog_.modified)
            .iri("dcat:themeTaxonomy", "http://datos.gob.es/kos/sector-publico/sector");
        publisher(node, catalog_.publisher);
        tags(node, catalog_.languages);
        license(node, catalog_.license);
        spatial(node, catalog_.spatial);
        if (page) extent(node, page->total_items, out);
        out.push_back(std::move(node));
    }

    void add(const Dataset& dataset, std::vector<Node>& out) override {
        Node node;
        node.uri = encode_uri(dataset.uri);
        const bool address = is_web_url(dataset.identifier);
        node.is("dcat:Dataset")
            .plain("dct:identifier", address ? dataset.identifier : node.uri)
            .texts("dct:title", taken(dataset.title))
            .texts("dct:description", taken(dataset.description));
        subjects(node, dataset);
        publisher(node, dataset.publisher.value_or(catalog_.publisher));
        node.instant("dct:issued", dataset.issued).instant("dct:modified", dataset.modified);
        frequency(node, dataset.frequency);
        tags(node, dataset.languages);
        spatial(node, dataset.spatial);
        period(node, dataset.temporal);
        node.links("dct:conformsTo", dataset.conforms_to).link("dct:references", dataset.landing_page);
        if (!dataset.distributions.empty()) license(node, dataset.distributions.front().license);
        for (const auto& distribution : dataset.distributions) {
            node.link("dcat:distribution", distribution.uri);
            add_distribution(dataset, distribution, out);
        }
        Node catalog;
        catalog.uri = uri_;
        out.push_back(catalog.iri("dcat:dataset", node.uri));
        out.push_back(std::move(node));
    }

    void finish(std::vector<Node>& out) override { shared_.give(out); }

private:
    void publisher(Node& node, const Agent& agent) {
        auto uri = publisher_uri(agent);
        if (uri.empty()) return;
        shared_.once(uri, [&] {
            Node body;
            return body.is("foaf:Agent")
                .texts("foaf:name", taken(agent.name))
                .plain("dct:identifier", agent.dir3);
        });
        node.iri("dct:publisher", std::move(uri));
    }

    static void tags(Node& node, const std::vector<std::string>& languages) {
        std::set<std::string_view> seen;
        for (const auto& tag : languages) {
            const auto* known = find_language(tag);
            if (known && known->in_nti && seen.insert(known->tag).second)
                node.plain("dc:language", known->tag);
        }
        if (seen.empty()) node.plain("dc:language", "es");
    }

    /// The page of the licence, which is what people of 2013 expect to open.
    static void license(Node& node, const std::string& license) {
        const auto* known = find_license(license);
        node.link("dct:license", known ? known->page : std::string_view(license));
    }

    static void spatial(Node& node, const std::vector<std::string>& uris) {
        for (const auto& uri : uris) {
            if (const auto* territory = find_territory(uri))
                node.iri("dct:spatial", std::string(territory->uri));
        }
    }

    /// With an address of its own: whoever joins the pages of a catalogue has one, where blank nodes would be
    /// many.
    static void extent(Node& catalog, std::uint64_t datasets, std::vector<Node>& out) {
        Node size;
        size.uri = catalog.uri + "#extension";
        catalog.iri("dct:extent", size.uri);
        out.push_back(size.is("dct:SizeOrDuration")
                          .number("rdf:value", datasets, "xsd:nonNegativeInteger")
                          .text("rdfs:label", std::to_string(datasets) + " conjuntos de datos", "es"));
    }

    static void subjects(Node& node, const Dataset& dataset) {
        for (const auto& [language, words] : dataset.keywords) {
            if (!nti_takes(language)) continue;
            for (const auto& word : words) node.text("dcat:keyword", word, language);
        }
        for (const auto& code : dataset.sectors) {
            const auto* sector = find_sector(code);
            node.link("dcat:theme", sector ? sector->term.uri : std::string_view(code));
        }
    }

    static void frequency(Node& node, const std::string& code) {
        const auto* known = find_frequency(code);
        if (!known || known->duration.empty()) return;
        Node frequency;
        node.nested("dct:accrualPeriodicity", frequency.is("dct:Frequency")
                                                  .plain("rdf:value", known->duration, "xsd:duration")
                                                  .text("rdfs:label", known->term.es, "es"));
    }

    /// The shapes want a beginning.
    static void period(Node& node, const std::optional<Period>& period) {
        if (!period || !period->start || !period->start->ok()) return;
        Node interval;
        node.nested("dct:temporal", interval.is("dct:PeriodOfTime")
                                        .day("dcat:startDate", period->start)
                                        .day("dcat:endDate", period->end));
    }

    static void add_distribution(const Dataset& dataset, const Distribution& distribution,
                                 std::vector<Node>& out) {
        if (!is_web_url(distribution.uri)) return;
        Node node;
        node.uri = encode_uri(distribution.uri);
        const auto* type = find_file_type(distribution.format);
        const bool file = is_web_url(distribution.download_url);
        node.is("dcat:Distribution")
            .plain("dct:identifier", node.uri)
            .texts("dct:title", taken(distribution.title))
            .link("dcat:accessURL", file ? distribution.download_url : access_url(distribution, dataset))
            .link("dct:relation", distribution.described_by);
        auto media_type = media_type_of(distribution);
        if (media_type.empty()) media_type = "application/octet-stream";
        Node format;
        node.plain("dcat:mediaType", media_type)
            .nested("dct:format",
                    format.is("dct:IMT")
                        .plain("rdf:value", media_type)
                        .plain("rdfs:label", type ? type->term.es : std::string_view(media_type)));
        if (distribution.bytes) node.number("dcat:byteSize", *distribution.bytes, "xsd:nonNegativeInteger");
        out.push_back(std::move(node));
    }

    const Catalog& catalog_;
    const std::string uri_;
    Shared shared_;
};

}  // namespace

std::unique_ptr<Describer> make_nti_risp(const Catalog& catalog) {
    return std::make_unique<NtiRisp>(catalog);
}

}  // namespace open_data::dcat
