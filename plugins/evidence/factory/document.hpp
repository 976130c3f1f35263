// What a document says, before anybody draws it. Every text is the caller's, in the document's language: the
// factory has no words of its own. Texts are UTF-8; what is no UTF-8 becomes U+FFFD, control characters and
// those that change the direction of what follows are left out, and a line feed begins a new line.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace evidence::factory {

struct Run {
    std::string text;
    bool bold = false;
    bool italic = false;
    bool code = false;  ///< a digest, an identifier: letters of one width
    std::string link;   ///< https, http, mailto or tel, in printable ASCII; others are drawn as plain text
};
struct Text {
    std::vector<Run> runs;

    Text() = default;
    Text(std::string text) : runs{{std::move(text), false, false, false, {}}} {}
    Text(const char* text) : Text(std::string(text)) {}
    Text(std::vector<Run> all) : runs(std::move(all)) {}
};

enum class Align { left, centre, right };

struct Heading {
    int level = 1;  ///< 1 to 3; never the last thing on a page
    std::string text;
};
struct Paragraph {
    Text text;
    Align align = Align::left;
    bool keep_with_next = false;
};
struct List {
    std::vector<Text> items;
    bool numbered = false;
};
struct Column {
    std::string header;
    Align align = Align::left;
};
/// The header row is repeated on each page; a row is never split unless it is taller than a page.
struct Table {
    std::vector<Column> columns;          ///< 1 to 16
    std::vector<std::vector<Text>> rows;  ///< at most as many cells as columns; those that lack are empty
    std::string caption;                  ///< may be empty
    bool row_headers = false;             ///< the first cell of a row says what the row is of
};
struct Definition {
    std::string label;
    Text value;
};
struct Definitions {
    std::vector<Definition> items;
};
struct Note {
    Text text;
    std::string title;     ///< may be empty
    bool warning = false;  ///< of another colour: say it in the words too
};
struct PageBreak {};

/// PNG or SVG, told by its first bytes; drawn on white, since PDF/A-1 has no transparency.
struct Picture {
    std::string bytes;
    std::string alt;  ///< what somebody who does not see it is told
};
struct Image {
    Picture picture;
    double width = 80;  ///< in millimetres; less where it does not fit
    Align align = Align::centre;
};
/// Empty space for a visible signature that comes later; `Made` says where it was left. Kept with the block
/// before it.
struct SignatureSpace {
    double width = 70, height = 25;  ///< in millimetres
    Align align = Align::left;
};

using Block =
    std::variant<Heading, Paragraph, List, Table, Definitions, Note, PageBreak, Image, SignatureSpace>;

/// sRGB, each from 0 to 1.
struct Colour {
    double red = 0, green = 0, blue = 0;
};

struct Letterhead {
    std::string name;  ///< the municipality's
    std::string unit;  ///< who within it; may be empty
    std::optional<Picture> shield;
    Colour accent{0.12, 0.37, 0.55};  ///< rules and marks, never text
};

/// What lets who holds the paper check it: on every page, with a QR of `url`.
struct Verification {
    std::string csv_label, csv;  ///< "Código seguro de verificación", "7K4M-…"
    std::string url_label, url;  ///< printable ASCII, at most 300 bytes
    std::string note;            ///< what else is said beside them, a date for one; may be empty
    std::string mark;            ///< in red, for what has no validity; may be empty
};

/// Families as fontconfig knows them; for what they lack others of the system's are taken, never in colours.
struct Typography {
    std::string text = "Liberation Serif";
    std::string titles = "Liberation Sans";
    std::string codes = "Liberation Mono";
};

struct Document {
    std::string title;                 ///< metadata: what is drawn is a Heading. Not empty
    std::string language;              ///< BCP 47: "es-ES", "eu", "ca-valencia"
    std::string author;                ///< metadata: the organisation
    std::string subject;               ///< metadata; may be empty
    std::string application;           ///< metadata: what the document was written with; may be empty
    std::chrono::sys_seconds created;  ///< years 1900 to 9999
    std::string page_label;            ///< "Página {page} de {pages}"; empty: none
    Letterhead letterhead;
    std::optional<Verification> verification;
    Typography typography;
    std::vector<Block> blocks;
};

}  // namespace evidence::factory
