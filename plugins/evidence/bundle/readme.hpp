// The bundle's LEEME.txt: what is in it, and how to check it by hand with openssl and a shell.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace evidence::bundle {

/// `attached`: names of the signatures and timestamps. The shell commands stand between lines of
/// "-----8<-----", to be run as they are in the folder where the bundle was unpacked.
std::string readme(std::string_view document, const std::vector<std::string>& attached);

}  // namespace evidence::bundle
