#include "kernel/plugins/call.hpp"
#include "kernel/plugins/pages_changed.hpp"
#include "kernel/plugins/tables.hpp"
#include "kernel/plugins/transaction.hpp"

#include <algorithm>

namespace kernel::plugins {
namespace {

using concejo::Json;

concejo_status render(concejo_call* call, concejo_reply* reply, concejo_str name, concejo_str json) {
    return host_guard([&] {
        auto& response = reply->reply.response;
        response.body =
            call->services->renderer.render(*call->scope, string(name), Json::parse(view(json)), true);
        response.set("Content-Type", "text/html; charset=utf-8");
    });
}

concejo_status render_text(concejo_call* call, concejo_str name, concejo_str json, concejo_sink sink,
                           void* context) {
    return host_guard([&] {
        sink(context, c_str(call->services->renderer.render(*call->scope, string(name),
                                                            Json::parse(view(json)), false)));
    });
}

concejo_status menu(const concejo_host* host, concejo_str entry) {
    return host_guard([&] {
        auto& handle = registering(host, "una entrada de menú");
        const auto json = Json::parse(view(entry));
        handle.registry->menus.push_back(
            {handle.plugin->id, json.at("place").as_string(), json.at("label").as_string(),
             json.at("path").as_string(), json.string_or("permission", ""), json.string_or("group", ""),
             json.string_or("icon", ""), static_cast<int>(json.int_or("order", 100))});
    });
}

void add(std::vector<Provider>& list, HostHandle& handle, std::string name, int order,
         concejo_provider provider, void* context) {
    list.push_back({handle.plugin, handle.plugin->id, std::move(name), order, provider, context});
    std::stable_sort(list.begin(), list.end(),
                     [](const auto& a, const auto& b) { return a.order < b.order; });
}

concejo_status block(const concejo_host* host, concejo_str place, std::int32_t order,
                     concejo_provider provider, void* context) {
    return host_guard([&] {
        auto& handle = registering(host, "un bloque");
        add(handle.registry->blocks, handle, string(place), order, provider, context);
    });
}

concejo_status blocks(concejo_call* call, concejo_str place, concejo_sink sink, void* context) {
    return host_guard([&] {
        std::vector<Provider> wanted;
        std::copy_if(call->services->registry.blocks.begin(), call->services->registry.blocks.end(),
                     std::back_inserter(wanted),
                     [&](const auto& provider) { return provider.name == view(place); });
        Json rendered = Json::array();
        for (auto& [plugin, answer] : ask(*call->services, wanted, {}, *call->scope)) {
            auto html = call->services->renderer.render(*call->scope, answer.at("template").as_string(),
                                                        std::move(answer["view"]), false);
            rendered.push_back(Json::object({{"html", std::move(html)}, {"plugin", plugin}}));
        }
        sink(context, c_str(rendered.dump()));
    });
}

concejo_status searchable(const concejo_host* host, concejo_provider provider, void* context) {
    return host_guard([&] {
        auto& handle = registering(host, "una búsqueda");
        add(handle.registry->searches, handle, "", 0, provider, context);
    });
}

concejo_status search(concejo_call* call, concejo_str query, std::uint32_t limit, concejo_sink sink,
                      void* context) {
    return host_guard([&] {
        const auto argument = Json::object({{"q", view(query)}, {"limit", limit}}).dump();
        Json::Array found;
        for (auto& [plugin, answer] :
             ask(*call->services, call->services->registry.searches, argument, *call->scope)) {
            for (auto& entry : answer.as_array()) {
                entry["plugin"] = plugin;
                found.push_back(std::move(entry));
            }
        }
        const auto rank = [](const Json& entry) {
            return entry["rank"].is_number() ? entry["rank"].as_double() : 0.0;
        };
        std::stable_sort(found.begin(), found.end(),
                         [&](const Json& a, const Json& b) { return rank(a) > rank(b); });
        if (found.size() > limit) found.resize(limit);
        sink(context, c_str(Json(std::move(found)).dump()));
    });
}

concejo_status site_map(const concejo_host* host, concejo_provider provider, void* context) {
    return host_guard([&] {
        auto& handle = registering(host, "un mapa");
        add(handle.registry->site_maps, handle, "", 0, provider, context);
    });
}

concejo_status url(concejo_call* call, concejo_str path, std::int32_t absolute, concejo_sink sink,
                   void* context) {
    return host_guard(
        [&] { sink(context, c_str(call->services->renderer.url(*call->scope, view(path), absolute != 0))); });
}

concejo_status changed(concejo_call* call, concejo_tx* tx) {
    return host_guard([&] { pages_changed(transaction_of(tx), call->tenant().id); });
}

}  // namespace

const concejo_pages_1& pages_table() {
    static const concejo_pages_1 table{sizeof(concejo_pages_1),
                                       &render,
                                       &render_text,
                                       &menu,
                                       &block,
                                       &blocks,
                                       &searchable,
                                       &search,
                                       &site_map,
                                       &url,
                                       &changed};
    return table;
}

}  // namespace kernel::plugins
