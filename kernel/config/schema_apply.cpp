#include "kernel/base/text.hpp"
#include "kernel/base/tr.hpp"
#include "kernel/config/schema_rule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace kernel::config {
namespace {

std::string below(const std::string& path, const std::string& key) {
    return path.empty() ? key : path + "." + key;
}

std::string type_in_words(std::string_view type) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> table = {
        {{"object", base::N_("un bloque de claves")},
         {"array", base::N_("una lista")},
         {"string", base::N_("un texto")},
         {"integer", base::N_("un número entero")},
         {"number", base::N_("un número")},
         {"boolean", base::N_("true o false")}}};
    for (const auto& [name, spanish] : table) {
        if (name == type) return base::translated(spanish);
    }
    return std::string(type);
}

bool has_type(const Node& node, std::string_view type) {
    if (node.is_mapping()) return type == "object";
    if (node.is_sequence()) return type == "array";
    if (!node.is_scalar()) return false;
    switch (node.scalar_type()) {
        case ScalarType::text:
            return type == "string";
        case ScalarType::boolean:
            return type == "boolean";
        case ScalarType::integer:
            return type == "integer" || type == "number";
        case ScalarType::number:
            return type == "number";
    }
    return false;
}

/// Walks a value beside its rule.
class Applier {
public:
    Applier(Problems& problems, Completeness completeness)
        : problems_(problems), completeness_(completeness) {}

    void apply(const SchemaRule& rule, Node& node, const std::string& path) {
        if (rule.secrecy != SchemaRule::Secrecy::open) node.secret = true;
        if (!rule.one_of.empty()) return choose(rule, node, path);
        if (!type_fits(rule, node, path)) return;
        check_values(rule, node, path);
        if (node.is_mapping()) mapping(rule, node, path);
        if (node.is_sequence()) sequence(rule, node, path);
        if (node.is_scalar()) check_scalar(rule, node, path, problems_);
    }

private:
    void error(const Node& node, const std::string& path, std::string_view message) {
        problems_.error(node.place, named(path, message));
    }

    bool type_fits(const SchemaRule& rule, const Node& node, const std::string& path) {
        if (rule.types.empty() && !node.is_null()) return true;
        for (const std::string& type : rule.types) {
            if (has_type(node, type)) return true;
        }
        if (leading_zero(node)) return false;  // the reader has said it
        error(node, path, type_message(rule, node));
        return false;
    }

    static std::string type_message(const SchemaRule& rule, const Node& node) {
        if (rule.types.empty()) return base::tr("falta el valor");
        const std::string& type = rule.types.front();
        if (node.is_scalar() && !node.quoted && type == "string") {
            const std::string text = shown_value(node);
            return rule.code.empty() ? base::tr("debe ser un texto: escríbalo entre comillas (\"{}\")", text)
                                     : quote_message(rule, text);
        }
        if (node.is_scalar() && type == "boolean")
            return base::tr("escriba true o false, sin comillas, y no '{}'", shown_value(node));
        std::string wanted;
        for (const std::string& each : rule.types)
            wanted =
                wanted.empty() ? type_in_words(each) : base::tr("{0} o {1}", wanted, type_in_words(each));
        const bool unquote = node.is_scalar() && node.quoted && type != "array" && type != "object";
        return unquote ? base::tr("debe ser {}, sin comillas", wanted) : base::tr("debe ser {}", wanted);
    }

    void check_values(const SchemaRule& rule, const Node& node, const std::string& path) {
        if (rule.constant && !same_value(*rule.constant, node))
            error(node, path, base::tr("debe ser {}", shown_value(*rule.constant)));
        if (rule.allowed.empty()) return;
        std::vector<std::string> words;
        for (const Node& allowed : rule.allowed) {
            if (same_value(allowed, node)) return;
            words.push_back(shown_value(allowed));
        }
        const std::string near = node.is_scalar() ? base::nearest(node.text, words) : std::string();
        error(node, path,
              near.empty()
                  ? base::tr("'{0}' no se admite; valores: {1}", shown_value(node), base::join(words, ", "))
                  : base::tr("'{0}' no se admite; ¿quería decir '{1}'?", shown_value(node), near));
    }

    void choose(const SchemaRule& rule, Node& node, const std::string& path) {
        std::vector<Node> good;
        std::vector<Problems> of_same_type;
        std::vector<std::string> forms;
        for (const RulePointer& branch : rule.one_of) {
            Node copy = node;
            Problems found;
            Applier(found, completeness_).apply(*branch, copy, path);
            if (!found.has_errors()) good.push_back(std::move(copy));
            const bool same_type =
                std::any_of(branch->types.begin(), branch->types.end(),
                            [&node](const std::string& type) { return has_type(node, type); });
            if (same_type) of_same_type.push_back(std::move(found));
            const Node* title = branch->source.find("title");
            if (title)
                forms.push_back(title->text);
            else if (!branch->types.empty())
                forms.push_back(type_in_words(branch->types.front()));
        }
        if (good.size() == 1) {
            node = std::move(good.front());
        } else if (good.size() > 1) {
            error(node, path, base::tr("cumple varias de las formas admitidas: {}", base::join(forms, "; ")));
        } else if (of_same_type.size() == 1) {
            problems_.add(of_same_type.front());
        } else {
            error(node, path, base::tr("no es ninguna de las formas admitidas: {}", base::join(forms, "; ")));
        }
    }

    void mapping(const SchemaRule& rule, Node& node, const std::string& path) {
        for (Member& member : node.members) {
            const SchemaRule* property = rule.property(member.key);
            if (!property) property = rule.additional.get();
            if (!property) {
                if (!rule.any_additional) unknown(rule, member, path);
                continue;
            }
            if (member.value.is_null()) continue;
            if (!property->obsolete.empty())
                problems_.warning(member.place, base::tr("'{0}' está obsoleta: {1}", below(path, member.key),
                                                         property->obsolete));
            apply(*property, member.value, below(path, member.key));
        }
        if (completeness_ == Completeness::part) return;
        for (const std::string& name : rule.required) require(rule, name, node, path);
        if (!rule.any_additional)  // in an open block another schema has yet to see them
            std::erase_if(node.members, [](const Member& member) { return member.value.is_null(); });
        for (const auto& [name, property] : rule.properties) fill(name, *property, node, path);
    }

    void unknown(const SchemaRule& rule, const Member& member, const std::string& path) {
        const auto names = rule.property_names();
        const std::string near = base::nearest(member.key, names);
        std::string message = path.empty() ? base::tr("clave desconocida '{}'", member.key)
                                           : base::tr("clave desconocida '{0}' en {1}", member.key, path);
        if (!near.empty())
            message += base::tr("; ¿quería decir '{}'?", near);
        else if (names.empty())
            message += base::tr("; aquí no va ninguna");
        else
            message += base::tr("; claves: {}", base::join(names, ", "));
        problems_.error(member.place, message);
    }

    void require(const SchemaRule& rule, const std::string& name, const Node& node, const std::string& path) {
        const Member* member = node.member(name);
        if (member && !member->value.is_null()) return;
        const SchemaRule* property = rule.property(name);
        if (property && property->default_value) return;
        if (member)
            problems_.error(member->place, base::tr("'{}' está vacía y es obligatoria", below(path, name)));
        else
            error(node, path, base::tr("falta la clave '{}'", name));
    }

    /// The default; or, for a block without one, the defaults inside it.
    void fill(const std::string& name, const SchemaRule& property, Node& node, const std::string& path) {
        if (node.find(name)) return;
        Node value;
        if (property.default_value) {
            value = *property.default_value;
        } else if (property.types == std::vector<std::string>{"object"} && property.required.empty()) {
            value.kind = NodeKind::mapping;
            value.place = property.source.place;
            value.from_schema = true;
        } else {
            return;
        }
        Problems found;
        Applier(found, completeness_).apply(property, value, below(path, name));
        if (!property.default_value && value.members.empty()) return;
        node.members.push_back(Member{name, value.place, std::move(value)});
    }

    void sequence(const SchemaRule& rule, Node& node, const std::string& path) {
        if (rule.min_items && node.items.size() < *rule.min_items)
            error(node, path,
                  base::tr("ha de tener al menos {0} elementos y tiene {1}", *rule.min_items,
                           node.items.size()));
        if (rule.max_items && node.items.size() > *rule.max_items)
            error(node, path,
                  base::tr("ha de tener como mucho {0} elementos y tiene {1}", *rule.max_items,
                           node.items.size()));
        for (std::size_t i = 0; i < node.items.size(); ++i) {
            if (rule.items) apply(*rule.items, node.items[i], fmt::format("{}[{}]", path, i));
            if (!rule.unique) continue;
            for (std::size_t j = 0; j < i; ++j) {
                if (!same_value(node.items[i], node.items[j])) continue;
                error(node.items[i], path,
                      base::tr("elemento repetido: ya está en {}", node.items[j].place.text()));
                break;
            }
        }
    }

    Problems& problems_;
    const Completeness completeness_;
};

}  // namespace

void apply_rule(const SchemaRule& rule, Node& value, const std::string& path, Problems& problems,
                Completeness completeness) {
    Applier(problems, completeness).apply(rule, value, path);
}

bool same_value(const Node& a, const Node& b) {
    if (a.kind != b.kind) return false;
    if (a.is_scalar()) {
        if (a.scalar_type() == ScalarType::text || b.scalar_type() == ScalarType::text)
            return a.text == b.text && a.scalar_type() == b.scalar_type();
        const auto x = a.json();
        const auto y = b.json();
        return x.is_number() && y.is_number() ? x.as_double() == y.as_double() : x == y;
    }
    if (a.items.size() != b.items.size() || a.members.size() != b.members.size()) return false;
    for (std::size_t i = 0; i < a.items.size(); ++i) {
        if (!same_value(a.items[i], b.items[i])) return false;
    }
    return std::all_of(a.members.begin(), a.members.end(), [&b](const Member& member) {
        const Node* other = b.find(member.key);
        return other && same_value(member.value, *other);
    });
}

}  // namespace kernel::config
