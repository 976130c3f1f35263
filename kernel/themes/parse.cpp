#include "kernel/themes/parse.hpp"

#include "kernel/themes/scan.hpp"

namespace kernel::themes {

namespace {

class Parser {
public:
    explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

    std::vector<Node> document() {
        std::vector<Node> nodes = until(nullptr);
        if (at_ < tokens_.size()) {
            const Token& close = tokens_[at_];
            throw ThemeError(close.place, "se cierra «" + close.text + "», que no está abierta");
        }
        return nodes;
    }

private:
    /// Nodes up to the close of `open` (left for the caller), or to the end.
    std::vector<Node> until(const Token* open) {
        std::vector<Node> nodes;
        for (; at_ < tokens_.size(); ++at_) {
            const Token token = tokens_[at_];
            if (token.kind == '/') {
                if (!open || open->text == token.text) return nodes;
                throw ThemeError(token.place, "se cierra «" + token.text + "», pero lo abierto es «" +
                                                  open->text + "» (línea " +
                                                  std::to_string(open->place.line) + ")");
            }
            add(nodes, token);
        }
        if (open)
            throw ThemeError(open->place,
                             "«" + open->text + "» se abre y no se cierra: falta {{/" + open->text + "}}");
        return nodes;
    }

    void add(std::vector<Node>& nodes, const Token& token) {
        if (token.kind == '!' || token.kind == '=') {
            if (token.line_start) begin_line(nodes, "", token.place);
            return;
        }
        if (token.kind == '"') return add_text(nodes, token);
        if (token.line_start) begin_line(nodes, "", token.place);
        Node node;
        node.text = token.text;
        node.indent = token.indent;
        node.standalone = token.standalone;
        node.place = token.place;
        node.kind = kind_of(token.kind);
        const bool container = node.kind == Node::Kind::section || node.kind == Node::Kind::inverted ||
                               node.kind == Node::Kind::parent || node.kind == Node::Kind::block;
        if (container) {
            ++at_;
            node.children = until(&token);
            if (node.kind == Node::Kind::parent) keep_blocks(node.children);
        }
        nodes.push_back(std::move(node));
    }

    static Node::Kind kind_of(char kind) {
        switch (kind) {
            case '#':
                return Node::Kind::section;
            case '^':
                return Node::Kind::inverted;
            case '>':
                return Node::Kind::partial;
            case '<':
                return Node::Kind::parent;
            case '$':
                return Node::Kind::block;
            case '&':
                return Node::Kind::raw;
            case '_':
                return Node::Kind::translation;
            default:
                return Node::Kind::variable;
        }
    }

    static void begin_line(std::vector<Node>& nodes, std::string space, const Place& place) {
        Node node;
        node.kind = Node::Kind::line;
        node.text = std::move(space);
        node.place = place;
        nodes.push_back(std::move(node));
    }

    static void add_text(std::vector<Node>& nodes, const Token& token) {
        std::string_view text = token.text;
        if (token.line_start) {
            const std::size_t space = std::min(text.find_first_not_of(" \t"), text.size());
            const bool blank = text.substr(space) == "\n" || text.substr(space) == "\r\n";
            if (!blank) {
                begin_line(nodes, std::string(text.substr(0, space)), token.place);
                text.remove_prefix(space);
            }
        }
        if (text.empty()) return;
        Node node;
        node.text = std::string(text);
        node.place = token.place;
        nodes.push_back(std::move(node));
    }

    /// Between a parent's tags only its blocks count.
    static void keep_blocks(std::vector<Node>& nodes) {
        std::erase_if(nodes, [](const Node& node) { return node.kind != Node::Kind::block; });
    }

    std::vector<Token> tokens_;
    std::size_t at_ = 0;
};

}  // namespace

std::vector<Node> parse_template(std::string_view text, const std::string& file) {
    return Parser(scan_template(text, file)).document();
}

std::vector<std::string> split_name(std::string_view name) {
    std::vector<std::string> parts;
    if (name == ".") return parts;
    for (std::size_t from = 0;;) {
        const std::size_t dot = name.find('.', from);
        parts.emplace_back(name.substr(from, dot - from));
        if (dot == std::string_view::npos) return parts;
        from = dot + 1;
    }
}

}  // namespace kernel::themes
