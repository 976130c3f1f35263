// The rules of single values: secrets, numbers, texts.
#include "kernel/base/text.hpp"
#include "kernel/base/tr.hpp"
#include "kernel/config/schema_rule.hpp"

#include <fmt/format.h>

namespace kernel::config {
namespace {

constexpr std::size_t pattern_limit = 2000;  // characters

/// Checks one scalar and reports at its place.
class ScalarCheck {
public:
    ScalarCheck(const SchemaRule& rule, const Node& node, const std::string& path, Problems& problems)
        : rule_(rule), node_(node), path_(path), problems_(problems) {}

    void scalar() {
        if (rule_.secrecy == SchemaRule::Secrecy::required && node_.tag.empty() && !node_.from_schema)
            return error(base::tr(
                "es un secreto: escriba '!secret nombre' y guarde el valor en un archivo de secretos/"));
        if (rule_.secrecy == SchemaRule::Secrecy::open && node_.tag == "!secret")
            return error(base::tr("aquí no va un secreto: se vería al mostrar la configuración"));
        if (node_.tag == "!secret") return;  // its content is read later, and is any text
        if (node_.scalar_type() == ScalarType::text)
            text();
        else if (node_.scalar_type() != ScalarType::boolean)
            number();
    }

private:
    void error(std::string_view message) { problems_.error(node_.place, named(path_, message)); }

    void number() {
        const double value = node_.json().as_double();
        if (rule_.minimum && value < *rule_.minimum)
            error(base::tr("{0} es menor que {1}", shown_value(node_), *rule_.minimum));
        if (rule_.maximum && value > *rule_.maximum)
            error(base::tr("{0} es mayor que {1}", shown_value(node_), *rule_.maximum));
    }

    void text() {
        if (!rule_.code.empty() && !node_.quoted) {
            if (!leading_zero(node_)) error(quote_message(rule_, node_.text));
            return;
        }
        const std::size_t length = base::utf8_length(node_.text);
        if (rule_.min_length && length < *rule_.min_length)
            error(*rule_.min_length == 1 ? std::string(base::tr("no puede estar vacío"))
                                         : base::tr("ha de tener al menos {} caracteres", *rule_.min_length));
        if (rule_.max_length && length > *rule_.max_length)
            error(base::tr("ha de tener como mucho {0} caracteres y tiene {1}", *rule_.max_length, length));
        if (rule_.pattern) pattern(length);
        std::string complaint =
            rule_.format.empty() ? std::string() : format_complaint(rule_.format, node_.text);
        if (complaint.empty() && !rule_.code.empty()) complaint = code_complaint(rule_.code, node_.text);
        if (!complaint.empty()) error(node_.secret ? base::tr("no tiene la forma pedida") : complaint);
    }

    void pattern(std::size_t length) {
        if (length > pattern_limit) return error(base::tr("tiene más de {} caracteres", pattern_limit));
        bool fits = false;
        try {
            fits = std::regex_search(code_points(node_.text), *rule_.pattern);
        } catch (const std::regex_error&) {  // too complex for this text: refused like any other
        }
        if (fits) return;
        const Node* description = rule_.source.find("description");
        error(base::tr("'{0}' no tiene la forma pedida ({1})", shown_value(node_),
                       description ? description->text : rule_.pattern_text));
    }

    const SchemaRule& rule_;
    const Node& node_;
    const std::string& path_;
    Problems& problems_;
};

}  // namespace

std::string named(const std::string& path, std::string_view rest) {
    return path.empty() ? std::string(rest) : fmt::format("{}: {}", path, rest);
}

std::string shown_value(const Node& node) {
    return node.secret        ? std::string(base::tr("«secreto»"))
           : node.is_scalar() ? node.text
                              : node.shown().dump();
}

bool leading_zero(const Node& node) {
    return !node.quoted && node.text.size() > 1 && node.text[0] == '0' &&
           node.text.find_first_not_of("0123456789") == std::string::npos;
}

std::string quote_message(const SchemaRule& rule, const std::string& text) {
    return base::tr("{0} debe ir entre comillas ({1})", text,
                    rule.code == "ine" ? base::tr("código de 5 cifras") : base::tr("es un código"));
}

void check_scalar(const SchemaRule& rule, const Node& node, const std::string& path, Problems& problems) {
    ScalarCheck(rule, node, path, problems).scalar();
}

}  // namespace kernel::config
