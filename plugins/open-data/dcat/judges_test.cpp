// What other people's programs say of the documents: rapper and Apache Jena parse them, Jena validates them
// with the shapes of datos.gob.es and of the EU.
#include "catalog_writer.hpp"
#include "problems.hpp"
#include "testing/sample.hpp"
#include "testing/workspace.hpp"
#include "tests/support/whole_run.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <regex>

using namespace open_data::dcat;
using namespace open_data::dcat::testing;

namespace {

/// A sample; with CONCEJO_FULL=1, a whole catalogue.
const std::size_t how_many = tests::whole_run() ? 1000 : 60;

const std::string jena = CONCEJO_SOURCE_DIR "/plugins/open-data/dcat/shacl.sh";

Page a_page() {
    const std::string base = "https://datos.ejemplo.es/catalogo.rdf?page=";
    return {base + "2", base + "1", base + "1", base + "3", base + "3", 60, 180};
}

std::string document(Profile profile, Syntax syntax) {
    const auto datasets = hostile_datasets(how_many);
    return write_catalog(a_catalog(), datasets, {profile, syntax, a_page()});
}

/// Blank nodes by what is said of them (they nest one level at most here), so that two parsers' triples
/// compare.
std::vector<std::string> normalised(const std::string& ntriples) {
    auto lines = sorted_lines(ntriples);
    std::map<std::string, std::string> bodies;
    for (const auto& line : lines) {
        if (line.starts_with("_:")) bodies[line.substr(0, line.find(' '))] += line.substr(line.find(' '));
    }
    for (auto& line : lines) {
        for (auto at = line.find("_:");
             at == 0 || (at != std::string::npos && line[at - 1] == ' ' && line.find('"') > at);
             at = line.find("_:", at)) {
            const auto end = line.find(' ', at);
            const auto body = bodies[line.substr(at, end - at)];
            line.replace(at, end - at, "[" + std::regex_replace(body, std::regex("_:"), "") + "]");
        }
    }
    std::sort(lines.begin(), lines.end());
    lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
    return lines;
}

std::vector<std::string> by_rapper(const Workspace& folder, const std::string& syntax,
                                   const std::string& file) {
    const auto outcome = folder.run("rapper -q -i " + syntax + " -o ntriples " + file);
    INFO(outcome.output.substr(0, 2000));
    REQUIRE(outcome.code == 0);
    return normalised(outcome.output);
}

/// Without a word of complaint, except that it warns of each U+FFFD that stands for a broken byte.
std::vector<std::string> by_jena(const Workspace& folder, const std::string& file) {
    const auto outcome =
        folder.run("sh " + jena + " ntriples " + file + " 2>said; ! grep -v \"Unicode replacement\" said");
    INFO(outcome.output.substr(0, 2000));
    REQUIRE(outcome.code == 0);
    return normalised(outcome.output);
}

/// Where two lists of triples part, for the message.
std::string difference(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    std::vector<std::string> only;
    std::set_symmetric_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(only));
    std::string out;
    for (std::size_t i = 0; i < only.size() && i < 6; ++i) out += only[i] + "\n";
    return out;
}

struct Verdict {
    int violations, warnings;
    std::string report;
};

Verdict validate(const Workspace& folder, const std::string& data, const std::vector<std::string>& shapes) {
    std::string command = "sh " + jena + " validate " + data;
    for (const auto& file : shapes) command += " " + file;
    const auto outcome = folder.run(command);
    INFO(outcome.output.substr(0, 3000));
    REQUIRE(outcome.code == 0);
    REQUIRE(occurrences(outcome.output, "sh:conforms") == 1);
    return {occurrences(outcome.output, "sh:Violation"), occurrences(outcome.output, "sh:Warning"),
            outcome.output};
}

const std::vector<std::string> es{
    "dcat-ap-es-1.0.0/shacl_common_shapes.ttl",      "dcat-ap-es-1.0.0/shacl_mdr-vocabularies.shape.ttl",
    "dcat-ap-es-1.0.0/shacl_catalog_shape.ttl",      "dcat-ap-es-1.0.0/shacl_dataset_shape.ttl",
    "dcat-ap-es-1.0.0/shacl_distribution_shape.ttl", "dcat-ap-es-1.0.0/shacl_dataservice_shape.ttl"};
const std::vector<std::string> eu{"dcat-ap-3.0.0/shapes.ttl", "dcat-ap-3.0.0/range.ttl",
                                  "dcat-ap-3.0.0/shapes_recommended.ttl"};
const std::vector<std::string> nti{
    "nti-risp-1.0.0/nti-risp_common_shapes.ttl", "nti-risp-1.0.0/nti-risp_vocabularies.shape.ttl",
    "nti-risp-1.0.0/nti-risp_catalog_shape.ttl", "nti-risp-1.0.0/nti-risp_dataset_shape.ttl",
    "nti-risp-1.0.0/nti-risp_distribution_shape.ttl"};
const std::vector<std::string> hvd{"dcat-ap-es-1.0.0/shacl_common_shapes.ttl",
                                   "dcat-ap-es-1.0.0/shacl_mdr-vocabularies.shape.ttl",
                                   "dcat-ap-es-1.0.0/hvd/shacl_common_hvd_shapes.ttl",
                                   "dcat-ap-es-1.0.0/hvd/shacl_dataset_hvd_shape.ttl",
                                   "dcat-ap-es-1.0.0/hvd/shacl_distribution_hvd_shape.ttl",
                                   "dcat-ap-es-1.0.0/hvd/shacl_dataservice_hvd_shape.ttl"};

/// The shapes' files, or none (said) where they or Jena are not here.
std::vector<std::string> shapes(const std::vector<std::string>& names) {
    std::vector<std::string> files;
    for (const auto& name : names) {
        files.push_back(conformance(name));
        if (files.back().empty() || !has_jena()) {
            WARN("not validated with " << name << ": CONCEJO_CONFORMANCE or libapache-jena-java is not here");
            return {};
        }
    }
    return files;
}

}  // namespace

TEST_CASE("rapper reads the same triples in RDF/XML and in Turtle") {
    if (!has_program("rapper")) {
        WARN("RDF/XML and Turtle not compared: raptor2-utils is not here");
        return;
    }
    const Workspace folder;
    for (const auto profile : {Profile::dcat_ap_es, Profile::nti_risp}) {
        const auto xml =
            by_rapper(folder, "rdfxml", folder.file("c.rdf", document(profile, Syntax::rdf_xml)));
        const auto turtle =
            by_rapper(folder, "turtle", folder.file("c.ttl", document(profile, Syntax::turtle)));
        INFO(difference(xml, turtle));
        CHECK(xml.size() > 2000);
        CHECK((xml == turtle));
    }
}

TEST_CASE("whatever bytes the texts, codes and addresses hold, both syntaxes parse to the same triples") {
    if (!has_program("rapper")) {
        WARN("random bytes not parsed: raptor2-utils is not here");
        return;
    }
    std::mt19937 random(2013);
    const auto noise = [&] {
        std::string bytes(random() % 24, ' ');
        for (char& c : bytes) c = static_cast<char>(random());
        return bytes;
    };
    std::vector<Dataset> datasets;
    for (int i = 0; i < 200; ++i) {
        auto d = a_dataset(std::to_string(i));
        d.uri += "/" + noise();
        for (auto* text : {&d.identifier, &d.frequency, &d.access_right, &d.version}) *text = noise();
        for (auto* texts : {&d.title, &d.description, &d.version_notes})
            *texts = {{"es", noise()}, {noise(), noise()}};
        d.keywords = {{"es", {noise(), noise()}}};
        for (auto* list : {&d.sectors, &d.spatial, &d.languages, &d.hvd_categories})
            *list = {noise(), "http://a.es/" + noise()};
        for (auto* list : {&d.legislation, &d.conforms_to})
            *list = {"http://a.es/" + noise(), "http://" + noise()};
        d.publisher = Agent{noise(), {{"es", noise()}}};
        d.contact = Contact{noise(), {{"es", noise()}}, noise() + "@" + noise(), noise(), noise()};
        auto& file = d.distributions[0];
        file.uri += noise();
        for (auto* text : {&file.format, &file.media_type, &file.availability, &file.sha1}) *text = noise();
        for (auto* url : {&file.download_url, &file.license, &d.landing_page})
            *url = "https://a.es" + noise();
        datasets.push_back(std::move(d));
    }
    const Workspace folder;
    for (const auto profile : {Profile::dcat_ap_es, Profile::nti_risp}) {
        const auto written = [&](Syntax syntax) {
            return write_catalog(a_catalog(), datasets, {profile, syntax, {}});
        };
        const auto xml = by_rapper(folder, "rdfxml", folder.file("c.rdf", written(Syntax::rdf_xml)));
        const auto turtle = by_rapper(folder, "turtle", folder.file("c.ttl", written(Syntax::turtle)));
        INFO(difference(xml, turtle));
        CHECK(xml.size() > 1000);
        CHECK((xml == turtle));
    }
}

TEST_CASE("Jena reads the same triples in RDF/XML, Turtle and JSON-LD") {
    if (!has_jena()) {
        WARN("JSON-LD not compared: libapache-jena-java is not here");
        return;
    }
    const Workspace folder;
    const auto xml = by_jena(folder, folder.file("c.rdf", document(Profile::dcat_ap_es, Syntax::rdf_xml)));
    const auto turtle = by_jena(folder, folder.file("c.ttl", document(Profile::dcat_ap_es, Syntax::turtle)));
    const auto json =
        by_jena(folder, folder.file("c.jsonld10", document(Profile::dcat_ap_es, Syntax::json_ld)));
    INFO(difference(xml, json));
    CHECK(xml.size() > 2000);
    CHECK((xml == turtle));
    CHECK((xml == json));
}

TEST_CASE("hostile datasets satisfy DCAT-AP-ES 1.0.0 without violations or warnings") {
    const auto files = shapes(es);
    if (files.empty()) return;
    const Workspace folder;
    const auto verdict =
        validate(folder, folder.file("c.rdf", document(Profile::dcat_ap_es, Syntax::rdf_xml)), files);
    INFO(verdict.report.substr(0, 4000));
    CHECK(verdict.violations == 0);
    CHECK(verdict.warnings == 0);
}

TEST_CASE("the same document satisfies DCAT-AP 3.0.0: base, ranges and recommendations") {
    const auto files = shapes(eu);
    if (files.empty()) return;
    const Workspace folder;
    const auto verdict =
        validate(folder, folder.file("c.ttl", document(Profile::dcat_ap_es, Syntax::turtle)), files);
    INFO(verdict.report.substr(0, 4000));
    CHECK(verdict.violations == 0);
    // A third of the periods have no end, which is only recommended.
    CHECK(verdict.warnings == static_cast<int>((how_many + 2) / 3));
}

TEST_CASE("the EU's shapes of vocabularies find each term in its scheme") {
    const auto files = shapes({"dcat-ap-3.0.0/mdr-vocabularies.shape.ttl"});
    if (files.empty()) return;
    const Workspace folder;
    const auto verdict =
        validate(folder, folder.file("c.ttl", document(Profile::dcat_ap_es, Syntax::turtle)), files);
    INFO(verdict.report.substr(0, 4000));
    // They want https://spdx.org in the algorithm of the checksums, one for each dataset, where DCAT-AP-ES
    // wants http://spdx.org.
    CHECK(verdict.violations == static_cast<int>(how_many));
    CHECK(occurrences(verdict.report, "spdx:algorithm") >= static_cast<int>(how_many));
}

TEST_CASE("the shapes can say no") {
    const auto spanish = shapes(es), european = shapes(eu);
    if (spanish.empty() || european.empty()) return;
    const Workspace folder;
    auto catalog = a_catalog();
    catalog.contact.telephone.clear();
    const auto text =
        write_catalog(catalog, std::vector{a_dataset()}, {Profile::dcat_ap_es, Syntax::turtle, {}});
    CHECK(validate(folder, folder.file("c.ttl", text), spanish).warnings > 0);
    const auto untyped =
        std::regex_replace(text, std::regex("a dct:(MediaType|Frequency) "), "a foaf:Document ");
    CHECK(validate(folder, folder.file("d.ttl", untyped), european).violations == 2);
}

TEST_CASE("datasets of high value satisfy the shapes of Regulation (EU) 2023/138") {
    const auto files = shapes(hvd);
    if (files.empty()) return;
    auto catalog = a_catalog();
    auto dataset = a_dataset();
    dataset.hvd_categories = {"c_e1da4e07"};
    dataset.served_by = {catalog.services[0].uri};
    const Workspace folder;
    const auto text = write_catalog(catalog, std::vector{dataset}, {Profile::dcat_ap_es, Syntax::turtle, {}});
    const auto verdict = validate(folder, folder.file("c.ttl", text), files);
    INFO(verdict.report.substr(0, 4000));
    CHECK(verdict.violations == 0);
    CHECK(verdict.warnings == 0);
}

TEST_CASE("the shapes of high value refuse a dataset that has no category") {
    const auto files = shapes(hvd);
    if (files.empty()) return;
    const Workspace folder;
    const auto text =
        write_catalog(a_catalog(), std::vector{a_dataset()}, {Profile::dcat_ap_es, Syntax::turtle, {}});
    CHECK(validate(folder, folder.file("c.ttl", text), files).violations > 0);
}

TEST_CASE("the document of 2013 satisfies the shapes of NTI-RISP 1.0.0") {
    const auto files = shapes(nti);
    if (files.empty()) return;
    const Workspace folder;
    const auto verdict =
        validate(folder, folder.file("c.rdf", document(Profile::nti_risp, Syntax::rdf_xml)), files);
    INFO(verdict.report.substr(0, 4000));
    CHECK(verdict.violations == 0);
}

TEST_CASE("the judges refuse a dataset without a title and with a theme of another taxonomy, and so do we") {
    auto dataset = a_dataset();
    dataset.title = {{"es", "\x01\x02"}};
    dataset.sectors = {"http://ejemplo.es/tema/otro"};
    const auto problems = find_problems(dataset, a_catalog(), at(2026, 6, 1));
    CHECK(has_errors(problems));
    const auto spanish = shapes(es), old = shapes(nti);
    if (spanish.empty() || old.empty()) return;
    const Workspace folder;
    const auto write = [&](Profile profile) {
        return folder.file("c.rdf",
                           write_catalog(a_catalog(), std::vector{dataset}, {profile, Syntax::rdf_xml, {}}));
    };
    CHECK(validate(folder, write(Profile::dcat_ap_es), spanish).violations == 2);
    CHECK(validate(folder, write(Profile::nti_risp), old).violations ==
          3);  // two of their rules ask for the title
}
