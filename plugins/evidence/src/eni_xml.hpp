// How the ENI's XML is written: elements out of texts.
#pragma once

#include <string>
#include <string_view>

namespace evidence {

inline std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else
            out += c;
    }
    return out;
}

/// `content` is XML already.
inline std::string element(const std::string& name, std::string_view content, const std::string& attributes = {}) {
    return "<" + name + attributes + ">" + std::string(content) + "</" + name + ">";
}

inline constexpr const char* eni_space = "http://administracionelectronica.gob.es/ENI/XSD/v1.0/";

}  // namespace evidence
