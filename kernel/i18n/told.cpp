// Texts that arrive ready-made, as the messages of errors do: in which language they are, and in the reader's
// where the catalog has them.
#include "kernel/i18n/catalogs.hpp"

#include <algorithm>
#include <optional>

namespace kernel::i18n {
namespace {

using Values = std::vector<std::pair<std::string, std::string>>;

/// "Quedan {n} días" -> fixed pieces and names in turn ("{}", of messages with one hole, is the name ""); braces
/// that hold no plain name are fixed text.
struct Pattern {
    std::vector<std::string_view> fixed, names;  // fixed has one more
};

Pattern pattern_of(std::string_view text) {
    Pattern pattern;
    std::size_t begin = 0, at = 0;
    while ((at = text.find('{', at)) != text.npos) {
        const auto end = text.find('}', at);
        if (end == text.npos) break;
        const auto name = text.substr(at + 1, end - at - 1);
        const bool plain = name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == name.npos;
        if (plain) {
            pattern.fixed.push_back(text.substr(begin, at - begin));
            pattern.names.push_back(name);
            begin = end + 1;
        }
        at = end + 1;
    }
    pattern.fixed.push_back(text.substr(begin));
    return pattern;
}

/// What stands for each name, where `text` can be the pattern filled in. A pattern that is hardly more than
/// holes says nothing of a text.
std::optional<Values> filled(std::string_view pattern, std::string_view text) {
    constexpr std::size_t telling = 10;
    const auto [fixed, names] = pattern_of(pattern);
    std::size_t known = 0;
    for (const auto piece : fixed) known += piece.size();
    if (names.empty() || known < telling || text.size() < known) return std::nullopt;
    if (!text.starts_with(fixed.front()) || !text.ends_with(fixed.back())) return std::nullopt;
    Values values;
    std::size_t at = fixed.front().size();
    for (std::size_t i = 0; i < names.size(); ++i) {
        const bool last = i + 1 == names.size();
        const auto next = last ? text.size() - fixed.back().size() : text.find(fixed[i + 1], at);
        if (next == text.npos || next < at) return std::nullopt;
        values.emplace_back(names[i], text.substr(at, next - at));
        at = next + fixed[i + 1].size();
    }
    return values;
}

std::string fill(std::string_view pattern, const Values& values) {
    const auto [fixed, names] = pattern_of(pattern);
    std::string text(fixed.front());
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto value =
            std::find_if(values.begin(), values.end(), [&](const auto& v) { return v.first == names[i]; });
        text.append(value == values.end() ? "" : value->second).append(fixed[i + 1]);
    }
    return text;
}

}  // namespace

Told Catalogs::tell(std::string_view lang, std::string_view domain, std::string_view text) const {
    for (const auto& [key, catalog] : catalogs_) {
        const auto mark = key.find('/');
        if (std::string_view(key).substr(mark + 1) != domain) continue;
        const bool ours = std::string_view(key).substr(0, mark) == lang.substr(0, lang.find('-'));
        if (!ours && lang != "es") continue;
        if (const auto exact = catalog.entries.find(std::string(text)); exact != catalog.entries.end())
            return ours ? Told{exact->second.front(), std::string(lang), true}
                        : Told{std::string(text), "es", true};
        for (const auto& [msgid, texts] : catalog.entries) {
            if (texts.size() != 1) continue;
            const auto values = filled(msgid, text);
            if (values && !ours) return {std::string(text), "es", true};
            if (values) return {fill(texts.front(), *values), std::string(lang), true};
            if (ours && (texts.front() == text || filled(texts.front(), text)))
                return {std::string(text), std::string(lang), true};
        }
        if (lang == "es") break;  // one catalog has every msgid
    }
    return {std::string(text), "es", false};
}

}  // namespace kernel::i18n
