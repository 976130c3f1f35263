#include "plugins/open-data/ingest/xml_part.hpp"

#include <concejo/error.hpp>
#include <concejo/text.hpp>

#include <archive.h>
#include <archive_entry.h>
#include <libxml/xmlreader.h>

namespace open_data::ingest {
namespace {

[[noreturn]] void broken(const std::string& what) {
    throw concejo::Error(concejo::ErrorKind::invalid, concejo::fill(concejo::N_("la hoja de cálculo no se puede leer: {motivo}"), {{"motivo", what}}));
}

struct FreeArchive {
    void operator()(archive* one) const { archive_read_free(one); }
};
using Zip = std::unique_ptr<archive, FreeArchive>;

Zip open_zip(std::string_view bytes) {
    Zip zip(archive_read_new());
    archive_read_support_format_zip_seekable(zip.get());
    if (archive_read_open_memory(zip.get(), bytes.data(), bytes.size()) != ARCHIVE_OK) return nullptr;
    return zip;
}

std::string_view view_of(const xmlChar* text) {
    return text ? std::string_view(reinterpret_cast<const char*>(text)) : std::string_view();
}

void be_silent(void*, const char*, xmlParserSeverities, xmlTextReaderLocatorPtr) {}

}  // namespace

struct XmlPart::State {
    Zip zip;
    std::size_t unpacked = 0, most = 0;
    bool too_large = false;
    std::unique_ptr<xmlTextReader, void (*)(xmlTextReader*)> reader{
        nullptr, [](xmlTextReader* one) { xmlFreeTextReader(one); }};

    static int pull(void* context, char* out, int size) {
        auto& state = *static_cast<State*>(context);
        const auto got = archive_read_data(state.zip.get(), out, static_cast<std::size_t>(size));
        if (got < 0) return -1;
        state.unpacked += static_cast<std::size_t>(got);
        state.too_large = state.unpacked > state.most;
        return state.too_large ? -1 : static_cast<int>(got);
    }
};

std::vector<std::string> zip_names(std::string_view bytes) {
    std::vector<std::string> names;
    const auto zip = open_zip(bytes);
    archive_entry* entry = nullptr;
    while (zip && names.size() < 10'000 && archive_read_next_header(zip.get(), &entry) == ARCHIVE_OK) {
        if (const char* name = archive_entry_pathname(entry)) names.emplace_back(name);
    }
    return names;
}

XmlPart::XmlPart(std::string_view bytes, const std::string& wanted) : state_(std::make_unique<State>()) {
    state_->zip = open_zip(bytes);
    state_->most = std::min(max_unpacked, (std::size_t{1} << 20) + max_ratio * bytes.size());
    archive_entry* entry = nullptr;
    for (bool found = false; !found;) {
        if (!state_->zip || archive_read_next_header(state_->zip.get(), &entry) != ARCHIVE_OK)
            broken("falta " + wanted);
        const char* name = archive_entry_pathname(entry);
        found = name && wanted == name;
    }
    state_->reader.reset(xmlReaderForIO(State::pull, nullptr, state_.get(), nullptr, nullptr,
                                        XML_PARSE_NONET | XML_PARSE_NOCDATA));
    if (!state_->reader) broken("no hay memoria");
    xmlTextReaderSetErrorHandler(state_->reader.get(), be_silent, nullptr);
}

XmlPart::~XmlPart() = default;

bool XmlPart::read() {
    const int got = xmlTextReaderRead(state_->reader.get());
    if (state_->too_large) broken("descomprimida es demasiado grande");
    if (got < 0) broken("su XML está mal formado");
    const int type = xmlTextReaderNodeType(state_->reader.get());
    if (got && (type == XML_READER_TYPE_DOCUMENT_TYPE || type == XML_READER_TYPE_ENTITY_REFERENCE))
        broken("su XML declara entidades");
    return got == 1;
}

bool XmlPart::begins() const {
    return xmlTextReaderNodeType(state_->reader.get()) == XML_READER_TYPE_ELEMENT;
}
bool XmlPart::ends() const {
    return xmlTextReaderNodeType(state_->reader.get()) == XML_READER_TYPE_END_ELEMENT;
}
bool XmlPart::is_empty() const { return xmlTextReaderIsEmptyElement(state_->reader.get()) == 1; }
bool XmlPart::is_text() const {
    const int type = xmlTextReaderNodeType(state_->reader.get());
    return type == XML_READER_TYPE_TEXT || type == XML_READER_TYPE_CDATA ||
           type == XML_READER_TYPE_WHITESPACE || type == XML_READER_TYPE_SIGNIFICANT_WHITESPACE;
}
std::string_view XmlPart::name() const { return view_of(xmlTextReaderConstLocalName(state_->reader.get())); }
std::string_view XmlPart::text() const { return view_of(xmlTextReaderConstValue(state_->reader.get())); }
int XmlPart::depth() const { return xmlTextReaderDepth(state_->reader.get()); }

std::string XmlPart::attribute(std::string_view wanted) const {
    auto* reader = state_->reader.get();
    std::string found;
    for (int more = xmlTextReaderMoveToFirstAttribute(reader); more == 1;
         more = xmlTextReaderMoveToNextAttribute(reader)) {
        if (view_of(xmlTextReaderConstLocalName(reader)) != wanted) continue;
        found = view_of(xmlTextReaderConstValue(reader));
        break;
    }
    xmlTextReaderMoveToElement(reader);
    return found;
}

void XmlPart::skip() {
    const int outer = depth();
    if (is_empty()) return;
    while (read()) {
        if (ends() && depth() == outer) return;
    }
}

}  // namespace open_data::ingest
