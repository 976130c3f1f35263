// The structure of a document as it is drawn. Cairo 1.16 knows the structure's names and no more: what else
// is to be said of an element is kept here, in the order in which they begin, for `to_pdfa` to add.
#pragma once

#include <cairo.h>

#include <string>
#include <utility>
#include <vector>

namespace evidence::factory {

struct Tag {
    std::string name;        ///< a standard structure type of PDF 1.4: "P", "TH" …
    std::string alt;         ///< of a Figure
    std::string attributes;  ///< a dictionary in PDF's syntax, for /A
};

inline Tag header_cell(bool of_column) {
    return {"TH", "", of_column ? "<< /O /Table /Scope /Column >>" : "<< /O /Table /Scope /Row >>"};
}
inline Tag list_tag(bool numbered) {
    return {"L", "",
            numbered ? "<< /O /List /ListNumbering /Decimal >>" : "<< /O /List /ListNumbering /Disc >>"};
}

class Tags {
public:
    /// `cairo_attributes` is what cairo_tag_begin takes. An element with elements in it holds no content of
    /// its own: Cairo marks leaves only.
    void begin(cairo_t* cairo, const Tag& tag, const std::string& cairo_attributes = "") {
        cairo_tag_begin(cairo, tag.name.c_str(), cairo_attributes.c_str());
        open_.push_back(tag.name);
        made_.push_back(tag);
    }
    void end(cairo_t* cairo) {
        cairo_tag_end(cairo, open_.back().c_str());
        open_.pop_back();
    }
    /// Something on this page leaves ink.
    void drawn() { drawn_ = true; }
    /// Before a page ends: of one without any ink Cairo 1.16 forgets the elements. A white dot is ink.
    void end_page(cairo_t* cairo) {
        if (!std::exchange(drawn_, false)) {
            cairo_set_source_rgb(cairo, 1, 1, 1);
            cairo_rectangle(cairo, 0, 0, 0.1, 0.1);
            cairo_fill(cairo);
        }
    }
    const std::vector<Tag>& made() const { return made_; }

private:
    bool drawn_ = false;
    std::vector<std::string> open_;
    std::vector<Tag> made_;
};

}  // namespace evidence::factory
