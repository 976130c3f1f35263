#include "kernel/base/tr.hpp"

namespace kernel::base {
namespace {

Translator& translator() {
    static Translator current;
    return current;
}

}  // namespace

void set_translator(Translator next) { translator() = std::move(next); }

std::string translated(std::string_view spanish) {
    return translator() ? translator()(spanish) : std::string(spanish);
}

}  // namespace kernel::base
