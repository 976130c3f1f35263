#include "kernel/base/tr.hpp"
#include "kernel/config/loader_parts.hpp"

#include "kernel/base/encoding.hpp"
#include "kernel/base/text.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace kernel::config {
namespace {

/// The schema gives every number a default and bounds.
template <class Number>
void number_at(const Node& tree, std::string_view path, Number& into, std::uint64_t unit = 1) {
    if (const Node* node = tree.at(path))
        into = static_cast<Number>(static_cast<std::uint64_t>(node->json().as_int()) * unit);
}

void seconds_at(const Node& tree, std::string_view path, std::chrono::seconds& into) {
    if (const Node* node = tree.at(path)) into = std::chrono::seconds{node->json().as_int()};
}

/// Bits of an address: 32 or 128; 0 where it is none.
int address_bits(const std::string& text) {
    unsigned char bytes[16];
    if (::inet_pton(AF_INET, text.c_str(), bytes) == 1) return 32;
    return ::inet_pton(AF_INET6, text.c_str(), bytes) == 1 ? 128 : 0;
}

}  // namespace

bool is_block(const std::string& text) {
    const std::size_t slash = text.find('/');
    const int bits = address_bits(text.substr(0, slash));
    if (bits == 0 || slash == std::string::npos) return bits != 0;
    int length = -1;
    const char* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data() + slash + 1, end, length);
    return error == std::errc{} && stopped == end && length >= 0 && length <= bits;
}

namespace {

HttpLimits limits_from(const Node& tree) {
    HttpLimits limits;
    seconds_at(tree, "cabecera_s", limits.head);
    seconds_at(tree, "cuerpo_s", limits.body);
    number_at(tree, "cuerpo_kib_por_s", limits.body_rate, 1 << 10);
    seconds_at(tree, "inactividad_s", limits.idle);
    seconds_at(tree, "escritura_s", limits.write);
    seconds_at(tree, "manejador_s", limits.handler);
    number_at(tree, "linea_kib", limits.line_bytes, 1 << 10);
    number_at(tree, "cabeceras_kib", limits.head_bytes, 1 << 10);
    number_at(tree, "campos", limits.fields);
    number_at(tree, "cuerpo_kib", limits.body_bytes, 1 << 10);
    number_at(tree, "trozo_kib", limits.chunk_bytes, 1 << 10);
    number_at(tree, "archivo_mib", limits.upload_bytes, 1 << 20);
    number_at(tree, "conexiones", limits.connections);
    number_at(tree, "conexiones_por_direccion", limits.connections_per_address);
    number_at(tree, "eventos", limits.event_streams);
    number_at(tree, "eventos_por_direccion", limits.event_streams_per_address);
    number_at(tree, "cola", limits.handler_queue);
    number_at(tree, "pendiente_mib", limits.pending_bytes, 1 << 20);
    return limits;
}

HttpConfig http_from(const Node& tree, const std::filesystem::path& root, Problems& problems) {
    HttpConfig http;
    http.address = text_at(tree, "direccion");
    if (address_bits(http.address) == 0)
        problems.error(tree.at("direccion")->place,
                       base::tr("http.direccion: '{}' no es una dirección IP", http.address));
    number_at(tree, "puerto", http.port);
    http.public_scheme = text_at(tree, "esquema_publico");
    http.public_port = http.public_scheme == "https" ? 443 : http.port;
    number_at(tree, "puerto_publico", http.public_port);
    number_at(tree, "procesos", http.workers);
    number_at(tree, "hilos_manejadores", http.handler_threads);
    number_at(tree, "hilos_borde", http.edge_threads);
    seconds_at(tree, "drenaje_s", http.drain);
    if (const Node* proxies = tree.at("proxies_de_confianza")) {
        for (const Node& proxy : proxies->items) {
            if (!is_block(proxy.text))
                problems.error(proxy.place,
                               base::tr("http.proxies_de_confianza: '{}' no es una dirección IP ni un "
                                        "bloque (10.0.0.0/8)",
                                        proxy.text));
            http.trusted_proxies.push_back(proxy.text);
        }
    }
    if (tree.at("tls")) {
        http.certificate = (root / text_at(tree, "tls.certificado")).lexically_normal();
        http.key = (root / text_at(tree, "tls.clave")).lexically_normal();
    }
    if (const Node* limits = tree.at("limites")) http.limits = limits_from(*limits);
    if (const Node* rates = tree.at("ritmos")) {
        number_at(*rates, "paginas_por_direccion", http.rates.pages_per_address);
        number_at(*rates, "escrituras_por_direccion", http.rates.writes_per_address);
        number_at(*rates, "accesos_por_direccion", http.rates.logins_per_address);
        number_at(*rates, "accesos_por_cuenta", http.rates.logins_per_account);
    }
    return http;
}

AccessConfig access_from(const Node& tree, Problems& problems) {
    AccessConfig access;
    access.key = Secret(text_at(tree, "clave"));
    const auto& key = access.key.reveal();
    if (!key.empty() && (key.size() != 64 || !base::unhex(key)))
        problems.error(tree.at("clave")->place,
                       base::tr("acceso.clave: ha de tener 64 cifras hexadecimales (openssl rand -hex 32)"));
    number_at(tree, "bloqueo.fallos", access.failures);
    number_at(tree, "bloqueo.fallos_por_direccion", access.address_failures);
    seconds_at(tree, "bloqueo.espera_s", access.lock);
    seconds_at(tree, "bloqueo.espera_maxima_s", access.longest_lock);
    std::chrono::seconds minutes{}, hours{};
    seconds_at(tree, "sesion.inactividad_min", minutes);
    seconds_at(tree, "sesion.duracion_h", hours);
    access.session_idle = minutes * 60;
    access.session_life = hours * 3600;
    if (access.lock > access.longest_lock)
        problems.error(tree.at("bloqueo.espera_s")->place,
                       base::tr("acceso.bloqueo.espera_s: {0} es mayor que espera_maxima_s ({1})",
                                access.lock.count(), access.longest_lock.count()));
    if (access.session_idle > access.session_life)
        problems.error(tree.at("sesion.inactividad_min")->place,
                       base::tr("acceso.sesion.inactividad_min: {0} minutos son más que duracion_h ({1} h)",
                                minutes.count(), hours.count()));
    return access;
}

void databases_from(const Node& tree, PlatformConfig& platform, Problems& problems) {
    platform.default_database = text_at(tree, "defecto.base_de_datos");
    const Node* databases = tree.at("base_de_datos");
    if (!databases || databases->members.empty()) {
        platform.databases[platform.default_database].name = platform.default_database;
        return;
    }
    std::vector<std::string> names;
    for (const Member& member : databases->members) {
        DatabaseConfig database;
        database.name = member.key;
        database.dsn =
            Secret(member.value.is_scalar() ? member.value.text : text_at(member.value, "conexion"));
        number_at(member.value, "conexiones", database.connections);
        platform.databases.emplace(member.key, std::move(database));
        names.push_back(member.key);
    }
    if (!platform.databases.count(platform.default_database)) {
        const Node* said = tree.at("defecto.base_de_datos");
        problems.error(
            said->from_schema ? tree.member("base_de_datos")->place : said->place,
            base::tr("ninguna base se llama '{0}': llame así a una, o escriba en 'defecto.base_de_datos' "
                     "una de estas: {1}",
                     platform.default_database, base::join(names, ", ")));
    }
}

FilesConfig files_from(const Node& tree) {
    FilesConfig files;
    number_at(tree, "cuota_mib", files.quota, 1 << 20);
    number_at(tree, "subidas.maximo_mib", files.upload_bytes, 1 << 20);
    number_at(tree, "subidas.por_persona", files.uploads_per_owner);
    if (const Node* life = tree.at("subidas.caducidad_h"))
        files.upload_life = std::chrono::hours{life->json().as_int()};
    if (!tree.at("s3")) return files;
    files.s3 = S3Config{text_at(tree, "s3.direccion"), text_at(tree, "s3.deposito"),
                        text_at(tree, "s3.region"),    text_at(tree, "s3.prefijo"),
                        text_at(tree, "s3.clave_id"),  Secret(text_at(tree, "s3.clave"))};
    return files;
}

bool is_loopback(const std::string& address) { return address.starts_with("127.") || address == "::1"; }

void check_metrics(const Node& tree, Problems& problems) {
    const auto address = text_at(tree, "direccion");
    if (address_bits(address) == 0)
        problems.error(tree.at("direccion")->place,
                       base::tr("metricas.direccion: '{}' no es una dirección IP", address));
    else if (!is_loopback(address) && !tree.at("fuera_de_la_maquina")->json().as_bool())
        problems.error(tree.at("direccion")->place,
                       base::tr("metricas.direccion: {} se ve desde otras máquinas y las métricas no piden "
                                "contraseña; si es lo que quiere, escriba 'fuera_de_la_maquina: true'",
                                address));
}

}  // namespace

PlatformConfig platform_from(const Node& tree, const std::filesystem::path& config, Problems& problems) {
    const auto root = std::filesystem::absolute(config).lexically_normal().parent_path();
    PlatformConfig platform;
    const std::string mode = text_at(tree, "modo");
    platform.mode = mode == "desarrollo"     ? Mode::desarrollo
                    : mode == "demostracion" ? Mode::demostracion
                                             : Mode::produccion;
    platform.user = text_at(tree, "usuario");
    platform.data = (root / text_at(tree, "datos")).lexically_normal();
    platform.http = http_from(*tree.at("http"), root, problems);
    platform.access = access_from(*tree.at("acceso"), problems);
    number_at(tree, "trabajos.procesos", platform.job_workers);
    number_at(tree, "trabajos.hilos", platform.job_threads);
    seconds_at(tree, "trabajos.relevo_s", platform.job_lease);
    databases_from(tree, platform, problems);
    for (const auto& folder : list_at(tree, "plugins.carpetas"))
        platform.plugin_folders.push_back((root / folder).lexically_normal());
    if (const Node* pins = tree.at("plugins.huellas")) {
        for (const Member& pin : pins->members)
            platform.plugin_pins[pin.key] = base::lower_ascii(pin.value.text);
    }
    platform.safe_mode = list_at(tree, "modo_seguro");
    platform.languages = list_at(tree, "idiomas");
    platform.admin_municipio = text_at(tree, "administracion.municipio");
    for (const auto& domain : list_at(tree, "administracion.dominios"))
        platform.admin_domains.push_back(base::lower_ascii(domain));
    platform.admin_mail = list_at(tree, "administracion.avisos");
    platform.log_level = text_at(tree, "registro.nivel");
    if (tree.at("correo")) {
        MailConfig mail;
        mail.server = text_at(tree, "correo.servidor");
        number_at(tree, "correo.puerto", mail.port);
        mail.security = text_at(tree, "correo.cifrado");
        mail.user = text_at(tree, "correo.usuario");
        mail.password = Secret(text_at(tree, "correo.clave"));
        mail.sender = text_at(tree, "correo.remitente");
        if (mail.security == "ninguno" && !mail.user.empty())
            problems.error(
                tree.at("correo.usuario")->place,
                base::tr(
                    "correo.usuario: la contraseña no se envía sin cifrar; use 'cifrado: starttls' o 'tls'"));
        if (!mail.user.empty() && mail.password.empty())
            problems.error(tree.at("correo.usuario")->place,
                           base::tr("correo.usuario: falta 'correo.clave' (!secret)"));
        platform.mail = std::move(mail);
    }
    if (tree.at("salida.autoridades"))
        platform.authorities = (root / text_at(tree, "salida.autoridades")).lexically_normal();
    if (const Node* files = tree.at("ficheros")) platform.files = files_from(*files);
    check_metrics(*tree.at("metricas"), problems);
    if (const Node* defaults = tree.at("defecto.modulos")) platform.module_defaults = *defaults;
    platform.effective = tree;
    return platform;
}

MetricsConfig metrics_config(const PlatformConfig& platform) {
    MetricsConfig metrics;
    const Node* tree = platform.effective.at("metricas");
    if (!tree) return metrics;
    metrics.address = text_at(*tree, "direccion");
    number_at(*tree, "puerto", metrics.port);
    number_at(*tree, "series_por_complemento", metrics.series_per_plugin);
    return metrics;
}

}  // namespace kernel::config
