// Text set in lines, with Pango.
#pragma once

#include "plugins/evidence/crypto/openssl.hpp"
#include "plugins/evidence/factory/document.hpp"
#include "plugins/evidence/factory/tags.hpp"

#include <pango/pangocairo.h>

#include <memory>

namespace evidence::factory {

struct Style {
    std::string family;
    double size = 11;  ///< points
    bool bold = false;
    bool italic = false;
    Colour colour{0.1, 0.1, 0.1};
    Align align = Align::left;
    double leading = 1.3;  ///< distance between lines, by the font's own
};

/// UTF-8 without what could hide or turn what is read (see document.hpp).
std::string clean(const std::string& text);

/// A paragraph in lines. Copies share what they hold.
class Lines {
public:
    struct Line {
        PangoLayoutLine* line;
        double x, ascent, height;
        bool inked;
    };
    struct Link {
        int from, to;
        std::string address;
    };
    std::size_t count() const { return lines_.size(); }
    double height(std::size_t from, std::size_t to) const;
    double height() const { return height(0, count()); }
    double ascent() const { return lines_.front().ascent; }  ///< from the top to the first baseline
    double width() const { return width_; }                  ///< of the longest line
    bool has_links() const { return !links_.empty(); }
    /// Line `n`, its top left corner at x, y. With `tags` it is part of the document: a paragraph that has
    /// links comes as Span and Link elements.
    void draw(cairo_t*, Tags* tags, std::size_t n, double x, double y) const;
    /// Lines from `from` to before `to`, one under the other.
    void draw(cairo_t*, Tags* tags, std::size_t from, std::size_t to, double x, double y) const;

private:
    friend class Typesetter;
    const Link* link_at(int offset) const;
    bool ends_a_word(std::size_t n) const;
    std::shared_ptr<PangoLayout> layout_, space_;
    std::vector<Line> lines_;
    std::vector<Link> links_;
    Colour colour_;
    double width_ = 0;
};

/// For one thread at a time.
class Typesetter {
public:
    Typesetter(Typography, const std::string& language);
    const Typography& families() const { return families_; }
    /// `width` in points; 0 or less: as long as it is.
    Lines set(const Text&, const Style&, double width) const;

private:
    Typography families_;
    crypto::Owned<PangoFontMap, g_object_unref> fonts_;
    crypto::Owned<PangoContext, g_object_unref> context_;
};

}  // namespace evidence::factory
