#include "kernel/base/tr.hpp"
#include "kernel/config/loader_parts.hpp"
#include "kernel/config/reader.hpp"

#include "kernel/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kernel::config {
std::string text_at(const Node& tree, std::string_view path) {
    const Node* node = tree.at(path);
    return node && node->is_scalar() ? node->text : std::string();
}

std::vector<std::string> list_at(const Node& tree, std::string_view path) {
    std::vector<std::string> list;
    if (const Node* node = tree.at(path)) {
        for (const Node& item : node->items) list.push_back(item.text);
    }
    return list;
}

namespace {

LocalizedText localized(const Node* node, const std::string& original) {
    LocalizedText text;
    text.original = original;
    if (node && node->is_scalar()) text.by_language[original] = node->text;
    if (node && node->is_mapping()) {
        for (const Member& member : node->members) text.by_language[member.key] = member.value.text;
    }
    return text;
}

std::map<std::string, std::string> colors_at(const Node& tree, std::string_view path) {
    std::map<std::string, std::string> colors;
    if (const Node* node = tree.at(path)) {
        for (const Member& member : node->members) colors[member.key] = member.value.text;
    }
    return colors;
}

ThemeConfig theme_from(const Node& tree, const std::filesystem::path& config) {
    ThemeConfig theme;
    theme.node = tree;
    if (tree.is_scalar()) {
        theme.name = tree.text;
        return theme;
    }
    theme.name = text_at(tree, "nombre");
    theme.brand = text_at(tree, "marca");
    theme.accent = text_at(tree, "acento");
    theme.body_font = text_at(tree, "letra");
    theme.heading_font = text_at(tree, "letra_titulos");
    if (const Node* radius = tree.at("radio")) theme.radius = static_cast<int>(radius->json().as_int());
    if (tree.at("escudo")) theme.shield = (config / text_at(tree, "escudo")).lexically_normal().string();
    theme.light = colors_at(tree, "claro");
    theme.dark = colors_at(tree, "oscuro");
    return theme;
}

LegalConfig legal_from(const Node& tree, const std::string& name, const std::string& language) {
    const auto or_else = [](std::string text, const std::string& otherwise) {
        return text.empty() ? otherwise : text;
    };
    LegalConfig legal;
    legal.holder = or_else(text_at(tree, "titular"), name);
    legal.responsible_body = text_at(tree, "organo_responsable");
    legal.creation_rule = text_at(tree, "creacion_sede.norma");
    legal.creation_date = text_at(tree, "creacion_sede.fecha");
    legal.creation_gazette = text_at(tree, "creacion_sede.publicacion");
    legal.creation_url = text_at(tree, "creacion_sede.enlace");
    legal.privacy_responsible = or_else(text_at(tree, "proteccion_datos.responsable"), legal.holder);
    legal.dpo_name = text_at(tree, "proteccion_datos.delegado");
    legal.dpo_email = text_at(tree, "proteccion_datos.correo_delegado");
    legal.dpo_address = text_at(tree, "proteccion_datos.direccion_delegado");
    legal.processing_register_url = text_at(tree, "proteccion_datos.registro_de_actividades");
    legal.authority_name = text_at(tree, "proteccion_datos.autoridad");
    legal.authority_url = text_at(tree, "proteccion_datos.enlace_autoridad");
    legal.accessibility_status = text_at(tree, "accesibilidad.situacion");
    legal.accessibility_date = text_at(tree, "accesibilidad.fecha");
    legal.accessibility_review = text_at(tree, "accesibilidad.revision");
    legal.accessibility_method = text_at(tree, "accesibilidad.metodo");
    legal.accessibility_email = text_at(tree, "accesibilidad.correo");
    legal.accessibility_phone = text_at(tree, "accesibilidad.telefono");
    legal.accessibility_claims_url = text_at(tree, "accesibilidad.reclamaciones");
    legal.accessibility_exceptions = list_at(tree, "accesibilidad.excepciones");
    if (const Node* cookies = tree.find("cookies")) {
        for (const Node& cookie : cookies->items)
            legal.cookies.push_back(
                {text_at(cookie, "nombre"), text_at(cookie, "finalidad"), text_at(cookie, "duracion")});
    }
    legal.notice = localized(tree.find("aviso"), language);
    return legal;
}

/// Places for messages about a key that may not be there.
Place place_of(const Node& tree, std::string_view path) {
    const Node* node = tree.at(path);
    return node ? node->place : tree.place;
}

void codes_from(const Node& tree, MunicipioConfig& municipio, Problems& problems) {
    const auto take = [&tree]<class Code>(std::string_view key, std::optional<Code>& into) {
        if (!tree.find(key)) return;
        if (auto code = Code::parse(text_at(tree, key)); code.ok()) into = *code;
    };
    take("ine", municipio.ine);
    take("dir3", municipio.dir3);
    take("nif", municipio.nif);
    municipio.id = text_at(tree, "id");
    if (municipio.id.empty() && municipio.ine) municipio.id = municipio.ine->text();
    if (municipio.id.empty())
        problems.error(tree.place,
                       base::tr("municipio: falta 'ine', o 'id' si la entidad no es un municipio"));
    if (municipio.ine && municipio.dir3 && !municipio.dir3->ine().empty() &&
        municipio.dir3->ine() != municipio.ine->text())
        problems.error(place_of(tree, "dir3"),
                       base::tr("municipio.dir3: {0} es del municipio {1}, y 'ine' dice {2}",
                                municipio.dir3->text(), municipio.dir3->ine(), municipio.ine->text()));
}

void hosts_from(const Node& tree, const HttpConfig& http, MunicipioConfig& municipio) {
    for (const auto& domain : list_at(tree, "dominios"))
        municipio.domains.push_back(base::lower_ascii(domain));
    municipio.public_url = text_at(tree, "url_publica");
    if (!municipio.public_url.empty()) return;
    const std::uint16_t usual = http.public_scheme == "https" ? 443 : 80;
    municipio.public_url = fmt::format("{}://{}", http.public_scheme, municipio.domains.front());
    if (http.public_port != usual) municipio.public_url += fmt::format(":{}", http.public_port);
}

void languages_from(const Node& tree, const PlatformConfig& platform, MunicipioConfig& municipio,
                    Problems& problems) {
    for (const Node& item : tree.at("idiomas")->items) {
        municipio.languages.push_back(item.text);
        const auto& offered = platform.languages;
        if (std::find(offered.begin(), offered.end(), item.text) == offered.end())
            problems.error(item.place,
                           base::tr("municipio.idiomas: '{0}' no está entre los de platform.yaml ({1})",
                                    item.text, base::join(offered, ", ")));
    }
}

void database_from(const Node& tree, const PlatformConfig& platform, MunicipioConfig& municipio,
                   Problems& problems) {
    municipio.database =
        tree.find("base_de_datos") ? text_at(tree, "base_de_datos") : platform.default_database;
    if (platform.databases.empty() || platform.databases.count(municipio.database))
        return;  // empty: platform.yaml is wrong
    std::vector<std::string> names;
    for (const auto& [name, database] : platform.databases) names.push_back(name);
    problems.error(place_of(tree, "base_de_datos"),
                   base::tr("municipio.base_de_datos: platform.yaml no tiene ninguna base '{0}'{1}",
                            municipio.database, did_you_mean(municipio.database, names)));
}

EgressConfig egress_from(const Node& tree, Problems& problems) {
    EgressConfig egress{list_at(tree, "salida.servidores"), list_at(tree, "salida.redes_privadas")};
    if (const Node* networks = tree.at("salida.redes_privadas")) {
        for (const Node& network : networks->items) {
            if (!is_block(network.text))
                problems.error(network.place,
                               base::tr("salida.redes_privadas: '{}' no es una dirección IP ni un "
                                        "bloque (10.1.2.0/24)",
                                        network.text));
        }
    }
    return egress;
}

void home_from(const Node& tree, MunicipioConfig& municipio, Problems& problems) {
    const std::string& language = municipio.languages.front();
    if (const Node* shortcuts = tree.at("portada.accesos")) {
        for (const Node& item : shortcuts->items)
            municipio.shortcuts.push_back(
                {localized(item.find("texto"), language), text_at(item, "enlace"), text_at(item, "icono")});
    }
    const Node* notices = tree.at("portada.avisos");
    if (!notices) return;
    for (const Node& item : notices->items) {
        Notice notice{localized(item.find("texto"), language), text_at(item, "nivel"), text_at(item, "desde"),
                      text_at(item, "hasta"), text_at(item, "enlace")};
        if (!notice.from.empty() && !notice.until.empty() && notice.until < notice.from)
            problems.error(item.find("hasta")->place,
                           base::tr("portada.avisos: termina el {0}, antes de comenzar ({1})", notice.until,
                                    notice.from));
        municipio.notices.push_back(std::move(notice));
    }
}

}  // namespace

std::string LocalizedText::in(std::string_view language) const {
    for (const std::string& wanted : {std::string(language), original}) {
        if (const auto found = by_language.find(wanted); found != by_language.end()) return found->second;
    }
    return by_language.empty() ? std::string() : by_language.begin()->second;
}

MunicipioConfig municipio_from(const Node& tree, const std::string& slug, const MunicipioContext& context,
                               Problems& problems) {
    const Node& identity = *tree.find("municipio");
    MunicipioConfig municipio;
    municipio.slug = slug;
    codes_from(identity, municipio, problems);
    municipio.name = text_at(identity, "nombre");
    municipio.place = identity.find("lugar") ? text_at(identity, "lugar") : municipio.name;
    hosts_from(identity, context.platform.http, municipio);
    languages_from(identity, context.platform, municipio, problems);
    municipio.time_zone = text_at(identity, "zona_horaria");
    if (!known_time_zone(municipio.time_zone))
        problems.error(place_of(identity, "zona_horaria"),
                       base::tr("municipio.zona_horaria: '{0}' no existe{1}", municipio.time_zone,
                                did_you_mean(municipio.time_zone,
                                             {"Europe/Madrid", "Atlantic/Canary", "Africa/Ceuta"})));
    database_from(identity, context.platform, municipio, problems);
    municipio.theme = theme_from(*identity.find("tema"), context.config);
    municipio.contact = {text_at(identity, "contacto.telefono"), text_at(identity, "contacto.correo"),
                         text_at(identity, "contacto.direccion"), text_at(identity, "contacto.horario")};
    const Node* legal = tree.find("legal");
    municipio.legal = legal_from(legal ? *legal : Node{}, municipio.name, municipio.languages.front());
    municipio.egress = egress_from(tree, problems);
    home_from(tree, municipio, problems);
    if (const Node* quota = tree.at("ficheros.cuota_mib"))
        municipio.file_quota = static_cast<std::uint64_t>(quota->json().as_int()) << 20;
    return municipio;
}

std::optional<MunicipioConfig> read_municipio(std::string_view text, const std::string& slug,
                                              const std::string& shown_as, const MunicipioContext& context,
                                              Problems& problems) {
    Problems found;
    auto tree = read_yaml(text, shown_as, {}, found);
    std::optional<MunicipioConfig> municipio;
    if (tree) {
        context.schema.apply(*tree, "", found);
        std::map<std::string, ModuleConfig> modules;
        if (tree->is_mapping()) modules = modules_from(*tree, slug, shown_as, context, found);
        if (!found.has_errors()) {
            municipio = municipio_from(*tree, slug, context, found);
            municipio->modules = std::move(modules);
            municipio->effective = std::move(*tree);
            municipio->source = text;
        }
    }
    problems.add(found);
    if (found.has_errors()) return std::nullopt;
    return municipio;
}

}  // namespace kernel::config
