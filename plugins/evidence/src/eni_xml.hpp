// How the ENI's XML is written: elements out of texts.
#pragma once

#include "plugins/evidence/crypto/encoding.hpp"

#include <string>
#include <string_view>

namespace evidence {

/// `content` is XML already.
inline std::string element(const std::string& name, std::string_view content,
                           const std::string& attributes = {}) {
    return "<" + name + attributes + ">" + std::string(content) + "</" + name + ">";
}

inline constexpr const char* eni_space = "http://administracionelectronica.gob.es/ENI/XSD/v1.0/";

}  // namespace evidence
