#include "plugins/evidence/copying/find_text.hpp"

#include <locale.h>
#include <wctype.h>

#include <cmath>
#include <cstdlib>

namespace evidence::copying {
namespace {

constexpr std::int64_t margin = 5;  // tenths of a millimetre: glyphs stand out of their boxes

/// Code points without blanks, in lower case. What is no UTF-8 stays as its bytes.
std::u32string folded(const std::string& text) {
    static const locale_t letters = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    std::u32string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto lead = static_cast<unsigned char>(text[at]);
        const std::size_t size = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
        char32_t point = size == 1 ? lead : lead & (0x7F >> size);
        for (std::size_t n = 1; n < size && at + n < text.size(); ++n)
            point = point << 6 | (static_cast<unsigned char>(text[at + n]) & 0x3F);
        at += size;
        if (point <= U' ' || point == U'\u00A0' || point == U'\u00AD') continue;  // a soft hyphen is not seen
        out += letters ? static_cast<char32_t>(towlower_l(static_cast<wint_t>(point), letters)) : point;
    }
    return out;
}

std::string unescaped(std::string text) {
    for (const auto& [entity, letter] :
         {std::pair{"&lt;", "<"}, std::pair{"&gt;", ">"}, std::pair{"&quot;", "\""}, std::pair{"&apos;", "'"},
          std::pair{"&#39;", "'"}, std::pair{"&amp;", "&"}}) {
        const std::string_view what(entity);
        for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1))
            text.replace(at, what.size(), letter);
    }
    return text;
}

double side(const std::string& tag, const char* name) {
    const auto at = tag.find(std::string(name) + "=\"");
    return at == std::string::npos
               ? 0
               : std::strtod(tag.c_str() + at + std::string_view(name).size() + 2, nullptr);
}

Area area_of(const Word& word) {
    const auto first = [](double points) {
        return static_cast<std::int64_t>(std::floor(points * 254 / 72)) - margin;
    };
    const auto last = [](double points) {
        return static_cast<std::int64_t>(std::ceil(points * 254 / 72)) + margin;
    };
    const auto left = std::max<std::int64_t>(0, first(word.left)),
               top = std::max<std::int64_t>(0, first(word.top));
    return {left, top, last(word.right) - left, last(word.bottom) - top};
}

}  // namespace

std::vector<std::vector<Word>> words_of(const std::string& bbox) {
    std::vector<std::vector<Word>> pages;
    for (std::size_t at = 0; (at = bbox.find('<', at)) != std::string::npos;) {
        const auto end = bbox.find('>', at);
        if (end == std::string::npos) break;
        const auto tag = bbox.substr(at, end - at);
        at = end + 1;
        if (tag.starts_with("<page ")) pages.emplace_back();
        if (!tag.starts_with("<word ") || pages.empty()) continue;
        const auto close = bbox.find("</word>", at);
        if (close == std::string::npos) break;
        pages.back().push_back({side(tag, "xMin"), side(tag, "yMin"), side(tag, "xMax"), side(tag, "yMax"),
                                unescaped(bbox.substr(at, close - at))});
        at = close;
    }
    return pages;
}

std::map<int, std::vector<Area>> areas_of(const std::vector<std::vector<Word>>& pages,
                                          const std::string& text) {
    std::map<int, std::vector<Area>> found;
    const auto wanted = folded(text);
    if (wanted.empty()) return found;
    for (std::size_t n = 0; n < pages.size(); ++n) {
        std::u32string all;
        std::vector<std::size_t> ends;  // of each word, in `all`
        for (const auto& word : pages[n]) ends.push_back((all += folded(word.text)).size());
        std::vector<bool> taken(ends.size());
        for (auto at = all.find(wanted); at != std::u32string::npos; at = all.find(wanted, at + 1))
            for (std::size_t word = 0; word < ends.size(); ++word) {
                const auto begin = word == 0 ? 0 : ends[word - 1];
                if (begin < at + wanted.size() && at < ends[word]) taken[word] = true;
            }
        for (std::size_t word = 0; word < ends.size(); ++word)
            if (taken[word]) found[static_cast<int>(n) + 1].push_back(area_of(pages[n][word]));
    }
    return found;
}

std::vector<std::string> parse_texts(const std::string& lines) {
    std::vector<std::string> texts;
    for (std::size_t from = 0; from <= lines.size();) {
        const auto end = std::min(lines.find('\n', from), lines.size());
        auto line = lines.substr(from, end - from);
        from = end + 1;
        const auto first = line.find_first_not_of(" \t\r");
        if (first != std::string::npos)
            texts.push_back(line.substr(first, line.find_last_not_of(" \t\r") - first + 1));
    }
    return texts;
}

}  // namespace evidence::copying
