#include "kernel/runtime/config_desk.hpp"

#include "kernel/base/clock.hpp"
#include "kernel/base/diff.hpp"
#include "kernel/base/digest.hpp"
#include "kernel/base/files.hpp"
#include "kernel/base/tr.hpp"
#include "kernel/config/module_block.hpp"
#include "kernel/runtime/plugin_list.hpp"
#include "kernel/runtime/tenant_draft.hpp"

#include <concejo/error.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace kernel::runtime {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;
namespace fs = std::filesystem;

constexpr std::size_t file_limit = 1 << 20, body_limit = 64 << 10, copies_kept = 50;

const char* name_of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::invalid:
            return "invalid";
        case ErrorKind::not_found:
            return "not_found";
        case ErrorKind::forbidden:
            return "forbidden";
        case ErrorKind::conflict:
            return "conflict";
        case ErrorKind::unavailable:
            return "unavailable";
        case ErrorKind::internal:
            break;
    }
    return "internal";
}

/// Errors of one file, and warnings that name a line of it (the others tell of the installation's folders).
Json problems_of(const config::Installation& installation, const std::string& file) {
    config::Problems mine;
    for (const auto& problem : installation.problems.all()) {
        if (problem.place.file != file) continue;
        if (problem.severity == config::Severity::error)
            mine.error(problem.place, problem.message);
        else if (problem.place.line > 0)
            mine.warning(problem.place, problem.message);
    }
    return mine.json();
}

bool has_errors(const Json& problems) {
    const auto& all = problems.as_array();
    return std::any_of(all.begin(), all.end(),
                       [](const Json& one) { return one.string_or("severity", "") == "error"; });
}

Json hunks_of(const std::string& before, const std::string& after) {
    Json hunks = Json::array();
    for (const auto& hunk : base::diff_lines(before, after)) {
        Json lines = Json::array();
        for (const auto& line : hunk.lines) {
            const char* kind = line.kind == base::DiffLine::Kind::same      ? "same"
                               : line.kind == base::DiffLine::Kind::removed ? "removed"
                                                                            : "added";
            lines.push_back(Json::object({{"kind", kind},
                                          {"before", static_cast<long>(line.before)},
                                          {"after", static_cast<long>(line.after)},
                                          {"text", line.text}}));
        }
        hunks.push_back(Json::object({{"lines", std::move(lines)}}));
    }
    return hunks;
}

Json strings(const std::vector<std::string>& texts) {
    Json list = Json::array();
    for (const auto& text : texts) list.push_back(text);
    return list;
}
std::vector<std::string> strings(const Json& request, const char* name) {
    std::vector<std::string> list;
    if (!request[name].is_array()) return list;
    for (const auto& text : request[name].as_array())
        if (text.is_string()) list.push_back(text.as_string());
    return list;
}

std::string file_of(const std::string& slug) { return "municipios/" + slug + ".yaml"; }

bool knows(const Configuration& configuration, const std::string& slug) {
    const auto& left_out = configuration.installation.left_out;
    return configuration.installation.find(slug) ||
           std::find(left_out.begin(), left_out.end(), slug) != left_out.end();
}

Configuration known(const paths::Paths& paths, const std::string& slug) {
    auto configuration = read_configuration(paths, paths.config());
    if (!configuration.installation.usable)
        throw Error(ErrorKind::invalid, base::tr("la configuración tiene errores:") + "\n" +
                                            configuration.installation.problems.text());
    if (!knows(configuration, slug))
        throw Error(ErrorKind::not_found, base::tr("no hay ningún municipio «{}»", slug.substr(0, 80)));
    return configuration;
}

bool active(const config::Installation& installation, const std::string& slug, const std::string& module) {
    const auto* municipio = installation.find(slug);
    if (!municipio) return false;
    const auto found = municipio->modules.find(module);
    return found != municipio->modules.end() && found->second.active;
}

NewTenant new_tenant(const Json& request) {
    NewTenant asked;
    asked.slug = request.string_or("slug", "");
    asked.name = request.string_or("name", "");
    asked.ine = request.string_or("ine", "");
    asked.id = request.string_or("id", "");
    asked.hosts = strings(request, "hosts");
    asked.languages = strings(request, "languages");
    asked.modules = strings(request, "modules");
    if (asked.hosts.empty())
        throw Error(ErrorKind::invalid, base::tr("hace falta al menos un nombre de host de la sede"));
    if (asked.ine.empty() && asked.id.empty())
        throw Error(ErrorKind::invalid, base::tr("hace falta el código INE del municipio"));
    return asked;
}

}  // namespace

ConfigDesk::Answer ConfigDesk::operator()(const Json& request) const {
    try {
        auto made = answer(request);
        made.json["ok"] = true;
        return made;
    } catch (const Error& error) {
        return {Json::object({{"ok", false}, {"kind", name_of(error.kind())}, {"error", error.what()}}), ""};
    } catch (const std::exception& error) {
        return {Json::object({{"ok", false}, {"kind", "internal"}, {"error", error.what()}}), ""};
    }
}

ConfigDesk::Answer ConfigDesk::answer(const Json& request) const {
    const auto ask = request.string_or("ask", "");
    const auto tenant = request.string_or("tenant", "");
    if (ask == "modules") return {modules(tenant), ""};
    if (ask == "module") return {module(tenant, request.string_or("module", "")), ""};
    if (ask == "review" || ask == "write") return module_change(request, ask == "write");
    if (ask == "tenants") return {tenants(), ""};
    if (ask == "tenant-review" || ask == "tenant-write") return tenant_change(request, ask == "tenant-write");
    if (ask == "plugins") return {plugins(), ""};
    throw Error(ErrorKind::invalid, base::tr("orden desconocida"));
}

std::string ConfigDesk::text_of(const std::string& slug) const {
    return base::read_file(paths_.config() / file_of(slug), file_limit);
}

Json ConfigDesk::modules(const std::string& slug) const {
    const auto configuration = known(paths_, slug);
    const auto text = text_of(slug);
    const auto in_file = config::module_ids(text);
    const auto schemas =
        config::Loader(paths::share_folder() / "config").schema_json(schemas_of(configuration.candidates));
    Json list = Json::array();
    for (const auto& candidate : configuration.candidates) {
        const auto& schema = schemas["properties"]["modulos"]["properties"][candidate.id];
        list.push_back(Json::object(
            {{"id", candidate.id},
             {"title", schema.is_object() ? schema.string_or("title", "") : std::string()},
             {"active", active(configuration.installation, slug, candidate.id)},
             {"in_file", std::find(in_file.begin(), in_file.end(), candidate.id) != in_file.end()}}));
    }
    return Json::object({{"modules", std::move(list)},
                         {"sha256", base::sha256_hex(text)},
                         {"problems", problems_of(configuration.installation, file_of(slug))}});
}

Json ConfigDesk::module(const std::string& slug, const std::string& id) const {
    const auto configuration = known(paths_, slug);
    const auto& candidates = configuration.candidates;
    if (std::none_of(candidates.begin(), candidates.end(), [&](const auto& one) { return one.id == id; }))
        throw Error(ErrorKind::not_found, base::tr("no hay ningún módulo «{}»", id.substr(0, 80)));
    const auto schemas = config::Loader(paths::share_folder() / "config").schema_json(schemas_of(candidates));
    const auto text = text_of(slug);
    auto json = Json::object({{"sha256", base::sha256_hex(text)},
                              {"body", ""},
                              {"why", nullptr},
                              {"active", active(configuration.installation, slug, id)},
                              {"schema", schemas["properties"]["modulos"]["properties"][id]},
                              {"problems", problems_of(configuration.installation, file_of(slug))}});
    try {
        json["body"] = config::module_body(text, id);
    } catch (const Error& error) {
        json["why"] = error.what();
    }
    return json;
}

ConfigDesk::Answer ConfigDesk::module_change(const Json& request, bool writes) const {
    const auto slug = request.string_or("tenant", ""), id = request.string_or("module", "");
    const auto body = request.string_or("body", "");
    if (body.size() > body_limit)
        throw Error(ErrorKind::invalid, base::tr("los ajustes de un módulo no pueden pasar de 64 KiB"));
    const auto configuration = known(paths_, slug);
    const auto& candidates = configuration.candidates;
    if (std::none_of(candidates.begin(), candidates.end(), [&](const auto& one) { return one.id == id; }))
        throw Error(ErrorKind::not_found, base::tr("no hay ningún módulo «{}»", id.substr(0, 80)));
    const auto before = text_of(slug);
    const auto sha = base::sha256_hex(before);
    if (writes && request.string_or("sha256", "") != sha)
        throw Error(ErrorKind::conflict, base::tr("el archivo ha cambiado mientras tanto"));
    const config::Draft draft{slug, config::with_module_body(before, id, body)};
    const auto problems =
        problems_of(read_configuration(paths_, paths_.config(), &draft).installation, draft.name());
    Answer made{Json::object({{"sha256", sha},
                              {"changed", draft.text != before},
                              {"hunks", hunks_of(before, draft.text)},
                              {"problems", problems}}),
                ""};
    if (!writes || draft.text == before) return made;
    if (has_errors(problems))
        throw Error(ErrorKind::invalid, base::tr("el archivo no serviría: no se ha escrito"));
    keep_copy(slug, before);
    made.undo = put(slug, draft.text);
    made.file = draft.name();
    return made;
}

ConfigDesk::Answer ConfigDesk::tenant_change(const Json& request, bool writes) const {
    const auto draft = draft_of(paths_, new_tenant(request));
    Answer made{Json::object({{"text", draft.text}}), ""};
    if (!writes) return made;
    made.undo = put(draft.slug, draft.text);
    made.file = draft.name();
    return made;
}

Json ConfigDesk::tenants() const {
    const auto configuration = read_configuration(paths_, paths_.config());
    const auto& installation = configuration.installation;
    Json list = Json::array();
    for (const auto& municipio : installation.municipios) {
        std::vector<std::string> on;
        for (const auto& [id, module] : municipio.modules)
            if (module.active) on.push_back(id);
        list.push_back(Json::object({{"slug", municipio.slug},
                                     {"id", municipio.id},
                                     {"name", municipio.name},
                                     {"url", municipio.public_url},
                                     {"domains", strings(municipio.domains)},
                                     {"modules", strings(on)},
                                     {"state", municipio.last_good ? "last_good" : "good"},
                                     {"problems", problems_of(installation, file_of(municipio.slug))}}));
    }
    for (const auto& slug : installation.left_out)
        list.push_back(Json::object({{"slug", slug},
                                     {"id", ""},
                                     {"name", slug},
                                     {"url", nullptr},
                                     {"domains", Json::array()},
                                     {"modules", Json::array()},
                                     {"state", "left_out"},
                                     {"problems", problems_of(installation, file_of(slug))}}));
    std::vector<std::string> plugins;
    for (const auto& candidate : configuration.candidates) plugins.push_back(candidate.id);
    return Json::object({{"tenants", std::move(list)},
                         {"plugins", strings(plugins)},
                         {"languages", strings(installation.platform.languages)}});
}

Json ConfigDesk::plugins() const {
    return Json::object({{"plugins", plugin_list(read_configuration(paths_, paths_.config()))}});
}

/// As the file was, in data/config-anteriores/<slug>: what a person changed by a page can be looked up and
/// put back by hand. The oldest go.
void ConfigDesk::keep_copy(const std::string& slug, const std::string& text) const {
    const auto platform = config::Loader(paths::share_folder() / "config").load_platform(paths_.config());
    const auto& data = platform.platform.data;
    const auto folder = data / "config-anteriores" / slug;
    fs::create_directories(folder);
    const auto owner = base::owner_to_keep(data);  // with `usuario:` nothing in data/ is left to root
    for (const auto& path : {folder.parent_path(), folder}) {
        if (owner && ::lchown(path.c_str(), owner->user, owner->group) != 0)
            throw Error(ErrorKind::internal, base::tr("no se puede conservar el dueño de {}", path.string()));
    }
    base::remove_unfinished(folder);
    auto name = base::format_utc_ms(std::chrono::system_clock::now());
    std::replace(name.begin(), name.end(), ':', '-');
    base::write_file_atomically(folder / (name + ".yaml"), text, 0600, owner);
    std::vector<fs::path> copies;
    for (const auto& entry : fs::directory_iterator(folder)) copies.push_back(entry.path());
    std::sort(copies.begin(), copies.end());
    for (std::size_t i = 0; i + copies_kept < copies.size(); ++i) fs::remove(copies[i]);
}

std::function<void()> ConfigDesk::put(const std::string& slug, const std::string& text) const {
    const auto file = paths_.config() / file_of(slug);
    struct stat known {};
    const bool there = ::lstat(file.c_str(), &known) == 0;
    const auto refuse = [&] {
        throw Error(ErrorKind::forbidden,
                    base::tr("el servidor no puede escribir config/{}: haga este cambio en el archivo, en el "
                             "servidor, y escriba allí «concejo reload»",
                             file_of(slug)));
    };
    if ((there && !S_ISREG(known.st_mode)) || ::access(file.parent_path().c_str(), W_OK) != 0 ||
        (there && ::access(file.c_str(), W_OK) != 0))
        refuse();
    const mode_t mode = there ? known.st_mode & 07777 : 0644;
    const auto owner = base::owner_to_keep(file);
    const auto before = there ? base::read_file(file, file_limit) : std::string();
    base::write_file_atomically(file, text, mode, owner);
    return [file, before, there, text, mode, owner] {
        if (base::read_file(file, file_limit) != text) return;  // somebody else's by now
        if (there)
            base::write_file_atomically(file, before, mode, owner);
        else
            fs::remove(file);
    };
}

}  // namespace kernel::runtime
