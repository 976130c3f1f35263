#include "plugins/evidence/verify/report.hpp"

#include "plugins/evidence/log/leaf.hpp"

#include <concejo/json.hpp>
#include <concejo/utf8.hpp>

namespace evidence::verify {
namespace {

using concejo::Json;

constexpr Text headline[] = {Text::authentic, Text::intact, Text::refused, Text::unreadable};
constexpr std::string_view names[] = {"autentico", "integro", "rechazado", "ilegible"};

Json list(const std::vector<Line>& lines, Language language) {
    Json json = Json::array();
    for (const auto& line : lines) {
        Json values = Json::array();
        for (const auto& value : line.values) values.push_back(value);
        json.push_back(
            Json::object({{"id", id(line.text)}, {"texto", words(line, language)}, {"valores", values}}));
    }
    return json;
}

}  // namespace

std::string printable(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto before = text;
        const auto code = concejo::take_code_point(text);
        if (!code) {
            text.remove_prefix(1);
            out += '?';
            continue;
        }
        const char32_t c = *code;
        const bool hidden = c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x61C ||
                            (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
                            (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF;
        if (hidden)
            out += '?';
        else
            out += before.substr(0, before.size() - text.size());
    }
    return out;
}

std::string words(const Line& line, Language language) {
    auto values = line.values;
    if (line.text == Text::leaf_included) values.at(2) = log::leaf_number(std::stoull(values.at(2)));
    return printable(say(line.text, language, values));
}

std::string in_words(const Verdict& verdict, Language language) {
    std::string out = say(headline[static_cast<std::size_t>(verdict.outcome)], language) + "\n";
    const auto part = [&](Text heading, const std::vector<Line>& lines) {
        if (lines.empty()) return;
        out += "\n" + say(heading, language) + "\n";
        for (const auto& line : lines) out += "  - " + words(line, language) + "\n";
    };
    part(Text::why, verdict.failed);
    // What a refused file says is not repeated: it would be read as if it were true.
    if (verdict.exit_code() != 0) return out;
    part(Text::what_it_says, verdict.facts);
    for (const auto& [name, value] : verdict.metadata) out += "  - " + printable(name + ": " + value) + "\n";
    part(Text::what_was_checked, verdict.checked);
    part(Text::what_was_not, verdict.unchecked);
    return out;
}

std::string as_json(const Verdict& verdict, Language language) {
    Json json = Json::object({{"veredicto", names[static_cast<std::size_t>(verdict.outcome)]},
                              {"codigo", verdict.exit_code()},
                              {"huella_clave", verdict.fingerprint},
                              {"fallos", list(verdict.failed, language)}});
    const bool good = verdict.exit_code() == 0;
    json["comprobado"] = list(good ? verdict.checked : std::vector<Line>(), language);
    json["sin_comprobar"] = list(good ? verdict.unchecked : std::vector<Line>(), language);
    json["datos"] = list(good ? verdict.facts : std::vector<Line>(), language);
    Json metadata = Json::object();
    if (good)
        for (const auto& [name, value] : verdict.metadata) metadata[name] = value;
    json["metadatos"] = metadata;
    return json.dump() + "\n";
}

}  // namespace evidence::verify
