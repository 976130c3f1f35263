// The fake kernel's pages/1: templates are looked for, and not drawn.
#pragma once

#include <concejo/testing/http_tables.hpp>

namespace concejo::inline v1::testing::detail {

/// "plugin/template" is web/templates/template.mustache of the plugin's folder, which must be there.
inline void require_template(const World& world, std::string_view name) {
    const auto prefix = world.id + "/";
    if (!name.starts_with(prefix) || world.folder.empty()) return;  // the theme's own: there is none here
    const auto file =
        world.folder / "web" / "templates" / (std::string(name.substr(prefix.size())) + ".mustache");
    if (!std::filesystem::exists(file))
        throw Error(ErrorKind::not_found,
                    "no existe la plantilla «" + std::string(name) + "» (" + file.string() + ")");
}

inline Json ask_provider(Call& call, const Provider& provider, std::string_view argument) {
    std::string said;
    raise(provider.handler(provider.context, raw(call), c(argument), &collect, &said));
    return said.empty() ? Json() : Json::parse(said);
}

inline const concejo_pages_1& pages_table() {
    static const concejo_pages_1 table = [] {
        concejo_pages_1 t{};
        t.size = sizeof t;
        t.render = [](concejo_call* call, concejo_reply* reply, concejo_str name, concejo_str view) {
            return answer([&] {
                require_template(*call_of(call).world, cpp(name));
                auto& out = answer_of(reply);
                out.page = cpp(name);
                out.view = Json::parse(cpp(view));
                out.media_type = "text/html; charset=utf-8";
                out.body = out.view.dump(true);
            });
        };
        t.render_text = [](concejo_call* call, concejo_str name, concejo_str view, concejo_sink sink,
                           void* context) {
            return answer([&] {
                require_template(*call_of(call).world, cpp(name));
                give(sink, context, std::string(cpp(name)) + " " + std::string(cpp(view)));
            });
        };
        t.menu = [](const concejo_host* host, concejo_str entry) {
            return answer([&] {
                auto& world = registering(host, "una entrada de menú");
                auto json = Json::parse(cpp(entry));
                for (const char* key : {"place", "label", "path"}) (void)json.at(key).as_string();
                world.menus.push_back(std::move(json));
            });
        };
        t.block = [](const concejo_host* host, concejo_str place, std::int32_t order, concejo_provider run,
                     void* context) {
            return answer([&] {
                registering(host, "un bloque")
                    .blocks.push_back({std::string(cpp(place)), order, run, context});
            });
        };
        t.blocks = [](concejo_call* raw_call, concejo_str place, concejo_sink sink, void* context) {
            return answer([&] {
                auto& call = call_of(raw_call);
                Json all = Json::array();
                for (const auto& block : call.world->blocks) {
                    if (block.name != cpp(place)) continue;
                    const auto told = ask_provider(call, block, "");
                    if (!told.is_null())
                        all.push_back(Json::object({{"html", told.dump()}, {"plugin", call.world->id}}));
                }
                give(sink, context, all.dump());
            });
        };
        t.searchable = [](const concejo_host* host, concejo_provider run, void* context) {
            return answer([&] {
                registering(host, "una búsqueda").searches.push_back({"", 0, run, context});
            });
        };
        t.search = [](concejo_call* raw_call, concejo_str query, std::uint32_t limit, concejo_sink sink,
                      void* context) {
            return answer([&] {
                auto& call = call_of(raw_call);
                Json all = Json::array();
                for (const auto& search : call.world->searches) {
                    const auto question = Json::object({{"q", cpp(query)}, {"limit", limit}}).dump();
                    const auto found = ask_provider(call, search, question);
                    if (!found.is_null())
                        for (const auto& one : found.as_array()) all.push_back(one);
                }
                give(sink, context, all.dump());
            });
        };
        t.site_map = [](const concejo_host* host, concejo_provider run, void* context) {
            return answer([&] { registering(host, "un mapa").site_maps.push_back({"", 0, run, context}); });
        };
        t.url = [](concejo_call* raw_call, concejo_str path, std::int32_t absolute, concejo_sink sink,
                   void* context) {
            return answer([&] {
                auto& call = call_of(raw_call);
                const auto host = absolute ? call.world->municipality.string_or("url", "") : std::string();
                give(sink, context, host + "/" + call.language + std::string(cpp(path)));
            });
        };
        t.changed = [](concejo_call*, concejo_tx* tx) {
            return answer([&] { ++transaction_of(tx).pages_changed; });
        };
        return t;
    }();
    return table;
}

}  // namespace concejo::inline v1::testing::detail
