// A PDF in memory, read by libqpdf, and what is asked of it here: its signatures and where its revisions end.
#pragma once

#include "plugins/evidence/pdf/qpdf.hpp"

#include <concejo/result.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace evidence::pdf {

/// Larger ones are refused: a reader holds the file several times over.
inline constexpr std::size_t largest_file = 256u * 1024 * 1024;

/// Borrows `bytes`. Not safe between threads; a hostile file may take long: run it where time and memory are
/// limited.
class Document {
public:
    /// Throws invalid where it is no PDF, is encrypted, is too large or its structure cannot be read at all.
    explicit Document(std::string_view bytes);
    std::string_view bytes() const { return bytes_; }
    QPDF& qpdf() { return *qpdf_; }
    QPDFObjectHandle root() { return qpdf_->getRoot(); }
    /// The structure needed repair: other programs may see another document in it.
    bool damaged() const { return damaged_; }
    const std::vector<QPDFObjectHandle>& pages() const { return pages_; }

private:
    std::string_view bytes_;
    std::shared_ptr<QPDF> qpdf_;
    bool damaged_ = false;
    std::vector<QPDFObjectHandle> pages_;
};

/// The page objects in order, by the tree of the file itself. Throws invalid on cycles and beyond 20,000
/// pages.
std::vector<QPDFObjectHandle> pages_of(QPDF&);

/// A file that is going to be changed.
struct Editable {
    std::shared_ptr<QPDF> file;
    std::vector<QPDFObjectHandle> pages;  ///< one or more
};
enum class NotOpened { unreadable, encrypted, too_many_pages };
/// Borrows `bytes`.
concejo::Result<Editable, NotOpened> open_to_change(std::string_view bytes, std::size_t most_pages);

/// What a reader shows of a page, in its own coordinates; nullopt for one without size.
std::optional<QPDFObjectHandle::Rectangle> shown_box(QPDFObjectHandle page);

struct Field {
    QPDFObjectHandle field;  ///< the terminal field's dictionary
    std::string name;        ///< full, with its parents'
    std::string type;        ///< "/Sig", "/Tx" …, inherited where needed
    QPDFObjectHandle value;  ///< null where it has none
};
/// Terminal fields of the form. At most 20,000.
std::vector<Field> fields_of(QPDF&);

/// A value of a dictionary; null where there is none or `dictionary` is none.
QPDFObjectHandle get(QPDFObjectHandle dictionary, const std::string& key);
std::string name_of(QPDFObjectHandle);  ///< "/Name"; empty where it is no name
std::string text_of(QPDFObjectHandle);  ///< UTF-8; empty where it is no string

}  // namespace evidence::pdf
