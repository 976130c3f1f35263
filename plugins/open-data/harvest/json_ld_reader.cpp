#include "json_ld_reader.hpp"

#include <concejo/text.hpp>

#include <optional>

namespace open_data::harvest {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;
using concejo::N_;

struct Definition {
    std::string iri, type, container;
    std::optional<std::string> language;
};

struct Context {
    std::map<std::string, Definition, std::less<>> terms;
    std::string vocabulary, base, language;
};

constexpr std::string_view xsd = "http://www.w3.org/2001/XMLSchema#";

[[noreturn]] void unread(std::string_view what) {
    throw Error(ErrorKind::invalid,
                concejo::fill(N_("JSON-LD: no se lee «{parte}»; pida a la fuente RDF/XML o Turtle."),
                              {{"parte", std::string(what.substr(0, 200))}}));
}

/// RFC 3986 §5.2 as far as catalogues need it: whole addresses stay; the rest is put behind the base.
std::string resolved(const std::string& base, std::string_view reference) {
    if (reference.find(':') != std::string_view::npos) return std::string(reference);
    if (reference.empty()) return base;
    const auto document = base.substr(0, base.find('#'));
    if (reference.front() == '#') return document + std::string(reference);
    const auto host = document.find("://");
    const auto path = host == std::string::npos ? std::string::npos : document.find('/', host + 3);
    if (reference.starts_with("//"))
        return document.substr(0, document.find(':') + 1) + std::string(reference);
    if (reference.front() == '/') return document.substr(0, path) + std::string(reference);
    return document.substr(0, path == std::string::npos ? document.size() : document.rfind('/') + 1) +
           (path == std::string::npos ? "/" : "") + std::string(reference);
}

class JsonLdReader {
public:
    explicit JsonLdReader(const std::string& base) { start_.base = base; }

    Triples read(const Json& document) {
        top(document, start_);
        return std::move(triples_);
    }

private:
    void top(const Json& value, const Context& context) {
        if (value.is_array()) {
            for (const auto& one : value.as_array()) top(one, context);
        } else if (value.is_object()) {
            node(value, context);
        }
    }

    std::string whole(const Context& context, std::string_view name, bool vocabulary) const {
        if (name.starts_with('@') || name.starts_with("_:")) return std::string(name);
        if (vocabulary)
            if (const auto known = context.terms.find(name); known != context.terms.end())
                return known->second.iri;
        if (const auto colon = name.find(':'); colon != std::string_view::npos) {
            const auto prefix = context.terms.find(name.substr(0, colon));
            if (prefix != context.terms.end() && name.substr(colon + 1, 2) != "//")
                return prefix->second.iri + std::string(name.substr(colon + 1));
            return std::string(name);
        }
        if (vocabulary)
            return context.vocabulary.empty() ? std::string() : context.vocabulary + std::string(name);
        return resolved(context.base, name);
    }

    void take_context(const Json& said, Context& context) const {
        if (said.is_null()) {
            context = start_;
        } else if (said.is_array()) {
            for (const auto& one : said.as_array()) take_context(one, context);
        } else if (said.is_string()) {
            unread("@context: " + said.as_string());
        } else if (said.is_object()) {
            for (const auto* key : {"@import", "@propagate"})
                if (said.contains(key)) unread(key);
            context.vocabulary = said.string_or("@vocab", context.vocabulary);
            context.language = said.string_or("@language", context.language);
            if (said.contains("@base")) context.base = resolved(context.base, said.string_or("@base", ""));
            // Prefixes may come after what uses them: names first, then what they stand for.
            for (const auto& [name, meaning] : said.as_object())
                if (!name.starts_with('@') && meaning.is_string())
                    context.terms[name] = {meaning.as_string(), {}, {}, {}};
            for (const auto& [name, meaning] : said.as_object())
                if (!name.starts_with('@')) define(name, meaning, context);
        }
    }

    void define(const std::string& name, const Json& meaning, Context& context) const {
        Definition made;
        if (meaning.is_object()) {
            for (const auto* key : {"@reverse", "@nest", "@context"})
                if (meaning.contains(key)) unread(key);
            made.iri = meaning.string_or("@id", name), made.type = meaning.string_or("@type", ""),
            made.container = meaning.string_or("@container", "");
            if (meaning.contains("@language")) made.language = meaning.string_or("@language", "");
            if (!made.container.empty() && made.container != "@set" && made.container != "@list" &&
                made.container != "@language")
                unread("@container: " + made.container);
        } else if (meaning.is_string()) {
            made.iri = meaning.as_string();
        } else {
            return void(context.terms.erase(name));
        }
        if (made.iri == name) context.terms.erase(name);  // a prefixed name that only says its type
        made.iri = whole(context, made.iri, true);
        if (!made.type.empty()) made.type = whole(context, made.type, true);
        context.terms[name] = std::move(made);
    }

    /// Gives the node's name.
    std::string node(const Json& said, const Context& around) {
        std::optional<Context> own;
        if (said.contains("@context")) take_context(said["@context"], own.emplace(around));
        const auto& context = own ? *own : around;
        std::string name;
        for (const auto& [key, value] : said.as_object())
            if (whole(context, key, true) == "@id" && value.is_string())
                name = whole(context, value.as_string(), false);
        if (name.empty()) name = "_:j" + std::to_string(++blanks_);
        for (const auto& [key, value] : said.as_object()) {
            const auto predicate = whole(context, key, true);
            if (predicate == "@type")
                types(name, value, context);
            else if (predicate == "@graph")
                top(value, context);
            else if (predicate == "@reverse" || predicate == "@nest" || predicate == "@included")
                unread(predicate);
            else if (!predicate.empty() && !predicate.starts_with('@')) {
                const auto known = context.terms.find(key);
                say(name, predicate, value, known == context.terms.end() ? Definition{} : known->second,
                    context);
            }
        }
        return name;
    }

    void types(const std::string& name, const Json& value, const Context& context) {
        const auto add = [&](const Json& one) {
            if (one.is_string())
                triples_.add(name, term("rdf:type"),
                             {Value::Kind::iri, whole(context, one.as_string(), true), {}, {}});
        };
        if (value.is_array())
            for (const auto& one : value.as_array()) add(one);
        else
            add(value);
    }

    void say(const std::string& subject, const std::string& predicate, const Json& value,
             const Definition& how, const Context& context) {
        if (value.is_null()) return;
        if (value.is_array()) {
            for (const auto& one : value.as_array()) say(subject, predicate, one, how, context);
        } else if (value.is_object() && how.container == "@language") {
            for (const auto& [language, texts] : value.as_object()) {
                auto in = how;
                in.container.clear(), in.language = language == "@none" ? "" : language;
                say(subject, predicate, texts, in, context);
            }
        } else if (value.is_object()) {
            object(subject, predicate, value, how, context);
        } else {
            triples_.add(subject, predicate, scalar(value, how, context));
        }
    }

    void object(const std::string& subject, const std::string& predicate, const Json& value,
                const Definition& how, const Context& context) {
        for (const auto* list : {"@list", "@set"})
            if (value.contains(list)) return say(subject, predicate, value[list], how, context);
        if (const auto* given = value.find("@value")) {
            auto literal = scalar(*given, {}, context);
            literal.kind = Value::Kind::literal;
            literal.language = value.string_or("@language", "");
            if (const auto type = value.string_or("@type", ""); !type.empty())
                literal.datatype = whole(context, type, true);
            return triples_.add(subject, predicate, std::move(literal));
        }
        auto name = node(value, context);
        const auto kind = name.starts_with("_:") ? Value::Kind::blank : Value::Kind::iri;
        triples_.add(subject, predicate, {kind, std::move(name), {}, {}});
    }

    Value scalar(const Json& value, const Definition& how, const Context& context) const {
        if (value.is_string() && (how.type == "@id" || how.type == "@vocab")) {
            auto name = whole(context, value.as_string(), how.type == "@vocab");
            const auto kind = name.starts_with("_:") ? Value::Kind::blank : Value::Kind::iri;
            return {kind, std::move(name), {}, {}};
        }
        if (value.is_string())
            return {Value::Kind::literal, value.as_string(),
                    how.type.empty() ? how.language.value_or(context.language) : std::string(), how.type};
        const auto type = value.is_bool() ? "boolean" : value.is_int() ? "integer" : "double";
        return {
            Value::Kind::literal, value.dump(), {}, how.type.empty() ? std::string(xsd) + type : how.type};
    }

    Context start_;
    Triples triples_;
    std::size_t blanks_ = 0;
};

}  // namespace

Triples read_json_ld(const Json& document, const std::string& base) {
    return JsonLdReader(base).read(document);
}

}  // namespace open_data::harvest
