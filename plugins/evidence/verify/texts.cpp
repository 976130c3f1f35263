#include "plugins/evidence/verify/texts.hpp"

namespace evidence::verify {
namespace {

struct Row {
    std::string_view id, texts[5];
};
constexpr Row rows[] = {
#define EVIDENCE_TEXT(id, es, ca, gl, eu, en) {#id, {es, ca, gl, eu, en}},
#include "plugins/evidence/verify/texts.inc"
#undef EVIDENCE_TEXT
};
constexpr std::string_view languages[] = {"es", "ca", "gl", "eu", "en"};

}  // namespace

Language language_of(const char* lc_all, const char* lc_messages, const char* lang) {
    for (const char* set : {lc_all, lc_messages, lang}) {
        if (!set || !*set) continue;
        const std::string_view locale = set, two = locale.substr(0, 2);
        if (locale.size() > 2 && locale[2] != '_' && locale[2] != '.' && locale[2] != '@') break;
        for (std::size_t i = 0; i < std::size(languages); ++i)
            if (languages[i] == two) return static_cast<Language>(i);
        break;
    }
    return Language::es;
}

std::string_view raw(Text text, Language language) {
    return rows[static_cast<std::size_t>(text)].texts[static_cast<std::size_t>(language)];
}

std::string_view id(Text text) { return rows[static_cast<std::size_t>(text)].id; }

std::string say(Text text, Language language, const std::vector<std::string>& values) {
    const auto form = raw(text, language);
    std::string out;
    for (std::size_t i = 0; i < form.size(); ++i) {
        const auto index = i + 2 < form.size() && form[i] == '{' && form[i + 2] == '}'
                               ? static_cast<std::size_t>(form[i + 1] - '0')
                               : values.size();
        if (index < values.size()) {
            out += values[index];
            i += 2;
        } else {
            out += form[i];
        }
    }
    return out;
}

}  // namespace evidence::verify
