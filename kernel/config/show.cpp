#include "kernel/base/tr.hpp"
#include "kernel/config/installation.hpp"
#include "kernel/config/loader_parts.hpp"

#include "kernel/base/text.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

namespace kernel::config {
namespace {

bool word(std::string_view text) {
    return !text.empty() &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-") ==
               std::string_view::npos;
}

/// Plain where no reader could take it for something else, in double quotes otherwise.
std::string scalar_text(const Node& node) {
    if (node.secret) return base::tr("«secreto»");
    if (node.scalar_type() != ScalarType::text) return node.text;
    Node plain = node;
    plain.quoted = false;
    const char first = node.text.empty() ? '\0' : node.text.front();
    const bool letter = (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z') || first == '/';
    const std::string lower = base::lower_ascii(node.text);
    const bool reserved = lower == "null" || lower == "yes" || lower == "no" || lower == "on" ||
                          lower == "off" || lower == "true" || lower == "false" || lower == "y" ||
                          lower == "n";
    if (word(node.text) && letter && !reserved && plain.scalar_type() == ScalarType::text) return node.text;
    return concejo::Json(node.text).dump();
}

std::string origin_of(const Node& node) {
    if (node.from_schema) return base::tr("defecto del esquema");
    std::string origin = fmt::format("{}:{}", node.place.file, node.place.line);
    if (!node.tag.empty()) origin += fmt::format(" ({} {})", node.tag, node.reference);
    return origin;
}

class TreeWriter {
public:
    explicit TreeWriter(bool origin) : origin_(origin) {}

    void members(const Node& node, int depth) {
        for (const Member& member : node.members) {
            Node key;
            key.kind = NodeKind::scalar;
            key.text = member.key;
            key.quoted = true;
            value(std::string(static_cast<std::size_t>(depth) * 2, ' ') + scalar_text(key) + ":",
                  member.value, depth + 1);
        }
    }
    std::string take() {
        std::string out;
        for (const auto& [left, right] : lines_) {
            const std::size_t width = base::utf8_length(left);
            out += left;
            if (!right.empty()) out += std::string(width < 44 ? 44 - width : 2, ' ') + "# " + right;
            out += '\n';
        }
        return out;
    }

private:
    void line(std::string left, const Node* node) {
        lines_.emplace_back(std::move(left), origin_ && node ? origin_of(*node) : "");
    }

    void value(const std::string& before, const Node& node, int depth) {
        if (node.is_mapping() && !node.members.empty()) {
            line(before, nullptr);
            return members(node, depth);
        }
        if (node.is_sequence() && !node.items.empty()) {
            line(before, nullptr);
            const std::string indent(static_cast<std::size_t>(depth) * 2, ' ');
            for (const Node& item : node.items) value(indent + "-", item, depth + 1);
            return;
        }
        const std::string text = node.is_mapping()    ? "{}"
                                 : node.is_sequence() ? "[]"
                                 : node.is_null()     ? "null"
                                                      : scalar_text(node);
        line(before + " " + text, &node);
    }

    const bool origin_;
    std::vector<std::pair<std::string, std::string>> lines_;
};

}  // namespace

std::string tree_text(const Node& tree, bool origin) {
    TreeWriter writer(origin);
    writer.members(tree, 0);
    return writer.take();
}

const MunicipioConfig* Installation::find(std::string_view slug) const {
    for (const MunicipioConfig& municipio : municipios) {
        if (municipio.slug == slug) return &municipio;
    }
    return nullptr;
}

std::string Installation::show(std::string_view slug, bool origin) const {
    const MunicipioConfig* municipio = find(slug);
    if (municipio) return tree_text(municipio->effective, origin);
    std::vector<std::string> slugs;
    for (const MunicipioConfig& each : municipios) slugs.push_back(each.slug);
    throw concejo::Error(
        concejo::ErrorKind::not_found,
        base::tr("no hay ningún municipio '{0}' en servicio{1}", slug, did_you_mean(slug, slugs)));
}

std::string Installation::show_platform(bool origin) const { return tree_text(platform.effective, origin); }

}  // namespace kernel::config
