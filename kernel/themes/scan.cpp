#include "kernel/themes/scan.hpp"

#include "kernel/base/text.hpp"

#include <algorithm>

namespace kernel::themes {

std::string Place::text() const { return file + ':' + std::to_string(line) + ':' + std::to_string(column); }

namespace {

class Scanner {
public:
    Scanner(std::string_view text, const std::string& file) : text_(text) { place_.file = file; }

    std::vector<Token> all() {
        while (at_ < text_.size()) {
            const std::size_t open = std::min(text_.find(open_, at_), text_.size());
            add_text(open);
            if (open < text_.size()) add_tag();
        }
        end_line();
        return std::move(out_);
    }

private:
    /// Moves to `to`, counting lines and characters.
    void advance(std::size_t to) {
        for (; at_ < to; ++at_) {
            if (text_[at_] == '\n') {
                ++place_.line;
                place_.column = 1;
            } else if ((static_cast<unsigned char>(text_[at_]) & 0xC0) != 0x80) {
                ++place_.column;
            }
        }
    }

    void add_text(std::size_t to) {
        while (at_ < to) {
            const std::size_t newline = text_.find('\n', at_);
            const bool ends = newline < to;
            const std::size_t stop = ends ? newline + 1 : to;
            line_.push_back({'"', std::string(text_.substr(at_, stop - at_)), place_, {}, false, false});
            advance(stop);
            if (ends) end_line();
        }
    }

    void add_tag() {
        const Place place = place_;
        std::size_t from = at_ + open_.size();
        if (from >= text_.size()) throw ThemeError(place, "etiqueta sin cerrar: falta «" + close_ + "»");
        char sigil = text_[from];
        std::string closing = close_;
        if (sigil == '{') closing = '}' + close_;
        if (sigil == '=') closing = '=' + close_;
        static constexpr std::string_view sigils = "#^/><$&!={";
        if (sigils.find(sigil) == std::string_view::npos)
            sigil = 'v';
        else
            ++from;
        const std::size_t end = text_.find(closing, from);
        if (end == std::string_view::npos)
            throw ThemeError(place, "etiqueta sin cerrar: falta «" + closing + "»");
        std::string name(base::trim(text_.substr(from, end - from)));
        std::size_t after = end + closing.size();
        if (sigil == '{') sigil = '&';
        if (sigil == '=') {
            set_delimiters(name, place);
        } else if (sigil == '#' && name == "_") {
            const std::size_t close = text_.find(open_ + "/_" + close_, after);
            if (close == std::string_view::npos) {
                throw ThemeError(place, "texto por traducir sin cerrar: falta «{{/_}}»");
            }
            name = std::string(text_.substr(after, close - after));
            after = close + open_.size() + 2 + close_.size();
            sigil = '_';
        } else if (sigil != '!' && (name.empty() || std::any_of(name.begin(), name.end(), is_space))) {
            throw ThemeError(
                place, name.empty() ? "etiqueta sin nombre" : "el nombre «" + name + "» lleva espacios");
        }
        line_.push_back({sigil, std::move(name), place, {}, false, false});
        advance(after);
    }

    void set_delimiters(std::string_view text, const Place& place) {
        const auto space = std::find_if(text.begin(), text.end(), is_space);
        const auto first = std::string_view(text.begin(), space);
        const auto second = base::trim(std::string_view(space, text.end()));
        if (first.empty() || second.empty() || std::any_of(second.begin(), second.end(), is_space)) {
            throw ThemeError(place, "delimitadores mal escritos: se espera {{=<% %>=}}");
        }
        open_ = first;
        close_ = second;
    }

    /// A line vanishes where nothing but white space surrounds one tag that prints nothing by itself,
    /// or any number of parents' and blocks' tags.
    bool vanishes() const {
        std::size_t tags = 0;
        bool inheritance = true;
        for (const Token& token : line_) {
            if (token.kind == '"') {
                if (!std::all_of(token.text.begin(), token.text.end(), is_space)) return false;
                continue;
            }
            if (std::string_view("#^/>!=<$").find(token.kind) == std::string_view::npos) return false;
            ++tags;
            inheritance = inheritance && std::string_view("<$/").find(token.kind) != std::string_view::npos;
        }
        return tags == 1 || (tags > 1 && inheritance);
    }

    void end_line() {
        if (vanishes()) {
            std::string indent = line_.front().kind == '"' ? line_.front().text : "";
            for (Token& token : line_) {
                if (token.kind == '"') continue;
                token.standalone = true;
                token.indent = indent;
                out_.push_back(std::move(token));
            }
        } else {
            if (!line_.empty()) line_.front().line_start = true;
            for (Token& token : line_) out_.push_back(std::move(token));
        }
        line_.clear();
    }

    std::string_view text_;
    std::size_t at_ = 0;
    Place place_;
    std::string open_ = "{{", close_ = "}}";
    std::vector<Token> line_, out_;
};

}  // namespace

std::vector<Token> scan_template(std::string_view text, const std::string& file) {
    return Scanner(text, file).all();
}

}  // namespace kernel::themes
