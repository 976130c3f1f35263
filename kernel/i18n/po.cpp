#include "kernel/i18n/po.hpp"

#include <concejo/error.hpp>

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>

namespace kernel::i18n {

std::size_t plural_form(PluralRule rule, std::int64_t n) {
    if (n < 0) n = -n;
    switch (rule) {
        case PluralRule::one_form:
            return 0;
        case PluralRule::not_one:
            return n != 1;
        case PluralRule::more_than_one:
            return n > 1;
    }
    return 0;
}

namespace {

class Reader {
public:
    Reader(std::string_view text, std::string_view file) : text_(text) { result_.file = file; }

    PoFile read() {
        while (next_line()) line();
        finish();
        return std::move(result_);
    }

private:
    [[noreturn]] void fail(int line, const std::string& what) const {
        throw concejo::Error(concejo::ErrorKind::invalid,
                             result_.file + ':' + std::to_string(line) + ": " + what);
    }

    bool next_line() {
        if (at_ >= text_.size()) return false;
        const std::size_t end = std::min(text_.find('\n', at_), text_.size());
        line_ = text_.substr(at_, end - at_);
        while (!line_.empty() && std::isspace(static_cast<unsigned char>(line_.back())))
            line_.remove_suffix(1);
        while (!line_.empty() && std::isspace(static_cast<unsigned char>(line_.front())))
            line_.remove_prefix(1);
        at_ = end + 1;
        ++number_;
        return true;
    }

    void line() {
        if (line_.empty()) return;
        if (line_.starts_with("#~")) {
            result_.obsolete.push_back(number_);
        } else if (line_.starts_with("#,")) {
            finish();
            fuzzy_ = line_.find("fuzzy") != std::string_view::npos;
        } else if (line_[0] == '#') {
            if (open_ && !texts_.empty()) finish();
        } else if (line_[0] == '"') {
            if (!into_) fail(number_, "texto sin msgid ni msgstr delante");
            *into_ += quoted(line_);
        } else {
            keyword();
        }
    }

    void keyword() {
        const std::size_t space = std::min(line_.find(' '), line_.size());
        const std::string_view word = line_.substr(0, space);
        const std::string value = quoted(line_.substr(std::min(space + 1, line_.size())));
        if (word == "msgctxt") fail(number_, "msgctxt no se usa aquí: la clave es el texto en español");
        if (word == "msgid") {
            finish();
            open_ = PoEntry{value, {}, {}, number_, fuzzy_};
            fuzzy_ = false;
            into_ = &open_->msgid;
        } else if (!open_) {
            fail(number_, "«" + std::string(word) + "» sin msgid delante");
        } else if (word == "msgid_plural") {
            open_->plural = value;
            into_ = &open_->plural;
        } else if (word == "msgstr" || word.starts_with("msgstr[")) {
            const std::size_t form = word == "msgstr" ? 0 : static_cast<std::size_t>(word[7] - '0');
            if (form != texts_.size()) fail(number_, "msgstr repetido o fuera de orden");
            texts_.push_back(value);
            into_ = &texts_.back();
        } else {
            fail(number_, "palabra desconocida «" + std::string(word) + "»");
        }
    }

    std::string quoted(std::string_view text) const {
        if (text.size() < 2 || text.front() != '"' || text.back() != '"')
            fail(number_, "falta el texto entre comillas");
        std::string out;
        for (std::size_t i = 1; i + 1 < text.size(); ++i) {
            char c = text[i];
            if (c == '"') fail(number_, "comillas sin barra delante");
            if (c == '\\') {
                if (i + 2 >= text.size()) fail(number_, "barra al final del texto");
                c = text[++i];
                if (c == 'n')
                    c = '\n';
                else if (c == 't')
                    c = '\t';
                else if (c != '"' && c != '\\')
                    fail(number_, "escape desconocido");
            }
            out += c;
        }
        return out;
    }

    void finish() {
        if (!open_) return;
        open_->texts = std::move(texts_);
        texts_.clear();
        into_ = nullptr;
        PoEntry entry = std::move(*open_);
        open_.reset();
        if (entry.texts.empty()) fail(entry.line, "msgid sin msgstr");
        if (entry.msgid.empty()) return header(entry);
        const auto [known, fresh] = seen_.emplace(entry.msgid, entry.line);
        if (!fresh)
            fail(entry.line, "msgid repetido; el primero está en la línea " + std::to_string(known->second));
        result_.entries.push_back(std::move(entry));
    }

    void header(const PoEntry& entry) {
        const std::string& text = entry.texts[0];
        const std::size_t at = text.find("Plural-Forms:");
        if (at == std::string::npos) return;
        std::string rule = text.substr(at + 13, std::min(text.find('\n', at), text.size()) - at - 13);
        std::erase_if(rule, [](char c) { return c == ' ' || c == '(' || c == ')'; });
        if (rule == "nplurals=2;plural=n!=1;")
            result_.rule = PluralRule::not_one;
        else if (rule == "nplurals=2;plural=n>1;")
            result_.rule = PluralRule::more_than_one;
        else if (rule == "nplurals=1;plural=0;")
            result_.rule = PluralRule::one_form;
        else
            fail(entry.line, "regla de plurales desconocida: «" + rule + "»");
    }

    std::string_view text_, line_;
    std::size_t at_ = 0;
    int number_ = 0;
    PoFile result_;
    std::optional<PoEntry> open_;
    std::vector<std::string> texts_;
    std::string* into_ = nullptr;
    bool fuzzy_ = false;
    std::map<std::string, int> seen_;
};

}  // namespace

PoFile parse_po(std::string_view text, std::string_view file) { return Reader(text, file).read(); }

}  // namespace kernel::i18n
