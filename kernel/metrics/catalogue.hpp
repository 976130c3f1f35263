// Every metric of the kernel's own: what operators find at the exposition, in one place. docs/metricas.md
// explains them; a test compares both.
#pragma once

#include "kernel/metrics/registry.hpp"

namespace kernel::metrics {

/// Seconds, from a cached page to a handler that is about to be given up.
inline constexpr double request_bounds[] = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                            0.25,  0.5,    1,     2.5,  5,     10,   30};
inline constexpr double job_bounds[] = {0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14400};
inline constexpr double wait_bounds[] = {0.0001, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5};

// ---- counted where it happens, in every process
inline constexpr Family http_requests{
    "concejo_http_requests_total", Kind::counter,
    "Peticiones contestadas, por municipio, clase de ruta y clase de estado"};
inline constexpr Family http_seconds{"concejo_http_request_duration_seconds", Kind::histogram,
                                     "Desde el primer byte de la petición hasta el último de la respuesta",
                                     request_bounds};
inline constexpr Family http_bytes{"concejo_http_response_bytes_total", Kind::counter,
                                   "Bytes de cuerpo enviados, por municipio"};
inline constexpr Family http_limits{
    "concejo_http_limit_hits_total", Kind::counter,
    "Veces que se ha llegado a un límite, con el nombre que lleva en el registro"};
inline constexpr Family page_cache{"concejo_page_cache_requests_total", Kind::counter,
                                   "Páginas que podían salir de la caché, y si salieron (hit) o no (miss)"};
inline constexpr Family jobs_finished{"concejo_jobs_finished_total", Kind::counter,
                                      "Intentos de trabajos, por cómo acabaron"};
inline constexpr Family job_seconds{"concejo_job_duration_seconds", Kind::histogram,
                                    "Duración de los intentos de trabajos", job_bounds};
inline constexpr Family outbox_attempts{"concejo_outbox_attempts_total", Kind::counter,
                                        "Intentos de envío a otros sistemas, por cómo acabaron"};
inline constexpr Family pool_wait{"concejo_db_pool_wait_seconds", Kind::histogram,
                                  "Espera por una conexión libre con la base de datos", wait_bounds};
inline constexpr Family pool_timeouts{"concejo_db_pool_timeouts_total", Kind::counter,
                                      "Transacciones que no encontraron conexión libre a tiempo"};
inline constexpr Family reloads{"concejo_reloads_total", Kind::counter, "Recargas de la configuración"};
inline constexpr Family worker_deaths{"concejo_worker_deaths_total", Kind::counter,
                                      "Procesos de trabajo que han muerto sin que se les pidiera"};
inline constexpr Family plugin_crashes{"concejo_plugin_crashes_total", Kind::counter,
                                       "Procesos que un complemento ha hecho caer o ha colgado"};
inline constexpr Family surplus{"concejo_metrics_overflow_total", Kind::counter,
                                "Anotaciones de complementos que han ido a la serie «otros»"};

// ---- of what there is at the moment of the scrape
inline constexpr Family build_info{"concejo_build_info", Kind::gauge,
                                   "Siempre 1; la versión va en la etiqueta"};
inline constexpr Family generation{"concejo_generation", Kind::gauge, "Número de la generación que sirve"};
inline constexpr Family workers{"concejo_workers", Kind::gauge, "Procesos de trabajo, por clase y estado"};
inline constexpr Family quarantines{"concejo_quarantined", Kind::gauge,
                                    "1 por cada complemento en cuarentena; sin municipio: en todos"};
inline constexpr Family process_memory{"concejo_process_resident_memory_bytes", Kind::gauge,
                                       "Memoria residente de cada proceso"};
inline constexpr Family process_fds{"concejo_process_open_fds", Kind::gauge,
                                    "Descriptores abiertos de cada proceso"};
inline constexpr Family process_cpu{"concejo_process_cpu_seconds_total", Kind::counter,
                                    "Tiempo de procesador de cada proceso, de usuario y de sistema"};
inline constexpr Family process_start{"concejo_process_start_time_seconds", Kind::gauge,
                                      "Arranque de cada proceso, en segundos Unix"};
inline constexpr Family process_threads{"concejo_process_threads", Kind::gauge, "Hilos de cada proceso"};
inline constexpr Family http_connections{"concejo_http_connections", Kind::gauge,
                                         "Conexiones abiertas de cada proceso"};
inline constexpr Family handlers_waiting{"concejo_http_handlers_waiting", Kind::gauge,
                                         "Peticiones que esperan un hilo en cada proceso"};
inline constexpr Family handlers_running{"concejo_http_handlers_running", Kind::gauge,
                                         "Peticiones que se componen en cada proceso"};
inline constexpr Family pending_bytes{"concejo_http_pending_response_bytes", Kind::gauge,
                                      "Bytes en memoria que esperan a lectores lentos en cada proceso"};
inline constexpr Family event_streams{"concejo_http_event_streams", Kind::gauge,
                                      "Páginas abiertas que se actualizan solas en cada proceso"};
inline constexpr Family cache_bytes{"concejo_page_cache_bytes", Kind::gauge,
                                    "Memoria de la caché de páginas de cada proceso"};
inline constexpr Family cache_pages{"concejo_page_cache_pages", Kind::gauge,
                                    "Páginas en la caché de cada proceso"};
inline constexpr Family pool_connections{
    "concejo_db_pool_connections", Kind::gauge,
    "Conexiones de cada proceso con la base de datos: abiertas (open) y en uso (busy)"};
inline constexpr Family pool_size{"concejo_db_pool_max_connections", Kind::gauge,
                                  "Conexiones que cada proceso puede abrir"};
inline constexpr Family jobs_running{"concejo_jobs_running", Kind::gauge,
                                     "Trabajos en marcha en cada proceso"};
inline constexpr Family jobs{
    "concejo_jobs", Kind::gauge,
    "Trabajos que esperan (waiting), corren (running) o necesitan a una persona (dead)"};
inline constexpr Family jobs_age{"concejo_jobs_oldest_waiting_seconds", Kind::gauge,
                                 "Lo que lleva esperando el trabajo más atrasado, desde que le tocaba"};
inline constexpr Family outbox{
    "concejo_outbox", Kind::gauge,
    "Envíos a otros sistemas sin terminar: waiting, sending, unknown (dudosos) y dead (fallidos)"};
inline constexpr Family outbox_age{"concejo_outbox_oldest_waiting_seconds", Kind::gauge,
                                   "Lo que lleva esperando el envío más atrasado, desde que le tocaba"};
inline constexpr Family mail{"concejo_mail_recipients", Kind::gauge,
                             "Destinatarios del correo de las últimas 24 horas, por su estado"};
inline constexpr Family blob_bytes{"concejo_blobs_bytes", Kind::gauge,
                                   "Lo que ocupan los ficheros de cada municipio"};
inline constexpr Family blob_count{"concejo_blobs", Kind::gauge, "Ficheros de cada municipio"};
inline constexpr Family blob_quota{
    "concejo_blobs_quota_bytes", Kind::gauge,
    "Lo que pueden ocupar los ficheros de cada municipio; sin serie: sin límite"};
inline constexpr Family database_up{"concejo_database_up", Kind::gauge, "1 si la base de datos contesta"};
inline constexpr Family data_free{"concejo_data_free_bytes", Kind::gauge,
                                  "Espacio libre donde está la carpeta de datos"};
inline constexpr Family data_size{"concejo_data_size_bytes", Kind::gauge,
                                  "Tamaño del disco donde está la carpeta de datos"};
inline constexpr Family backup_time{
    "concejo_backup_last_success_timestamp_seconds", Kind::gauge,
    "Última copia de todo que se comprobó entera, en segundos Unix; sin serie: ninguna"};
inline constexpr Family certificate_end{"concejo_tls_certificate_expiry_timestamp_seconds", Kind::gauge,
                                        "Fin del certificado propio, en segundos Unix"};
inline constexpr Family series_used{"concejo_metrics_series", Kind::gauge,
                                    "Series que ha tomado cada complemento"};
inline constexpr Family series_lost{"concejo_metrics_lost_series", Kind::gauge,
                                    "Series para las que no quedaba sitio en este nodo"};

/// All of them: named at the exposition even where nothing has happened yet.
inline constexpr const Family* catalogue[] = {&http_requests,    &http_seconds,
                                              &http_bytes,       &http_limits,
                                              &page_cache,       &jobs_finished,
                                              &job_seconds,      &outbox_attempts,
                                              &pool_wait,        &pool_timeouts,
                                              &reloads,          &worker_deaths,
                                              &plugin_crashes,   &surplus,
                                              &build_info,       &generation,
                                              &workers,          &quarantines,
                                              &process_memory,   &process_fds,
                                              &process_cpu,      &process_start,
                                              &process_threads,  &http_connections,
                                              &handlers_waiting, &handlers_running,
                                              &pending_bytes,    &event_streams,
                                              &cache_bytes,      &cache_pages,
                                              &pool_connections, &pool_size,
                                              &jobs_running,     &jobs,
                                              &jobs_age,         &outbox,
                                              &outbox_age,       &mail,
                                              &blob_bytes,       &blob_count,
                                              &blob_quota,       &database_up,
                                              &data_free,        &data_size,
                                              &backup_time,      &certificate_end,
                                              &series_used,      &series_lost};

/// The limits that `http_limits` tells apart: named from the start, so that a first hit is a rise from 0.
/// The same words as in the log's `cause`.
inline constexpr std::string_view limit_names[] = {
    "head_timeout",        "body_timeout",         "idle_timeout",   "write_timeout",
    "handler_timeout",     "handshake_timeout",    "line_too_long",  "head_too_long",
    "too_many_fields",     "trailers_too_long",    "body_too_large", "too_many_parts",
    "text_field_too_long", "too_many_form_fields", "disk_full",      "connections",
    "address_connections", "address_rate",         "handlers_busy",  "too_many_event_streams",
    "waiting_bytes",       "descriptors",          "page_rate",      "write_rate",
    "login_rate",          "account_rate"};

}  // namespace kernel::metrics
