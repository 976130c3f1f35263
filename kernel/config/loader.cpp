#include "kernel/config/loader.hpp"

#include "kernel/base/tr.hpp"
#include "kernel/config/loader_parts.hpp"
#include "kernel/config/reader.hpp"
#include "kernel/config/secret.hpp"

#include "kernel/base/files.hpp"
#include "kernel/base/text.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace kernel::config {
namespace {

constexpr std::size_t municipio_limit = 1 << 20;

std::string shown_name(const std::string& slug) { return "municipios/" + slug + ".yaml"; }

bool good_slug(std::string_view slug) {
    return !slug.empty() && slug.size() <= 63 && slug.front() != '-' &&
           slug.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

bool take_name(const std::string& slug, Problems& problems) {
    if (good_slug(slug)) return true;
    problems.error({shown_name(slug)},
                   base::tr("nombre de archivo no válido: minúsculas sin acentos, cifras y guiones, "
                            "terminado en .yaml"));
    return false;
}

/// Slugs in order; files with another name that look like a municipality's are told.
std::vector<std::string> slugs_in(const std::filesystem::path& folder, Problems& problems) {
    std::vector<std::string> slugs;
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with('.')) continue;
        const std::string shown = "municipios/" + name;
        if (name.ends_with(".yml")) {
            problems.warning({shown}, base::tr("no se lee: la terminación ha de ser .yaml"));
        } else if (name.ends_with(".yaml")) {
            std::string slug = name.substr(0, name.size() - 5);
            if (take_name(slug, problems)) slugs.push_back(std::move(slug));
        }
    }
    if (failed)
        problems.error({"municipios"},
                       base::tr("no se puede leer la carpeta {0}: {1}", folder.string(), failed.message()));
    std::sort(slugs.begin(), slugs.end());
    return slugs;
}

/// Reads the municipalities one by one, falls back to the last good text of the broken ones, and lets none in
/// that claims what another has.
class MunicipioLoader {
public:
    MunicipioLoader(const MunicipioContext& context, const LastGood* last_good, const Draft* draft,
                    Installation& installation)
        : context_(context), last_good_(last_good), draft_(draft), installation_(installation) {}

    void load(const std::vector<std::string>& slugs) {
        for (const std::string& slug : slugs) {
            if (auto municipio = read_current(slug))
                good_.push_back(std::move(*municipio));
            else
                fall_back(slug);
        }
        settle();  // the conflicting ones go back to their last good text …
        settle();  // … and are left out where that one clashes too
        std::sort(good_.begin(), good_.end(), [](const auto& a, const auto& b) { return a.slug < b.slug; });
        std::sort(installation_.left_out.begin(), installation_.left_out.end());
        installation_.municipios = std::move(good_);
    }

private:
    std::optional<MunicipioConfig> read_current(const std::string& slug) {
        Problems problems;
        std::optional<MunicipioConfig> municipio;
        try {
            const auto text =
                draft_ && draft_->slug == slug
                    ? draft_->text
                    : base::read_file(context_.config / "municipios" / (slug + ".yaml"), municipio_limit);
            municipio = read_municipio(text, slug, shown_name(slug), context_, problems);
            if (municipio && renamed(*municipio, problems)) municipio.reset();
        } catch (const concejo::Error& error) {
            problems.error({shown_name(slug)}, error.what());
        }
        installation_.problems.add(problems);
        return municipio;
    }

    /// The data are in the schema m_<id>: another id would be an empty municipality.
    bool renamed(const MunicipioConfig& municipio, Problems& problems) const {
        const auto text = last_good_ ? last_good_->text(municipio.slug) : std::nullopt;
        if (!text) return false;
        Problems ignored;
        const auto before = read_yaml(*text, "", {}, ignored);
        if (!before) return false;
        const Node* id =
            before->at("municipio.id") ? before->at("municipio.id") : before->at("municipio.ine");
        if (!id || !id->is_scalar() || id->text == municipio.id) return false;
        const Node* now = municipio.effective.at("municipio.id") ? municipio.effective.at("municipio.id")
                                                                 : municipio.effective.at("municipio.ine");
        problems.error(now->place,
                       base::tr("el identificador no puede cambiar: era '{0}' y ahora es '{1}'; si es otro "
                                "municipio, dé otro nombre al archivo",
                                id->text, municipio.id));
        return true;
    }

    void fall_back(const std::string& slug) {
        const auto text = last_good_ ? last_good_->text(slug) : std::nullopt;
        if (text) {
            Problems problems;
            const std::string file = last_good_->file(slug).string();
            auto municipio = read_municipio(*text, slug, file, context_, problems);
            if (municipio) {
                municipio->last_good = true;
                installation_.problems.warning(
                    {shown_name(slug)}, base::tr("sigue en servicio con su última copia buena: {}", file));
                good_.push_back(std::move(*municipio));
                return;
            }
            installation_.problems.add(problems);
        }
        installation_.left_out.push_back(slug);
    }

    void settle() {
        const auto conflicts = find_conflicts(good_, context_.platform);
        std::vector<MunicipioConfig> clashing;
        for (auto each = conflicts.rbegin(); each != conflicts.rend();
             ++each) {  // from the end: indexes stay right
            installation_.problems.add(each->second);
            clashing.push_back(std::move(good_[each->first]));
            good_.erase(good_.begin() + static_cast<std::ptrdiff_t>(each->first));
        }
        for (const MunicipioConfig& municipio : clashing) {
            if (municipio.last_good)
                installation_.left_out.push_back(municipio.slug);
            else
                fall_back(municipio.slug);
        }
    }

    const MunicipioContext& context_;
    const LastGood* last_good_;
    const Draft* draft_;
    Installation& installation_;
    std::vector<MunicipioConfig> good_;
};

/// Of one that is not there nobody could administer the installation.
void check_admin(Installation& installation, const std::vector<std::string>& slugs) {
    const auto& slug = installation.platform.admin_municipio;
    if (!slug.empty() && std::find(slugs.begin(), slugs.end(), slug) == slugs.end())
        installation.problems.warning(installation.platform.effective.at("administracion.municipio")->place,
                                      base::tr("administracion.municipio: no hay ningún municipio '{0}'{1}",
                                               slug, did_you_mean(slug, slugs)));
}

void check_names(const PlatformConfig& platform, const PluginSchemas& plugins, Problems& problems) {
    std::vector<std::string> ids;
    for (const auto& [id, file] : plugins) ids.push_back(id);
    if (const Node* safe = platform.effective.at("modo_seguro")) {
        for (const Node& item : safe->items) {
            if (!plugins.count(item.text))
                problems.error(item.place, base::tr("modo_seguro: módulo desconocido '{0}'{1}", item.text,
                                                    did_you_mean(item.text, ids)));
        }
    }
    if (const Node* pins = platform.effective.at("plugins.huellas")) {
        for (const Member& pin : pins->members) {
            if (!plugins.count(pin.key))
                problems.warning(pin.place, base::tr("plugins.huellas: el módulo '{0}' no está instalado{1}",
                                                     pin.key, did_you_mean(pin.key, ids)));
        }
    }
}

}  // namespace

Installation Loader::load_platform(const std::filesystem::path& config) const {
    Installation installation;
    Problems& problems = installation.problems;
    const auto schema = load_schema(share_ / "platform.schema.yaml", problems);
    ReaderOptions options;
    options.allow_env = true;
    auto tree = read_yaml_file(config / "platform.yaml", "platform.yaml", options, problems);
    if (!tree || !schema) return installation;
    if (tree->is_null()) tree->kind = NodeKind::mapping;  // an empty file: all by default
    schema->apply(*tree, "", problems);
    SecretFolder(config / "secretos", "").resolve(*tree, "platform.yaml", problems);
    if (problems.has_errors()) return installation;
    installation.platform = platform_from(*tree, config, problems);
    installation.usable = !problems.has_errors();
    return installation;
}

Installation Loader::load(const std::filesystem::path& config, const PluginSchemas& plugins,
                          const LastGood* last_good, const Draft* draft) const {
    Installation installation = load_platform(config);
    Problems& problems = installation.problems;
    const auto schema = load_schema(share_ / "municipio.schema.yaml", problems);
    const auto modules = load_module_schemas(plugins, problems);
    const auto absolute = std::filesystem::absolute(config).lexically_normal();
    if (installation.usable) {
        check_names(installation.platform, plugins, problems);
        check_module_defaults(installation.platform, modules, problems);
    }
    installation.usable = installation.usable && !problems.has_errors();
    if (!schema) return installation;
    auto slugs = slugs_in(config / "municipios", problems);
    if (draft && std::find(slugs.begin(), slugs.end(), draft->slug) == slugs.end() &&
        take_name(draft->slug, problems))
        slugs.push_back(draft->slug);
    if (installation.usable) {
        check_admin(installation, slugs);
        const MunicipioContext context{installation.platform, *schema, modules, absolute};
        MunicipioLoader(context, last_good, draft, installation).load(slugs);
        return installation;
    }
    // Nothing will serve, but the municipalities' problems are told all the same.
    PlatformConfig platform = installation.platform;
    if (platform.languages.empty()) platform.languages = {"es", "ca", "gl", "eu", "en"};
    const MunicipioContext context{platform, *schema, modules, absolute};
    MunicipioLoader(context, nullptr, draft, installation).load(slugs);
    installation.municipios.clear();
    installation.left_out = slugs;
    return installation;
}

}  // namespace kernel::config
