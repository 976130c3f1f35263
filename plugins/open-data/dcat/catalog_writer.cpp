#include "catalog_writer.hpp"

#include "describer.hpp"
#include "text.hpp"

#include <concejo/error.hpp>

namespace open_data::dcat {

CatalogWriter::CatalogWriter(const Catalog& catalog, Output output, Sink sink)
    : sink_(std::move(sink)), serializer_(make_serializer(output.syntax)) {
    if (!is_web_url(catalog.uri))
        throw concejo::Error(concejo::ErrorKind::invalid,
                             "the catalogue's URI is no web address: " + catalog.uri);
    describer_ = output.profile == Profile::nti_risp ? make_nti_risp(catalog) : make_dcat_ap_es(catalog);
    serializer_->begin(buffer_);
    std::vector<Node> nodes;
    if (output.page) nodes.push_back(describe(*output.page));
    describer_->begin(output.page ? &*output.page : nullptr, nodes);
    write(nodes);
}

CatalogWriter::~CatalogWriter() = default;
CatalogWriter::CatalogWriter(CatalogWriter&&) noexcept = default;

void CatalogWriter::add(const Dataset& dataset) {
    if (!is_web_url(dataset.uri)) return;
    std::vector<Node> nodes;
    describer_->add(dataset, nodes);
    write(nodes);
}

void CatalogWriter::finish() {
    std::vector<Node> nodes;
    describer_->finish(nodes);
    write(nodes);
    serializer_->end(buffer_);
    write({});
}

void CatalogWriter::write(const std::vector<Node>& nodes) {
    for (const auto& node : nodes) {
        if (!node.uri.empty() && !node.empty()) serializer_->node(node, buffer_);
    }
    sink_(buffer_);
    buffer_.clear();
}

std::string write_catalog(const Catalog& catalog, std::span<const Dataset> datasets, const Output& output) {
    std::string document;
    CatalogWriter writer(catalog, output, [&](std::string_view bytes) { document += bytes; });
    for (const auto& dataset : datasets) writer.add(dataset);
    writer.finish();
    return document;
}

}  // namespace open_data::dcat
