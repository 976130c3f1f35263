#include "kernel/themes/compile.hpp"

#include "kernel/i18n/key.hpp"

#include <algorithm>

namespace kernel::themes {

namespace {

using Kind = Template::Op::Kind;
constexpr std::size_t max_depth = 48;

/// White space of the first line of a block's content.
std::string first_indent(const Node& block) {
    for (const Node& child : block.children) {
        if (child.kind == Node::Kind::line) return child.text;
        if (child.standalone) return child.indent;
    }
    return {};
}

bool ends_line(const std::vector<Node>& nodes) {
    if (nodes.empty()) return true;
    const Node& last = nodes.back();
    return last.standalone || (last.kind == Node::Kind::text && last.text.ends_with('\n'));
}

}  // namespace

Template Template::compile(std::string_view name, const Loader& load, const CompileOptions& options) {
    return Compiler(load, options).compile(name);
}

std::string Compiler::Shift::operator()(std::string_view space) const {
    return add + std::string(space.substr(std::min(strip, space.size())));
}

Template Compiler::compile(std::string_view name) {
    const Place nowhere{std::string(name), 1, 1};
    const Unit* main = unit(std::string(name), nowhere);
    if (!main)
        throw concejo::Error(concejo::ErrorKind::not_found,
                             "no existe la plantilla «" + std::string(name) + "»");
    routine(std::string(name), *main, {}, "", nowhere);
    return std::move(out_);
}

const Compiler::Unit* Compiler::unit(const std::string& name, const Place& place) {
    if (const auto known = units_.find(name); known != units_.end()) return known->second.get();
    const auto source = load_(name);
    if (!source) {
        if (options_.missing_empty || out_.files_.empty()) return nullptr;
        throw ThemeError(place, "no existe la plantilla o el parcial «" + name + "»");
    }
    auto made = std::make_unique<Unit>();
    made->file = static_cast<std::uint32_t>(out_.files_.size());
    out_.files_.push_back(source->file);
    made->domain = source->domain;
    made->nodes = parse_template(source->text, source->file);
    return units_.emplace(name, std::move(made)).first->second.get();
}

std::size_t Compiler::routine(const std::string& name, const Unit& unit, Overrides overrides,
                              const std::string& indent, const Place& place) {
    std::string key = name + '\n' + indent;
    for (const auto& [block, with] : overrides) key += '\n' + block + '@' + with.block->place.text();
    if (const auto known = routines_.find(key); known != routines_.end()) {
        const auto frame =
            std::find_if(frames_.begin(), frames_.end(), [&](const Frame& f) { return f.key == key; });
        if (frame == frames_.end() || sections_ > frame->sections) return known->second;
    }
    const bool endless = routines_.contains(key) || frames_.size() >= max_depth;
    if (endless) {
        std::string chain;
        for (auto frame = frames_.size() > 6 ? frames_.end() - 6 : frames_.begin(); frame != frames_.end();
             ++frame) {
            chain += frame->name + " → ";
        }
        throw ThemeError(place, "recursión sin fin: " + chain + name);
    }
    const std::size_t index = out_.routines_.size();
    out_.routines_.emplace_back();
    routines_.emplace(key, index);
    frames_.push_back({key, name, sections_, index});
    emit(unit.nodes, Context{unit, std::move(overrides), Shift{indent, 0}, index});
    frames_.pop_back();
    return index;
}

Template::Op Compiler::op(Kind kind, const Node& node, const Context& context) const {
    Template::Op made{};
    made.kind = kind;
    made.file = context.unit.file;
    made.line = node.place.line;
    made.column = node.place.column;
    return made;
}

void Compiler::emit_text(std::string_view text, std::size_t routine) {
    auto& ops = out_.routines_[routine];
    if (!ops.empty() && ops.back().kind == Kind::text) {
        ops.back().text += text;
    } else if (!text.empty()) {
        ops.push_back({Kind::text, std::string(text), {}, 0, false, 0, 0, 0});
    }
}

void Compiler::emit(const std::vector<Node>& nodes, const Context& context) {
    for (const Node& node : nodes) {
        switch (node.kind) {
            case Node::Kind::text:
                emit_text(node.text, context.routine);
                break;
            case Node::Kind::line:
                emit_text(context.shift(node.text), context.routine);
                break;
            case Node::Kind::variable:
            case Node::Kind::raw:
                emit_value(node, context);
                break;
            case Node::Kind::section:
            case Node::Kind::inverted:
                emit_section(node, context);
                break;
            case Node::Kind::partial:
            case Node::Kind::parent:
                emit_call(node, context);
                break;
            case Node::Kind::block:
                emit_block(node, context);
                break;
            case Node::Kind::translation:
                emit_translation(node, context);
                break;
        }
    }
}

void Compiler::emit_value(const Node& node, const Context& context) {
    const bool raw = node.kind == Node::Kind::raw;
    auto made = op(raw ? Kind::raw : Kind::escaped, node, context);
    made.name = split_name(node.text);
    if (raw && !options_.any_raw && (made.name.empty() || !options_.raw_names.contains(made.name.back()))) {
        throw ThemeError(node.place,
                         "«" + node.text + "» no puede salir sin escapar: use {{" + node.text + "}}");
    }
    out_.routines_[context.routine].push_back(std::move(made));
}

void Compiler::emit_section(const Node& node, const Context& context) {
    auto& routines = out_.routines_;
    auto made = op(node.kind == Node::Kind::section ? Kind::section : Kind::inverted, node, context);
    made.once = node.text.size() > 1 && node.text.ends_with('?');
    made.name = split_name(std::string_view(node.text).substr(0, node.text.size() - (made.once ? 1 : 0)));
    const std::size_t start = routines[context.routine].size();
    routines[context.routine].push_back(std::move(made));
    ++sections_;
    emit(node.children, context);
    --sections_;
    routines[context.routine].push_back(op(Kind::end, node, context));
    routines[context.routine][start].target = routines[context.routine].size() - 1;
}

void Compiler::emit_call(const Node& node, const Context& context) {
    const Unit* called = unit(node.text, node.place);
    if (!called) return;
    Overrides overrides;
    if (node.kind == Node::Kind::parent) {
        overrides = context.overrides;  // what was said further out wins
        for (const Node& block : node.children)
            overrides.emplace(block.text, Override{&block, &context.unit});
    }
    const std::string indent = node.standalone ? context.shift(node.indent) : "";
    auto made = op(Kind::call, node, context);
    made.target = routine(node.text, *called, std::move(overrides), indent, node.place);
    made.text = node.text;
    out_.routines_[context.routine].push_back(std::move(made));
}

void Compiler::emit_block(const Node& node, const Context& context) {
    const auto with = context.overrides.find(node.text);
    if (with == context.overrides.end()) return emit(node.children, context);
    const Node& block = *with->second.block;
    Shift shift;
    if (block.standalone) shift.strip = first_indent(block).size();
    if (node.standalone) shift.add = context.shift(node.children.empty() ? node.indent : first_indent(node));
    const bool whole_lines = node.standalone && !block.children.empty();
    const bool begins_line = !block.children.empty() && (block.children.front().kind == Node::Kind::line ||
                                                         block.children.front().standalone);
    if (whole_lines && !begins_line) emit_text(shift.add, context.routine);
    emit(block.children, Context{*with->second.unit, context.overrides, shift, context.routine});
    if (whole_lines && !ends_line(block.children)) emit_text("\n", context.routine);
}

void Compiler::emit_translation(const Node& node, const Context& context) {
    const std::string key = i18n::translation_key(node.text);
    const std::string text =
        options_.translate ? options_.translate(options_.lang, context.unit.domain, key) : key;
    Place place = node.place;
    for (Node& part : parse_template(text, place.file)) {
        part.place = node.place;
        if (part.kind == Node::Kind::text)
            emit_text(part.text, context.routine);
        else if (part.kind == Node::Kind::line)
            emit_text(part.text, context.routine);
        else if (part.kind == Node::Kind::variable)
            emit_value(part, context);
        else
            throw ThemeError(place, "dentro de {{#_}}…{{/_}} solo caben textos y {{nombres}}");
    }
}

}  // namespace kernel::themes
