// Every limit of the edge with its default. Sizes in bytes.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace kernel::http {

struct Limits {
    using ms = std::chrono::milliseconds;

    ms head_time{10'000};                 ///< from the head's first byte to its end: 408
    ms body_time{20'000};                 ///< plus size / body_rate: 408
    std::uint64_t body_rate = 16 * 1024;  ///< bytes a second that a slow client must reach
    ms idle_time{15'000};                 ///< keep-alive without a request: closed in silence
    ms write_time{20'000};                ///< without any progress of the reader: closed
    ms handler_time{30'000};              ///< 503, the late result is discarded
    ms handshake_time{10'000};            ///< TLS
    ms linger_time{2'000};                ///< reading on after an error, so that the client sees the answer
    ms accept_pause{50};                  ///< after EMFILE and the like

    std::size_t linger_bytes = 1 << 20;
    std::size_t line_size = 8 * 1024;   ///< 414
    std::size_t head_size = 16 * 1024;  ///< 431
    std::size_t field_count = 100;      ///< 431
    std::size_t trailer_size = 4 * 1024;
    std::size_t form_pairs = 2'000;  ///< decoded query or form fields: 400
    std::size_t multipart_parts = 200;
    std::size_t multipart_head = 4 * 1024;
    std::size_t multipart_text = 256 * 1024;  ///< one text field; all of them: 1 MiB

    std::size_t connections = 4'096;  ///< per worker; the rest wait in the kernel's queue
    std::size_t handler_queue = 256;  ///< requests waiting for a handler thread: 503 + Retry-After
    std::size_t requests_per_connection = 100'000;
    std::uint64_t waiting_bytes = 64ull << 20;  ///< in-memory bytes that wait for slow readers, per worker

    // Server-sent events: each is a connection that stays
    std::size_t event_streams = 256;  ///< per worker: 503
    ms event_heartbeat{15'000};       ///< a comment after so much silence
    ms event_time{300'000};           ///< then the client connects again, and is asked who it is again

    // Per client address (IPv6: per /64). Loopback and trusted proxies are exempt unless limit_loopback.
    std::size_t address_connections = 256;   ///< 429 and close
    std::size_t address_event_streams = 32;  ///< 503
    double address_rate = 200;               ///< requests a second, sustained: 429; 0 = unlimited
    double address_burst = 1'000;
    bool limit_loopback = false;
};

}  // namespace kernel::http
