// Mustache templates (public specification, with inheritance) compiled to a list of operations.
// A template is compiled once per language: {{#_}}Texto{{/_}} is translated while compiling, and every
// partial and parent is resolved. Beyond the specification, {{#lista?}}…{{/lista?}} prints its content once
// where the list (or value) is not empty, without entering it. Rendering is const and may run on many threads
// at once.
#pragma once

#include "kernel/themes/source.hpp"

#include <concejo/json.hpp>

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace kernel::themes {

struct CompileOptions {
    std::string lang = "es";
    Translator translate;  ///< absent: the Spanish text itself
    /// Names that {{{x}}} and {{&x}} may print unescaped (the last part of a dotted name counts).
    std::set<std::string, std::less<>> raw_names = {"body_html", "json_ld"};
    bool any_raw = false;        ///< switches the allow-list off (conformance tests only)
    bool missing_empty = false;  ///< an unknown partial is empty, as the specification has it, not an error
};

/// What the template's text is: in plain text (the body of a mail) nothing is escaped.
enum class Output : std::uint8_t { html, text };

class Template {
public:
    /// Throws ThemeError with file, line and column.
    static Template compile(std::string_view name, const Loader& load, const CompileOptions& options);

    /// Values are found from the innermost context outwards. Missing names and null print nothing; with
    /// `strict` a missing name that is printed throws ThemeError listing every such name and its place
    /// (a section may name what is missing: it is false).
    std::string render(const concejo::Json& view, bool strict = false, Output output = Output::html) const;

    /// The files that this template was made of, for reloading.
    const std::vector<std::string>& files() const noexcept { return files_; }

    struct Op {
        enum class Kind : std::uint8_t { text, escaped, raw, section, inverted, end, call };
        Kind kind;
        std::string text;               ///< text: what is printed; call: the partial's name
        std::vector<std::string> name;  ///< parts of a dotted name; empty is {{.}}
        std::size_t target = 0;         ///< section: its end; call: the routine
        bool once = false;  ///< {{#name?}}: printed once where there is something, in the same context
        std::uint32_t file = 0;
        std::int32_t line = 0, column = 0;
    };
    using Routine = std::vector<Op>;

private:
    friend class Compiler;
    friend class Renderer;
    std::vector<Routine> routines_;  ///< the first one is the template itself
    std::vector<std::string> files_;
};

}  // namespace kernel::themes
