// JSON Schema for editors: our two schemas with the modules' settings in their places.
#include "kernel/config/loader.hpp"
#include "kernel/config/loader_parts.hpp"

#include <concejo/error.hpp>

namespace kernel::config {
namespace {

using concejo::Json;

constexpr const char* dialect = "https://json-schema.org/draft/2020-12/schema";

Schema schema_or_throw(const std::filesystem::path& file) {
    Problems problems;
    auto schema = load_schema(file, problems);
    if (!schema) throw concejo::Error(concejo::ErrorKind::invalid, problems.text());
    return std::move(*schema);
}

/// {"type": "object", "properties": {id: …}}: what may stand under `modulos`. Nothing is required: another
/// file may complete it.
Json modules_json(const PluginSchemas& plugins) {
    Problems problems;
    const auto modules = load_module_schemas(plugins, problems);
    if (problems.has_errors()) throw concejo::Error(concejo::ErrorKind::invalid, problems.text());
    auto properties = Json::object();
    for (const auto& [id, schema] : modules) {
        Json module = schema.json();
        std::erase_if(module.as_object(),
                      [](const Json::Member& member) { return member.first == "required"; });
        auto inside = Json::object(
            {{"activo",
              Json::object({{"type", "boolean"}, {"description", "Si el módulo sirve en este municipio"}})}});
        for (const auto& [name, property] :
             module["properties"].is_object() ? module["properties"].as_object() : Json::Object{})
            inside[name] = property;
        module["properties"] = std::move(inside);
        properties[id] = std::move(module);
    }
    return Json::object(
        {{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}});
}

Json with_dialect(Json schema) {
    auto json = Json::object({{"$schema", dialect}});
    for (auto& [name, value] : schema.as_object()) json[name] = std::move(value);
    return json;
}

void put_modules(Json& modules, const PluginSchemas& plugins) {
    const Json description = std::as_const(modules)["description"];
    modules = modules_json(plugins);
    modules["description"] = description;
}

}  // namespace

Json Loader::schema_json(const PluginSchemas& plugins) const {
    Json json = with_dialect(schema_or_throw(share_ / "municipio.schema.yaml").json());
    put_modules(json["properties"]["modulos"], plugins);
    return json;
}

Json Loader::platform_schema_json(const PluginSchemas& plugins) const {
    Json json = with_dialect(schema_or_throw(share_ / "platform.schema.yaml").json());
    put_modules(json["properties"]["defecto"]["properties"]["modulos"], plugins);
    return json;
}

}  // namespace kernel::config
