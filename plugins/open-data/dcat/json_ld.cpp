#include "serializer.hpp"

#include <concejo/json.hpp>

#include <algorithm>

namespace open_data::dcat {
namespace {

void append_json(std::string& out, std::string_view text) { out += concejo::Json(text).dump(); }

void append_member(std::string& out, std::string_view name, std::string_view text) {
    append_json(out, name);
    out += ':';
    append_json(out, text);
}

class JsonLd : public Serializer {
public:
    void begin(std::string& out) override {
        out += "{\"@context\":{";
        const char* separator = "";
        for (const auto& [name, uri] : prefixes()) {
            out += separator;
            append_member(out, name, uri);
            separator = ",";
        }
        out += "},\n\"@graph\":[";
    }

    void node(const Node& node, std::string& out) override {
        out += first_ ? "\n" : ",\n";
        first_ = false;
        write(node, out);
    }

    void end(std::string& out) override { out += "\n]}\n"; }

private:
    static void write(const Node& node, std::string& out) {
        out += '{';
        const char* separator = "";
        if (!node.uri.empty()) {
            append_member(out, "@id", node.uri);
            separator = ",";
        }
        if (!node.types.empty()) {
            out.append(separator).append("\"@type\":[");
            for (std::size_t i = 0; i < node.types.size(); ++i) {
                if (i) out += ',';
                append_json(out, node.types[i]);
            }
            out += ']';
            separator = ",";
        }
        properties(node, separator, out);
        out += '}';
    }

    /// A member of an object has one name: the values of a property go together, where the first of them is.
    static void properties(const Node& node, const char* separator, std::string& out) {
        const auto& all = node.properties;
        for (auto at = all.begin(); at != all.end(); ++at) {
            const auto same = [&](const Property& other) { return other.name == at->name; };
            if (std::any_of(all.begin(), at, same)) continue;
            out += separator;
            separator = ",";
            append_json(out, at->name);
            out += ":[";
            const char* comma = "";
            for (auto other = at; other != all.end(); ++other) {
                if (!same(*other)) continue;
                out += comma;
                comma = ",";
                value(other->value, out);
            }
            out += ']';
        }
    }

    static void value(const Value& value, std::string& out) {
        if (const auto* nested = std::get_if<Inline>(&value)) return write(**nested, out);
        out += '{';
        if (const auto* iri = std::get_if<Iri>(&value)) {
            append_member(out, "@id", iri->uri);
        } else {
            const auto& literal = std::get<Literal>(value);
            append_member(out, "@value", literal.text);
            if (!literal.language.empty()) out += ',', append_member(out, "@language", literal.language);
            if (!literal.datatype.empty()) out += ',', append_member(out, "@type", literal.datatype);
        }
        out += '}';
    }

    bool first_ = true;
};

}  // namespace

std::unique_ptr<Serializer> make_json_ld() { return std::make_unique<JsonLd>(); }

}  // namespace open_data::dcat
