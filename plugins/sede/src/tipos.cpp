#include "tipos.hpp"

#include "text.hpp"

namespace sede {
namespace {

struct Usual {
    const char* id;
    const char* nombre;
};
constexpr Usual usual[] = {
    {"edicto", N_("Edicto")},
    {"anuncio", N_("Anuncio")},
    {"bando", N_("Bando")},
    {"convocatoria", N_("Convocatoria")},
    {"empleo-publico", N_("Empleo público")},
    {"contratacion", N_("Contratación")},
    {"urbanismo", N_("Urbanismo")},
    {"subvenciones", N_("Subvenciones")},
    {"padron-tributos", N_("Padrón y tributos")},
    {"plenos", N_("Plenos")},
    {"normativa", N_("Ordenanzas y reglamentos")},
    {"exposicion-publica", N_("Exposición pública")},
    {"otros", N_("Otros anuncios")},
};

/// "Exposición pública" and "exposicion_publica" alike.
std::string key(std::string_view text) {
    return text.find('.') == std::string_view::npos ? file_slug(text) : std::string();
}

}  // namespace

Tipos::Tipos(const concejo::Json& settings, const std::function<std::string(const char*)>& tr,
             std::string_view language) {
    for (const auto& tipo : usual) all_.push_back({tipo.id, tr(tipo.nombre)});
    const auto& more = settings["tipos"];
    if (!more.is_array()) return;
    for (const auto& tipo : more.as_array()) {
        const auto& names = tipo.at("nombre");
        all_.push_back({tipo.at("id").as_string(),
                        names.is_string()
                            ? names.as_string()
                            : names.string_or(language, names.string_or("es", tipo.at("id").as_string()))});
    }
}

bool Tipos::has(std::string_view id) const {
    for (const auto& tipo : all_) {
        if (tipo.id == id) return true;
    }
    return false;
}

std::string Tipos::name(std::string_view id) const {
    for (const auto& tipo : all_) {
        if (tipo.id == id) return tipo.nombre;
    }
    return std::string(id);
}

std::string Tipos::find(std::string_view text) const {
    const std::string wanted = key(text);
    for (const auto& tipo : all_) {
        if (tipo.id == wanted || key(tipo.nombre) == wanted) return tipo.id;
    }
    return {};
}

}  // namespace sede
