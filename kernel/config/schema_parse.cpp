#include "kernel/base/text.hpp"
#include "kernel/config/schema_rule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>

namespace kernel::config {
namespace {

const std::vector<std::string>& type_names() {
    static const std::vector<std::string> names = {"object",  "array",  "string",
                                                   "integer", "number", "boolean"};
    return names;
}

std::string hint(const std::string& word, const std::vector<std::string>& candidates) {
    const std::string near = base::nearest(word, candidates);
    return near.empty() ? std::string() : fmt::format("; ¿quería decir '{}'?", near);
}

/// Reads one keyword's value into the rule; reports at the value's place.
class RuleParser {
public:
    RuleParser(SchemaRule& rule, Problems& problems) : rule_(rule), problems_(problems) {}

    void keyword(const Member& member) {
        const auto& table = keywords();
        const auto found = table.find(member.key);
        if (found == table.end()) {
            std::vector<std::string> names;
            for (const auto& [name, handler] : table) names.push_back(name);
            problems_.error(member.place, fmt::format("esquema: palabra desconocida '{}'{}", member.key,
                                                      hint(member.key, names)));
        } else {
            found->second(*this, member.value);
        }
    }

private:
    using Handler = std::function<void(RuleParser&, const Node&)>;

    void wrong(const Node& node, const std::string& wanted) {
        problems_.error(node.place, "esquema: se esperaba " + wanted);
    }
    std::string text(const Node& node) {
        if (node.is_scalar()) return node.text;
        wrong(node, "un texto");
        return {};
    }
    std::optional<double> number(const Node& node) {
        const bool good = node.is_scalar() && !node.quoted && node.json().is_number();
        if (!good) return wrong(node, "un número"), std::nullopt;
        return node.json().as_double();
    }
    std::optional<std::size_t> count(const Node& node) {
        const bool good =
            node.is_scalar() && node.scalar_type() == ScalarType::integer && node.json().as_int() >= 0;
        if (!good) return wrong(node, "un entero no negativo"), std::nullopt;
        return static_cast<std::size_t>(node.json().as_int());
    }
    bool flag(const Node& node) {
        if (node.is_scalar() && node.scalar_type() == ScalarType::boolean) return node.text == "true";
        wrong(node, "true o false");
        return false;
    }
    std::vector<std::string> texts(const Node& node) {
        std::vector<std::string> list;
        if (!node.is_sequence()) wrong(node, "una lista de textos");
        for (const Node& item : node.items) list.push_back(text(item));
        return list;
    }

    void types(const Node& node) {
        rule_.types = node.is_scalar() ? std::vector<std::string>{node.text} : texts(node);
        for (const std::string& type : rule_.types) {
            if (std::find(type_names().begin(), type_names().end(), type) == type_names().end())
                problems_.error(node.place, fmt::format("esquema: tipo desconocido '{}'{}", type,
                                                        hint(type, type_names())));
        }
    }
    void properties(const Node& node) {
        if (!node.is_mapping()) return wrong(node, "las propiedades, cada una con su esquema");
        for (const Member& member : node.members)
            rule_.properties.emplace_back(member.key, parse_rule(member.value, problems_));
    }
    void additional(const Node& node) {
        if (node.is_mapping())
            rule_.additional = parse_rule(node, problems_);
        else
            rule_.any_additional = flag(node);
    }
    void one_of(const Node& node) {
        if (!node.is_sequence() || node.items.empty()) return wrong(node, "una lista de esquemas");
        for (const Node& item : node.items) rule_.one_of.push_back(parse_rule(item, problems_));
    }
    void allowed(const Node& node) {
        if (!node.is_sequence() || node.items.empty()) return wrong(node, "una lista de valores");
        rule_.allowed = node.items;
    }
    void pattern(const Node& node) {
        rule_.pattern_text = text(node);
        try {
            // libstdc++'s breadth-first matcher: no pattern takes exponential time or a deep stack.
            rule_.pattern.emplace(code_points(rule_.pattern_text),
                                  std::regex::ECMAScript | std::regex_constants::__polynomial);
        } catch (const std::regex_error& error) {
            problems_.error(node.place,
                            fmt::format("esquema: expresión regular no válida: {}", error.what()));
        }
    }
    void format(const Node& node) {
        rule_.format = text(node);
        if (!known_format(rule_.format))
            problems_.error(
                node.place,
                fmt::format("esquema: formato desconocido '{}': hay uri, email, date, hostname y color",
                            rule_.format));
    }
    void secrecy(const Node& node) {
        const std::string word = text(node);
        if (word == "true")
            rule_.secrecy = SchemaRule::Secrecy::required;
        else if (word == "opcional")
            rule_.secrecy = SchemaRule::Secrecy::allowed;
        else if (word != "false")
            wrong(node, "true, false u opcional");
    }
    void code(const Node& node) {
        const std::string word = text(node);
        if (word == "true")
            rule_.code = "texto";
        else if (word == "ine" || word == "dir3" || word == "nif")
            rule_.code = word;
        else if (word != "false")
            wrong(node, "true, ine, dir3 o nif");
    }
    void reload(const Node& node) {
        const std::string word = text(node);
        if (word != "vivo" && word != "trabajadores" && word != "reinicio")
            wrong(node, "vivo, trabajadores o reinicio");
    }

    static const std::map<std::string, Handler>& keywords() {
        using P = RuleParser;
        static const Handler any = [](P&, const Node&) {};
        static const Handler is_text = [](P& p, const Node& n) { p.text(n); };
        static const std::map<std::string, Handler> table = {
            {"$schema", is_text},
            {"$id", is_text},
            {"$comment", is_text},
            {"title", is_text},
            {"description", is_text},
            {"examples", any},
            {"x-desde", is_text},
            {"x-recarga", [](P& p, const Node& n) { p.reload(n); }},
            {"x-obsoleto", [](P& p, const Node& n) { p.rule_.obsolete = p.text(n); }},
            {"x-secreto", [](P& p, const Node& n) { p.secrecy(n); }},
            {"x-codigo", [](P& p, const Node& n) { p.code(n); }},
            {"type", [](P& p, const Node& n) { p.types(n); }},
            {"properties", [](P& p, const Node& n) { p.properties(n); }},
            {"required", [](P& p, const Node& n) { p.rule_.required = p.texts(n); }},
            {"additionalProperties", [](P& p, const Node& n) { p.additional(n); }},
            {"items", [](P& p, const Node& n) { p.rule_.items = parse_rule(n, p.problems_); }},
            {"oneOf", [](P& p, const Node& n) { p.one_of(n); }},
            {"enum", [](P& p, const Node& n) { p.allowed(n); }},
            {"const", [](P& p, const Node& n) { p.rule_.constant = n; }},
            {"default", [](P& p, const Node& n) { p.rule_.default_value = n; }},
            {"pattern", [](P& p, const Node& n) { p.pattern(n); }},
            {"format", [](P& p, const Node& n) { p.format(n); }},
            {"minimum", [](P& p, const Node& n) { p.rule_.minimum = p.number(n); }},
            {"maximum", [](P& p, const Node& n) { p.rule_.maximum = p.number(n); }},
            {"minLength", [](P& p, const Node& n) { p.rule_.min_length = p.count(n); }},
            {"maxLength", [](P& p, const Node& n) { p.rule_.max_length = p.count(n); }},
            {"minItems", [](P& p, const Node& n) { p.rule_.min_items = p.count(n); }},
            {"maxItems", [](P& p, const Node& n) { p.rule_.max_items = p.count(n); }},
            {"uniqueItems", [](P& p, const Node& n) { p.rule_.unique = p.flag(n); }},
        };
        return table;
    }

    SchemaRule& rule_;
    Problems& problems_;
};

void mark_default(Node& node) {
    node.from_schema = true;
    for (Node& item : node.items) mark_default(item);
    for (Member& member : node.members) mark_default(member.value);
}

/// What only the whole subschema can tell.
void check_together(SchemaRule& rule, Problems& problems) {
    const Place& place = rule.source.place;
    if (!rule.one_of.empty() && (!rule.types.empty() || !rule.properties.empty() || rule.items))
        problems.error(place, "esquema: oneOf no se combina con type, properties ni items");
    for (const std::string& name : rule.required) {
        if (!rule.property(name) && !rule.additional && !rule.any_additional)
            problems.error(place,
                           fmt::format("esquema: 'required' nombra '{}', que no está en 'properties'", name));
    }
    if (!rule.default_value || problems.has_errors()) return;
    mark_default(*rule.default_value);
    Node value = *rule.default_value;
    apply_rule(rule, value, "default", problems, Completeness::whole);
}

}  // namespace

bool SchemaRule::accepts(std::string_view type) const {
    return types.empty() || std::find(types.begin(), types.end(), type) != types.end();
}

const SchemaRule* SchemaRule::property(std::string_view name) const {
    for (const auto& [key, rule] : properties) {
        if (key == name) return rule.get();
    }
    return nullptr;
}

std::vector<std::string> SchemaRule::property_names() const {
    std::vector<std::string> names;
    for (const auto& [name, rule] : properties) names.push_back(name);
    return names;
}

RulePointer parse_rule(const Node& node, Problems& problems) {
    auto rule = std::make_shared<SchemaRule>();
    rule->source = node;
    if (!node.is_mapping() && !node.is_null()) {
        problems.error(node.place, "esquema: se esperaba un esquema (claves como 'type' y 'description')");
        return rule;
    }
    RuleParser parser(*rule, problems);
    for (const Member& member : node.members) parser.keyword(member);
    check_together(*rule, problems);
    return rule;
}

}  // namespace kernel::config
