#include "shown.hpp"

#include <concejo/text.hpp>

#include <cmath>
#include <cstdlib>
#include <sstream>

namespace open_data {

std::string shown_number(const concejo::Call& call, std::string_view text) {
    const auto point = text.find('.');
    const auto decimals = point == std::string_view::npos ? 0 : text.size() - point - 1;
    if (text.size() > 15 || decimals > 9 || text.find_first_not_of("-0123456789.") != std::string_view::npos)
        return std::string(text);
    return call.number(std::strtod(std::string(text).c_str(), nullptr), static_cast<int>(decimals));
}

std::string shown_rounded(const concejo::Call& call, std::string_view text, int decimals) {
    const auto value = std::strtod(std::string(text).c_str(), nullptr);
    if (std::abs(value) > 1e15 || text.find_first_of("IN") != std::string_view::npos)
        return std::string(text);
    return call.number(value, decimals);
}

std::string counted(const concejo::Call& call, std::string_view text, std::int64_t n) {
    return concejo::fill(text, {{"n", call.number(static_cast<double>(n))}});
}

std::string counted_rows(const concejo::Call& call, std::int64_t read, std::int64_t accepted,
                         std::int64_t rejected) {
    return counted(call, call.trn("{n} leída", "{n} leídas", read), read) + ", " +
           counted(call, call.trn("{n} cargada", "{n} cargadas", accepted), accepted) + ", " +
           counted(call, call.trn("{n} rechazada", "{n} rechazadas", rejected), rejected);
}

int decimals_of(std::string_view text) {
    const auto point = text.find('.');
    return point == std::string_view::npos ? 0 : static_cast<int>(text.size() - point - 1);
}

std::string shown(const concejo::Call& call, std::optional<std::string_view> value, const Field& field) {
    if (!value) return "";
    if (field.type == "boolean") return *value == "t" ? call.tr("sí") : call.tr("no");
    if (field.type == "numeric") return shown_number(call, *value);
    const bool plain =
        value->size() >= 10 && (*value)[4] == '-' && (*value)[7] == '-';  // and no "infinity", no year 10000
    if (field.type == "date" && plain)
        return value->size() == 10 ? call.date(*value, concejo::Style::medium) : std::string(*value);
    if (field.type == "timestamp" && plain && value->size() >= 16)
        return call.date(value->substr(0, 10), concejo::Style::medium) + " " + std::string(value->substr(11));
    return std::string(*value);
}

std::string column_title(const Json& column, std::string_view language) {
    auto title = text_in(column["title"], language);
    if (title.empty()) title = column.string_or("name", "");
    const auto unit = column.string_or("unit", "");
    return unit.empty() || title.find(unit) != std::string::npos ? title : title + " (" + unit + ")";
}

Json lines_of_text(const std::string& text) {
    Json list = Json::array();
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);)
        if (line.find_first_not_of(" \t\r") != line.npos)
            list.push_back(Json::object({{"text", line}, {"first", list.empty()}}));
    return list;
}

}  // namespace open_data
