// Texts that are written in one place and translated in another.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace concejo::inline v1 {

/// Marks a Spanish text for translation where it is not translated on the spot.
constexpr const char* N_(const char* msgid) { return msgid; }

/// "Ya está en el anuncio {numero}" with {{"numero", "2026/0043"}}. Unknown {names} stay as they are.
inline std::string fill(std::string_view text,
                        const std::vector<std::pair<std::string, std::string>>& values) {
    std::string out;
    while (!text.empty()) {
        const auto open = text.find('{');
        out.append(text.substr(0, open));
        if (open == std::string_view::npos) break;
        const auto close = text.find('}', open);
        const auto name =
            close == std::string_view::npos ? std::string_view() : text.substr(open + 1, close - open - 1);
        const std::string* known = nullptr;
        for (const auto& [key, value] : values) {
            if (key == name) known = &value;
        }
        out.append(known ? std::string_view(*known) : text.substr(open, 1));
        text.remove_prefix(known ? close + 1 : open + 1);
    }
    return out;
}

}  // namespace concejo::inline v1
