#include "kernel/config/node.hpp"

#include <algorithm>
#include <charconv>

namespace kernel::config {
namespace {

bool only_digits(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view without_sign(std::string_view text) {
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
    return text;
}

bool is_integer(std::string_view text) {
    const std::string_view magnitude = without_sign(text);
    return only_digits(magnitude) && (magnitude.size() == 1 || magnitude.front() != '0');
}

/// 1.5, -0.25, 1e3, 1.5e-3: what JSON calls a number, with an optional plus sign.
bool is_number(std::string_view text) {
    text = without_sign(text);
    const std::size_t exponent = text.find_first_of("eE");
    if (exponent != std::string_view::npos) {
        if (!only_digits(without_sign(text.substr(exponent + 1)))) return false;
        text = text.substr(0, exponent);
    }
    const std::size_t point = text.find('.');
    if (point != std::string_view::npos && !only_digits(text.substr(point + 1))) return false;
    return is_integer(text.substr(0, point)) && text.front() != '-' && text.front() != '+';
}

std::string_view for_from_chars(std::string_view text) {
    if (!text.empty() && text.front() == '+') text.remove_prefix(1);
    return text;
}

concejo::Json scalar_json(const Node& node) {
    const std::string_view text = for_from_chars(node.text);
    const char* end = text.data() + text.size();
    switch (node.scalar_type()) {
        case ScalarType::boolean:
            return concejo::Json(node.text == "true");
        case ScalarType::integer: {
            long long value = 0;
            std::from_chars(text.data(), end, value);
            return concejo::Json(value);
        }
        case ScalarType::number: {
            double value = 0;
            std::from_chars(text.data(), end, value);
            return concejo::Json(value);
        }
        case ScalarType::text:
            break;
    }
    return concejo::Json(node.text);
}

concejo::Json to_json(const Node& node, bool hide) {
    switch (node.kind) {
        case NodeKind::null:
            break;
        case NodeKind::scalar:
            return hide && node.secret ? concejo::Json("«secreto»") : scalar_json(node);
        case NodeKind::sequence: {
            auto list = concejo::Json::array();
            for (const Node& item : node.items) list.push_back(to_json(item, hide));
            return list;
        }
        case NodeKind::mapping: {
            auto object = concejo::Json::object();
            for (const Member& member : node.members)
                object.as_object().emplace_back(member.key, to_json(member.value, hide));
            return object;
        }
    }
    return {};
}

}  // namespace

ScalarType Node::scalar_type() const {
    if (quoted) return ScalarType::text;
    if (text == "true" || text == "false") return ScalarType::boolean;
    if (is_integer(text)) {
        long long value = 0;  // more than 64 bits is a code of digits, not an amount
        const std::string_view number = for_from_chars(text);
        const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
        return error == std::errc{} ? ScalarType::integer : ScalarType::text;
    }
    if (!is_number(text)) return ScalarType::text;
    double value = 0;
    const std::string_view number = for_from_chars(text);
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    return error == std::errc{} ? ScalarType::number : ScalarType::text;
}

const Member* Node::member(std::string_view key) const noexcept {
    for (const Member& member : members) {
        if (member.key == key) return &member;
    }
    return nullptr;
}

const Node* Node::find(std::string_view key) const noexcept {
    const Member* found = member(key);
    return found ? &found->value : nullptr;
}

Node* Node::find(std::string_view key) noexcept { return const_cast<Node*>(std::as_const(*this).find(key)); }

const Node* Node::at(std::string_view path) const noexcept {
    const std::size_t dot = path.find('.');
    const Node* found = find(path.substr(0, dot));
    return found && dot != std::string_view::npos ? found->at(path.substr(dot + 1)) : found;
}

void Node::erase(std::string_view key) {
    std::erase_if(members, [key](const Member& member) { return member.key == key; });
}

concejo::Json Node::json() const { return to_json(*this, false); }

concejo::Json Node::shown() const { return to_json(*this, true); }

Node merged(const Node& lower, const Node& upper) {
    if (!lower.is_mapping() || !upper.is_mapping()) return upper;
    Node result = upper;
    result.members = lower.members;
    for (const Member& above : upper.members) {
        const auto below = std::find_if(result.members.begin(), result.members.end(),
                                        [&above](const Member& member) { return member.key == above.key; });
        if (below == result.members.end()) {
            result.members.push_back(above);  // a null too: the schema says whether there is such a key
        } else if (above.value.is_null()) {
            result.members.erase(below);
        } else {
            *below = Member{above.key, above.place, merged(below->value, above.value)};
        }
    }
    return result;
}

}  // namespace kernel::config
