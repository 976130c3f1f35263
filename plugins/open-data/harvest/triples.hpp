// What a catalogue in RDF says, as triples that are looked up by subject.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace open_data::harvest {

/// The namespaces that catalogues use; "dct:title" is written whole by term().
std::string term(std::string_view prefixed);
/// "http://purl.org/dc/terms/title" → "dct:title"; the whole address where no prefix is known.
std::string shortened(std::string_view iri);

struct Value {
    enum class Kind { iri, blank, literal };
    Kind kind = Kind::literal;
    std::string text;      ///< the address, "_:b0", or the literal's text
    std::string language;  ///< of a literal, as it was written; empty: none
    std::string datatype;
    bool names_node() const { return kind != Kind::literal; }
};

class Triples {
public:
    static constexpr std::size_t most = 3'000'000;

    /// Throws Error{invalid} for more than `most`.
    void add(std::string_view subject, std::string predicate, Value value);
    /// `prefixed`: as term() takes it.
    std::vector<const Value*> all(const std::string& subject, std::string_view prefixed) const;
    const Value* first(const std::string& subject, std::string_view prefixed) const;
    /// The text of the first; empty where there is none.
    std::string text(const std::string& subject, std::string_view prefixed) const;
    /// Subjects of that class, in the order of the document.
    std::vector<std::string> of_class(std::string_view prefixed) const;
    /// Predicates of a subject, shortened, each once.
    std::vector<std::string> predicates(const std::string& subject) const;
    std::size_t size() const { return size_; }

private:
    using Said = std::vector<std::pair<std::string, Value>>;
    std::unordered_map<std::string, Said> subjects_;
    std::vector<std::string> order_;
    std::size_t size_ = 0;
};

/// N-Triples (W3C, 2014), as rapper writes them. Throws Error{invalid} with the line of what is none.
Triples read_n_triples(std::string_view text);

}  // namespace open_data::harvest
