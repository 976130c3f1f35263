// A subset of JSON Schema 2020-12 in YAML: what a plugin's config.schema.yaml may say.
//
// Keywords: type, properties, required, additionalProperties (false where not said; or a schema), items,
// enum, const, pattern, minimum, maximum, minLength, maxLength, minItems, maxItems, uniqueItems, format (uri,
// email, date, hostname, color), default, title, description, examples, oneOf; and of our own:
//   x-secreto   true: must be `!secret name`; opcional: may be. Never shown.
//   x-codigo    true, ine, dir3 or nif: a text in quotes; the named ones are checked by their own rules.
//   x-obsoleto  what to use instead: a warning.   x-desde  version that brought it.   x-recarga
//   vivo|trabajadores|reinicio
#pragma once

#include "kernel/config/node.hpp"

#include <concejo/json.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace kernel::config {

struct SchemaRule;  ///< one subschema; see schema_rule.hpp

/// What is checked: a whole value, or a part that another file completes (nothing is required then, and no
/// default is filled in).
enum class Completeness { whole, part };

/// Immutable and cheap to copy; thread-safe.
class Schema {
public:
    /// nullopt where the schema itself is wrong; `problems` says where.
    static std::optional<Schema> parse(const Node& node, Problems& problems);
    /// The schema of a module without settings: `{}` and nothing else.
    static Schema none();

    /// Reports what is wrong in `value`, fills in defaults, marks secrets. `path` begins the names in
    /// messages: "modulos.sede".
    void apply(Node& value, std::string_view path, Problems& problems,
               Completeness completeness = Completeness::whole) const;

    /// The schema as standard JSON Schema 2020-12, for editors and other validators. Without "$schema".
    concejo::Json json() const;

private:
    explicit Schema(std::shared_ptr<const SchemaRule> root) : root_(std::move(root)) {}
    std::shared_ptr<const SchemaRule> root_;
};

}  // namespace kernel::config
