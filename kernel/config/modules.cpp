#include "kernel/base/tr.hpp"
#include "kernel/config/loader_parts.hpp"
#include "kernel/config/reader.hpp"
#include "kernel/config/secret.hpp"

#include "kernel/base/text.hpp"

#include <fmt/format.h>

namespace kernel::config {
namespace {

std::vector<std::string> ids_of(const ModuleSchemas& modules) {
    std::vector<std::string> ids;
    for (const auto& [id, schema] : modules) ids.push_back(id);
    return ids;
}

void report_unknown(const Member& member, const ModuleSchemas& modules, Problems& problems) {
    const auto ids = ids_of(modules);
    std::string hint = did_you_mean(member.key, ids);
    if (hint.empty())
        hint = ids.empty() ? base::tr("; no hay módulos instalados")
                           : base::tr("; instalados: {}", base::join(ids, ", "));
    problems.error(member.place, base::tr("módulo desconocido '{0}'{1}", member.key, hint));
}

/// Takes `activo` out of a module's block.
std::optional<bool> take_active(Node& section, const std::string& path, Problems& problems) {
    const Node* active = section.find("activo");
    if (!active) return std::nullopt;
    const bool good = active->is_scalar() && active->scalar_type() == ScalarType::boolean;
    if (!good)
        problems.error(
            active->place,
            path + ".activo: " +
                (active->is_scalar() ? base::tr("escriba true o false, sin comillas, y no '{}'", active->text)
                                     : base::tr("escriba true o false, sin comillas")));
    const bool value = good && active->text == "true";
    section.erase("activo");
    return value;
}

}  // namespace

std::optional<Schema> load_schema(const std::filesystem::path& file, Problems& problems) {
    Problems found;
    ReaderOptions options;
    options.allow_secret = false;
    const auto tree = read_yaml_file(file, file.string(), options, found);
    std::optional<Schema> schema;
    if (tree && !found.has_errors()) schema = Schema::parse(*tree, found);
    problems.add(found);
    return schema;
}

ModuleSchemas load_module_schemas(const PluginSchemas& plugins, Problems& problems) {
    ModuleSchemas schemas;
    for (const auto& [id, file] : plugins) {
        auto schema = file.empty() ? Schema::none() : load_schema(file, problems);
        if (!schema) continue;
        const concejo::Json json = schema->json();
        if (json.string_or("type", "") != "object")
            problems.error({file.string(), 1, 1},
                           "esquema: la raíz ha de ser un bloque de claves (type: object)");
        else if (json["properties"].contains("activo"))
            problems.error({file.string(), 1, 1}, "esquema: 'activo' es de la plataforma; use otra clave");
        else
            schemas.emplace(id, std::move(*schema));
    }
    return schemas;
}

void check_module_defaults(const PlatformConfig& platform, const ModuleSchemas& modules, Problems& problems) {
    for (const Member& member : platform.module_defaults.members) {
        const auto schema = modules.find(member.key);
        if (schema == modules.end()) {
            report_unknown(member, modules, problems);
            continue;
        }
        Node section = member.value;
        const std::string path = "defecto.modulos." + member.key;
        take_active(section, path, problems);
        schema->second.apply(section, path, problems, Completeness::part);
    }
}

std::map<std::string, ModuleConfig> modules_from(Node& tree, const std::string& slug, const std::string& file,
                                                 const MunicipioContext& context, Problems& problems) {
    std::map<std::string, ModuleConfig> result;
    const Node* own = tree.find("modulos");
    if (own && !own->is_mapping()) return result;  // the schema has said it
    if (own) {
        for (const Member& member : own->members) {
            if (!context.modules.count(member.key))
                report_unknown(member, context.modules, problems);
            else if (!member.value.is_mapping() && !member.value.is_null())
                problems.error(
                    member.value.place,
                    base::tr("modulos.{}: debe ser un bloque con 'activo' y los ajustes", member.key));
        }
    }
    Node none;
    none.kind = NodeKind::mapping;
    none.place = tree.place;
    const Node& defaults =
        context.platform.module_defaults.is_mapping() ? context.platform.module_defaults : none;
    Node all = own ? merged(defaults, *own) : defaults;
    const SecretFolder secrets(context.config / "secretos" / slug, slug + ".");
    for (Member& member : all.members) {
        const auto schema = context.modules.find(member.key);
        if (schema == context.modules.end() || !member.value.is_mapping()) continue;
        const std::string path = "modulos." + member.key;
        const Node* said = own ? own->find(member.key) : nullptr;
        Node active_node = member.value.find("activo") ? *member.value.find("activo") : Node{};
        const auto active = take_active(member.value, path, problems);
        if (!active && said && said->is_mapping())
            problems.error(own->member(member.key)->place,
                           base::tr("{}: falta 'activo': escriba activo: true o activo: false", path));
        ModuleConfig module;
        module.active = active.value_or(false);
        schema->second.apply(member.value, path, problems,
                             module.active ? Completeness::whole : Completeness::part);
        if (module.active) secrets.resolve(member.value, file, problems);
        module.settings = member.value.json();
        module.effective = member.value;
        if (!active_node.is_null())
            member.value.members.insert(member.value.members.begin(),
                                        Member{"activo", active_node.place, active_node});
        result.emplace(member.key, std::move(module));
    }
    if (Node* place = tree.find("modulos"))
        *place = std::move(all);
    else
        tree.members.push_back(Member{"modulos", tree.place, std::move(all)});
    return result;
}

}  // namespace kernel::config
