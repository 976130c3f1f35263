#include "serializer.hpp"

#include <concejo/json.hpp>

namespace open_data::dcat {
namespace {

void append_iri(std::string& out, std::string_view uri) { out.append("<").append(uri).append(">"); }

class Turtle : public Serializer {
public:
    void begin(std::string& out) override {
        for (const auto& [name, uri] : prefixes()) {
            out.append("@prefix ").append(name).append(": ");
            append_iri(out, uri);
            out += " .\n";
        }
    }

    void node(const Node& node, std::string& out) override {
        if (node.empty()) return;
        out += '\n';
        append_iri(out, node.uri);
        statements(node, 1, out);
        out += " .\n";
    }

    void end(std::string&) override {}

private:
    static void statements(const Node& node, int depth, std::string& out) {
        const char* separator = "";
        const auto next = [&] {
            out.append(separator).append("\n").append(static_cast<std::size_t>(depth) * 2, ' ');
            separator = " ;";
        };
        if (!node.types.empty()) next(), out += 'a';
        for (std::size_t i = 0; i < node.types.size(); ++i) out.append(i ? ", " : " ").append(node.types[i]);
        for (const auto& property : node.properties) {
            next();
            out.append(property.name).append(" ");
            value(property.value, depth, out);
        }
    }

    static void value(const Value& value, int depth, std::string& out) {
        if (const auto* iri = std::get_if<Iri>(&value)) {
            append_iri(out, iri->uri);
        } else if (const auto* literal = std::get_if<Literal>(&value)) {
            out += concejo::Json(literal->text).dump();  // what JSON escapes, Turtle escapes alike
            if (!literal->language.empty()) out.append("@").append(literal->language);
            if (!literal->datatype.empty()) out.append("^^").append(literal->datatype);
        } else {
            out += '[';
            statements(*std::get<Inline>(value), depth + 1, out);
            out += " ]";
        }
    }
};

}  // namespace

std::unique_ptr<Serializer> make_turtle() { return std::make_unique<Turtle>(); }

}  // namespace open_data::dcat
