#include "kernel/web/qr.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>
#include <qrencode.h>

#include <memory>

namespace kernel::web {

std::string qr_svg(std::string_view text) {
    const std::unique_ptr<QRcode, void (*)(QRcode*)> code(
        QRcode_encodeString8bit(std::string(text).c_str(), 0, QR_ECLEVEL_M), &QRcode_free);
    if (!code) throw concejo::Error(concejo::ErrorKind::invalid, "el texto no cabe en un código QR");
    constexpr int quiet = 4;  // ISO/IEC 18004: four modules of white around
    const int size = code->width + 2 * quiet;
    auto svg = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {0}\" shape-rendering=\"crispEdges\">"
        "<path fill=\"#fff\" d=\"M0 0h{0}v{0}H0z\"/><path fill=\"#000\" d=\"",
        size);
    for (int y = 0; y < code->width; ++y) {
        for (int x = 0; x < code->width; ++x) {
            if (code->data[y * code->width + x] & 1)
                svg += fmt::format("M{} {}h1v1h-1z", x + quiet, y + quiet);
        }
    }
    return svg + "\"/></svg>\n";
}

}  // namespace kernel::web
