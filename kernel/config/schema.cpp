#include "kernel/config/schema.hpp"

#include "kernel/config/schema_rule.hpp"

namespace kernel::config {
namespace {

using concejo::Json;

Json rule_json(const SchemaRule& rule);

/// A keyword's value; subschemas in it get what our subset leaves unsaid.
Json keyword_json(const SchemaRule& rule, const Member& member) {
    if (member.key == "properties") {
        auto object = Json::object();
        for (const auto& [name, property] : rule.properties) object[name] = rule_json(*property);
        return object;
    }
    if (member.key == "items" && rule.items) return rule_json(*rule.items);
    if (member.key == "additionalProperties" && rule.additional) return rule_json(*rule.additional);
    if (member.key == "oneOf") {
        auto list = Json::array();
        for (const RulePointer& branch : rule.one_of) list.push_back(rule_json(*branch));
        return list;
    }
    return member.value.json();
}

Json rule_json(const SchemaRule& rule) {
    auto json = Json::object();
    for (const Member& member : rule.source.members) json[member.key] = keyword_json(rule, member);
    const bool closed = !rule.properties.empty() || rule.types == std::vector<std::string>{"object"};
    if (closed && !rule.source.find("additionalProperties")) json["additionalProperties"] = false;
    if (rule.format == "color") json["pattern"] = "^#[0-9A-Fa-f]{6}$";
    return json;
}

}  // namespace

std::optional<Schema> Schema::parse(const Node& node, Problems& problems) {
    Problems found;
    RulePointer root = parse_rule(node, found);
    problems.add(found);
    if (found.has_errors()) return std::nullopt;
    return Schema(std::move(root));
}

Schema Schema::none() {
    auto rule = std::make_shared<SchemaRule>();
    rule->types = {"object"};
    rule->source.kind = NodeKind::mapping;
    Node type;
    type.kind = NodeKind::scalar;
    type.text = "object";
    rule->source.members.push_back({"type", {}, type});
    return Schema(rule);
}

void Schema::apply(Node& value, std::string_view path, Problems& problems, Completeness completeness) const {
    apply_rule(*root_, value, std::string(path), problems, completeness);
}

Json Schema::json() const { return rule_json(*root_); }

}  // namespace kernel::config
