#include "kernel/plugins/loader.hpp"

#include "kernel/base/tr.hpp"
#include "kernel/crash/here.hpp"
#include "kernel/plugins/guard.hpp"
#include "kernel/plugins/order.hpp"
#include "kernel/plugins/tables.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>

namespace kernel::plugins {
namespace {

using concejo::Error;
using concejo::ErrorKind;
namespace fs = std::filesystem;

template <class List>
void forget(List& list, const std::string& id) {
    std::erase_if(list, [&](const auto& entry) { return entry.plugin_id == id; });
}

/// A plugin that failed to start leaves nothing behind that would call into it.
void forget_plugin(Registry& registry, const std::string& id) {
    forget(registry.routes, id);
    forget(registry.menus, id);
    forget(registry.blocks, id);
    forget(registry.searches, id);
    forget(registry.site_maps, id);
    forget(registry.subscribers, id);
    forget(registry.permissions, id);
    forget(registry.roles, id);
    forget(registry.commands, id);
    forget(registry.jobs, id);
    std::erase_if(registry.services, [&](const auto& entry) { return entry.second.plugin_id == id; });
    std::erase_if(registry.schedules, [&](const auto& entry) { return entry.first == id; });
    for (std::size_t i = 0; i < registry.routes.size(); ++i) registry.routes[i].id = i;
}

/// Libraries stay mapped until the process ends: their code may have left threads, pointers or exit handlers.
std::vector<std::unique_ptr<LoadedPlugin>>& resident() {
    static auto* plugins = new std::vector<std::unique_ptr<LoadedPlugin>>;
    return *plugins;
}

bool is_requirement_of_a_plugin(const std::string& service) { return service.find(':') != std::string::npos; }

}  // namespace

std::vector<Candidate> discover(const std::vector<fs::path>& folders) {
    std::map<std::string, Candidate> found;
    for (const auto& folder : folders) {
        std::error_code error;
        for (const auto& entry : fs::directory_iterator(folder, error)) {
            const auto id = entry.path().filename().string();
            if (!entry.is_directory(error) || id.starts_with(".")) continue;
            found.emplace(id, Candidate{id, entry.path()});
        }
    }
    std::vector<Candidate> all;
    for (auto& [id, candidate] : found) all.push_back(std::move(candidate));
    return all;
}

std::string Refusal::text() const { return fmt::format("{}: {}", file.string(), fmt::join(reasons, "; ")); }

Loader::~Loader() { stop(); }

std::vector<Refusal> Loader::load(const std::vector<Candidate>& candidates,
                                  const std::set<std::string>& wanted) {
    std::vector<Refusal> refusals;
    std::map<std::string, std::unique_ptr<LoadedPlugin>> good;
    std::vector<Needs> needs;
    for (const auto& id : wanted) {
        const auto candidate =
            std::find_if(candidates.begin(), candidates.end(), [&](const auto& c) { return c.id == id; });
        if (candidate == candidates.end()) {
            refusals.push_back({id,
                                id,
                                {base::tr("no hay ninguna carpeta de complementos que lo contenga: revise "
                                          "«plugins.carpetas» en platform.yaml")}});
            continue;
        }
        const auto pin = pins_.find(id);
        auto reasons =
            check_file(candidate->library(), pin == pins_.end() ? std::nullopt : std::optional(pin->second));
        auto plugin = std::make_unique<LoadedPlugin>();
        plugin->id = id;
        plugin->folder = candidate->folder;
        if (reasons.empty()) {
            try {
                plugin->descriptor = read_descriptor(candidate->library());
                reasons = check_descriptor(plugin->descriptor, id, table_names());
            } catch (const Error& error) {
                reasons.emplace_back(error.what());
            }
        }
        if (!reasons.empty()) {
            refusals.push_back({id, candidate->library(), std::move(reasons)});
            continue;
        }
        const auto& d = plugin->descriptor;
        needs.push_back({id, d.requires_, d.optional, d.provides});
        good.emplace(id, std::move(plugin));
    }

    const auto order = start_order(needs);
    for (const auto& [id, why] : order.impossible)
        refusals.push_back({id, good.at(id)->folder / (id + ".so"), {why}});
    for (const auto& id : order.ids) {
        auto& plugin = *good.at(id);
        const auto file = plugin.folder / (id + ".so");
        try {
            for (const auto& service : plugin.descriptor.requires_) {
                if (is_requirement_of_a_plugin(service) && !registry_.services.count(service))
                    throw Error(
                        ErrorKind::unavailable,
                        base::tr("necesita el servicio «{}» de un complemento que no ha arrancado", service));
            }
            const crash::Mark mark(crash::Phase::start, id, {}, {});  // dlopen runs static constructors
            open(plugin);
            start(plugin);
            plugins_.push_back(std::move(good.at(id)));
        } catch (const std::exception& error) {
            forget_plugin(registry_, id);
            refusals.push_back({id, file, {error.what()}});
            resident().push_back(std::move(good.at(id)));
        }
    }
    return refusals;
}

void Loader::open(LoadedPlugin& plugin) {
    const auto file = plugin.folder / (plugin.id + ".so");
    namespace dll = boost::dll;
    plugin.library.load(file, dll::load_mode::rtld_now | dll::load_mode::rtld_local);
    if (!plugin.library.has(CONCEJO_ENTRY_SYMBOL))
        throw Error(ErrorKind::invalid,
                    base::tr("no exporta «{}»: enlácelo con el plugin.map del SDK", CONCEJO_ENTRY_SYMBOL));
    plugin.entry = &plugin.library.get<const concejo_plugin>(CONCEJO_ENTRY_SYMBOL);
    const auto* own = plugin.entry->descriptor;
    const auto size = std::min<std::size_t>(plugin.descriptor.raw.size, sizeof(concejo_descriptor));
    if (plugin.entry->size < sizeof(concejo_plugin) || !own ||
        std::memcmp(own, &plugin.descriptor.raw, size) != 0)
        throw Error(ErrorKind::invalid,
                    base::tr("el descriptor que exporta no es el que lleva el fichero: recompílelo"));
}

void Loader::start(LoadedPlugin& plugin) {
    plugin.host = {host_table(), &plugin, &registry_, true};
    last_error().clear();
    const auto status = plugin.entry->start(&plugin.instance, &plugin.host.table);
    plugin.host.starting = false;
    if (status != CONCEJO_OK)
        throw Error(ErrorKind::internal, base::tr("no ha podido arrancar: {}", last_error()));
    for (const auto& service : plugin.descriptor.provides) {
        if (!registry_.services.count(service))
            throw Error(ErrorKind::internal,
                        base::tr("su descriptor ofrece «{}» y al arrancar no lo ha registrado", service));
    }
}

void Loader::stop() {
    for (auto plugin = plugins_.rbegin(); plugin != plugins_.rend(); ++plugin) {
        const crash::Mark mark(crash::Phase::stop, (*plugin)->id, {}, {});
        if ((*plugin)->instance) (*plugin)->entry->stop((*plugin)->instance);
        (*plugin)->instance = nullptr;
        resident().push_back(std::move(*plugin));
    }
    plugins_.clear();
}

}  // namespace kernel::plugins
