#include "plugins/evidence/factory/text.hpp"

#include <concejo/error.hpp>

#include <fontconfig/fontconfig.h>
#include <pango/pangofc-fontmap.h>

#include <algorithm>

namespace evidence::factory {
namespace {

/// The system's fonts but for those of pixels and those of colours: drawn, they need transparency.
FcConfig* drawable_fonts() {
    static FcConfig* const config = [] {
        auto* made = FcInitLoadConfig();
        const auto* rejected = R"(<?xml version="1.0"?><fontconfig><selectfont>
            <rejectfont><pattern><patelt name="color"><bool>true</bool></patelt></pattern></rejectfont>
            <rejectfont><pattern><patelt name="scalable"><bool>false</bool></patelt></pattern></rejectfont>
            </selectfont></fontconfig>)";
        if (!made ||
            !FcConfigParseAndLoadFromMemory(made, reinterpret_cast<const FcChar8*>(rejected), FcTrue) ||
            !FcConfigBuildFonts(made))
            throw concejo::Error(concejo::ErrorKind::internal, "fontconfig: no hay tipos de letra");
        return made;
    }();
    return config;
}

bool is_left_out(gunichar c) {
    if (c == '\n') return false;
    return g_unichar_iscntrl(c) || (c >= 0x202a && c <= 0x202e) || (c >= 0xfff9 && c <= 0xfffb) ||
           c == 0xfeff || (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef);
}

bool is_link(const std::string& address) {
    bool known = false;
    for (const char* scheme : {"https://", "http://", "mailto:", "tel:"})
        known |= address.starts_with(scheme);
    return known && address.size() <= 2000 &&
           std::all_of(address.begin(), address.end(), [](char c) { return c > ' ' && c < 127; });
}

/// As cairo_tag_begin reads strings.
std::string quoted(const std::string& text) {
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'' || c == '\\') out += '\\';
        out += c;
    }
    return out + "'";
}

void add_attribute(PangoAttrList* list, PangoAttribute* attribute, std::size_t from, std::size_t to) {
    attribute->start_index = static_cast<guint>(from);
    attribute->end_index = static_cast<guint>(to);
    pango_attr_list_insert(list, attribute);
}

// Pango counts heights in 1024ths of a point, in an int.
constexpr std::size_t most_text = 500'000;

/// Pango breaks a word in a time that grows with the square of its length: long ones become several items for
/// it.
void divide_long_words(PangoAttrList* list, const std::string& text) {
    constexpr std::size_t longest = 800;
    std::size_t from = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == ' ' || text[at] == '\n') from = at + 1;
        if (at < from + longest || (text[at] & 0xc0) == 0x80) continue;
        add_attribute(list, pango_attr_fallback_new(TRUE), from, at);  // which is what there is without it
        from = at;
    }
}

double points(int units) { return pango_units_to_double(units); }

}  // namespace

std::string clean(const std::string& text) {
    const crypto::Owned<char, g_free> valid(g_utf8_make_valid(text.data(), static_cast<gssize>(text.size())));
    std::string out;
    for (const char* at = valid.get(); *at; at = g_utf8_next_char(at)) {
        const auto c = g_utf8_get_char(at);
        if (c == '\t')
            out += ' ';
        else if (!is_left_out(c))
            out.append(at, static_cast<std::size_t>(g_utf8_next_char(at) - at));
    }
    return out;
}

double Lines::height(std::size_t from, std::size_t to) const {
    double sum = 0;
    for (auto n = from; n < std::min(to, count()); ++n) sum += lines_[n].height;
    return sum;
}

const Lines::Link* Lines::link_at(int offset) const {
    for (const auto& link : links_)
        if (offset >= link.from && offset < link.to) return &link;
    return nullptr;
}

bool Lines::ends_a_word(std::size_t n) const {
    const auto* line = lines_[n].line;
    const int end = line->start_index + line->length;
    return lines_[n + 1].line->start_index > end ||
           (line->length > 0 && pango_layout_get_text(layout_.get())[end - 1] == ' ');
}

void Lines::draw(cairo_t* cairo, Tags* tags, std::size_t n, double x, double y) const {
    const auto& line = lines_[n];
    const auto* text = pango_layout_get_text(layout_.get());
    const double baseline = y + line.ascent;
    double pen = x + line.x;
    if (tags && line.inked) tags->drawn();
    if (!has_links()) tags = nullptr;
    const Link* open = nullptr;
    bool any = false;
    cairo_set_source_rgb(cairo, colour_.red, colour_.green, colour_.blue);
    for (auto* at = line.line->runs; at; at = at->next) {
        auto* run = static_cast<PangoLayoutRun*>(at->data);
        const auto* link = link_at(run->item->offset);
        if (tags && (!any || link != open)) {
            if (any) tags->end(cairo);
            tags->begin(cairo, {link ? "Link" : "Span", "", ""}, link ? "uri=" + quoted(link->address) : "");
        }
        any = true, open = link;
        const double wide = points(pango_glyph_string_get_width(run->glyphs));
        cairo_move_to(cairo, pen, baseline);
        pango_cairo_show_glyph_item(cairo, text, run);
        if (link) {
            cairo_rectangle(cairo, pen, baseline + 1.4, wide, 0.5);
            cairo_fill(cairo);
        }
        pen += wide;
    }
    if (n + 1 < count() && ends_a_word(n)) {
        // Pango draws no space at the end of a line: who copies the text, or hears it, would get two words as
        // one.
        cairo_move_to(cairo, pen, baseline);
        pango_cairo_show_layout_line(cairo, pango_layout_get_line_readonly(space_.get(), 0));
    }
    if (tags && any) tags->end(cairo);
}

void Lines::draw(cairo_t* cairo, Tags* tags, std::size_t from, std::size_t to, double x, double y) const {
    for (auto n = from; n < std::min(to, count()); ++n) {
        draw(cairo, tags, n, x, y);
        y += lines_[n].height;
    }
}

Typesetter::Typesetter(Typography families, const std::string& language)
    : families_(std::move(families)), fonts_(pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT)) {
    pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(fonts_.get()), drawable_fonts());
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(fonts_.get()), 72);  // a unit is a point
    context_.reset(pango_font_map_create_context(fonts_.get()));
    const crypto::Owned<cairo_font_options_t, cairo_font_options_destroy> options(
        cairo_font_options_create());
    cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context_.get(), options.get());
    pango_context_set_round_glyph_positions(context_.get(), FALSE);
    pango_context_set_language(context_.get(), pango_language_from_string(language.c_str()));
}

Lines Typesetter::set(const Text& text, const Style& style, double width) const {
    Lines lines;
    lines.colour_ = style.colour;
    std::string all;
    const crypto::Owned<PangoAttrList, pango_attr_list_unref> attributes(pango_attr_list_new());
    for (const auto& run : text.runs) {
        const auto from = all.size();
        all += clean(run.text);
        if (run.bold)
            add_attribute(attributes.get(), pango_attr_weight_new(PANGO_WEIGHT_BOLD), from, all.size());
        if (run.italic)
            add_attribute(attributes.get(), pango_attr_style_new(PANGO_STYLE_ITALIC), from, all.size());
        if (run.code) {
            add_attribute(attributes.get(), pango_attr_family_new(families_.codes.c_str()), from, all.size());
            add_attribute(attributes.get(), pango_attr_scale_new(0.78), from, all.size());
        }
        if (all.size() == from || !is_link(run.link)) continue;
        // So that Pango begins and ends a run where the link does.
        add_attribute(attributes.get(), pango_attr_underline_new(PANGO_UNDERLINE_SINGLE), from, all.size());
        lines.links_.push_back({static_cast<int>(from), static_cast<int>(all.size()), run.link});
    }
    if (all.size() > most_text)
        throw concejo::Error(concejo::ErrorKind::invalid, "Un párrafo pasa de 500.000 bytes");
    // A digest or an address broken in two gets no letter that it does not have.
    add_attribute(attributes.get(), pango_attr_insert_hyphens_new(FALSE), 0, all.size());
    divide_long_words(attributes.get(), all);
    lines.layout_.reset(pango_layout_new(context_.get()), g_object_unref);
    auto* layout = lines.layout_.get();
    const crypto::Owned<PangoFontDescription, pango_font_description_free> font(pango_font_description_new());
    pango_font_description_set_family(font.get(), style.family.c_str());
    pango_font_description_set_absolute_size(font.get(), style.size * PANGO_SCALE);
    pango_font_description_set_weight(font.get(), style.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_style(font.get(), style.italic ? PANGO_STYLE_ITALIC : PANGO_STYLE_NORMAL);
    pango_layout_set_font_description(layout, font.get());
    pango_layout_set_alignment(layout, style.align == Align::right    ? PANGO_ALIGN_RIGHT
                                       : style.align == Align::centre ? PANGO_ALIGN_CENTER
                                                                      : PANGO_ALIGN_LEFT);
    pango_layout_set_width(layout, width > 0 ? pango_units_from_double(width) : -1);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_attributes(layout, attributes.get());
    pango_layout_set_text(layout, all.data(), static_cast<int>(all.size()));
    if (pango_layout_get_line_count(layout) > 1) {
        lines.space_.reset(pango_layout_new(context_.get()), g_object_unref);
        pango_layout_set_font_description(lines.space_.get(), font.get());
        pango_layout_set_text(lines.space_.get(), " ", 1);
    }
    const crypto::Owned<PangoLayoutIter, pango_layout_iter_free> at(pango_layout_get_iter(layout));
    do {
        PangoRectangle ink, box;
        int top = 0, bottom = 0;
        pango_layout_iter_get_line_extents(at.get(), &ink, &box);
        pango_layout_iter_get_line_yrange(at.get(), &top, &bottom);
        const double natural = points(bottom - top), tall = natural * style.leading;
        lines.lines_.push_back({pango_layout_iter_get_line_readonly(at.get()), points(box.x),
                                points(pango_layout_iter_get_baseline(at.get()) - top) + (tall - natural) / 2,
                                tall, ink.width > 0 && ink.height > 0});
        lines.width_ = std::max(lines.width_, points(box.width));
    } while (pango_layout_iter_next_line(at.get()));
    return lines;
}

}  // namespace evidence::factory
