#include "plugins/evidence/signature/pades.hpp"

#include "plugins/evidence/crypto/encoding.hpp"
#include "plugins/evidence/signature/signature_field.hpp"

#include <concejo/error.hpp>

#include <cstdio>

namespace evidence::signature {
namespace {

using concejo::Error;
using concejo::ErrorKind;

constexpr std::string_view range_room = "[0 0000000000 0000000000 0000000000]";

/// D:20260115090000Z
std::string pdf_date(crypto::Time time) {
    std::string digits = "D:";
    for (const char c : crypto::iso(time))
        if (c >= '0' && c <= '9') digits += c;
    return "(" + digits + "Z)";
}

std::string optional_text(const char* key, const std::string& value) {
    return value.empty() ? std::string() : std::string(" ") + key + " " + pdf::text_string(value);
}

std::string dictionary(const std::string& entries, std::size_t room) {
    return "<< " + entries + " /ByteRange " + std::string(range_room) + " /Contents <" +
           std::string(room * 2, '0') + "> >>";
}

/// Writes the update and, in the room left for it, the range of bytes that it leaves out.
PdfHole close(pdf::Update& update, QPDFObjGen signature, std::size_t room) {
    PdfHole hole{update.finish(), 0, 0};
    const auto range = hole.file.find(range_room, update.offset(signature));
    hole.hole_begin = hole.file.find('<', hole.file.find("/Contents ", range));
    hole.hole_end = hole.hole_begin + room * 2 + 2;
    char text[64];
    std::snprintf(text, sizeof text, "[0 %zu %zu %zu", hole.hole_begin, hole.hole_end,
                  hole.file.size() - hole.hole_end);
    std::string filled(text);
    filled.resize(range_room.size() - 1, ' ');
    hole.file.replace(range, range_room.size(), filled + "]");
    return hole;
}

std::string certification(int level) {
    if (level < 1 || level > 3) throw Error(ErrorKind::invalid, "La certificación es 1, 2 o 3");
    return " /Reference [ << /Type /SigRef /TransformMethod /DocMDP /TransformParams << /Type "
           "/TransformParams /P " +
           std::to_string(level) + " /V /1.2 >> >> ]";
}

}  // namespace

crypto::Digest PdfHole::digest() const {
    const std::string_view bytes(file);
    return crypto::Sha256().add(bytes.substr(0, hole_begin)).add(bytes.substr(hole_end)).finish();
}

PadesPrepared prepare_pades(std::string file, const X509& signer, const PadesOptions& options) {
    pdf::Update update(std::move(file));
    require_signable(update.document());
    FieldPlace place{options.field, 0, {}, {}, options.certify.has_value()};
    if (options.stamp) {
        place.page = options.stamp->page;
        place.rectangle = options.stamp->rectangle;
        place.appearance = add_stamp(update, *options.stamp);
    }
    const auto signature = update.reserve();
    update.put(signature, dictionary("/Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M " +
                                         pdf_date(options.time) + optional_text("/Name", options.name) +
                                         optional_text("/Reason", options.reason) +
                                         optional_text("/Location", options.location) +
                                         (options.certify ? certification(*options.certify) : std::string()),
                                     options.room));
    add_field(update, signature, place);
    PadesPrepared prepared{close(update, signature, options.room), {}};
    CadesOptions cades;
    cades.signing_time.reset();  // EN 319 142-1 §6.3: the time is /M's
    cades.policy = options.policy;
    prepared.cades = prepare_cades(prepared.pdf.digest(), signer, cades);
    return prepared;
}

PdfHole prepare_document_timestamp(std::string file, std::size_t room) {
    pdf::Update update(std::move(file));
    const auto signature = update.reserve();
    update.put(signature,
               dictionary("/Type /DocTimeStamp /Filter /Adobe.PPKLite /SubFilter /ETSI.RFC3161", room));
    add_field(update, signature, {});
    return close(update, signature, room);
}

std::string embed(PdfHole hole, std::string_view cms) {
    if (hole.hole_end > hole.file.size() || hole.hole_begin + 2 + cms.size() * 2 > hole.hole_end)
        throw Error(ErrorKind::invalid, "La firma no cabe en el hueco preparado en el PDF");
    hole.file.replace(hole.hole_begin + 1, cms.size() * 2, crypto::hex(cms));
    return std::move(hole.file);
}

}  // namespace evidence::signature
