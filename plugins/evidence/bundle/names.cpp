#include "plugins/evidence/bundle/names.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace evidence::bundle {
namespace {

constexpr std::string_view extensions[] = {".p7s", ".xml", ".tsr", ".ers"};  // in the order of Attached

std::string numbered_leaf(unsigned number, std::string_view extension) {
    const auto digits = std::to_string(number);
    return "hoja-" + std::string(digits.size() < 3 ? 3 - digits.size() : 0, '0') + digits +
           std::string(extension);
}

}  // namespace

std::string document_name(std::string_view extension) { return "documento." + std::string(extension); }

bool is_document(std::string_view name) {
    constexpr std::string_view prefix = "documento.";
    if (!name.starts_with(prefix)) return false;
    name.remove_prefix(prefix.size());
    return !name.empty() && name.size() <= 5 && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    });
}

std::string leaf_name(unsigned number) { return numbered_leaf(number, ".json"); }
std::string proof_name(unsigned number) { return numbered_leaf(number, ".tlog-proof"); }

std::string attached_name(std::string_view of, unsigned number, Attached kind) {
    return std::string(of) + "." + std::to_string(number) +
           std::string(extensions[static_cast<std::size_t>(kind)]);
}

std::optional<AttachedName> parse_attached(std::string_view name) {
    for (std::size_t kind = 0; kind < std::size(extensions); ++kind) {
        if (!name.ends_with(extensions[kind])) continue;
        const auto stem = name.substr(0, name.size() - extensions[kind].size());
        const auto dot = stem.rfind('.');
        if (dot == std::string_view::npos) return std::nullopt;
        unsigned number = 0;
        const auto [end, error] = std::from_chars(stem.data() + dot + 1, stem.data() + stem.size(), number);
        if (error != std::errc{} || number == 0) return std::nullopt;
        const AttachedName parsed{stem.substr(0, dot), number, static_cast<Attached>(kind)};
        if (attached_name(parsed.of, number, parsed.kind) != name) return std::nullopt;
        return parsed;
    }
    return std::nullopt;
}

}  // namespace evidence::bundle
