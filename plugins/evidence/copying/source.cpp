#include "plugins/evidence/copying/source.hpp"

#include "plugins/evidence/copying/poppler.hpp"
#include "plugins/evidence/copying/shared.hpp"
#include "plugins/evidence/pdf/qpdf.hpp"

#include <concejo/error.hpp>

#include <algorithm>

namespace evidence::copying {
namespace {

constexpr std::size_t most_pages = 300;
constexpr double largest_page = 40e6;  // pixels at copy_dpi

/// What a reader shows of a page becomes all there is of it; says how many pixels that is.
double crop(QPDFObjectHandle page) {
    QPDFPageObjectHelper helper(page);
    auto media = helper.getMediaBox(), cropped = helper.getCropBox();
    if (!media.isRectangle()) throw concejo::Error(concejo::ErrorKind::invalid, "página sin tamaño");
    auto box = media.getArrayAsRectangle();
    if (cropped.isRectangle()) {
        const auto cut = cropped.getArrayAsRectangle();
        const QPDFObjectHandle::Rectangle both(std::max(box.llx, cut.llx), std::max(box.lly, cut.lly),
                                               std::min(box.urx, cut.urx), std::min(box.ury, cut.ury));
        if (both.llx < both.urx && both.lly < both.ury) box = both;
    }
    page.replaceKey("/MediaBox", QPDFObjectHandle::newFromRectangle(box));
    page.replaceKey("/CropBox", QPDFObjectHandle::newFromRectangle(box));
    const auto unit = page.getKey("/UserUnit").isNumber() ? page.getKey("/UserUnit").getNumericValue() : 1.0;
    return (box.urx - box.llx) * (box.ury - box.lly) * unit * unit * copy_dpi * copy_dpi / (72.0 * 72.0);
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
    Source source;
    source.file_ = QPDF::create();
    source.file_->setSuppressWarnings(true);
    try {
        source.file_->processMemoryFile("pdf", pdf.data(), pdf.size());
        if (source.file_->isEncrypted()) return NotCopied::encrypted;
        source.pages_ = pdf::pages_of(*source.file_);
        if (source.pages_.empty()) return NotCopied::unreadable;
        if (source.pages_.size() > most_pages) return NotCopied::too_many_pages;
        for (auto page : source.pages_) {
            if (!(crop(page) <= largest_page)) return NotCopied::too_large;
            QPDFPageObjectHelper(page).removeUnreferencedResources();
        }
    } catch (const QPDFExc& error) {
        return error.getErrorCode() == qpdf_e_password ? NotCopied::encrypted : NotCopied::unreadable;
    } catch (const std::exception&) {
        return NotCopied::unreadable;
    }
    return source;
}

std::set<std::string> Source::drawn(int page) const {
    return drawn_by(pages_.at(static_cast<std::size_t>(page) - 1));
}

}  // namespace evidence::copying
