#include "plugins/evidence/factory/overlay.hpp"

#include "plugins/evidence/pdf/document.hpp"
#include "plugins/evidence/pdf/qpdf.hpp"

namespace evidence::factory {

void complete_fonts(QPDF& file) {
    for (auto& font : file.getAllObjects()) {
        const auto subtype = pdf::name_of(pdf::get(font, "/Subtype"));
        if (subtype != "/CIDFontType0" && subtype != "/CIDFontType2") continue;
        if (subtype == "/CIDFontType2" && !font.hasKey("/CIDToGIDMap"))
            font.replaceKey("/CIDToGIDMap", QPDFObjectHandle::newName("/Identity"));
        auto descriptor = font.getKey("/FontDescriptor"), widths = font.getKey("/W");
        if (descriptor.hasKey("/CIDSet") || widths.getArrayNItems() != 2) continue;
        // Cairo numbers the glyphs of a subset from 0 on, and gives the width of each.
        const auto glyphs = static_cast<unsigned>(widths.getArrayItem(1).getArrayNItems());
        std::string bits((glyphs + 7) / 8, '\0');
        for (unsigned n = 0; n < glyphs; ++n) bits[n / 8] = static_cast<char>(bits[n / 8] | (0x80 >> n % 8));
        descriptor.replaceKey("/CIDSet", QPDFObjectHandle::newStream(&file, bits));
    }
}

std::vector<QPDFObjectHandle> forms_of(QPDF& into, const std::string& drawn) {
    const auto file = QPDF::create();
    file->processMemoryFile("drawn", drawn.data(), drawn.size());
    complete_fonts(*file);
    file->setImmediateCopyFrom(true);  // it ends with this function
    std::vector<QPDFObjectHandle> forms;
    for (auto& page : QPDFPageDocumentHelper(*file).getAllPages()) {
        auto form = file->makeIndirectObject(page.getFormXObjectForPage(false));
        form.getDict().removeKey("/Group");  // transparency: PDF/A-1 has none, and nothing here needs it
        forms.push_back(into.copyForeignObject(form));
    }
    return forms;
}

std::string painted(QPDFObjectHandle page, QPDFObjectHandle form, const std::string& matrix) {
    auto resources = QPDFPageObjectHelper(page).getAttribute("/Resources", true);
    if (!resources.isDictionary()) {
        resources = QPDFObjectHandle::newDictionary();
        page.replaceKey("/Resources", resources);
    }
    auto names = resources.getKey("/XObject");
    names = names.isDictionary() ? names.shallowCopy() : QPDFObjectHandle::newDictionary();
    int suffix = 0;
    const auto name = resources.getUniqueResourceName("/Concejo", suffix);
    names.replaceKey(name, form);
    resources.replaceKey("/XObject", names);
    return "/Artifact << /Type /Pagination >> BDC q " + matrix + " cm " + name + " Do Q EMC\n";
}

void add_content(QPDF& file, QPDFObjectHandle page, const std::string& operators, bool first) {
    page.addPageContents(QPDFObjectHandle::newStream(&file, operators), first);
}

std::string written(QPDF& file, const std::string& version) {
    QPDFWriter writer(file);
    writer.setOutputMemory();
    if (!version.empty()) {
        writer.setObjectStreamMode(qpdf_o_disable);
        writer.forcePDFVersion(version);
    }
    writer.setNewlineBeforeEndstream(true);  // ISO 19005-1, 6.1.7
    writer.setDeterministicID(true);
    writer.write();
    const auto buffer = writer.getBufferSharedPointer();
    return {reinterpret_cast<const char*>(buffer->getBuffer()), buffer->getSize()};
}

}  // namespace evidence::factory
