// What people write of pages and areas.
#include "plugins/evidence/copying/extract.hpp"

#include <algorithm>
#include <charconv>

namespace evidence::copying {
namespace {

constexpr int most = 10'000;

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\r' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\r' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

std::optional<int> whole(std::string_view text) {
    text = trimmed(text);
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 0 || value > most)
        return std::nullopt;
    return value;
}

std::vector<std::string_view> split(std::string_view text, std::string_view at) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto end = text.find_first_of(at);
        parts.push_back(trimmed(text.substr(0, end)));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

}  // namespace

std::optional<std::vector<int>> parse_pages(std::string_view text) {
    std::vector<int> pages;
    for (const auto part : split(text, ",")) {
        const auto dash = part.find('-');
        const auto first = whole(part.substr(0, dash));
        const auto last = dash == std::string_view::npos ? first : whole(part.substr(dash + 1));
        if (!first || !last || *first < 1 || *last < *first) return std::nullopt;
        for (int page = *first; page <= *last; ++page) pages.push_back(page);
        if (pages.size() > most) return std::nullopt;
    }
    std::sort(pages.begin(), pages.end());
    pages.erase(std::unique(pages.begin(), pages.end()), pages.end());
    return pages;
}

std::optional<std::map<int, std::vector<Area>>> parse_areas(std::string_view text) {
    std::map<int, std::vector<Area>> areas;
    std::size_t count = 0;
    for (const auto line : split(text, ";\n")) {
        if (line.empty()) continue;
        const auto colon = line.find(':');
        const auto page = colon == std::string_view::npos ? std::nullopt : whole(line.substr(0, colon));
        if (!page || *page < 1 || ++count > 500) return std::nullopt;
        std::vector<int> sides;
        for (const auto part : split(line.substr(colon + 1), ",")) {
            const auto side = whole(part);
            if (!side) return std::nullopt;
            sides.push_back(*side * 10);
        }
        if (sides.size() != 4 || sides[2] == 0 || sides[3] == 0) return std::nullopt;
        areas[*page].push_back({sides[0], sides[1], sides[2], sides[3]});
    }
    return areas;
}

}  // namespace evidence::copying
