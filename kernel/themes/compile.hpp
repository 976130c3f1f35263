// Tree → operations: partials and parents resolved, blocks replaced, texts translated.
#pragma once

#include "kernel/themes/mustache.hpp"
#include "kernel/themes/parse.hpp"

#include <map>
#include <memory>

namespace kernel::themes {

class Compiler {
public:
    Compiler(const Loader& load, const CompileOptions& options) : load_(load), options_(options) {}

    Template compile(std::string_view name);

private:
    struct Unit {  // a parsed source
        std::vector<Node> nodes;
        std::string domain;
        std::uint32_t file = 0;
    };
    struct Override {
        const Node* block;
        const Unit* unit;
    };
    using Overrides = std::map<std::string, Override>;
    /// What happens to the white space that begins each line.
    struct Shift {
        std::string add;
        std::size_t strip = 0;
        std::string operator()(std::string_view space) const;
    };
    struct Context {
        const Unit& unit;
        Overrides overrides;
        Shift shift;
        std::size_t routine;
    };
    struct Frame {
        std::string key, name;
        std::size_t sections;
        std::size_t routine;
    };

    const Unit* unit(const std::string& name, const Place& place);
    std::size_t routine(const std::string& name, const Unit& unit, Overrides overrides,
                        const std::string& indent, const Place& place);
    void emit(const std::vector<Node>& nodes, const Context& context);
    void emit_section(const Node& node, const Context& context);
    void emit_call(const Node& node, const Context& context);
    void emit_block(const Node& node, const Context& context);
    void emit_translation(const Node& node, const Context& context);
    void emit_text(std::string_view text, std::size_t routine);
    void emit_value(const Node& node, const Context& context);
    Template::Op op(Template::Op::Kind kind, const Node& node, const Context& context) const;

    const Loader& load_;
    const CompileOptions& options_;
    Template out_;
    std::map<std::string, std::unique_ptr<Unit>, std::less<>> units_;
    std::map<std::string, std::size_t> routines_;  ///< finished or under way, by key
    std::vector<Frame> frames_;
    std::size_t sections_ = 0;
};

}  // namespace kernel::themes
