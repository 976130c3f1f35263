#include "kernel/themes/lint.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace kernel::themes {

namespace {

constexpr char translated = '\x01', tag = '\x02';

bool is_name(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == ':';
}

/// The text with Mustache tags blotted out, byte for byte, so that places stay.
std::string blot(std::string_view text) {
    std::string out(text);
    const auto fill = [&out](std::size_t from, std::size_t to, char with) {
        for (std::size_t i = from; i < to && i < out.size(); ++i) {
            if (out[i] != '\n') out[i] = with;
        }
    };
    for (std::size_t at = text.find("{{"); at != std::string_view::npos; at = text.find("{{", at)) {
        const bool text_tag = text.substr(at, 6) == "{{#_}}";
        const std::string_view closing = text_tag ? "{{/_}}" : text.substr(at, 3) == "{{{" ? "}}}" : "}}";
        std::size_t end = text.find(closing, at);
        end = end == std::string_view::npos ? text.size() : end + closing.size();
        fill(at, end, text_tag ? translated : tag);
        at = end;
    }
    return out;
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return out;
}

/// Three letters in a row with a small one among them: words, not acronyms or codes.
bool has_words(std::string_view text) {
    int letters = 0;
    bool small = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c == '&') {  // a character reference is no word
            const std::size_t end = text.find(';', i);
            if (end != std::string_view::npos && end - i < 10) i = end;
            letters = 0;
            small = false;
        } else if (std::isalpha(c) || c >= 0xC3) {
            ++letters;
            small = small || std::islower(c);
            if (letters >= 3 && small) return true;
        } else if (c < 0x80) {
            letters = 0;
            small = false;
        }
    }
    return false;
}

class Linter {
public:
    Linter(std::string_view text, const std::string& file)
        : original_(text), text_(blot(text)), file_(file) {}

    std::vector<ThemeError> run() {
        while (at_ < text_.size()) {
            const std::size_t open = std::min(text_.find('<', at_), text_.size());
            words(at_, open);
            at_ = open;
            if (at_ < text_.size()) markup();
        }
        return std::move(found_);
    }

private:
    struct Attribute {
        std::string name, value;
        std::size_t at;
        bool has_value;
    };

    void report(std::size_t at, const std::string& what) {
        Place place{file_, 1, 1};
        for (std::size_t i = 0; i < at; ++i) {
            if (original_[i] == '\n') {
                ++place.line;
                place.column = 1;
            } else if ((static_cast<unsigned char>(original_[i]) & 0xC0) != 0x80) {
                ++place.column;
            }
        }
        found_.emplace_back(place, what);
    }

    void words(std::size_t from, std::size_t to) {
        if (!has_words(std::string_view(text_).substr(from, to - from))) return;
        while (from < to && (is_space(text_[from]) || text_[from] == tag || text_[from] == translated))
            ++from;
        report(from, "texto sin traducir: póngalo entre {{#_}} y {{/_}}");
    }

    void markup() {
        if (text_.compare(at_, 4, "<!--") == 0) return skip_to("-->");
        if (text_.compare(at_, 2, "<!") == 0 || text_.compare(at_, 2, "</") == 0) return skip_to(">");
        if (at_ + 1 >= text_.size() || !std::isalpha(static_cast<unsigned char>(text_[at_ + 1]))) {
            ++at_;
            return;
        }
        const std::size_t start = at_++;
        const std::string name = lower(take_name());
        std::vector<Attribute> attributes;
        while (at_ < text_.size() && text_[at_] != '>') attribute(attributes);
        if (at_ < text_.size()) ++at_;
        element(name, start, attributes);
    }

    void skip_to(std::string_view end) {
        const std::size_t found = text_.find(end, at_);
        at_ = found == std::string::npos ? text_.size() : found + end.size();
    }

    std::string take_name() {
        const std::size_t from = at_;
        while (at_ < text_.size() && (is_name(text_[at_]) || text_[at_] == tag)) ++at_;
        std::string name = text_.substr(from, at_ - from);
        std::erase(name, tag);
        return name;
    }

    void attribute(std::vector<Attribute>& attributes) {
        if (!is_name(text_[at_])) {
            ++at_;
            return;
        }
        Attribute made{{}, {}, at_, false};
        made.name = lower(take_name());
        std::size_t next = at_;
        while (next < text_.size() && is_space(text_[next])) ++next;
        if (next < text_.size() && text_[next] == '=') {
            at_ = next + 1;
            while (at_ < text_.size() && is_space(text_[at_])) ++at_;
            const char quote = at_ < text_.size() ? text_[at_] : '>';
            made.has_value = true;
            if (quote == '"' || quote == '\'') {
                const std::size_t end = std::min(text_.find(quote, at_ + 1), text_.size());
                made.value = text_.substr(at_ + 1, end - at_ - 1);
                at_ = std::min(end + 1, text_.size());
            } else {
                report(made.at, "el valor de «" + made.name + "» va sin comillas");
                while (at_ < text_.size() && !is_space(text_[at_]) && text_[at_] != '>') ++at_;
            }
        }
        attributes.push_back(std::move(made));
    }

    void element(const std::string& name, std::size_t start, const std::vector<Attribute>& attributes) {
        const auto has = [&](std::string_view wanted) {
            return std::any_of(attributes.begin(), attributes.end(),
                               [&](const auto& a) { return a.name == wanted; });
        };
        for (const Attribute& a : attributes) check(name, a);
        if (name == "img" && !has("alt"))
            report(start, "la imagen no tiene alt (vacío si es de adorno: alt=\"\")");
        if (name == "style") report(start, "no se admite <style>: use la hoja del tema");
        if (name == "script") {
            const std::size_t close = std::min(text_.find("</script", at_), text_.size());
            const auto body = std::string_view(text_).substr(at_, close - at_);
            if (!has("src") || !std::all_of(body.begin(), body.end(), is_space)) {
                report(start, "no se admite código dentro de <script>: póngalo en un archivo");
            }
        }
        if (name == "script" || name == "style") skip_to(name == "style" ? "</style>" : "</script>");
    }

    void check(const std::string& element, const Attribute& a) {
        static constexpr std::array readers = {"alt", "title", "placeholder", "aria-label"};
        static constexpr std::array loaders = {"link",   "script", "img",   "iframe",
                                               "source", "video",  "audio", "use"};
        if (a.name == "style") report(a.at, "no se admite el atributo style: use una clase");
        if (a.name.starts_with("on") && a.has_value) {
            report(a.at, "no se admite el atributo «" + a.name + "»: use un archivo de código");
        }
        if (std::find(readers.begin(), readers.end(), a.name) != readers.end() && has_words(a.value)) {
            report(a.at, "texto sin traducir en «" + a.name + "»: póngalo entre {{#_}} y {{/_}}");
        }
        const bool address = a.name == "src" || a.name == "href" || a.name == "srcset" || a.name == "poster";
        const std::string value = lower(a.value);
        if (address && value.starts_with("javascript:")) report(a.at, "dirección «javascript:»");
        if (address && std::find(loaders.begin(), loaders.end(), element) != loaders.end() &&
            (value.starts_with("http:") || value.starts_with("https:") || value.starts_with("//"))) {
            report(a.at, "«" + a.name + "» apunta a otro servidor: sirva el archivo desde el tema");
        }
    }

    std::string_view original_;
    std::string text_;
    const std::string& file_;
    std::size_t at_ = 0;
    std::vector<ThemeError> found_;
};

}  // namespace

std::vector<ThemeError> lint_template(std::string_view text, const std::string& file) {
    return Linter(text, file).run();
}

void check_shield(std::string_view svg, const Place& place) {
    const auto refuse = [&](const std::string& what) { throw ThemeError(place, "escudo: " + what); };
    if (svg.size() > 20 * 1024) refuse("pesa más de 20 KiB; simplifíquelo");
    const std::string low = lower(svg);
    if (low.find("<svg") == std::string::npos) refuse("no es un SVG");
    if (low.find("viewbox") == std::string::npos) refuse("no tiene viewBox");
    for (const auto* word : {"<script", "<foreignobject", "<!doctype", "<!entity", "<iframe", "<image",
                             "@import", "javascript:", "<animate", "<set", "<?xml-stylesheet"}) {
        if (low.find(word) != std::string::npos) refuse(std::string("no puede llevar «") + word + "»");
    }
    for (std::size_t at = low.find('='); at != std::string::npos; at = low.find('=', at + 1)) {
        std::size_t from = at;
        while (from > 0 && is_space(low[from - 1])) --from;
        const std::size_t end = from;
        while (from > 0 && is_name(low[from - 1])) --from;
        const auto name = std::string_view(low).substr(from, end - from);
        if (name.starts_with("on")) refuse("no puede llevar el atributo «" + std::string(name) + "»");
        if (name == "href" || name == "xlink:href" || name == "src") {
            const std::size_t value = low.find_first_not_of(" \t\r\n\"'", at + 1);
            if (value == std::string::npos || low[value] != '#')
                refuse("no puede referirse a otros archivos");
        }
    }
    for (std::size_t at = low.find("url("); at != std::string::npos; at = low.find("url(", at + 1)) {
        const std::size_t value = low.find_first_not_of(" \t\"'", at + 4);
        if (value == std::string::npos || low[value] != '#') refuse("no puede referirse a otros archivos");
    }
}

}  // namespace kernel::themes
