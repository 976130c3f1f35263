// Log lines: one JSON object per line, written in one go. Thread-safe.
// What goes in is chosen by the caller: never a password, a token, a cookie or a person's data.
#pragma once

#include <concejo/json.hpp>

#include <atomic>
#include <mutex>
#include <string>
#include <string_view>

namespace kernel::base {

enum class LogLevel { debug, info, warning, error };

/// "debug", "info", "warning", "error".
std::string_view name_of(LogLevel level) noexcept;

/// Who is speaking; empty members are left out of the line.
struct LogContext {
    std::string component;  ///< "http", "db" …
    std::string tenant;     ///< slug
    std::string plugin;
    std::string request_id;
};

class Log {
public:
    /// Writes to this descriptor and does not close it.
    explicit Log(int descriptor = 2, LogLevel least = LogLevel::info)
        : descriptor_(descriptor), least_(least) {}

    /// {"time", "level", "component", "tenant", "plugin", "request_id", "message", …fields}. A field named
    /// like one of these is prefixed with "_". A line longer than 16 KiB loses its fields, then its message's
    /// end. A full disk or a closed pipe is not an error of the caller: the line is lost.
    void write(LogLevel level, const LogContext& who, std::string_view message,
               const concejo::Json& fields = concejo::Json::object());

    bool enabled(LogLevel level) const noexcept { return level >= least_.load(std::memory_order_relaxed); }
    void set_level(LogLevel least) noexcept { least_.store(least, std::memory_order_relaxed); }
    void set_descriptor(int descriptor) noexcept { descriptor_.store(descriptor, std::memory_order_relaxed); }

private:
    std::atomic<int> descriptor_;
    std::atomic<LogLevel> least_;
    std::mutex writing_;
};

/// The process's log, on stderr until told otherwise.
Log& process_log();

/// Short forms on process_log().
void log_debug(const LogContext& who, std::string_view message,
               const concejo::Json& fields = concejo::Json::object());
void log_info(const LogContext& who, std::string_view message,
              const concejo::Json& fields = concejo::Json::object());
void log_warning(const LogContext& who, std::string_view message,
                 const concejo::Json& fields = concejo::Json::object());
void log_error(const LogContext& who, std::string_view message,
               const concejo::Json& fields = concejo::Json::object());

}  // namespace kernel::base
