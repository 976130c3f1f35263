#include "plugins/evidence/copying/source.hpp"

#include "plugins/evidence/copying/poppler.hpp"
#include "plugins/evidence/copying/shared.hpp"
#include "plugins/evidence/pdf/qpdf.hpp"

#include <concejo/error.hpp>

namespace evidence::copying {
namespace {

constexpr std::size_t most_pages = 300;
constexpr double largest_page = 40e6;  // pixels at copy_dpi

/// What a reader shows of a page becomes all there is of it; says how many pixels that is.
double crop(QPDFObjectHandle page) {
    const auto box = pdf::shown_box(page);
    if (!box) throw concejo::Error(concejo::ErrorKind::invalid, "página sin tamaño");
    page.replaceKey("/MediaBox", QPDFObjectHandle::newFromRectangle(*box));
    page.replaceKey("/CropBox", QPDFObjectHandle::newFromRectangle(*box));
    const auto unit = page.getKey("/UserUnit").isNumber() ? page.getKey("/UserUnit").getNumericValue() : 1.0;
    return (box->urx - box->llx) * (box->ury - box->lly) * unit * unit * copy_dpi * copy_dpi / (72.0 * 72.0);
}

NotCopied not_copied(pdf::NotOpened reason) {
    return reason == pdf::NotOpened::encrypted        ? NotCopied::encrypted
           : reason == pdf::NotOpened::too_many_pages ? NotCopied::too_many_pages
                                                      : NotCopied::unreadable;
}

}  // namespace

std::string Source::written(QPDF& file) {
    QPDFWriter writer(file);
    writer.setOutputMemory();
    writer.setNewlineBeforeEndstream(true);
    writer.setDeterministicID(true);
    writer.write();
    const auto buffer = writer.getBufferSharedPointer();
    return {reinterpret_cast<const char*>(buffer->getBuffer()), buffer->getSize()};
}

concejo::Result<Source, NotCopied> Source::open(std::string_view pdf) {
    auto opened = pdf::open_to_change(pdf, most_pages);
    if (!opened) return not_copied(opened.error());
    Source source;
    source.file_ = std::move(opened->file), source.pages_ = std::move(opened->pages);
    try {
        for (auto page : source.pages_) {
            if (!(crop(page) <= largest_page)) return NotCopied::too_large;
            QPDFPageObjectHelper(page).removeUnreferencedResources();
        }
    } catch (const std::exception&) {
        return NotCopied::unreadable;
    }
    return source;
}

std::set<std::string> Source::drawn(int page) const {
    return drawn_by(pages_.at(static_cast<std::size_t>(page) - 1));
}

}  // namespace evidence::copying
