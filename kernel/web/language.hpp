// Which language to speak where the address does not say it.
#pragma once

#include "kernel/http/message.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kernel::web {

inline constexpr std::string_view language_cookie = "concejo-idioma";

/// The cookie, then Accept-Language (RFC 9110 section 12.5.4, "ca-ES" counts as "ca"), then the first of
/// `languages`.
std::string negotiate(const http::Request& request, const std::vector<std::string>& languages);

/// Accept-Language alone; empty where nothing offered is accepted.
std::string accepted_language(std::string_view field, const std::vector<std::string>& languages);

}  // namespace kernel::web
