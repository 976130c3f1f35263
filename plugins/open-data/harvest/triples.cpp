#include "triples.hpp"

#include <concejo/error.hpp>
#include <concejo/text.hpp>

#include <algorithm>
#include <cstdint>

namespace open_data::harvest {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using concejo::N_;

constexpr std::pair<std::string_view, std::string_view> namespaces[] = {
    {"rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"},
    {"rdfs", "http://www.w3.org/2000/01/rdf-schema#"},
    {"dcat", "http://www.w3.org/ns/dcat#"},
    {"dcatap", "http://data.europa.eu/r5r/"},
    {"dct", "http://purl.org/dc/terms/"},
    {"foaf", "http://xmlns.com/foaf/0.1/"},
    {"vcard", "http://www.w3.org/2006/vcard/ns#"},
    {"adms", "http://www.w3.org/ns/adms#"},
    {"spdx", "http://spdx.org/rdf/terms#"},
    {"skos", "http://www.w3.org/2004/02/skos/core#"},
    {"schema", "http://schema.org/"},
    {"schemas", "https://schema.org/"},
    {"owl", "http://www.w3.org/2002/07/owl#"},
    {"time", "http://www.w3.org/2006/time#"},
    {"prov", "http://www.w3.org/ns/prov#"},
    {"hydra", "http://www.w3.org/ns/hydra/core#"},
};

void append_utf8(std::string& out, std::uint32_t point) {
    const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
    if (point == 0 || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) point = 0xFFFD;
    if (point < 0x80) return put(point);
    if (point < 0x800) return put(0xC0 | point >> 6), put(0x80 | (point & 0x3F));
    if (point < 0x10000)
        return put(0xE0 | point >> 12), put(0x80 | (point >> 6 & 0x3F)), put(0x80 | (point & 0x3F));
    put(0xF0 | point >> 18), put(0x80 | (point >> 12 & 0x3F)), put(0x80 | (point >> 6 & 0x3F));
    put(0x80 | (point & 0x3F));
}

/// One line.
class LineReader {
public:
    LineReader(std::string_view line, std::size_t number) : rest_(line), number_(number) {}

    bool nothing() {
        blanks();
        return rest_.empty() || rest_.front() == '#';
    }
    Value value() {
        blanks();
        if (rest_.starts_with('<')) return {Value::Kind::iri, until('<', '>'), {}, {}};
        if (rest_.starts_with("_:")) return {Value::Kind::blank, word(), {}, {}};
        Value literal{Value::Kind::literal, until('"', '"'), {}, {}};
        if (rest_.starts_with('@')) literal.language = word().substr(1);
        if (rest_.starts_with("^^")) rest_.remove_prefix(2), literal.datatype = until('<', '>');
        return literal;
    }
    void end() {
        blanks();
        if (!rest_.starts_with('.')) wrong();
    }

private:
    [[noreturn]] void wrong() const {
        throw Error(ErrorKind::invalid, "N-Triples: line " + std::to_string(number_));
    }
    void blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r"), rest_.size())); }
    std::string word() {
        const auto size = std::min(rest_.find_first_of(" \t\r"), rest_.size());
        std::string text(rest_.substr(0, size));
        rest_.remove_prefix(size);
        return text;
    }
    std::string until(char open, char close) {
        if (!rest_.starts_with(open)) wrong();
        rest_.remove_prefix(1);
        std::string text;
        while (!rest_.empty() && rest_.front() != close) {
            const auto plain = std::min(rest_.find_first_of(close == '"' ? "\"\\" : ">\\"), rest_.size());
            text.append(rest_.substr(0, plain));
            rest_.remove_prefix(plain);
            if (rest_.starts_with('\\')) escape(text);
        }
        if (rest_.empty()) wrong();
        rest_.remove_prefix(1);
        return text;
    }
    void escape(std::string& text) {
        constexpr std::string_view written = "tnrbf\"'\\", meant = "\t\n\r\b\f\"'\\";
        if (rest_.size() < 2) wrong();
        const char kind = rest_[1];
        rest_.remove_prefix(2);
        if (const auto at = written.find(kind); at != std::string_view::npos) {
            text += meant[at];
            return;
        }
        const std::size_t digits = kind == 'u' ? 4 : 8;
        if ((kind != 'u' && kind != 'U') || rest_.size() < digits) wrong();
        std::uint32_t point = 0;
        for (const char c : rest_.substr(0, digits)) {
            const auto digit = std::string_view("0123456789abcdef")
                                   .find(c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c);
            if (digit == std::string_view::npos) wrong();
            point = point * 16 + static_cast<std::uint32_t>(digit);
        }
        append_utf8(text, point);
        rest_.remove_prefix(digits);
    }

    std::string_view rest_;
    std::size_t number_;
};

}  // namespace

std::string term(std::string_view prefixed) {
    const auto colon = prefixed.find(':');
    for (const auto& [prefix, address] : namespaces)
        if (prefixed.substr(0, colon) == prefix)
            return std::string(address) + std::string(prefixed.substr(colon + 1));
    return std::string(prefixed);
}

std::string shortened(std::string_view iri) {
    for (const auto& [prefix, address] : namespaces)
        if (iri.starts_with(address) && iri.find_first_of("/#", address.size()) == std::string_view::npos)
            return std::string(prefix) + ":" + std::string(iri.substr(address.size()));
    return std::string(iri);
}

void Triples::add(std::string_view subject, std::string predicate, Value value) {
    if (++size_ > most)
        throw Error(ErrorKind::invalid,
                    N_("El documento dice demasiado: se leen hasta tres millones de datos de cada página."));
    const auto [at, fresh] = subjects_.try_emplace(std::string(subject));
    if (fresh) order_.emplace_back(subject);
    at->second.emplace_back(std::move(predicate), std::move(value));
}

std::vector<const Value*> Triples::all(const std::string& subject, std::string_view prefixed) const {
    std::vector<const Value*> found;
    const auto at = subjects_.find(subject);
    if (at == subjects_.end()) return found;
    const auto wanted = term(prefixed);
    for (const auto& [predicate, value] : at->second)
        if (predicate == wanted) found.push_back(&value);
    return found;
}

const Value* Triples::first(const std::string& subject, std::string_view prefixed) const {
    const auto found = all(subject, prefixed);
    return found.empty() ? nullptr : found.front();
}

std::string Triples::text(const std::string& subject, std::string_view prefixed) const {
    const auto* found = first(subject, prefixed);
    return found ? found->text : std::string();
}

std::vector<std::string> Triples::of_class(std::string_view prefixed) const {
    std::vector<std::string> found;
    const auto wanted = term(prefixed);
    for (const auto& subject : order_)
        for (const auto* type : all(subject, "rdf:type"))
            if (type->text == wanted) {
                found.push_back(subject);
                break;
            }
    return found;
}

std::vector<std::string> Triples::predicates(const std::string& subject) const {
    std::vector<std::string> found;
    const auto at = subjects_.find(subject);
    if (at == subjects_.end()) return found;
    for (const auto& [predicate, value] : at->second)
        if (auto name = shortened(predicate); std::find(found.begin(), found.end(), name) == found.end())
            found.push_back(std::move(name));
    return found;
}

Triples read_n_triples(std::string_view text) {
    Triples triples;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto end = std::min(text.find('\n'), text.size());
        LineReader line(text.substr(0, end), number);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.nothing()) continue;
        const auto subject = line.value(), predicate = line.value();
        auto value = line.value();
        line.end();
        triples.add(subject.text, predicate.text, std::move(value));
    }
    return triples;
}

}  // namespace open_data::harvest
