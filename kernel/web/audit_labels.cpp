#include "kernel/web/audit_labels.hpp"

#include "kernel/web/texts.hpp"

namespace kernel::web {
namespace {

using texts::N_;

struct ActionLabel {
    std::string_view code;
    const char* text;
};

constexpr ActionLabel action_labels[] = {
#include "kernel/web/audit_actions.inc"
};

}  // namespace

const char* label_of_action(std::string_view code) {
    for (const auto& one : action_labels)
        if (one.code == code) return one.text;
    return nullptr;
}

}  // namespace kernel::web
