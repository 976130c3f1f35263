#include "kernel/i18n/extract.hpp"

#include "kernel/i18n/key.hpp"

#include <algorithm>
#include <cctype>

namespace kernel::i18n {

namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

class CppScanner {
public:
    CppScanner(std::string_view text, const std::string& file, const std::vector<std::string>& more)
        : text_(text), file_(file), more_(more) {}

    std::vector<Message> run() {
        while (at_ < text_.size()) {
            if (skip_quiet()) continue;
            if (!is_word(text_[at_])) {
                step();
                continue;
            }
            const std::size_t from = at_;
            while (at_ < text_.size() && is_word(text_[at_])) step();
            const auto word = text_.substr(from, at_ - from);
            if (word == "trn")
                call(2);
            else if (word == "tr" || word == "N_" ||
                     std::find(more_.begin(), more_.end(), word) != more_.end())
                call(1);
        }
        return std::move(found_);
    }

private:
    void step() {
        if (text_[at_] == '\n') ++line_;
        ++at_;
    }
    void step(std::size_t count) {
        for (; count > 0 && at_ < text_.size(); --count) step();
    }
    bool starts(std::string_view what) const { return text_.substr(at_, what.size()) == what; }

    /// Comments and literals that are nobody's argument.
    bool skip_quiet() {
        if (skip_comment()) return true;
        if (starts("R\"") && (at_ == 0 || !is_word(text_[at_ - 1]))) return skip_raw(), true;
        if (text_[at_] == '"') return literal(), true;
        if (text_[at_] == '\'' && (at_ == 0 || !is_word(text_[at_ - 1]))) {
            for (step(); at_ < text_.size() && text_[at_] != '\'' && text_[at_] != '\n'; step()) {
                if (text_[at_] == '\\') step();
            }
            step(1);
            return true;
        }
        return false;
    }

    bool skip_comment() {
        if (starts("//")) {
            while (at_ < text_.size() && text_[at_] != '\n') step();
            return true;
        }
        if (!starts("/*")) return false;
        step(2);
        while (at_ < text_.size() && !starts("*/")) step();
        step(2);
        return true;
    }

    void skip_raw() {
        const std::size_t open = std::min(text_.find('(', at_), text_.size());
        const std::string close = ')' + std::string(text_.substr(at_ + 2, open - at_ - 2)) + '"';
        while (at_ < text_.size() && !starts(close)) step();
        step(close.size());
    }

    std::string literal() {
        std::string out;
        for (step(); at_ < text_.size() && text_[at_] != '"'; step()) {
            char c = text_[at_];
            if (c == '\\' && at_ + 1 < text_.size()) {
                step();
                c = text_[at_];
                if (c == 'n')
                    c = '\n';
                else if (c == 't')
                    c = '\t';
            }
            out += c;
        }
        step(1);
        return out;
    }

    void blanks() {
        while (at_ < text_.size()) {
            if (std::isspace(static_cast<unsigned char>(text_[at_])))
                step();
            else if (!skip_comment())
                return;
        }
    }

    /// The first `wanted` literals that are whole arguments of the call.
    void call(std::size_t wanted) {
        blanks();
        if (at_ >= text_.size() || text_[at_] != '(') return;
        Message message{{}, {}, file_, line_};
        std::vector<std::string> texts;
        int depth = 0;
        do {
            const char c = text_[at_];
            if (c == '"' && depth == 1) {
                std::string joined;
                const int line = line_;
                while (at_ < text_.size() && text_[at_] == '"') {
                    joined += literal();
                    blanks();
                }
                if (texts.empty()) message.line = line;
                texts.push_back(joined);
                if (texts.size() == wanted) break;
                continue;
            }
            if (skip_quiet()) continue;
            if (c == '(' || c == '{' || c == '[') ++depth;
            if (c == ')' || c == '}' || c == ']') --depth;
            if (c == ';') return;
            step();
        } while (at_ < text_.size() && depth > 0);
        if (texts.size() < wanted || texts[0].empty()) return;
        message.msgid = texts[0];
        if (wanted == 2) message.plural = texts[1];
        found_.push_back(std::move(message));
    }

    std::string_view text_;
    const std::string& file_;
    const std::vector<std::string>& more_;
    std::size_t at_ = 0;
    int line_ = 1;
    std::vector<Message> found_;
};

}  // namespace

std::vector<Message> extract_template(std::string_view text, const std::string& file) {
    static constexpr std::string_view open = "{{#_}}", close = "{{/_}}";
    std::vector<Message> found;
    for (std::size_t at = text.find(open); at != std::string_view::npos; at = text.find(open, at)) {
        const std::size_t from = at + open.size(), end = text.find(close, from);
        if (end == std::string_view::npos) break;
        const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
        found.push_back({translation_key(text.substr(from, end - from)), {}, file, static_cast<int>(line)});
        at = end;
    }
    return found;
}

std::vector<Message> extract_cpp(std::string_view text, const std::string& file,
                                 const std::vector<std::string>& more) {
    return CppScanner(text, file, more).run();
}

std::vector<std::string> placeholders(std::string_view text) {
    std::vector<std::string> found;
    for (std::size_t at = text.find('{'); at != std::string_view::npos; at = text.find('{', at)) {
        const std::string_view close = text.substr(at, 2) == "{{" ? "}}" : "}";
        const std::size_t end = text.find(close, at);
        if (end == std::string_view::npos) break;
        found.emplace_back(text.substr(at, end + close.size() - at));
        at = end + close.size();
    }
    std::sort(found.begin(), found.end());
    return found;
}

}  // namespace kernel::i18n
