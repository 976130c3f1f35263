// concejo-evidence in a sandboxed child: it parses what strangers wrote.
#pragma once

#include <concejo/call.hpp>

namespace evidence {

/// `file` ({"path"} or {"blob"}, or null: none) stands for "{in}" in the arguments. The answer is that of process/1.
concejo::Json run_tool(const concejo::Call&, const std::vector<std::string>& arguments, concejo::Json file,
                       const std::string& standard_input = {}, int seconds = 30);

/// What an OCSP responder answers to `request`, or a list of revocation where it is empty. Throws Error{unavailable}, or what
/// the HTTP client throws. Not while a transaction is open.
std::string ask_address(const concejo::Call&, const std::string& address, const std::string& request);

/// PEM: the roots that signatures are judged against, the municipality's development one and those of its settings.
std::string trusted_roots(const concejo::Call&);

}  // namespace evidence
