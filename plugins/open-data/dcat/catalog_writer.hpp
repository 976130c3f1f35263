// A catalogue as metadata that harvesters take as it is.
//
//     CatalogWriter writer(catalog, {Profile::dcat_ap_es, Syntax::rdf_xml, page}, sink);
//     for (const auto& dataset : datasets) writer.add(dataset);
//     writer.finish();
//
// Memory: one dataset at a time, and the terms of vocabularies, publishers and contacts named so far (they
// are described once, at the end: the EU's shapes want the type of each in the same document). Services are
// written where a dataset of the document names them. What cannot be written (an empty text, a relative
// address, a code that no table holds) is left out.
#pragma once

#include "model.hpp"
#include "serializer.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <span>

namespace open_data::dcat {

/// dcat_ap_es: DCAT-AP-ES 1.0.0, with what DCAT-AP 3.0.0 asks besides. nti_risp: the Resolution of 19
/// February 2013.
enum class Profile { dcat_ap_es, nti_risp };

struct Output {
    Profile profile = Profile::dcat_ap_es;
    Syntax syntax = Syntax::rdf_xml;
    std::optional<Page> page;
};

/// What it throws goes through to the caller; the document ends there.
using Sink = std::function<void(std::string_view bytes)>;

class Describer;

class CatalogWriter {
public:
    /// `catalog` must outlive the writer. Throws Error{invalid} where its URI is no web address.
    CatalogWriter(const Catalog& catalog, Output output, Sink sink);
    ~CatalogWriter();
    CatalogWriter(CatalogWriter&&) noexcept;

    /// A dataset whose URI is no web address is left out, since nothing could be said of it.
    void add(const Dataset& dataset);
    /// Once, at the end; nothing may be added afterwards.
    void finish();

private:
    void write(const std::vector<Node>& nodes);
    Sink sink_;
    std::unique_ptr<Serializer> serializer_;
    std::unique_ptr<Describer> describer_;
    std::string buffer_;
};

/// A whole document, for what fits in memory.
std::string write_catalog(const Catalog& catalog, std::span<const Dataset> datasets, const Output& output);

}  // namespace open_data::dcat
