#include "plugins/evidence/copying/picture.hpp"

#include <algorithm>
#include <charconv>

namespace evidence::copying {
namespace {

using Object = QPDFObjectHandle;

std::optional<int> number(std::string_view text, std::size_t& at) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), value);
    if (error != std::errc() || value <= 0 || end == text.data() + text.size()) return std::nullopt;
    at = static_cast<std::size_t>(end - text.data()) + 1;
    return value;
}

bool grey(const std::string& rgb) {
    for (std::size_t i = 0; i < rgb.size(); i += 3)
        if (rgb[i] != rgb[i + 1] || rgb[i] != rgb[i + 2]) return false;
    return true;
}

std::string points(int pixels, int dpi) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3f", pixels * 72.0 / dpi);
    return text;
}

}  // namespace

std::optional<Picture> Picture::parse(std::string_view ppm) {
    if (!ppm.starts_with("P6\n")) return std::nullopt;
    std::size_t at = 3;
    const auto width = number(ppm, at), height = width ? number(ppm, at) : std::nullopt,
               depth = height ? number(ppm, at) : std::nullopt;
    if (!depth || *depth != 255) return std::nullopt;
    if (ppm.size() - at !=
        std::size_t{3} * static_cast<std::size_t>(*width) * static_cast<std::size_t>(*height))
        return std::nullopt;
    return Picture{*width, *height, std::string(ppm.substr(at))};
}

std::string Picture::ppm() const {
    return "P6\n" + std::to_string(width) + " " + std::to_string(height) + "\n255\n" + rgb;
}

void Picture::blank(const Area& area, int dpi) {
    const auto first = [&](std::int64_t tenths, int most) {
        return static_cast<std::size_t>(std::clamp<std::int64_t>(tenths * dpi / 254, 0, most));
    };
    const auto last = [&](std::int64_t tenths, int most) {
        return static_cast<std::size_t>(std::clamp<std::int64_t>((tenths * dpi + 253) / 254, 0, most));
    };
    const auto left = first(area.x, width), right = last(area.x + area.width, width);
    for (auto row = first(area.y, height); row < last(area.y + area.height, height); ++row) {
        const auto from =
            rgb.begin() + static_cast<std::ptrdiff_t>(3 * (row * static_cast<std::size_t>(width) + left));
        if (right > left) std::fill(from, from + static_cast<std::ptrdiff_t>(3 * (right - left)), '\0');
    }
}

QPDFObjectHandle Picture::page(QPDF& file, int dpi) const {
    const bool plain = grey(rgb);
    std::string bytes;
    if (plain) {
        bytes.reserve(rgb.size() / 3);
        for (std::size_t i = 0; i < rgb.size(); i += 3) bytes += rgb[i];
    }
    auto image = Object::newStream(&file, plain ? bytes : rgb);
    image.replaceDict(Object::parse("<< /Type /XObject /Subtype /Image /BitsPerComponent 8 /Width " +
                                    std::to_string(width) + " /Height " + std::to_string(height) +
                                    " /ColorSpace " + (plain ? "/DeviceGray" : "/DeviceRGB") + " >>"));
    const auto wide = points(width, dpi), tall = points(height, dpi);
    auto page = Object::parse("<< /Type /Page /MediaBox [ 0 0 " + wide + " " + tall +
                              " ] /Resources << /XObject << >> >> >>");
    page.getKey("/Resources").getKey("/XObject").replaceKey("/Im0", image);
    page.replaceKey("/Contents",
                    Object::newStream(&file, "q " + wide + " 0 0 " + tall + " 0 0 cm /Im0 Do Q\n"));
    return page;
}

std::optional<Picture> Picture::of_page(QPDFObjectHandle page) {
    auto image = pdf::get(pdf::get(pdf::get(page, "/Resources"), "/XObject"), "/Im0");
    auto wide = pdf::get(image, "/Width"), tall = pdf::get(image, "/Height");
    if (!image.isStream() || !wide.isInteger() || !tall.isInteger()) return std::nullopt;
    const auto buffer = image.getStreamData(qpdf_dl_generalized);
    std::string bytes(reinterpret_cast<const char*>(buffer->getBuffer()), buffer->getSize());
    if (pdf::name_of(pdf::get(image, "/ColorSpace")) == "/DeviceGray") {
        std::string rgb;
        rgb.reserve(3 * bytes.size());
        for (const char c : bytes) rgb.append(3, c);
        bytes = std::move(rgb);
    }
    return parse("P6\n" + std::to_string(wide.getIntValue()) + " " + std::to_string(tall.getIntValue()) +
                 "\n255\n" + bytes);
}

}  // namespace evidence::copying
