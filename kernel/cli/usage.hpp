// What the parser of the command line says, in the caller's language: help and wrong use.
#pragma once

#include <CLI/CLI.hpp>

#include <string>

namespace kernel::cli {

/// For the root, before it gets its subcommands, which inherit it.
void speak(CLI::App& root);

/// What the parser says in English, in the caller's language; as it is where we do not know the sentence.
std::string wrong_use(const std::string& english);

/// Shows the help or the mistake; answers the exit code.
int end_parsing(const CLI::App& root, const CLI::ParseError& error);

}  // namespace kernel::cli
