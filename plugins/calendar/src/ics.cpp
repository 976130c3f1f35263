#include "ics.hpp"

namespace calendar {
namespace {

/// RFC 5545 3.3.11. Control characters have no form there, and are left out.
std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\n')
            out += "\\n";
        else if (c == '\\' || c == ';' || c == ',')
            out += '\\', out += c;
        else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F)
            out += c;
    }
    return out;
}

void line(std::string& out, std::string_view text) {
    std::size_t width = 0;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t size = 1;
        while (i + size < text.size() && (static_cast<unsigned char>(text[i + size]) & 0xC0) == 0x80) ++size;
        if (width + size > 75) {
            out += "\r\n ";
            width = 1;
        }
        out.append(text.substr(i, size));
        width += size;
        i += size;
    }
    out += "\r\n";
}

std::string basic(Dia day) {
    std::string text = iso(day);
    std::erase(text, '-');
    return text;
}

}  // namespace

std::string ics(std::string_view name, std::string_view description, std::string_view language,
                std::string_view stamp, const std::vector<DiaIcs>& days) {
    std::string out;
    line(out, "BEGIN:VCALENDAR");
    line(out, "VERSION:2.0");
    line(out, "PRODID:-//Concejo//calendar//" + std::string(language == "en" ? "EN" : "ES"));
    line(out, "CALSCALE:GREGORIAN");
    line(out, "METHOD:PUBLISH");
    line(out, "X-WR-CALNAME:" + escaped(name));
    line(out, "X-WR-CALDESC:" + escaped(description));
    const std::string spoken = ";LANGUAGE=" + std::string(language) + ":";
    for (const auto& one : days) {
        line(out, "BEGIN:VEVENT");
        line(out, "UID:" + escaped(one.uid));
        line(out, "DTSTAMP:" + std::string(stamp));
        line(out, "DTSTART;VALUE=DATE:" + basic(one.dia));
        line(out, "DTEND;VALUE=DATE:" + basic(one.dia + std::chrono::days(1)));
        line(out, "SUMMARY" + spoken + escaped(one.resumen));
        if (!one.descripcion.empty()) line(out, "DESCRIPTION" + spoken + escaped(one.descripcion));
        line(out, "CATEGORIES" + spoken + escaped(one.categoria));
        line(out, "CLASS:PUBLIC");
        line(out, "TRANSP:TRANSPARENT");
        line(out, "END:VEVENT");
    }
    line(out, "END:VCALENDAR");
    return out;
}

}  // namespace calendar
