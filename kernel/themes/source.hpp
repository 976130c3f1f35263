// Where a template's text comes from, and errors that say where in it.
#pragma once

#include <concejo/error.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace kernel::themes {

inline bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// Lines and columns count from 1; columns count characters, not bytes.
struct Place {
    std::string file;
    int line = 1;
    int column = 1;

    std::string text() const;  ///< "themes/base/templates/home.mustache:3:14"
};

/// A defect of a template, a stylesheet setting or a shield; what() begins with the place.
class ThemeError : public concejo::Error {
public:
    ThemeError(const Place& place, const std::string& message)
        : Error(concejo::ErrorKind::invalid, place.text() + ": " + message), place_(place) {}
    const Place& place() const noexcept { return place_; }

private:
    Place place_;
};

/// `domain` is the translation domain of its texts: "base", or the id of the plugin that ships it.
struct Source {
    std::string text;
    std::string file;
    std::string domain;
};

/// The source of a template or partial by name ("layouts/public", "sede/tablon"), or nothing.
using Loader = std::function<std::optional<Source>(std::string_view name)>;

/// The text of `msgid` in `lang`. Called while compiling, never while rendering.
using Translator =
    std::function<std::string(std::string_view lang, std::string_view domain, std::string_view msgid)>;

}  // namespace kernel::themes
