// municipios/<slug>.yaml, validated: one municipality. Keys of the file: municipio.schema.yaml.
#pragma once

#include "kernel/config/codes.hpp"
#include "kernel/config/node.hpp"

#include <concejo/json.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kernel::config {

/// A text in one or several languages.
struct LocalizedText {
    std::map<std::string, std::string> by_language;
    std::string original;  ///< language to fall back to

    bool empty() const noexcept { return by_language.empty(); }
    bool has(std::string_view language) const { return by_language.count(std::string(language)) != 0; }
    /// In this language, else in the original one, else in any.
    std::string in(std::string_view language) const;
};

/// What the file says about the looks; empty: as the theme has it. For kernel/themes.
struct ThemeConfig {
    std::string name;           ///< of a folder of themes/
    std::string brand, accent;  ///< "#rrggbb"
    std::string body_font, heading_font;
    std::optional<int> radius;                       ///< CSS pixels
    std::string shield;                              ///< SVG file, absolute
    std::map<std::string, std::string> light, dark;  ///< token -> colour
    Node node;                                       ///< places of each, for messages
};

struct ContactConfig {
    std::string phone, email, address, hours;
};

struct LegalConfig {
    std::string holder;            ///< titular de la sede; the municipality's name where not said
    std::string responsible_body;  ///< órgano responsable de la gestión y de los servicios
    std::string creation_rule, creation_date, creation_gazette,
        creation_url;                              ///< norma de creación de la sede
    std::string privacy_responsible;               ///< responsable del tratamiento
    std::string dpo_name, dpo_email, dpo_address;  ///< delegado de protección de datos
    std::string processing_register_url;           ///< registro de actividades de tratamiento
    std::string authority_name, authority_url;     ///< autoridad de control
    std::string accessibility_status;              ///< plena, parcial or no_conforme
    std::string accessibility_date, accessibility_review, accessibility_method;
    std::string accessibility_email, accessibility_phone, accessibility_claims_url;
    std::vector<std::string> accessibility_exceptions;  ///< contents that are not accessible, and why
    struct Cookie {
        std::string name, purpose, duration;
    };
    std::vector<Cookie> cookies;  ///< besides the platform's own
    LocalizedText notice;         ///< added to the legal notice
};

struct Shortcut {
    LocalizedText text;
    std::string href;  ///< "/tablon" inside the sede, or an https:// address
    std::string icon;
};

struct Notice {
    LocalizedText text;
    std::string level;        ///< informacion, aviso or urgente
    std::string from, until;  ///< inclusive days AAAA-MM-DD in the municipality's zone, or ""
    std::string href;
};

/// Where the municipality's plugins may send requests (salida).
struct EgressConfig {
    std::vector<std::string> servers;   ///< "boe.es", "*.aemet.es", "datos.ejemplo.es:8443", "*"
    std::vector<std::string> networks;  ///< addresses or CIDR blocks allowed although they are not public
};

struct ModuleConfig {
    bool active = false;
    concejo::Json settings =
        concejo::Json::object();  ///< defaults filled in, secrets in clear, without `activo`
    Node effective;               ///< the same with the place of each value
};

struct MunicipioConfig {
    std::string slug;  ///< the file's name
    std::string id;    ///< ^[a-z0-9_]+$, never changes
    std::string name, place;
    std::optional<CodigoIne> ine;
    std::optional<Dir3> dir3;
    std::optional<Nif> nif;
    std::vector<std::string> domains;    ///< lower case; the first is the canonical host
    std::string public_url;              ///< "https://sede.example.es", without a slash at the end
    std::vector<std::string> languages;  ///< the first is the default
    std::string time_zone = "Europe/Madrid";
    std::string database;  ///< name in platform.yaml
    ThemeConfig theme;
    ContactConfig contact;
    LegalConfig legal;
    EgressConfig egress;
    std::vector<Shortcut> shortcuts;  ///< most asked, on the home page
    std::vector<Notice> notices;
    std::optional<std::uint64_t> file_quota;      ///< bytes; 0: no limit; absent: as the installation says
    std::map<std::string, ModuleConfig> modules;  ///< by plugin id

    bool last_good = false;  ///< the file is broken: this is its last good text
    std::string source;      ///< the text it was read from
    Node effective;          ///< the whole file, modules merged
};

}  // namespace kernel::config
