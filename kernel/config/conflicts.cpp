#include "kernel/base/tr.hpp"
#include "kernel/config/loader_parts.hpp"

#include "kernel/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace kernel::config {
namespace {

struct Claim {
    std::size_t owner;
    Place place;
};

Place place_of_domain(const MunicipioConfig& municipio, std::size_t index) {
    const Node* domains = municipio.effective.at("municipio.dominios");
    return domains && index < domains->items.size() ? domains->items[index].place : Place{municipio.slug};
}

Place place_of_id(const MunicipioConfig& municipio) {
    for (const char* key : {"municipio.id", "municipio.ine"}) {
        if (const Node* node = municipio.effective.at(key)) return node->place;
    }
    return {municipio.slug};
}

std::string clash(const char* sentence, const std::string& name, const std::string& place) {
    return fmt::vformat(base::translated(sentence), fmt::make_format_args(name, place));
}

/// Each name that several municipalities claim is a problem of all of them: none is preferred.
void add_clashes(const std::map<std::string, std::vector<Claim>>& claims, const char* sentence,
                 std::map<std::size_t, Problems>& problems) {
    for (const auto& [name, owners] : claims) {
        for (const Claim& mine : owners) {
            for (const Claim& other : owners) {
                if (other.owner != mine.owner)
                    problems[mine.owner].error(mine.place, clash(sentence, name, other.place.text()));
            }
        }
    }
}

}  // namespace

std::map<std::size_t, Problems> find_conflicts(const std::vector<MunicipioConfig>& municipios,
                                               const PlatformConfig& platform) {
    std::map<std::size_t, Problems> problems;
    std::map<std::string, std::vector<Claim>> domains, ids;
    for (std::size_t i = 0; i < municipios.size(); ++i) {
        const MunicipioConfig& municipio = municipios[i];
        ids[municipio.id].push_back({i, place_of_id(municipio)});
        for (std::size_t d = 0; d < municipio.domains.size(); ++d) {
            const Place place = place_of_domain(municipio, d);
            domains[municipio.domains[d]].push_back({i, place});
            const auto& admin = platform.admin_domains;
            if (std::find(admin.begin(), admin.end(), municipio.domains[d]) != admin.end())
                problems[i].error(place, base::tr("el dominio {} es el de administración (platform.yaml)",
                                                  municipio.domains[d]));
        }
    }
    add_clashes(domains, base::N_("el dominio {0} ya está en {1}"), problems);
    add_clashes(ids, base::N_("el identificador {0} ya está en {1}"), problems);
    return problems;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
    const std::string near = base::nearest(word, candidates);
    return near.empty() ? std::string() : base::tr("; ¿quería decir '{}'?", near);
}

bool known_time_zone(std::string_view name) {
    static constexpr std::string_view letters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-/";
    const bool shaped =
        !name.empty() && name.front() != '/' && name.find_first_not_of(letters) == std::string_view::npos;
    if (!shaped) return false;
    const char* told = std::getenv("TZDIR");
    const std::filesystem::path folder = told && *told ? told : "/usr/share/zoneinfo";
    std::error_code ignored;
    if (!std::filesystem::is_directory(folder, ignored))  // a machine without tzdata: Spain's zones
        return name == "Europe/Madrid" || name == "Atlantic/Canary" || name == "Africa/Ceuta" ||
               name == "UTC";
    return std::filesystem::is_regular_file(folder / name, ignored);
}

}  // namespace kernel::config
