#include "kernel/config/module_block.hpp"

#include "kernel/base/text.hpp"
#include "kernel/base/tr.hpp"
#include "kernel/config/reader.hpp"
#include "kernel/config/schema_rule.hpp"

#include <concejo/error.hpp>

#include <algorithm>
#include <optional>

namespace kernel::config {
namespace {

using concejo::Error;
using concejo::ErrorKind;

[[noreturn]] void by_hand(std::string_view id, std::string_view why) {
    throw Error(ErrorKind::invalid, base::tr("modulos.{0}: {1}; edite el archivo en el servidor", id, why));
}

/// Lines with their ends.
std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        const auto size = end == text.npos ? text.size() : end + 1;
        lines.emplace_back(text.substr(0, size));
        text.remove_prefix(size);
    }
    return lines;
}

std::string_view without_end(std::string_view line) {
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
    return line;
}

/// The blanks that a line begins with.
std::string_view indent_of(std::string_view line) {
    const auto text = without_end(line);
    return text.substr(0, std::min(text.size(), text.find_first_not_of(" \t")));
}
bool blank(std::string_view line) { return base::trim(line).empty(); }
bool comment(std::string_view line) { return base::trim(line).starts_with('#'); }

std::optional<Node> tree_of(std::string_view text) {
    Problems problems;
    auto tree = read_yaml(text, "", {}, problems);
    if (!tree || !tree->is_mapping()) return std::nullopt;
    return tree;
}

/// What stands behind "key:" in its line.
std::string_view behind_key(std::string_view line, const std::string& key) {
    line = without_end(line);
    line.remove_prefix(indent_of(line).size());
    for (const auto& written : {key, '"' + key + '"', "'" + key + "'"}) {
        if (line.starts_with(written) && base::trim(line.substr(written.size())).starts_with(':'))
            return line.substr(line.find(':', written.size()) + 1);
    }
    return "?";  // "? key", "{key: …": not ours to take apart
}

/// Nothing, a comment, or the name of an anchor.
bool opens_block(std::string_view rest) {
    rest = base::trim(rest);
    if (rest.starts_with('&'))
        rest = base::trim(rest.substr(std::min(rest.size(), rest.find_first_of(" \t"))));
    return rest.empty() || rest.starts_with('#');
}

struct Block {
    std::size_t key = 0;   ///< line of the key, from 0
    std::size_t end = 0;   ///< the line after the last one of the block
    bool in_line = false;  ///< the value is in the key's own line, in braces
    std::string indent;    ///< of its settings
};

/// The line after the last one that stands deeper than the key: what follows with comments is the next one's.
std::size_t end_of_block(const std::vector<std::string>& lines, std::size_t key) {
    const auto depth = indent_of(lines[key]).size();
    std::size_t end = key + 1;
    for (auto at = key + 1; at < lines.size(); ++at) {
        if (blank(lines[at])) continue;
        if (indent_of(lines[at]).size() > depth)
            end = at + 1;
        else if (!comment(lines[at]))
            break;
    }
    return end;
}

std::string common_indent(const std::vector<std::string>& lines, std::size_t from, std::size_t to) {
    std::optional<std::string> common;
    for (auto at = from; at < to; ++at) {
        if (blank(lines[at])) continue;
        const auto here = indent_of(lines[at]);
        if (!common) common = std::string(here);
        std::size_t same = 0;
        while (same < std::min(common->size(), here.size()) && (*common)[same] == here[same]) ++same;
        common->resize(same);
    }
    return common.value_or("");
}

/// `modulos`, or one of its members.
std::optional<Block> find_block(const std::vector<std::string>& lines, const Member& member) {
    Block block;
    block.key = static_cast<std::size_t>(member.place.line - 1);
    const auto rest = behind_key(lines.at(block.key), member.key);
    block.end = end_of_block(lines, block.key);
    block.indent = common_indent(lines, block.key + 1, block.end);
    if (opens_block(rest)) return block;
    block.in_line = base::trim(rest).starts_with('{');
    if (!block.in_line || block.end != block.key + 1) return std::nullopt;
    return block;
}

std::string line_end_of(const std::vector<std::string>& lines) {
    return !lines.empty() && lines.front().ends_with("\r\n") ? "\r\n" : "\n";
}

/// \n alone, none at the end.
std::string plain(std::string_view body) {
    std::string text;
    for (std::size_t at = 0; at < body.size(); ++at) {
        if (body[at] == '\r' && at + 1 < body.size() && body[at + 1] == '\n') continue;
        text += body[at] == '\r' ? '\n' : body[at];
    }
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ' || text.back() == '\t'))
        text.pop_back();
    return text;
}

void append_body(std::vector<std::string>& into, std::string_view body, const std::string& indent,
                 const std::string& end) {
    const auto text = plain(body);
    if (text.empty()) return;
    for (const auto line : base::split(text, '\n'))
        into.push_back((line.empty() ? "" : indent + std::string(line)) + end);
}

/// Everything but the block in question, for comparing.
std::optional<Node> the_rest(std::string_view text, const std::string& id) {
    auto tree = tree_of(text);
    if (!tree) return tree;
    if (Node* modules = tree->find("modulos")) {
        modules->erase(id);
        if (modules->is_null() || modules->members.empty()) tree->erase("modulos");
    }
    return tree;
}

const Member* module_of(const Node& tree, const std::string& id) {
    const Node* modules = tree.find("modulos");
    return modules ? modules->member(id) : nullptr;
}

/// Where a new block goes: behind the last one, or below a `modulos` that has none, or at the end of the
/// file.
std::vector<std::string> with_new_module(std::vector<std::string> lines, const Node& tree,
                                         const std::string& id, std::string_view body) {
    const auto end = line_end_of(lines);
    std::string indent = "  ";
    std::size_t at = lines.size();
    if (!lines.empty() && !lines.back().ends_with('\n')) lines.back() += end;
    if (const Member* modules = tree.member("modulos")) {
        const auto key = static_cast<std::size_t>(modules->place.line - 1);
        const auto rest = base::trim(behind_key(lines.at(key), "modulos"));
        if (rest.starts_with('{') && modules->value.members.empty()) {
            auto& line = lines[key];
            const auto from = line.find('{'), to = line.find('}');
            if (to == line.npos) by_hand(id, base::tr("la lista de módulos está en varias líneas"));
            line.erase(from > 0 && line[from - 1] == ' ' ? from - 1 : from,
                       to + 1 - (from > 0 && line[from - 1] == ' ' ? from - 1 : from));
        } else if (!opens_block(rest) && rest != "null" && rest != "~") {
            by_hand(id, base::tr("los módulos están escritos en una línea, entre llaves"));
        } else if (!opens_block(rest)) {
            lines[key] = std::string(indent_of(lines[key])) + "modulos:" + end;
        }
        at = modules->value.members.empty() ? key + 1 : end_of_block(lines, key);
        if (!modules->value.members.empty())
            indent = indent_of(lines[static_cast<std::size_t>(modules->value.members[0].place.line - 1)]);
    } else {
        lines.push_back("modulos:" + end);
        at = lines.size();
    }
    std::vector<std::string> block{indent + id + ":" + end};
    append_body(block, body, indent + "  ", end);
    lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), block.begin(), block.end());
    return lines;
}

std::vector<std::string> with_block(std::vector<std::string> lines, const Block& block, const std::string& id,
                                    std::string_view body) {
    const auto end = line_end_of(lines);
    const auto key_indent = std::string(indent_of(lines[block.key]));
    const bool open_end = block.end == lines.size() && !lines.back().ends_with('\n');
    const auto indent = block.indent.size() > key_indent.size() ? block.indent : key_indent + "  ";
    std::vector<std::string> fresh{lines[block.key]};
    if (block.in_line) {
        const auto line = lines[block.key];
        fresh[0] = line.substr(0, line.size() - behind_key(line, id).size() -
                                      (line.size() - without_end(line).size())) +
                   end;
    } else if (!fresh[0].ends_with('\n')) {
        fresh[0] += end;
    }
    append_body(fresh, body, indent, end);
    if (open_end) fresh.back() = without_end(fresh.back());
    lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(block.key),
                lines.begin() + static_cast<std::ptrdiff_t>(block.end));
    lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(block.key), fresh.begin(), fresh.end());
    return lines;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) text += line;
    return text;
}

Node readable(std::string_view file, const std::string& id) {
    if (file.starts_with("\xEF\xBB\xBF")) by_hand(id, base::tr("el archivo empieza por una marca BOM"));
    auto tree = tree_of(file);
    if (!tree) by_hand(id, base::tr("el archivo tiene errores que no dejan leerlo"));
    return std::move(*tree);
}

Block block_or_by_hand(const std::vector<std::string>& lines, const Member& member) {
    if (auto block = find_block(lines, member)) return *block;
    by_hand(member.key,
            base::tr("está escrito de una forma que aquí no se puede separar del resto (línea {})",
                     member.place.line));
}

}  // namespace

std::vector<std::string> module_ids(std::string_view file) {
    std::vector<std::string> ids;
    const auto tree = tree_of(file);
    if (const Node* modules = tree ? tree->find("modulos") : nullptr) {
        for (const auto& member : modules->members) ids.push_back(member.key);
    }
    return ids;
}

std::string module_body(std::string_view file, const std::string& id) {
    const auto tree = readable(file, id);
    const Member* member = module_of(tree, id);
    if (!member) return {};
    const auto lines = lines_of(file);
    const auto block = block_or_by_hand(lines, *member);
    if (block.in_line) return std::string(base::trim(behind_key(lines[block.key], id))) + "\n";
    std::string body;
    for (auto at = block.key + 1; at < block.end; ++at) {
        const auto line = without_end(lines[at]);
        body += std::string(line.substr(std::min(line.size(), block.indent.size()))) + "\n";
    }
    return body;
}

std::string with_module_body(std::string_view file, const std::string& id, std::string_view body) {
    const auto tree = readable(file, id);
    const Member* member = module_of(tree, id);
    if (member && plain(module_body(file, id)) == plain(body)) return std::string(file);
    auto lines = lines_of(file);
    auto text = joined(member ? with_block(lines, block_or_by_hand(lines, *member), id, body)
                              : with_new_module(lines, tree, id, body));
    const auto before = the_rest(file, id), after = the_rest(text, id);
    if (before && after && !same_value(*before, *after))
        by_hand(id, base::tr("lo escrito cambiaría también otras partes del archivo"));
    return text;
}

std::string with_active(std::string_view body, bool active) {
    const auto text = plain(body);
    const auto value = std::string(active ? "true" : "false");
    if (base::trim(text).empty()) return "activo: " + value + "\n";
    Problems problems;
    const auto tree = read_yaml(text, "", {}, problems);
    const Node* said = tree && tree->is_mapping() ? tree->find("activo") : nullptr;
    if (!said) {
        const bool flow = base::trim(text).starts_with('{');
        if (!tree || (!tree->is_mapping() && !tree->is_null()) || flow)
            throw Error(ErrorKind::invalid, base::tr("no se encuentra dónde escribir 'activo'"));
        return "activo: " + value + "\n" + text + "\n";
    }
    auto lines = lines_of(text + "\n");
    auto& line = lines.at(static_cast<std::size_t>(said->place.line - 1));
    std::size_t at = 0;  // characters to bytes
    for (int column = 1; column < said->place.column && at < line.size(); ++column)
        for (++at; at < line.size() && (static_cast<unsigned char>(line[at]) & 0xC0) == 0x80; ++at) {
        }
    for (const char* written : {"true", "false"}) {
        if (line.compare(at, std::string_view(written).size(), written) != 0) continue;
        line.replace(at, std::string_view(written).size(), value);
        return joined(lines);
    }
    throw Error(ErrorKind::invalid, base::tr("no se encuentra dónde escribir 'activo'"));
}

}  // namespace kernel::config
