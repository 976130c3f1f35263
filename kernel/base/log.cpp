#include "kernel/base/log.hpp"

#include "kernel/base/clock.hpp"
#include "kernel/base/text.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>

namespace kernel::base {
namespace {

constexpr std::size_t line_limit = 16 << 10;
constexpr std::array<std::string_view, 7> own_names = {"time",   "level",      "component", "tenant",
                                                       "plugin", "request_id", "message"};

/// JSON is UTF-8: a foreign byte becomes the replacement character.
std::string as_utf8(std::string_view text) {
    std::string out;
    for (;;) {
        const std::size_t bad = utf8_invalid_at(text);
        out += text.substr(0, bad);
        if (bad == text.size()) return out;
        out += "\xEF\xBF\xBD";
        text.remove_prefix(bad + 1);
    }
}

void add_fields(concejo::Json& line, const concejo::Json& fields) {
    if (!fields.is_object()) return;
    for (const auto& [name, value] : fields.as_object()) {
        bool own = false;
        for (const std::string_view reserved : own_names) own = own || reserved == name;
        line[own ? "_" + name : name] = value;
    }
}

concejo::Json basic_line(LogLevel level, const LogContext& who, std::string_view message) {
    auto line = concejo::Json::object(
        {{"time", format_utc_ms(std::chrono::system_clock::now())}, {"level", name_of(level)}});
    const auto add = [&line](const char* name, const std::string& value) {
        if (!value.empty()) line[name] = as_utf8(value);
    };
    add("component", who.component);
    add("tenant", who.tenant);
    add("plugin", who.plugin);
    add("request_id", who.request_id);
    line["message"] = as_utf8(message);
    return line;
}

}  // namespace

std::string_view name_of(LogLevel level) noexcept {
    static constexpr std::array<std::string_view, 4> names = {"debug", "info", "warning", "error"};
    return names[static_cast<std::size_t>(level)];
}

void Log::write(LogLevel level, const LogContext& who, std::string_view message,
                const concejo::Json& fields) {
    if (!enabled(level)) return;
    auto line = basic_line(level, who, message);
    add_fields(line, fields);
    std::string text = line.dump();
    if (text.size() >= line_limit) {
        line = basic_line(level, who, message.substr(0, line_limit / 8));  // a byte may take six in JSON
        line["cut"] = true;
        text = line.dump();
    }
    text += '\n';
    const std::lock_guard lock(writing_);
    for (std::string_view rest = text; !rest.empty();) {
        const ssize_t written =
            ::write(descriptor_.load(std::memory_order_relaxed), rest.data(), rest.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
}

Log& process_log() {
    static Log log;
    return log;
}

void log_debug(const LogContext& who, std::string_view message, const concejo::Json& fields) {
    process_log().write(LogLevel::debug, who, message, fields);
}
void log_info(const LogContext& who, std::string_view message, const concejo::Json& fields) {
    process_log().write(LogLevel::info, who, message, fields);
}
void log_warning(const LogContext& who, std::string_view message, const concejo::Json& fields) {
    process_log().write(LogLevel::warning, who, message, fields);
}
void log_error(const LogContext& who, std::string_view message, const concejo::Json& fields) {
    process_log().write(LogLevel::error, who, message, fields);
}

}  // namespace kernel::base
