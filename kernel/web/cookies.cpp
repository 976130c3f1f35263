#include "kernel/web/cookies.hpp"

#include <fmt/format.h>

namespace kernel::web {

std::string Cookies::set(std::string_view name, std::string_view value,
                         std::optional<std::chrono::seconds> life, bool strict) const {
    auto line = fmt::format("{}={}; Path=/; HttpOnly; SameSite={}", name, value, strict ? "Strict" : "Lax");
    if (secure_) line += "; Secure";
    if (life) line += fmt::format("; Max-Age={}", life->count());
    return line;
}

std::string Cookies::clear(std::string_view name) const { return set(name, "", std::chrono::seconds(0)); }

}  // namespace kernel::web
