// Triples grouped by subject: what the writers of RDF/XML, Turtle and JSON-LD have in common.
//
// Names of the vocabularies are CURIEs ("dct:title") of the prefixes below, constants of this library;
// everything else is cleaned on its way in, so that the three serializations hold the same triples.
#pragma once

#include "model.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace open_data::dcat {

struct Prefix {
    std::string_view name, uri;
};
/// The canonical ones of DCAT-AP-ES (conventions, annex 4) and hydra's.
std::span<const Prefix> prefixes();
/// "dct:title" as a URI; the text itself where the prefix is none of ours.
std::string expand(std::string_view curie);

struct Node;

struct Iri {
    std::string uri;
};
struct Literal {
    std::string text;
    std::string language;       ///< empty: none
    std::string_view datatype;  ///< CURIE; empty: a plain string
};
/// A blank node, written where it is used.
using Inline = std::shared_ptr<const Node>;
using Value = std::variant<Iri, Literal, Inline>;

struct Property {
    std::string_view name;  ///< CURIE
    Value value;
};

/// A subject and what is said of it. Adders skip what is empty or cannot be written.
struct Node {
    std::string uri;  ///< encoded already; empty: a blank node
    std::vector<std::string_view> types;
    std::vector<Property> properties;

    Node& is(std::string_view type);
    /// An absolute web address, percent-encoded; anything else is skipped.
    Node& link(std::string_view name, std::string_view url);
    Node& links(std::string_view name, const std::vector<std::string>& urls);
    /// A URI as it stands in a vocabulary, or one that is made here.
    Node& iri(std::string_view name, std::string uri);
    /// One per language, the first where two tags are the same but for their case.
    Node& texts(std::string_view name, const Texts& texts);
    Node& text(std::string_view name, std::string_view text, std::string_view language);
    Node& plain(std::string_view name, std::string_view text, std::string_view datatype = {});
    Node& number(std::string_view name, std::uint64_t number, std::string_view datatype);
    /// xsd:dateTime in UTC, with its zone.
    Node& instant(std::string_view name, const std::optional<Instant>& instant);
    /// xsd:date; a day that the calendar does not have is skipped.
    Node& day(std::string_view name, const std::optional<Day>& day);
    Node& nested(std::string_view name, Node node);

    bool empty() const { return types.empty() && properties.empty(); }
};

/// "2026-02-01T00:00:00Z" and "2026-02-01".
std::string iso(Instant instant);
std::string iso(Day day);

}  // namespace open_data::dcat
