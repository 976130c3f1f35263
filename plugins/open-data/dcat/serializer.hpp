// The three serializations of the same triples.
#pragma once

#include "graph.hpp"

#include <memory>
#include <string>

namespace open_data::dcat {

enum class Syntax { rdf_xml, turtle, json_ld };

/// "application/rdf+xml", "text/turtle", "application/ld+json".
std::string_view media_type(Syntax syntax);

/// Appends to a buffer that the caller empties when it likes: nothing of a node is kept once it is written.
class Serializer {
public:
    virtual ~Serializer() = default;
    virtual void begin(std::string& out) = 0;
    virtual void node(const Node& node, std::string& out) = 0;
    virtual void end(std::string& out) = 0;
};

/// RDF 1.1 XML Syntax, Turtle 1.1 or JSON-LD 1.1 with its context inside (no reader has to fetch it).
std::unique_ptr<Serializer> make_serializer(Syntax syntax);

std::unique_ptr<Serializer> make_rdf_xml();
std::unique_ptr<Serializer> make_turtle();
std::unique_ptr<Serializer> make_json_ld();

}  // namespace open_data::dcat
