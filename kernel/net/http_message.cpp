#include "kernel/net/http_message.hpp"

#include "kernel/base/text.hpp"

#include <charconv>
#include <ctime>

namespace kernel::net {

const std::string* find_field(const Fields& fields, std::string_view name) {
    const auto wanted = base::lower_ascii(name);
    for (const auto& [key, value] : fields) {
        if (base::lower_ascii(key) == wanted) return &value;
    }
    return nullptr;
}

std::string_view HttpAnswer::field(std::string_view name) const {
    const auto* found = find_field(fields, name);
    return found ? std::string_view(*found) : std::string_view();
}

std::optional<std::chrono::seconds> retry_after(std::string_view raw,
                                                std::chrono::system_clock::time_point now) {
    const std::string value(base::trim(raw));
    std::uint32_t seconds = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
    if (error == std::errc{} && end == value.data() + value.size() && !value.empty())
        return std::chrono::seconds(seconds);
    std::tm date{};
    const char* rest =
        ::strptime(value.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &date);  // the process stays in the C locale
    if (!rest || *rest) return std::nullopt;
    const auto until = std::chrono::system_clock::from_time_t(::timegm(&date)) - now;
    return std::max(std::chrono::seconds(0), std::chrono::ceil<std::chrono::seconds>(until));
}

}  // namespace kernel::net
