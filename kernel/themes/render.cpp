#include "kernel/themes/mustache.hpp"

#include <concejo/escape.hpp>

namespace kernel::themes {

using concejo::Json;

namespace {

bool is_false(const Json* value) {
    if (!value || value->is_null()) return true;
    if (value->is_bool()) return !value->as_bool();
    if (value->is_string()) return value->as_string().empty();
    if (value->is_int()) return value->as_int() == 0;
    return value->is_array() && value->empty();
}

}  // namespace

class Renderer {
public:
    Renderer(const Template& source, const Json& view, bool strict, Output output)
        : source_(source), strict_(strict), output_(output) {
        stack_.push_back(&view);
    }

    std::string run() {
        call(0);
        if (!missing_.empty()) {
            std::string all = "nombres que la vista no da:";
            for (const auto& name : missing_) all += "\n  " + name;
            throw ThemeError(first_, all);
        }
        return std::move(out_);
    }

private:
    using Op = Template::Op;

    void call(std::size_t routine) {
        if (++depth_ > 200) {
            throw concejo::Error(concejo::ErrorKind::internal, "recursión sin fin entre plantillas");
        }
        const auto& ops = source_.routines_[routine];
        run(ops, 0, ops.size());
        --depth_;
    }

    void run(const Template::Routine& ops, std::size_t from, std::size_t to) {
        for (std::size_t at = from; at < to; ++at) {
            const Op& op = ops[at];
            switch (op.kind) {
                case Op::Kind::text:
                    out_ += op.text;
                    break;
                case Op::Kind::escaped:
                case Op::Kind::raw:
                    print(op);
                    break;
                case Op::Kind::call:
                    call(op.target);
                    break;
                case Op::Kind::section:
                    section(op, ops, at + 1);
                    at = op.target;
                    break;
                case Op::Kind::inverted:
                    if (is_false(find(op))) run(ops, at + 1, op.target);
                    at = op.target;
                    break;
                case Op::Kind::end:
                    break;
            }
        }
    }

    void section(const Op& op, const Template::Routine& ops, std::size_t from) {
        const Json* value = find(op);
        if (is_false(value)) return;
        if (op.once) return run(ops, from, op.target);
        if (!value->is_array()) {
            stack_.push_back(value);
            run(ops, from, op.target);
            stack_.pop_back();
            return;
        }
        for (const Json& item : value->as_array()) {
            stack_.push_back(&item);
            run(ops, from, op.target);
            stack_.pop_back();
        }
    }

    const Json* find(const Op& op) const {
        if (op.name.empty()) return stack_.back();
        const Json* found = nullptr;
        for (auto scope = stack_.rbegin(); !found && scope != stack_.rend(); ++scope)
            found = (*scope)->find(op.name[0]);
        for (std::size_t i = 1; found && i < op.name.size(); ++i) found = found->find(op.name[i]);
        return found;
    }

    void print(const Op& op) {
        const Json* value = find(op);
        if (!value || value->is_object() || value->is_array()) {
            if (strict_) note_missing(op, value != nullptr);
            return;
        }
        if (value->is_string()) {
            if (op.kind == Op::Kind::raw || output_ == Output::text)
                out_ += value->as_string();
            else
                concejo::append_html(out_, value->as_string());
        } else if (!value->is_null()) {
            out_ += value->dump();
        }
    }

    void note_missing(const Op& op, bool structured) {
        const Place place{source_.files()[op.file], op.line, op.column};
        std::string name;
        for (const auto& part : op.name) name += (name.empty() ? "" : ".") + part;
        if (missing_.empty()) first_ = place;
        missing_.push_back("«" + (name.empty() ? "." : name) + "» en " + place.text() +
                           (structured ? " (es una lista o un objeto, no un texto)" : ""));
    }

    const Template& source_;
    bool strict_;
    Output output_;
    std::vector<const Json*> stack_;
    std::string out_;
    int depth_ = 0;
    std::vector<std::string> missing_;
    Place first_;
};

std::string Template::render(const Json& view, bool strict, Output output) const {
    return Renderer(*this, view, strict, output).run();
}

}  // namespace kernel::themes
