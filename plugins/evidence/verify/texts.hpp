// What concejo-verify says, in the five languages: a program without a catalogue to look for, so they are in
// it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace evidence::verify {

enum class Language { es, ca, gl, eu, en };
/// By LC_ALL, LC_MESSAGES or LANG, the first that is set, as everywhere; Spanish where none is known.
Language language_of(const char* lc_all, const char* lc_messages, const char* lang);

enum class Text {
#define EVIDENCE_TEXT(id, es, ca, gl, eu, en) id,
#include "plugins/evidence/verify/texts.inc"
#undef EVIDENCE_TEXT
    count
};

/// The text as it is, with its {0}, {1}.
std::string_view raw(Text text, Language language);
/// Filled in.
std::string say(Text text, Language language, const std::vector<std::string>& values = {});
/// The name of the text, the same in all languages: what scripts look at.
std::string_view id(Text text);

}  // namespace evidence::verify
