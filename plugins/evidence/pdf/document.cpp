#include "plugins/evidence/pdf/document.hpp"

#include <concejo/error.hpp>

#include <algorithm>
#include <set>

namespace evidence::pdf {
namespace {

using concejo::Error;
using concejo::ErrorKind;
constexpr std::size_t most = 20'000;

[[noreturn]] void invalid(const std::string& text) { throw Error(ErrorKind::invalid, text); }

void add_pages(QPDFObjectHandle node, std::set<QPDFObjGen>& seen, std::vector<QPDFObjectHandle>& pages,
               int depth) {
    if (!node.isDictionary()) return;
    if (depth > 64 || pages.size() >= most || (node.isIndirect() && !seen.insert(node.getObjGen()).second))
        invalid("El árbol de páginas del PDF no es válido");
    auto kids = node.getKey("/Kids");
    if (!kids.isArray()) {
        pages.push_back(node);
        return;
    }
    for (int i = 0; i < kids.getArrayNItems(); ++i) add_pages(kids.getArrayItem(i), seen, pages, depth + 1);
}

struct FieldWalk {
    std::vector<Field>& found;
    std::set<QPDFObjGen> seen;

    void visit(QPDFObjectHandle node, const std::string& above, std::string type, QPDFObjectHandle value,
               int depth) {
        if (!node.isDictionary() || depth > 32 || found.size() >= most) return;
        if (node.isIndirect() && !seen.insert(node.getObjGen()).second) return;
        auto name = above;
        if (const auto own = text_of(node.getKey("/T")); !own.empty())
            name += (name.empty() ? "" : ".") + own;
        if (node.hasKey("/FT")) type = name_of(node.getKey("/FT"));
        if (node.hasKey("/V")) value = node.getKey("/V");
        auto kids = node.getKey("/Kids");
        bool fields_below = false;
        for (int i = 0; kids.isArray() && i < kids.getArrayNItems(); ++i)
            fields_below |= get(kids.getArrayItem(i), "/T").isString();
        if (!fields_below) {
            found.push_back({node, name, type, value});
            return;
        }
        for (int i = 0; i < kids.getArrayNItems(); ++i)
            visit(kids.getArrayItem(i), name, type, value, depth + 1);
    }
};

}  // namespace

concejo::Result<Editable, NotOpened> open_to_change(std::string_view bytes, std::size_t most_pages) {
    Editable opened{QPDF::create(), {}};
    opened.file->setSuppressWarnings(true);
    try {
        opened.file->processMemoryFile("pdf", bytes.data(), bytes.size());
        if (opened.file->isEncrypted()) return NotOpened::encrypted;
        opened.pages = pages_of(*opened.file);
    } catch (const QPDFExc& error) {
        return error.getErrorCode() == qpdf_e_password ? NotOpened::encrypted : NotOpened::unreadable;
    } catch (const std::exception&) {
        return NotOpened::unreadable;
    }
    if (opened.pages.empty()) return NotOpened::unreadable;
    if (opened.pages.size() > most_pages) return NotOpened::too_many_pages;
    return opened;
}

std::optional<QPDFObjectHandle::Rectangle> shown_box(QPDFObjectHandle page) {
    QPDFPageObjectHelper helper(page);
    auto media = helper.getMediaBox(), crop = helper.getCropBox();
    if (!media.isRectangle()) return std::nullopt;
    const auto box = media.getArrayAsRectangle();
    if (!crop.isRectangle()) return box;
    const auto cut = crop.getArrayAsRectangle();
    const QPDFObjectHandle::Rectangle both(std::max(box.llx, cut.llx), std::max(box.lly, cut.lly),
                                           std::min(box.urx, cut.urx), std::min(box.ury, cut.ury));
    return both.llx < both.urx && both.lly < both.ury ? both : box;
}

QPDFObjectHandle get(QPDFObjectHandle dictionary, const std::string& key) {
    if (dictionary.isStream()) dictionary = dictionary.getDict();
    return dictionary.isDictionary() ? dictionary.getKey(key) : QPDFObjectHandle::newNull();
}

std::string name_of(QPDFObjectHandle object) { return object.isName() ? object.getName() : std::string(); }
std::string text_of(QPDFObjectHandle object) {
    return object.isString() ? object.getUTF8Value() : std::string();
}

std::vector<QPDFObjectHandle> pages_of(QPDF& qpdf) {
    std::vector<QPDFObjectHandle> pages;
    std::set<QPDFObjGen> seen;
    add_pages(get(qpdf.getRoot(), "/Pages"), seen, pages, 0);
    return pages;
}

std::vector<Field> fields_of(QPDF& qpdf) {
    std::vector<Field> found;
    FieldWalk walk{found, {}};
    auto roots = get(get(qpdf.getRoot(), "/AcroForm"), "/Fields");
    for (int i = 0; roots.isArray() && i < roots.getArrayNItems(); ++i)
        walk.visit(roots.getArrayItem(i), "", "", QPDFObjectHandle::newNull(), 0);
    return found;
}

Document::Document(std::string_view bytes) : bytes_(bytes), qpdf_(QPDF::create()) {
    if (bytes.size() > largest_file) invalid("El PDF es demasiado grande");
    qpdf_->setSuppressWarnings(true);
    try {
        qpdf_->processMemoryFile("pdf", bytes.data(), bytes.size());
        if (qpdf_->isEncrypted()) invalid("El PDF está cifrado");
        damaged_ = qpdf_->anyWarnings();
        if (!root().isDictionary()) invalid("El PDF no tiene catálogo");
        pages_ = pages_of(*qpdf_);
    } catch (const Error&) {
        throw;
    } catch (const std::exception& error) {
        invalid(std::string("El PDF no se puede leer: ") + error.what());
    }
}

}  // namespace evidence::pdf
