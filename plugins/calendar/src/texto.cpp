#include "texto.hpp"

namespace calendar {

std::string fill(std::string_view text, const std::vector<std::pair<std::string, std::string>>& values) {
    std::string out;
    while (!text.empty()) {
        const auto open = text.find('{');
        out.append(text.substr(0, open));
        if (open == std::string_view::npos) break;
        const auto close = text.find('}', open);
        const auto name = close == std::string_view::npos ? std::string_view() : text.substr(open + 1, close - open - 1);
        const std::string* known = nullptr;
        for (const auto& [key, value] : values) {
            if (key == name) known = &value;
        }
        out.append(known ? std::string_view(*known) : text.substr(open, 1));
        text.remove_prefix(known ? close + 1 : open + 1);
    }
    return out;
}

}  // namespace calendar
