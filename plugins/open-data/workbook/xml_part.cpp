#include "plugins/open-data/workbook/xml_part.hpp"

#include <concejo/error.hpp>
#include <concejo/text.hpp>

#include <archive.h>
#include <archive_entry.h>
#include <libxml/xmlreader.h>

#include <algorithm>

namespace open_data::workbook {

using concejo::N_;

const char* const damaged =
    N_("la hoja de cálculo está incompleta o dañada ({parte}): ábrala, guárdela de nuevo y vuelva a subirla");
const char* const too_large =
    N_("la hoja de cálculo es demasiado grande ({parte}): quite las hojas y celdas que no sean datos, o "
       "guárdela como .csv");

namespace {

constexpr std::size_t most_names = 10'000, piece_size = 65'536;

struct FreeArchive {
    void operator()(archive* one) const { archive_read_free(one); }
};
using Zip = std::unique_ptr<archive, FreeArchive>;

Zip open_zip(const std::filesystem::path& path) {
    Zip zip(archive_read_new());
    archive_read_support_format_zip_seekable(zip.get());
    if (archive_read_open_filename(zip.get(), path.c_str(), piece_size) != ARCHIVE_OK) return nullptr;
    return zip;
}

std::string_view view_of(const xmlChar* text) {
    return text ? std::string_view(reinterpret_cast<const char*>(text)) : std::string_view();
}

/// A text or a name past the parser's own limits, 10 MB of a text.
bool is_too_much(const xmlError* error) {
    return error && (error->code == XML_ERR_NO_MEMORY || error->code == XML_ERR_INTERNAL_ERROR);
}

void be_silent(void*, const char*, xmlParserSeverities, xmlTextReaderLocatorPtr) {}

}  // namespace

Refusal::Refusal(const char* said, Values filled)
    : Error(concejo::ErrorKind::invalid, concejo::fill(said, filled)),
      text(said),
      values(std::move(filled)) {}

void refuse_part(const char* text, const std::string& part) { throw Refusal(text, {{"parte", part}}); }

struct XmlPart::State {
    std::string name;
    Zip zip;
    std::size_t unpacked = 0, most = 0;
    bool past_limit = false;
    std::unique_ptr<xmlTextReader, void (*)(xmlTextReader*)> reader{
        nullptr, [](xmlTextReader* one) { xmlFreeTextReader(one); }};

    static int pull(void* context, char* out, int size) {
        auto& state = *static_cast<State*>(context);
        const auto got = archive_read_data(state.zip.get(), out, static_cast<std::size_t>(size));
        if (got < 0) return -1;
        state.unpacked += static_cast<std::size_t>(got);
        state.past_limit = state.unpacked > state.most;
        return state.past_limit ? -1 : static_cast<int>(got);
    }
};

std::vector<std::string> zip_names(const std::filesystem::path& path) {
    std::vector<std::string> names;
    const auto zip = open_zip(path);
    archive_entry* entry = nullptr;
    while (zip && names.size() < most_names && archive_read_next_header(zip.get(), &entry) == ARCHIVE_OK) {
        if (const char* name = archive_entry_pathname(entry)) names.emplace_back(name);
    }
    return names;
}

XmlPart::XmlPart(const std::filesystem::path& path, const std::string& wanted)
    : state_(std::make_unique<State>()) {
    state_->name = wanted;
    state_->zip = open_zip(path);
    state_->most =
        std::min(max_unpacked, (std::size_t{1} << 20) + max_ratio * std::filesystem::file_size(path));
    archive_entry* entry = nullptr;
    for (bool found = false; !found;) {
        if (!state_->zip || archive_read_next_header(state_->zip.get(), &entry) != ARCHIVE_OK)
            refuse_part(damaged, wanted);
        const char* name = archive_entry_pathname(entry);
        found = name && wanted == name;
    }
    state_->reader.reset(xmlReaderForIO(State::pull, nullptr, state_.get(), nullptr, nullptr,
                                        XML_PARSE_NONET | XML_PARSE_NOCDATA));
    if (!state_->reader) throw std::bad_alloc();
    xmlTextReaderSetErrorHandler(state_->reader.get(), be_silent, nullptr);
}

XmlPart::~XmlPart() = default;

bool XmlPart::read() {
    const int got = xmlTextReaderRead(state_->reader.get());
    if (state_->past_limit) refuse_part(too_large, state_->name);
    if (got < 0) refuse_part(is_too_much(xmlGetLastError()) ? too_large : damaged, state_->name);
    const int type = xmlTextReaderNodeType(state_->reader.get());
    if (got && (type == XML_READER_TYPE_DOCUMENT_TYPE || type == XML_READER_TYPE_ENTITY_REFERENCE))
        refuse_part(N_("la hoja de cálculo declara entidades de XML ({parte}), lo que no hace ningún "
                       "programa de hojas: ábrala, "
                       "guárdela de nuevo y vuelva a subirla"),
                    state_->name);
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
    const bool with_prefix = wanted.find(':') != std::string_view::npos;
    std::string found;
    for (int more = xmlTextReaderMoveToFirstAttribute(reader); more == 1;
         more = xmlTextReaderMoveToNextAttribute(reader)) {
        const auto* name = with_prefix ? xmlTextReaderConstName(reader) : xmlTextReaderConstLocalName(reader);
        if (view_of(name) != wanted) continue;
        found = view_of(xmlTextReaderConstValue(reader));
        break;
    }
    xmlTextReaderMoveToElement(reader);
    return found;
}

}  // namespace open_data::workbook
