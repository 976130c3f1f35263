#include "plugins/evidence/factory/pdfa.hpp"

#include "plugins/evidence/factory/overlay.hpp"
#include "plugins/evidence/pdf/document.hpp"

#include <concejo/error.hpp>
#include <concejo/escape.hpp>

#include <fmt/chrono.h>
#include <lcms2.h>

#include <array>

namespace evidence::factory {
namespace {

using Object = QPDFObjectHandle;

std::tm utc(const Metadata& said) { return fmt::gmtime(said.created.time_since_epoch().count()); }

std::string xmp(const Metadata& said) {
    const auto in = [](const std::string& before, const std::string& text, const std::string& after) {
        return text.empty() ? "" : before + concejo::escape_xml(text) + after + "\n";
    };
    const auto alternative = [&](const std::string& name, const std::string& text) {
        return in("<dc:" + name + "><rdf:Alt><rdf:li xml:lang=\"x-default\">", text,
                  "</rdf:li></rdf:Alt></dc:" + name + ">");
    };
    return "<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
           "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
           "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
           "<rdf:Description rdf:about=\"\" xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">\n"
           "<pdfaid:part>1</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>\n</rdf:Description>\n"
           "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n" +
           alternative("title", said.title) +
           in("<dc:creator><rdf:Seq><rdf:li>", said.author, "</rdf:li></rdf:Seq></dc:creator>") +
           alternative("description", said.subject) +
           in("<dc:language><rdf:Bag><rdf:li>", said.language, "</rdf:li></rdf:Bag></dc:language>") +
           "</rdf:Description>\n<rdf:Description rdf:about=\"\" "
           "xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\">\n" +
           in("<xmp:CreatorTool>", said.application, "</xmp:CreatorTool>") +
           fmt::format("<xmp:CreateDate>{:%Y-%m-%dT%H:%M:%SZ}</xmp:CreateDate>\n", utc(said)) +
           "</rdf:Description>\n</rdf:RDF></x:xmpmeta>\n<?xpacket end=\"w\"?>";
}

Object info(const Metadata& said) {
    auto made = Object::newDictionary();
    const auto put = [&](const char* key, const std::string& text) {
        if (!text.empty()) made.replaceKey(key, Object::newUnicodeString(text));
    };
    put("/Title", said.title), put("/Author", said.author), put("/Subject", said.subject);
    put("/Creator", said.application);
    put("/CreationDate", fmt::format("D:{:%Y%m%d%H%M%S}Z", utc(said)));
    return made;
}

/// A profile of ICC's version 2, which is PDF 1.4's; its date is fixed. Its curve has a point for each of 256
/// values: readers turn it round for every page, which the 4096 that lcms2 writes make slow.
std::string srgb() {
    const auto made = cmsCreate_sRGBProfile();
    if (!made) throw concejo::Error(concejo::ErrorKind::internal, "lcms2: sRGB");
    cmsSetProfileVersion(made, 2.1);
    const auto* exact = static_cast<cmsToneCurve*>(cmsReadTag(made, cmsSigRedTRCTag));
    std::array<cmsUInt16Number, 256> values{};
    for (unsigned n = 0; n < values.size(); ++n)
        values[n] = cmsEvalToneCurve16(exact, static_cast<cmsUInt16Number>(n * 257));
    auto* curve = cmsBuildTabulatedToneCurve16(nullptr, values.size(), values.data());
    cmsWriteTag(made, cmsSigRedTRCTag, curve);  // green and blue point at red's
    cmsFreeToneCurve(curve);
    cmsUInt32Number size = 0;
    cmsSaveProfileToMem(made, nullptr, &size);
    std::string bytes(size, '\0');
    const bool saved = size > 128 && cmsSaveProfileToMem(made, bytes.data(), &size);
    cmsCloseProfile(made);
    if (!saved) throw concejo::Error(concejo::ErrorKind::internal, "lcms2: sRGB");
    const std::string date("\x07\xd0\0\1\0\1\0\0\0\0\0\0", 12);  // 2000-01-01
    return bytes.replace(24, date.size(), date);
}

void add_intent(QPDF& file) {
    auto profile = Object::newStream(&file, srgb());
    profile.getDict().replaceKey("/N", Object::newInteger(3));
    auto intent = Object::parse(
        "<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB IEC61966-2.1) "
        "/Info (sRGB IEC61966-2.1) /RegistryName (http://www.color.org) >>");
    intent.replaceKey("/DestOutputProfile", profile);
    auto intents = Object::newArray();
    intents.appendItem(file.makeIndirectObject(intent));
    file.getRoot().replaceKey("/OutputIntents", intents);
}

void add_metadata(QPDF& file, const Metadata& said) {
    auto root = file.getRoot();
    auto packet = Object::newStream(&file, xmp(said));
    packet.getDict().replaceKey("/Type", Object::newName("/Metadata"));
    packet.getDict().replaceKey("/Subtype", Object::newName("/XML"));
    root.replaceKey("/Metadata", packet);
    root.replaceKey("/Lang", Object::newUnicodeString(said.language));
    root.replaceKey("/MarkInfo", Object::parse("<< /Marked true >>"));
    root.replaceKey("/ViewerPreferences", Object::parse("<< /DisplayDocTitle true >>"));
    file.getTrailer().replaceKey("/Info", file.makeIndirectObject(info(said)));
}

/// The structure's elements come in the order in which they were begun.
class Structure {
public:
    explicit Structure(const std::vector<Tag>& tags) : tags_(tags) {}

    void visit(Object node) {
        if (node.isArray())
            for (int n = 0; n < node.getArrayNItems(); ++n) visit(node.getArrayItem(n));
        if (!node.isDictionary() || !node.hasKey("/S")) return;
        const auto name = pdf::name_of(node.getKey("/S"));
        if (next_ >= tags_.size() || name != "/" + tags_[next_].name) unexpected(name);
        const auto& tag = tags_[next_++];
        if (!tag.alt.empty()) node.replaceKey("/Alt", Object::newUnicodeString(tag.alt));
        if (!tag.attributes.empty()) node.replaceKey("/A", Object::parse(tag.attributes));
        visit(node.getKey("/K"));
    }
    void finish() const {
        if (next_ != tags_.size()) unexpected("nada");
    }

private:
    [[noreturn]] void unexpected(const std::string& found) const {
        throw concejo::Error(
            concejo::ErrorKind::internal,
            fmt::format("La estructura del PDF no es la que se dibujó: en el elemento {} hay {}", next_,
                        found));
    }
    const std::vector<Tag>& tags_;
    std::size_t next_ = 0;
};

/// ISO 19005-1, 6.5.3: annotations are printed. A link says where it goes.
void finish_annotations(Object page) {
    auto annotations = page.getKey("/Annots");
    for (int n = 0; annotations.isArray() && n < annotations.getArrayNItems(); ++n) {
        auto one = annotations.getArrayItem(n);
        one.replaceKey("/F", Object::newInteger(4));
        const auto address = pdf::text_of(pdf::get(one.getKey("/A"), "/URI"));
        if (!address.empty()) one.replaceKey("/Contents", Object::newUnicodeString(address));
    }
}

}  // namespace

std::string to_pdfa(const Paper::Drawn& drawn, const Metadata& said, const std::vector<Tag>& tags) {
    const auto file = QPDF::create();
    file->processMemoryFile("content", drawn.content.data(), drawn.content.size());
    complete_fonts(*file);
    const auto behind = forms_of(*file, drawn.behind);
    const auto pages = pdf::pages_of(*file);
    for (std::size_t n = 0; n < pages.size(); ++n) {
        auto page = pages[n];
        page.removeKey("/Group");
        finish_annotations(page);
        add_content(*file, page, painted(page, behind.at(n), "1 0 0 1 0 0"), true);
    }
    for (auto& object : file->getAllObjects())  // ISO 19005-1, 6.2.4
        if (object.isStream() && pdf::name_of(object.getDict().getKey("/Subtype")) == "/Image")
            object.getDict().removeKey("/Interpolate");
    Structure structure(tags);
    structure.visit(pdf::get(file->getRoot().getKey("/StructTreeRoot"), "/K"));
    structure.finish();
    add_metadata(*file, said);
    add_intent(*file);
    return written(*file, "1.4");
}

}  // namespace evidence::factory
