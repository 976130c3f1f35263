#include "dcat_terms.hpp"
#include "text.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace open_data::dcat {
namespace {

constexpr std::string_view sector_scheme = "http://datos.gob.es/kos/sector-publico/sector";
constexpr std::string_view theme_scheme = "http://publications.europa.eu/resource/authority/data-theme";

bool is_hexadecimal(std::string_view text, std::size_t digits) {
    return text.size() == digits &&
           text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

Node document(std::string_view url, std::string_view type) {
    Node node;
    if (is_web_url(url)) node.uri = encode_uri(url);
    return node.is(type);
}

class DcatApEs : public Describer, private DcatTerms {
public:
    explicit DcatApEs(const Catalog& catalog) : catalog_(catalog), uri_(encode_uri(catalog.uri)) {}

    void begin(const Page*, std::vector<Node>& out) override {
        Node node;
        node.uri = uri_;
        node.is("dcat:Catalog")
            .texts("dct:title", catalog_.title)
            .texts("dct:description", catalog_.description)
            .link("foaf:homepage", catalog_.homepage)
            .instant("dct:issued", catalog_.issued)
            .instant("dct:modified", catalog_.modified);
        publisher(node, catalog_.publisher);
        for (const auto taxonomy : {sector_scheme, theme_scheme})
            node.iri("dcat:themeTaxonomy", shared_.scheme(*find_scheme(taxonomy)));
        languages(node, catalog_.languages);
        license(node, catalog_.license);
        spatial(node, catalog_.spatial);
        out.push_back(std::move(node));
        out.push_back(document(catalog_.homepage, "foaf:Document"));
    }

    void add(const Dataset& dataset, std::vector<Node>& out) override {
        Node node;
        node.uri = encode_uri(dataset.uri);
        node.is("dcat:Dataset")
            .plain("dct:identifier", dataset.identifier.empty() ? dataset.uri : dataset.identifier)
            .texts("dct:title", dataset.title)
            .texts("dct:description", dataset.description);
        subjects(node, dataset.keywords, dataset.sectors);
        responsible(node, dataset.publisher, dataset.contact);
        coverage(node, dataset);
        languages(node, dataset.languages);
        rights(node, "dct:accessRights", dataset.access_right);
        law(node, dataset.legislation, dataset.hvd_categories);
        hvd(node, dataset.hvd_categories);
        standards(node, dataset.conforms_to, out);
        node.links("dct:relation", dataset.related);
        node.link("dcat:landingPage", dataset.landing_page).plain("dcat:version", dataset.version);
        node.texts("adms:versionNotes", dataset.version_notes);
        out.push_back(document(dataset.landing_page, "foaf:Document"));
        for (const auto& distribution : dataset.distributions) {
            node.link("dcat:distribution", distribution.uri);
            add_distribution(dataset, distribution, out);
        }
        attach(node.uri, dataset, out);
        if (dataset.withdrawn && dataset.withdrawn_at) add_record(dataset, node.uri, out);
        out.push_back(std::move(node));
    }

    void finish(std::vector<Node>& out) override {
        for (const auto& service : catalog_.services) {
            const auto used = used_services_.find(encode_uri(service.uri));
            if (used != used_services_.end())
                add_service(service, {used->second.begin(), used->second.end()}, out);
            else if (service.always && is_web_url(service.uri))
                add_service(service, {}, out);
        }
        shared_.give(out);
    }

private:
    /// What the catalogue knows of its own entry: when and why it was withdrawn.
    void add_record(const Dataset& dataset, const std::string& uri, std::vector<Node>& out) {
        static constexpr Term withdrawn{"http://purl.org/adms/status/Withdrawn", "retirado", "withdrawn"};
        Node record, catalog;
        record.uri = uri + "#registro", catalog.uri = uri_;
        record.is("dcat:CatalogRecord")
            .iri("foaf:primaryTopic", uri)
            .instant("dct:issued", dataset.issued)
            .instant("dct:modified", dataset.withdrawn_at)
            .text("dct:description", dataset.withdrawn_reason, "es")
            .iri("adms:status", shared_.concept_of(withdrawn));
        standards(record, {"http://datos.gob.es/es/documentacion/DCAT-AP-ES"}, out);
        out.push_back(catalog.iri("dcat:record", record.uri));
        out.push_back(std::move(record));
    }

    static void standards(Node& node, const std::vector<std::string>& urls, std::vector<Node>& out) {
        node.links("dct:conformsTo", urls);
        for (const auto& url : urls) out.push_back(document(url, "dct:Standard"));
    }

    /// Who publishes it and who answers for it: the catalogue's, where it has none of its own.
    void responsible(Node& node, const std::optional<Agent>& agent, const std::optional<Contact>& card) {
        publisher(node, agent.value_or(catalog_.publisher));
        if (card)
            contact(node, *card, node.uri, agent.value_or(catalog_.publisher));
        else
            contact(node, catalog_.contact, uri_, catalog_.publisher);
    }

    void add_distribution(const Dataset& dataset, const Distribution& distribution, std::vector<Node>& out) {
        Node node;
        if (!is_web_url(distribution.uri)) return;
        node.uri = encode_uri(distribution.uri);
        const auto* type = find_file_type(distribution.format);
        node.is("dcat:Distribution").texts("dct:title", distribution.title);
        if (node.properties.empty() && type) node.text("dct:title", type->term.es, "es");
        node.texts("dct:description", distribution.description)
            .link("dcat:accessURL", access_url(distribution, dataset))
            .link("dcat:downloadURL", distribution.download_url)
            .instant("dct:issued", distribution.issued)
            .instant("dct:modified", distribution.modified)
            .link("foaf:page", distribution.described_by);
        if (distribution.bytes) node.number("dcat:byteSize", *distribution.bytes, "xsd:decimal");
        if (type) node.iri("dct:format", shared_.typed(type->term, "dct:MediaTypeOrExtent"));
        media_type(node, distribution);
        license(node, distribution.license);
        rights(node, "dct:rights", dataset.access_right);
        languages(node, dataset.languages);
        law(node, dataset.legislation, dataset.hvd_categories);
        state(node, dataset, distribution);
        checksum(node, distribution);
        standards(node, distribution.conforms_to, out);
        out.push_back(document(distribution.described_by, "foaf:Document"));
        out.push_back(std::move(node));
    }

    void state(Node& node, const Dataset& dataset, const Distribution& distribution) {
        if (const auto* availability = find_availability(distribution.availability))
            node.iri("dcatap:availability", shared_.concept_of(*availability));
        if (dataset.withdrawn)
            node.iri("adms:status", shared_.concept_of(*find_distribution_status("WITHDRAWN")));
    }

    /// DCAT-AP-ES 1.0.0 takes no other algorithm than SHA-1 in spdx:checksum (Checksum_Shape).
    static void checksum(Node& node, const Distribution& distribution) {
        if (is_hexadecimal(distribution.sha256, 64))
            node.plain("schema:sha256", to_lower(distribution.sha256));
        if (!is_hexadecimal(distribution.sha1, 40)) return;
        Node sum;
        node.nested("spdx:checksum",
                    sum.is("spdx:Checksum")
                        .iri("spdx:algorithm", expand("spdx:checksumAlgorithm_sha1"))
                        .plain("spdx:checksumValue", to_lower(distribution.sha1), "xsd:hexBinary"));
    }

    /// What joins the dataset to the catalogue and to the services that give its data.
    void attach(const std::string& uri, const Dataset& dataset, std::vector<Node>& out) {
        Node catalog;
        catalog.uri = uri_;
        out.push_back(catalog.iri("dcat:dataset", uri));
        const auto& by = dataset.served_by;
        for (const auto& service : catalog_.services) {
            const bool named = std::find(by.begin(), by.end(), service.uri) != by.end();
            if (!named || !is_web_url(service.uri)) continue;
            Node node;
            node.uri = encode_uri(service.uri);
            used_services_[node.uri].insert(dataset.hvd_categories.begin(), dataset.hvd_categories.end());
            out.push_back(node.iri("dcat:servesDataset", uri));
        }
    }

    void add_service(const DataService& service, const std::vector<std::string>& hvd_categories,
                     std::vector<Node>& out) {
        Node node;
        node.uri = encode_uri(service.uri);
        node.is("dcat:DataService")
            .texts("dct:title", service.title)
            .texts("dct:description", service.description)
            .link("dcat:endpointURL", service.endpoint_url)
            .link("dcat:endpointDescription", service.endpoint_description)
            .link("foaf:page", service.page);
        subjects(node, service.keywords, service.sectors);
        responsible(node, service.publisher, service.contact);
        spatial(node, service.spatial);
        license(node, service.license);
        rights(node, "dct:accessRights", service.access_right);
        law(node, service.legislation, hvd_categories);
        hvd(node, hvd_categories);
        standards(node, service.conforms_to, out);
        Node catalog;
        catalog.uri = uri_;
        out.push_back(catalog.iri("dcat:service", node.uri));
        out.push_back(document(service.page, "foaf:Document"));
        out.push_back(std::move(node));
    }

    const Catalog& catalog_;
    const std::string uri_;
    std::map<std::string, std::set<std::string>>
        used_services_;  ///< with the high-value categories of their datasets
};

}  // namespace

std::unique_ptr<Describer> make_dcat_ap_es(const Catalog& catalog) {
    return std::make_unique<DcatApEs>(catalog);
}

}  // namespace open_data::dcat
