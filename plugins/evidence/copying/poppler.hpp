// Poppler's programs on one PDF, in a folder of their own: what a page shows, drawn by somebody else's code.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace evidence::copying {

inline constexpr int digest_dpi = 100;  ///< at which a page is hashed
inline constexpr int copy_dpi = 200;    ///< at which one becomes an image: NTI de digitalización, the least

/// How a page that is hashed is drawn, as somebody types it. It writes a PPM; that file's SHA-256 is the page's.
inline constexpr const char* digest_command = "pdftoppm -r 100 -cropbox -singlefile";

/// Pages count from 1. All throw Error{invalid} where Poppler cannot, Error{unavailable} where it is not installed.
class Poppler {
public:
    explicit Poppler(std::string_view pdf);
    ~Poppler();
    Poppler(const Poppler&) = delete;
    Poppler& operator=(const Poppler&) = delete;

    /// The page as it is seen, upright, in a PPM.
    std::string picture(int page, int dpi) const;
    /// A PDF of these pages with nothing in it but what is drawn on them: no metadata, annotations, attachments,
    /// structure or earlier revisions; fonts with the glyphs that are drawn. Text remains text.
    std::string redrawn(int first, int last) const;
    /// What pdftotext -bbox writes: each word of each page with its place, as the page is seen.
    std::string words() const;
    /// What pdfimages -list says.
    std::string list_images() const;
    /// "22.12.0".
    static std::string version();

private:
    std::string path(const char* name) const { return (folder_ / name).string(); }
    std::filesystem::path folder_;
};

}  // namespace evidence::copying
