// platform.yaml, validated: the installation. Keys of the file: platform.schema.yaml.
#pragma once

#include "kernel/config/node.hpp"
#include "kernel/config/secret.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kernel::config {

enum class Mode { produccion, desarrollo, demostracion };

/// Limits of the HTTP front (http.limites). Sizes in bytes.
struct HttpLimits {
    std::chrono::seconds head{10};        ///< from its first byte
    std::chrono::seconds body{20};        ///< plus the body's size over body_rate
    std::uint64_t body_rate = 16 << 10;   ///< bytes per second
    std::chrono::seconds idle{15};        ///< keep-alive
    std::chrono::seconds write{20};       ///< without progress
    std::chrono::seconds handler{30};     ///< then 503
    std::uint64_t line_bytes = 8 << 10;   ///< 414
    std::uint64_t head_bytes = 16 << 10;  ///< 431
    std::uint32_t fields = 100;
    std::uint64_t body_bytes = 1 << 20;     ///< 413
    std::uint64_t chunk_bytes = 8 << 20;    ///< a piece of a resumable upload
    std::uint64_t upload_bytes = 50 << 20;  ///< a whole file, on disk
    std::uint32_t connections = 4096;       ///< per worker
    std::uint32_t connections_per_address = 128;
    std::uint32_t event_streams = 256;  ///< pages that update themselves, per worker: then 503
    std::uint32_t event_streams_per_address = 32;
    std::uint32_t handler_queue = 512;       ///< then 503
    std::uint64_t pending_bytes = 64 << 20;  ///< answers waiting for slow readers, per worker
};

/// Requests a minute (http.ritmos); 0: no limit.
struct HttpRates {
    std::uint32_t pages_per_address = 1200;
    std::uint32_t writes_per_address = 120;
    std::uint32_t logins_per_address = 20;
    std::uint32_t logins_per_account = 10;
};

struct HttpConfig {
    std::string address = "127.0.0.1";  ///< IPv4 or IPv6
    std::uint16_t port = 8080;
    std::string public_scheme = "http";  ///< what citizens see: http or https
    std::uint16_t public_port = 0;       ///< never 0 after loading
    std::uint32_t workers = 2;
    std::uint32_t handler_threads = 8;
    std::uint32_t edge_threads = 1;
    std::chrono::seconds drain{30};
    std::vector<std::string> trusted_proxies;  ///< addresses or CIDR blocks
    std::filesystem::path certificate, key;    ///< absolute; empty: no TLS in the front
    HttpLimits limits;
    HttpRates rates;
};

/// How staff gets in (acceso).
struct AccessConfig {
    Secret key;                  ///< 64 hexadecimal digits; empty: a file of this node's data folder has it
    std::uint32_t failures = 5;  ///< of an account, until the first lock
    std::uint32_t address_failures = 20;
    std::chrono::seconds lock = std::chrono::minutes(1);  ///< the first; doubled with each further failure
    std::chrono::seconds longest_lock = std::chrono::hours(1);
    std::chrono::seconds session_idle = std::chrono::minutes(30);
    std::chrono::seconds session_life = std::chrono::hours(12);
};

struct DatabaseConfig {
    std::string name;
    Secret dsn;                      ///< a libpq connection string; empty: the embedded cluster
    std::uint32_t connections = 16;  ///< per worker process
    bool embedded() const noexcept { return dsn.empty(); }
};

struct MailConfig {
    std::string server;
    std::uint16_t port = 587;
    std::string security;  ///< starttls, tls or ninguno
    std::string user;
    Secret password;
    std::string sender;
};

/// A bucket for contents (ficheros.s3).
struct S3Config {
    std::string address;  ///< "https://s3.example.org" without a slash at the end
    std::string bucket, region, prefix;
    std::string key_id;
    Secret key;
};

/// Contents and uploads (ficheros). Sizes in bytes.
struct FilesConfig {
    std::uint64_t quota = 100ull << 30;       ///< of each municipality; 0: none
    std::uint64_t upload_bytes = 4ull << 30;  ///< one resumable upload
    std::uint32_t uploads_per_owner = 20;
    std::chrono::hours upload_life{24};
    std::optional<S3Config> s3;
};

/// Figures for operators (metricas).
struct MetricsConfig {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  ///< 0: the unix socket alone
    std::uint32_t series_per_plugin = 2000;
};

struct PlatformConfig {
    Mode mode = Mode::produccion;
    std::string user;            ///< account the workers run as; empty: who starts it
    std::filesystem::path data;  ///< absolute
    HttpConfig http;
    AccessConfig access;
    std::uint32_t job_workers = 1;
    std::uint32_t job_threads = 4;
    std::chrono::seconds job_lease{60};  ///< without a sign of life of its worker; then another takes the job
    std::string default_database = "principal";
    std::map<std::string, DatabaseConfig> databases;    ///< at least default_database
    std::vector<std::filesystem::path> plugin_folders;  ///< absolute; empty: the installed ones only
    std::map<std::string, std::string> plugin_pins;     ///< plugin id -> sha256, lower case
    std::vector<std::string> safe_mode;                 ///< plugins that start with --safe
    std::vector<std::string> languages;                 ///< of the installation: es, ca, gl, eu, en
    std::string admin_municipio;  ///< slug of the one whose staff may administer the installation; "": none
    std::vector<std::string> admin_domains;  ///< hosts of the operators' pages
    std::vector<std::string> admin_mail;     ///< who is told when a plugin is put in quarantine
    std::string log_level = "info";
    std::optional<MailConfig> mail;
    std::filesystem::path
        authorities;  ///< PEM file besides the system's, for outgoing TLS; absolute, or empty
    FilesConfig files;
    Node module_defaults;  ///< defecto.modulos: a mapping, or null
    Node effective;        ///< the whole file with its defaults, each value with its place
};

MetricsConfig metrics_config(const PlatformConfig&);

}  // namespace kernel::config
