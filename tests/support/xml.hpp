// XML as xmllint reads it.
#pragma once

#include "tests/support/shell.hpp"

namespace tests {

/// What XPath finds in the document; "?" where that is no XML, or xmllint is not here.
inline std::string xpath(const std::string& document, const std::string& expression) {
    const Folder folder;
    auto said = run("xmllint --nonet --xpath \"$(cat '" + folder.write("q", expression) + "')\" '" +
                    folder.write("d.xml", document) + "' 2>/dev/null");
    if (said.output.ends_with('\n')) said.output.pop_back();
    return said.code == 0 ? said.output : "?";
}

}  // namespace tests
