#include "legal.hpp"

namespace sede {

std::string LegalTexts::holder() const {
    const std::string said = legal.string_or("holder", "");
    return said.empty() ? entorno.municipio.string_or("name", "") : said;
}

std::vector<Row> LegalTexts::rows(std::initializer_list<std::pair<std::string, std::string>> all) const {
    std::vector<Row> kept;
    for (const auto& [label, text] : all) {
        if (text.empty()) continue;
        const bool mail = text.find('@') != std::string::npos && text.find(' ') == std::string::npos;
        kept.push_back({label, text, mail ? "mailto:" + text : ""});
    }
    return kept;
}

std::vector<Row> LegalTexts::links(std::initializer_list<Row> all) const {
    std::vector<Row> kept;
    for (const auto& row : all) {
        if (!row.text.empty()) kept.push_back(row);
    }
    return kept;
}

void LegalTexts::reply(concejo::Reply& out, const std::string&, const std::string& title,
                       const std::string& lead, const std::vector<Section>& sections) const {
    Json list = Json::array(), contents = Json::array();
    const auto texts = [](const std::vector<std::string>& from) {
        Json all = Json::array();
        for (const auto& text : from) all.push_back(text);
        return all;
    };
    for (const auto& section : sections) {
        Json rows = Json::array();
        for (const auto& row : section.rows)
            rows.push_back(Json::object({{"label", row.label}, {"text", row.text}, {"href", row.href}}));
        list.push_back(Json::object({{"id", section.id},
                                     {"heading", section.heading},
                                     {"paragraphs", texts(section.paragraphs)},
                                     {"items", texts(section.items)},
                                     {"rows", rows}}));
        contents.push_back(Json::object({{"id", section.id}, {"label", section.heading}}));
    }
    out.page("pages/legal",
             Json::object({{"title", title},
                           {"description", lead},
                           {"lead", lead},
                           {"sections", list},
                           {"contents", contents},
                           {"body_html", ""},
                           {"updated", ""},
                           {"breadcrumb",
                            breadcrumb({{entorno.call.tr("Inicio"), entorno.call.url("/")}, {title, ""}})}}));
}

}  // namespace sede
