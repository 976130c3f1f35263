#include "ckan_query.hpp"

#include "ckan_failure.hpp"

namespace open_data::ckan {
namespace {

constexpr std::size_t longest_query = 8000;
constexpr int deepest_query = 40, most_terms = 200;

/// What would not be read is refused, never guessed.
class QueryParser {
public:
    QueryParser(std::string_view text, Parameters& parameters) : text_(text), parameters_(parameters) {
        if (text.size() > longest_query) fail("query too long");
    }

    std::string whole() {
        auto condition = any_of({});
        skip_blanks();
        if (at_ < text_.size()) fail("unexpected text");
        return condition;
    }

private:
    [[noreturn]] void fail(const char* why) const {
        throw of_type(409, "Search Error",
                      std::string("Search error: Cannot parse query at ") + std::to_string(at_) + ": " + why);
    }
    char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
    static bool blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
    void skip_blanks() {
        while (at_ < text_.size() && blank(text_[at_])) ++at_;
    }
    bool take_word(std::string_view word) {
        skip_blanks();
        if (text_.substr(at_, word.size()) != word) return false;
        const char next = peek(word.size());
        if (next != '\0' && !blank(next) && next != '(' && word[0] != '&' && word[0] != '|') return false;
        at_ += word.size();
        return true;
    }
    bool ended() {
        skip_blanks();
        return at_ >= text_.size() || peek() == ')';
    }

    std::string any_of(const std::string& field) {
        if (++depth_ > deepest_query) fail("nested too deep");
        auto condition = all_of(field);
        while (take_word("OR") || take_word("||")) condition = "(" + condition + " OR " + all_of(field) + ")";
        --depth_;
        return condition;
    }

    std::string all_of(const std::string& field) {
        std::string condition;
        while (!ended()) {
            const auto before = at_;
            if (take_word("OR") || take_word("||")) {
                at_ = before;
                break;
            }
            const bool joined = take_word("AND") || take_word("&&");
            if (joined && condition.empty()) fail("AND without a left side");
            if (joined && ended()) fail("AND without a right side");
            auto one = single(field);
            condition = condition.empty() ? one : condition + " AND " + one;
        }
        if (condition.empty()) fail("a term is missing");
        return "(" + condition + ")";
    }

    std::string single(const std::string& field) {
        if (++terms_ > most_terms) fail("too many terms");
        if (take_word("NOT") || take_sign('-') || take_sign('!')) {
            if (++depth_ > deepest_query) fail("nested too deep");
            auto condition = "NOT coalesce(" + single(field) + ", false)";
            --depth_;
            return condition;
        }
        take_sign('+');
        if (peek() == '(') return group(field);
        if (!field.empty()) return value_of(field);
        const auto before = at_;
        const auto name = field_name();
        if (name.empty()) {
            at_ = before;
            return value_of({});
        }
        return peek() == '(' ? group(name) : value_of(name);
    }

    bool take_sign(char sign) {
        skip_blanks();
        if (peek() != sign || blank(peek(1)) || peek(1) == '\0') return false;
        ++at_;
        return true;
    }

    std::string group(const std::string& field) {
        ++at_;
        auto condition = any_of(field);
        skip_blanks();
        if (peek() != ')') fail("')' is missing");
        ++at_;
        skip_boost();
        return condition;
    }

    /// "tags:" → "tags"; empty: there is none here.
    std::string field_name() {
        std::string name;
        while (at_ < text_.size() && !blank(peek()) &&
               std::string_view("\"()[]{}:^").find(peek()) == std::string_view::npos) {
            if (peek() == '\\') ++at_;
            if (at_ < text_.size()) name += text_[at_++];
        }
        if (peek() != ':') return {};
        ++at_;
        return name;
    }

    std::string value_of(const std::string& field) {
        skip_blanks();
        Term term;
        term.field = field;
        if (peek() == '"')
            read_phrase(term);
        else if (peek() == '[' || peek() == '{')
            read_range(term);
        else
            read_word(term);
        if (peek() == '~') term.phrase = false;  // near each other: in the same dataset
        skip_boost();
        return condition_of_term(term, parameters_);
    }

    void read_phrase(Term& term) {
        term.phrase = true;
        for (++at_; peek() != '"'; ++at_) {
            if (at_ >= text_.size()) fail("'\"' is missing");
            if (peek() == '\\' && at_ + 1 < text_.size()) ++at_;
            term.value += text_[at_];
        }
        ++at_;
    }

    void read_word(Term& term) {
        while (at_ < text_.size() && !blank(peek()) &&
               std::string_view("\"()[]{}^").find(peek()) == std::string_view::npos) {
            if (peek() == '\\' && at_ + 1 < text_.size())
                ++at_;
            else if (peek() == '*' || peek() == '?')
                term.wildcard = true;
            term.value += text_[at_++];
        }
        if (term.value.empty()) fail("a term is missing");
    }

    void read_range(Term& term) {
        term.range = true, term.with_start = peek() == '[';
        ++at_;
        term.value = range_end();
        if (!take_word("TO")) fail("TO is missing");
        term.end = range_end();
        skip_blanks();
        if (peek() != ']' && peek() != '}') fail("']' is missing");
        term.with_end = peek() == ']';
        ++at_;
    }
    std::string range_end() {
        skip_blanks();
        Term one;
        if (peek() == '"')
            read_phrase(one);
        else
            read_word(one);
        return one.value;
    }

    /// "^4", "~2": how much a term counts is not ours to say.
    void skip_boost() {
        if (peek() != '^' && peek() != '~') return;
        ++at_;
        while ((peek() >= '0' && peek() <= '9') || peek() == '.') ++at_;
    }

    std::string_view text_;
    Parameters& parameters_;
    std::size_t at_ = 0;
    int depth_ = 0, terms_ = 0;
};

}  // namespace

std::string condition_of_query(std::string_view query, Parameters& parameters) {
    return QueryParser(query, parameters).whole();
}

}  // namespace open_data::ckan
