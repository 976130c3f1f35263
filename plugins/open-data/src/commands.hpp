// What the commands of the portal share.
#pragma once

#include "portal.hpp"

namespace open_data {

inline Json option(const char* name, const char* help, bool required, bool flag = false) {
    return Json::object({{"name", name}, {"help", help}, {"required", required}, {"flag", flag}});
}

/// Ends with 2: wrong use.
inline void misuse(const concejo::Terminal& terminal, const std::string& text) {
    terminal.err(text);
    terminal.exit_code(2);
}

void register_file_commands(concejo::Kernel&);  ///< export and check

}  // namespace open_data
