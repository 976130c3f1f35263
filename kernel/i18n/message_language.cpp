#include "kernel/i18n/message_language.hpp"

#include "kernel/i18n/catalogs.hpp"

#include <cstdlib>
#include <string_view>

namespace kernel::i18n {

std::string message_language(const char* lc_all, const char* lc_messages, const char* lang) {
    for (const char* value : {lc_all, lc_messages, lang}) {
        if (!value || !*value) continue;
        const std::string_view locale(value);
        const auto code = locale.substr(0, locale.find_first_of("_.@-"));
        return is_language(code) ? std::string(code) : "es";
    }
    return "es";
}

std::string message_language() {
    return message_language(std::getenv("LC_ALL"), std::getenv("LC_MESSAGES"), std::getenv("LANG"));
}

}  // namespace kernel::i18n
