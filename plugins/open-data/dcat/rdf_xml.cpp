#include "serializer.hpp"

#include <concejo/escape.hpp>

namespace open_data::dcat {
namespace {

void append_attribute(std::string& out, std::string_view name, std::string_view value) {
    out.append(" ").append(name).append("=\"");
    concejo::append_xml(out, value);
    out += '"';
}

class RdfXml : public Serializer {
public:
    void begin(std::string& out) override {
        out += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rdf:RDF";
        for (const auto& [name, uri] : prefixes())
            append_attribute(out, "\n  xmlns:" + std::string(name), uri);
        out += ">\n";
    }

    void node(const Node& node, std::string& out) override { write(node, 1, out); }

    void end(std::string& out) override { out += "</rdf:RDF>\n"; }

private:
    static void indent(int depth, std::string& out) { out.append(static_cast<std::size_t>(depth) * 2, ' '); }

    /// A typed node element (§2.13), so that readers of plain XML find <dcat:Dataset>.
    static void write(const Node& node, int depth, std::string& out) {
        const auto element = node.types.empty() ? std::string_view("rdf:Description") : node.types.front();
        indent(depth, out);
        out.append("<").append(element);
        if (!node.uri.empty()) append_attribute(out, "rdf:about", node.uri);
        out += ">\n";
        for (std::size_t i = 1; i < node.types.size(); ++i) {
            indent(depth + 1, out);
            out += "<rdf:type";
            append_attribute(out, "rdf:resource", expand(node.types[i]));
            out += "/>\n";
        }
        for (const auto& property : node.properties) {
            indent(depth + 1, out);
            out.append("<").append(property.name);
            value(property, depth + 1, out);
        }
        indent(depth, out);
        out.append("</").append(element).append(">\n");
    }

    /// The rest of the property's element, after its name.
    static void value(const Property& property, int depth, std::string& out) {
        if (const auto* iri = std::get_if<Iri>(&property.value)) {
            append_attribute(out, "rdf:resource", iri->uri);
            out += "/>\n";
            return;
        }
        if (const auto* literal = std::get_if<Literal>(&property.value)) {
            if (!literal->language.empty()) append_attribute(out, "xml:lang", literal->language);
            if (!literal->datatype.empty()) append_attribute(out, "rdf:datatype", expand(literal->datatype));
            out += '>';
            concejo::append_xml(out, literal->text);
        } else {
            out += ">\n";
            write(*std::get<Inline>(property.value), depth + 1, out);
            indent(depth, out);
        }
        out.append("</").append(property.name).append(">\n");
    }
};

}  // namespace

std::unique_ptr<Serializer> make_rdf_xml() { return std::make_unique<RdfXml>(); }

}  // namespace open_data::dcat
