// A YAML value in our own tree: every value and every key knows where it stands.
#pragma once

#include "kernel/config/problems.hpp"

#include <concejo/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace kernel::config {

enum class NodeKind { null, scalar, sequence, mapping };
/// What an unquoted scalar means: only true/false are booleans; numbers are decimal, without leading zeros.
enum class ScalarType { text, boolean, integer, number };

struct Member;

struct Node {
    NodeKind kind = NodeKind::null;
    std::string text;          ///< of a scalar; of `!env` and `!secret` what they stand for, once resolved
    bool quoted = false;       ///< scalar in quotes, or in a block: always a text
    std::string tag;           ///< "", "!secret" or "!env"
    std::string reference;     ///< the name that follows the tag
    bool secret = false;       ///< never shown: the schema says so, or it came through !secret
    bool from_schema = false;  ///< a default
    Place place;
    std::vector<Member> members;  ///< of a mapping, in the file's order
    std::vector<Node> items;      ///< of a sequence

    bool is_null() const noexcept { return kind == NodeKind::null; }
    bool is_scalar() const noexcept { return kind == NodeKind::scalar; }
    bool is_sequence() const noexcept { return kind == NodeKind::sequence; }
    bool is_mapping() const noexcept { return kind == NodeKind::mapping; }

    ScalarType scalar_type() const;

    /// Null where there is no such member or this is no mapping.
    const Node* find(std::string_view key) const noexcept;
    Node* find(std::string_view key) noexcept;
    const Member* member(std::string_view key) const noexcept;
    /// By keys joined with '.', for ids without dots: "http.puerto".
    const Node* at(std::string_view path) const noexcept;
    void erase(std::string_view key);

    /// The value as JSON, secrets included: for the code that uses it, never for printing.
    concejo::Json json() const;
    /// The same with «secreto» for each secret.
    concejo::Json shown() const;
};

struct Member {
    std::string key;
    Place place;  ///< of the key
    Node value;
};

/// `upper` over `lower`: mappings merge, sequences and scalars replace, null unsets.
Node merged(const Node& lower, const Node& upper);

}  // namespace kernel::config
