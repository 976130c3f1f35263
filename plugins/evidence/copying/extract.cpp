#include "plugins/evidence/copying/extract.hpp"

#include "plugins/evidence/copying/find_text.hpp"
#include "plugins/evidence/copying/poppler.hpp"
#include "plugins/evidence/copying/source.hpp"
#include "plugins/evidence/crypto/encoding.hpp"
#include "plugins/evidence/pdf/qpdf.hpp"

#include <concejo/error.hpp>

#include <algorithm>

namespace evidence::copying {
namespace {

using Object = QPDFObjectHandle;

/// A text that was not seen as text in the original, in an annotation for one, and is now.
bool shows_any(const std::string& pdf, const std::vector<std::string>& texts) {
    if (texts.empty()) return false;
    const auto words = words_of(Poppler(pdf).words());
    return std::any_of(texts.begin(), texts.end(),
                       [&](const auto& text) { return !areas_of(words, text).empty(); });
}

/// Of each page that Cairo drew, what draws it and nothing else.
void add_drawn(QPDF& into, const std::string& drawn) {
    const auto from = QPDF::create();
    from->processMemoryFile("drawn", drawn.data(), drawn.size());
    from->setImmediateCopyFrom(true);
    for (auto page : pdf::pages_of(*from)) {
        auto made = Object::newDictionary();
        made.replaceKey("/Type", Object::newName("/Page"));
        made.replaceKey("/MediaBox", Object::newFromRectangle(
                                         QPDFPageObjectHelper(page).getMediaBox().getArrayAsRectangle()));
        for (const auto* key : {"/Resources", "/Contents", "/Group"}) {
            auto value = QPDFPageObjectHelper(page).getAttribute(key, false);
            if (value.isNull()) continue;
            made.replaceKey(
                key, into.copyForeignObject(value.isIndirect() ? value : from->makeIndirectObject(value)));
        }
        QPDFPageDocumentHelper(into).addPage(made, false);
    }
}

bool meet(const std::set<std::string>& one, const std::set<std::string>& other) {
    return std::any_of(one.begin(), one.end(), [&](const auto& hash) { return other.contains(hash); });
}

/// The pages that stay and have to be images.
std::set<int> pictured(const Source& source, const Extract& wanted) {
    std::set<std::string> going;
    std::set<int> images;
    for (int page = 1; page <= static_cast<int>(source.count()); ++page) {
        const bool stays = std::find(wanted.pages.begin(), wanted.pages.end(), page) != wanted.pages.end();
        if (wanted.areas.contains(page)) images.insert(page);
        if (!stays || wanted.areas.contains(page)) going.merge(source.drawn(page));
    }
    for (const int page : wanted.pages)
        if (meet(source.drawn(page), going)) images.insert(page);
    return images;
}

Picture picture_of(const Poppler& poppler, int page, Page& told, const Extract& wanted) {
    auto picture = Picture::parse(poppler.picture(page, copy_dpi));
    if (!picture) throw concejo::Error(concejo::ErrorKind::invalid, "La página no se puede dibujar");
    const auto areas = wanted.areas.find(page);
    if (areas == wanted.areas.end()) return std::move(*picture);
    for (const auto& area : areas->second) picture->blank(area, copy_dpi);
    told.areas = areas->second;
    told.rest = crypto::hex(crypto::view(picture->digest()));
    return std::move(*picture);
}

std::optional<NotCopied> wrong(const Source& source, const Extract& wanted) {
    for (const int page : wanted.pages)
        if (page < 1 || page > static_cast<int>(source.count())) return NotCopied::no_such_page;
    for (const auto& [page, areas] : wanted.areas)
        if (std::find(wanted.pages.begin(), wanted.pages.end(), page) == wanted.pages.end())
            return NotCopied::no_such_page;
    if (wanted.pages.size() == source.count() && wanted.areas.empty() && wanted.texts.empty())
        return NotCopied::nothing_removed;
    return std::nullopt;
}

/// Adds to the areas where the texts are. A text that is nowhere is a mistake, or part of an image: not to be
/// passed over.
bool find_texts(const Poppler& original, Extract& wanted) {
    if (wanted.texts.empty()) return true;
    const auto words = words_of(original.words());
    for (const auto& text : wanted.texts) {
        bool found = false;
        for (const auto& [page, areas] : areas_of(words, text)) {
            if (std::find(wanted.pages.begin(), wanted.pages.end(), page) == wanted.pages.end()) continue;
            found = true;
            auto& all = wanted.areas[page];
            all.insert(all.end(), areas.begin(), areas.end());
        }
        if (!found) return false;
    }
    return true;
}

}  // namespace

const char* code(NotCopied why) {
    constexpr const char* codes[] = {"unreadable",   "encrypted",       "too_large",     "too_many_pages",
                                     "no_such_page", "nothing_removed", "text_not_found"};
    return codes[static_cast<int>(why)];
}

concejo::Result<Extracted, NotCopied> make_extract(std::string_view pdf, const Extract& asked) {
    auto source = Source::open(pdf);
    if (!source) return source.error();
    auto wanted = asked;
    for (int page = 1; asked.pages.empty() && page <= static_cast<int>(source->count()); ++page)
        wanted.pages.push_back(page);
    if (const auto why = wrong(*source, wanted)) return *why;
    try {
        const Poppler original(pdf), cropped(source->cropped());
        if (!find_texts(original, wanted)) return NotCopied::text_not_found;
        std::vector<crypto::Digest> digests;
        for (int page = 1; page <= static_cast<int>(source->count()); ++page)
            digests.push_back(crypto::sha256(original.picture(page, digest_dpi)));
        const auto images = pictured(*source, wanted);
        const auto file = QPDF::create();
        file->emptyPDF();
        std::vector<Page> kept;
        for (std::size_t n = 0; n < wanted.pages.size();) {
            const int page = wanted.pages[n];
            if (images.contains(page)) {
                kept.push_back({page, static_cast<int>(++n), {}, {}});
                const auto picture = picture_of(original, page, kept.back(), wanted);
                QPDFPageDocumentHelper(*file).addPage(picture.page(*file, copy_dpi), false);
                continue;
            }
            int last = page;  // neighbours are drawn together: they share their fonts
            for (; n < wanted.pages.size() && !images.contains(wanted.pages[n]) &&
                   (wanted.pages[n] == last || wanted.pages[n] == last + 1);
                 last = wanted.pages[n++])
                kept.push_back({wanted.pages[n], static_cast<int>(n) + 1, {}, {}});
            add_drawn(*file, cropped.redrawn(page, last));
        }
        auto made = Source::written(*file);
        if (shows_any(made, wanted.texts)) return NotCopied::text_not_found;
        return Extracted{std::move(made),
                         make_statement(wanted.about, digests, wanted.secret, kept),
                         {images.begin(), images.end()}};
    } catch (const concejo::Error& error) {
        if (error.kind() == concejo::ErrorKind::unavailable) throw;
        return NotCopied::unreadable;
    } catch (const std::exception&) {
        return NotCopied::unreadable;
    }
}

concejo::Result<std::string, NotCopied> redraw(std::string_view pdf) {
    auto source = Source::open(pdf);
    if (!source) return source.error();
    try {
        const auto file = QPDF::create();
        file->emptyPDF();
        add_drawn(*file, Poppler(source->cropped()).redrawn(1, static_cast<int>(source->count())));
        return Source::written(*file);
    } catch (const concejo::Error& error) {
        if (error.kind() == concejo::ErrorKind::unavailable) throw;
        return NotCopied::unreadable;
    } catch (const std::exception&) {
        return NotCopied::unreadable;
    }
}

}  // namespace evidence::copying
