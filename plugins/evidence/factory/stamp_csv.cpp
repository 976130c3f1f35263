#include "plugins/evidence/factory/stamp_csv.hpp"

#include "plugins/evidence/factory/canvas.hpp"
#include "plugins/evidence/factory/overlay.hpp"
#include "plugins/evidence/factory/strip.hpp"
#include "plugins/evidence/pdf/document.hpp"
#include "plugins/evidence/pdf/qpdf.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace evidence::factory {
namespace {

using Object = QPDFObjectHandle;
constexpr double a4_width = 595.276, a4_height = 841.89, side_margin = 28, code = 44, over = 8, under = 14;

/// What a reader shows of a page, in the page's own coordinates, and how it turns it.
struct Seen {
    double left, bottom, right, top;
    int turned;  // degrees clockwise: 0, 90, 180 or 270

    bool lies() const { return turned % 180 != 0; }
    double width() const { return lies() ? top - bottom : right - left; }
    double height() const { return lies() ? right - left : top - bottom; }
};

std::optional<Seen> seen(Object page) {
    const auto box = pdf::shown_box(page);
    if (!box) return std::nullopt;
    QPDFPageObjectHelper helper(page);
    auto rotate = helper.getAttribute("/Rotate", false);
    const int turned = rotate.isInteger() ? ((rotate.getIntValueAsInt() % 360) + 360) % 360 / 90 * 90 : 0;
    const Seen found{box->llx, box->lly, box->urx, box->ury, turned};
    // Pages of less than a stamp's size, or without an end, are no pages.
    if (!(found.width() >= 20 && found.height() >= 20 && found.width() <= 20'000 && found.height() <= 20'000))
        return std::nullopt;
    return found;
}

/// Seen upright, with the origin at the lower left corner, in the page's coordinates.
std::string upright(const Seen& page, double scale) {
    switch (page.turned) {
        case 90:
            return fmt::format("0 {0:.5f} -{0:.5f} 0 {1:.3f} {2:.3f}", scale, page.right, page.bottom);
        case 180:
            return fmt::format("-{0:.5f} 0 0 -{0:.5f} {1:.3f} {2:.3f}", scale, page.right, page.top);
        case 270:
            return fmt::format("0 -{0:.5f} {0:.5f} 0 {1:.3f} {2:.3f}", scale, page.left, page.top);
        default:
            return fmt::format("{0:.5f} 0 0 {0:.5f} {1:.3f} {2:.3f}", scale, page.left, page.bottom);
    }
}

/// x → scale · x + x0, and the same for y: towards the middle of the upper edge, as seen.
struct Shrink {
    double scale, x0, y0;

    Shrink(const Seen& page, double factor) : scale(factor) {
        double x = (page.left + page.right) / 2, y = (page.bottom + page.top) / 2;
        if (page.turned == 0) y = page.top;
        if (page.turned == 90) x = page.left;
        if (page.turned == 180) y = page.bottom;
        if (page.turned == 270) x = page.right;
        x0 = x * (1 - factor), y0 = y * (1 - factor);
    }
    Object moved(Object coordinates, int depth = 0) const {
        auto made = Object::newArray();
        for (int n = 0; n < coordinates.getArrayNItems(); ++n) {
            auto one = coordinates.getArrayItem(n);
            if (one.isNumber())
                made.appendItem(Object::newReal(one.getNumericValue() * scale + (n % 2 ? y0 : x0), 3));
            else if (one.isArray() && depth == 0)
                made.appendItem(moved(one, 1));
            else
                made.appendItem(one);
        }
        return made;
    }
};

/// How a page's own operators leave the stack of graphics states.
struct Balance : Object::ParserCallbacks {
    int depth = 0, lowest = 0;

    void handleObject(Object object) override {
        if (!object.isOperator()) return;
        const auto name = object.getOperatorValue();
        depth += name == "q" ? 1 : name == "Q" ? -1 : 0;
        lowest = std::min(lowest, depth);
    }
    void handleEOF() override {}
};

std::string repeated(const char* text, int times) {
    std::string out;
    for (int n = 0; n < times; ++n) out += text;
    return out;
}

void shrink_content(QPDF& file, Object page, const Seen& seen, const Shrink& shrink) {
    Balance balance;
    Object::parseContentStream(page.getKey("/Contents"), &balance);
    add_content(
        file, page,
        fmt::format("q {0:.5f} 0 0 {0:.5f} {1:.3f} {2:.3f} cm {3:.3f} {4:.3f} {5:.3f} {6:.3f} re W n {7}\n",
                    shrink.scale, shrink.x0, shrink.y0, seen.left, seen.bottom, seen.right - seen.left,
                    seen.top - seen.bottom, repeated("q ", -balance.lowest)),
        true);
    add_content(file, page, "\n" + repeated("Q ", balance.depth - balance.lowest + 1) + "\n", false);
}

void shrink_annotations(Object page, const Shrink& shrink, std::set<QPDFObjGen>& done) {
    auto annotations = page.getKey("/Annots");
    for (int n = 0; annotations.isArray() && n < annotations.getArrayNItems(); ++n) {
        auto one = annotations.getArrayItem(n);
        if (!one.isDictionary() || (one.isIndirect() && !done.insert(one.getObjGen()).second)) continue;
        for (const auto* key : {"/Rect", "/QuadPoints", "/Vertices", "/L", "/CL", "/InkList"})
            if (one.getKey(key).isArray()) one.replaceKey(key, shrink.moved(one.getKey(key)));
    }
}

bool is_signature(Object value) {
    return value.isDictionary() && (value.hasKey("/ByteRange") || value.hasKey("/Contents"));
}

bool has_signatures(QPDF& file, const std::vector<Object>& pages) {
    for (auto& field : pdf::fields_of(file))
        if (is_signature(field.value) || (field.type == "/Sig" && !field.value.isNull())) return true;
    for (auto page : pages) {  // a field that the form does not name
        auto annotations = page.getKey("/Annots");
        for (int n = 0; annotations.isArray() && n < annotations.getArrayNItems(); ++n)
            if (is_signature(pdf::get(annotations.getArrayItem(n), "/V"))) return true;
    }
    return pdf::get(file.getRoot(), "/Perms").isDictionary();
}

/// How large a strip is on a page: of its own size on an A4, as much larger on a plan, smaller where it does
/// not fit.
double strip_scale(const Seen& page, double tall) {
    const double by_area = std::sqrt(page.width() * page.height() / (a4_width * a4_height));
    return std::min({std::max(1.0, by_area), page.width() / 380, page.height() / (4 * tall)});
}

struct Drawn {
    std::string file;             ///< a page for each strip: they share their fonts
    std::vector<double> heights;  ///< of each, before it is scaled
};

Drawn draw_strips(const std::vector<Seen>& pages, const CsvStamp& stamp) {
    const Typesetter typesetter(stamp.typography, stamp.language);
    std::map<std::pair<double, double>, Strip> known;  // by the page's size
    Drawn drawn;
    Canvas canvas(a4_width, code);
    for (std::size_t n = 0; n < pages.size(); ++n) {
        const auto inside = [&](double tall) {
            return pages[n].width() / strip_scale(pages[n], tall) - 2 * side_margin;
        };
        const auto set = [&](double tall) {
            return Strip(typesetter, stamp.verification, inside(tall), code);
        };
        const auto size = std::pair(pages[n].width(), pages[n].height());
        // A taller strip is scaled down, and so gets wider: it is set in the width that the first one's
        // height gives.
        if (!known.contains(size)) known.emplace(size, set(set(code + over + under).height() + over + under));
        const auto& strip = known.at(size);
        const double tall = strip.height() + over + under, wide = inside(tall);
        drawn.heights.push_back(tall);
        canvas.size(wide + 2 * side_margin, tall);
        auto* cairo = canvas.cairo();
        cairo_set_source_rgb(cairo, 0.7, 0.7, 0.7);
        cairo_rectangle(cairo, side_margin, 0.5, wide, 0.5);
        cairo_fill(cairo);
        strip.draw(cairo, nullptr, side_margin, over);
        draw_page_label(cairo, typesetter, page_label(stamp.page_label, n + 1, pages.size()), side_margin,
                        over - 1, wide, 7);
        canvas.end_page();
    }
    drawn.file = canvas.finish();
    return drawn;
}

NotStampable not_stampable(pdf::NotOpened reason) {
    return reason == pdf::NotOpened::encrypted        ? NotStampable::encrypted
           : reason == pdf::NotOpened::too_many_pages ? NotStampable::too_many_pages
                                                      : NotStampable::unreadable;
}

}  // namespace

concejo::Result<std::string, NotStampable> stamp_csv(std::string_view pdf, const CsvStamp& stamp) {
    if (pdf.size() > std::min(stamp.most_bytes, pdf::largest_file)) return NotStampable::too_large;
    auto opened = pdf::open_to_change(pdf, stamp.most_pages);
    if (!opened) return not_stampable(opened.error());
    const auto file = std::move(opened->file);
    const auto pages = std::move(opened->pages);
    std::vector<Seen> sizes;
    try {
        if (has_signatures(*file, pages)) return NotStampable::has_signatures;
        for (const auto& page : pages) {
            const auto size = seen(page);
            if (!size) return NotStampable::unreadable;
            sizes.push_back(*size);
        }
    } catch (const std::exception&) {
        return NotStampable::unreadable;
    }
    const auto drawn = draw_strips(sizes, stamp);
    try {
        std::set<QPDFObjGen> moved;
        const auto strips = forms_of(*file, drawn.file);
        for (std::size_t n = 0; n < pages.size(); ++n) {
            const auto& size = sizes[n];
            const double scale = strip_scale(size, drawn.heights[n]);
            const Shrink shrink(size, 1 - drawn.heights[n] * scale / size.height());
            shrink_annotations(pages[n], shrink, moved);
            shrink_content(*file, pages[n], size, shrink);
            add_content(*file, pages[n], painted(pages[n], strips.at(n), upright(size, scale)), false);
        }
        return written(*file);
    } catch (const std::exception&) {
        return NotStampable::unreadable;
    }
}

}  // namespace evidence::factory
