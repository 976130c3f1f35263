// The gate of the build: every text of a domain is translated into every language.
#pragma once

#include "kernel/i18n/extract.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace kernel::i18n {

struct GateInput {
    std::string domain;
    std::vector<Message> messages;
    std::filesystem::path po;        ///< folder of ca.po, gl.po, eu.po, en.po and iguales.txt
    std::filesystem::path fallback;  ///< the folder of the domain "base", or empty
    std::filesystem::path
        shown_from;  ///< messages name files relative to this folder, where they are below it
};

/// Everything wrong, as "file:line: …": a text without translation, an unfinished or fuzzy one, one equal to
/// the Spanish text that iguales.txt does not excuse, lost {placeholders}, plural forms missing, entries of
/// texts that are no longer there. Lines of iguales.txt: "ca gl | reason | text" ("*": all languages).
std::vector<std::string> check_translations(const GateInput& input);

/// Appends what is missing to each catalog with an empty msgstr; returns how many entries.
std::size_t add_missing(const GateInput& input);

}  // namespace kernel::i18n
