// The language of whoever types a command.
#pragma once

#include <string>

namespace kernel::i18n {

/// Of LC_ALL, LC_MESSAGES and LANG the first that is set decides, as POSIX says ("" counts as not set):
/// "ca_ES.UTF-8@valencia" is Catalan. Spanish where it names no language of ours, C and POSIX among them.
/// Null: not set.
std::string message_language(const char* lc_all, const char* lc_messages, const char* lang);

/// From the environment of this process.
std::string message_language();

}  // namespace kernel::i18n
