// concejo-evidence in a sandboxed child: it parses what strangers wrote.
#pragma once

#include <concejo/call.hpp>

namespace evidence {

/// `file` ({"path"} or {"blob"}, or null: none) stands for "{in}" in the arguments. The answer is that of process/1.
concejo::Json run_tool(const concejo::Call&, const std::vector<std::string>& arguments, concejo::Json file,
                       const std::string& standard_input = {});

}  // namespace evidence
