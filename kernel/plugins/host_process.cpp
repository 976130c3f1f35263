#include "kernel/blobs/store.hpp"
#include "kernel/plugins/call.hpp"
#include "kernel/plugins/tables.hpp"
#include "kernel/process/sandbox.hpp"

namespace kernel::plugins {
namespace {
