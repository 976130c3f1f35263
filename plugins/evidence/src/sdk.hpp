// The SDK's names that these files speak with.
#pragma once

#include <concejo/plugin.hpp>
#include <concejo/text.hpp>

namespace evidence {

using concejo::Call;
using concejo::Error;
using concejo::ErrorKind;
using concejo::fill;
using concejo::Job;
using concejo::Json;
using concejo::N_;
using concejo::Param;
using concejo::Reply;
using concejo::Request;
using concejo::Terminal;
using concejo::Transaction;

}  // namespace evidence
