#include "plugins/evidence/signature/signature_field.hpp"

#include <concejo/error.hpp>

#include <algorithm>
#include <cstdio>

namespace evidence::signature {
namespace {

using concejo::Error;
using concejo::ErrorKind;

std::string free_name(pdf::Document& document, const std::string& wanted) {
    const auto fields = pdf::fields_of(document.qpdf());
    const auto taken = [&](const std::string& name) {
        return std::any_of(fields.begin(), fields.end(),
                           [&](const auto& field) { return field.name == name; });
    };
    if (!wanted.empty()) {
        if (taken(wanted)) throw Error(ErrorKind::conflict, "El PDF ya tiene un campo «" + wanted + "»");
        return wanted;
    }
    for (int i = 1;; ++i)
        if (auto name = "Firma" + std::to_string(i); !taken(name)) return name;
}

QPDFObjectHandle copy_or(QPDFObjectHandle object, QPDFObjectHandle otherwise) {
    return object.isDictionary() || object.isArray() ? object.shallowCopy() : otherwise;
}

std::string rectangle(const std::array<double, 4>& corners) {
    char text[96];
    std::snprintf(text, sizeof text, "[ %.2f %.2f %.2f %.2f ]", corners[0], corners[1], corners[2],
                  corners[3]);
    std::string result(text);
    std::replace(result.begin(), result.end(), ',', '.');  // whatever LC_NUMERIC says
    return result;
}

/// Replaces an indirect object by `changed`, or `parent`'s own `key` where it is direct. True if `parent`
/// changed.
bool replace(pdf::Update& update, QPDFObjectHandle parent, const std::string& key, QPDFObjectHandle changed) {
    auto old = parent.getKey(key);
    if (old.isIndirect() && !old.isNull()) {
        update.put(old.getObjGen(), changed.unparse());
        return false;
    }
    parent.replaceKey(key, changed);
    return true;
}

void add_to_form(pdf::Update& update, QPDFObjectHandle field, bool certify, QPDFObjectHandle signature) {
    auto root = update.document().root().shallowCopy();
    auto form = copy_or(root.getKey("/AcroForm"), QPDFObjectHandle::newDictionary());
    auto fields = copy_or(form.getKey("/Fields"), QPDFObjectHandle::newArray());
    fields.appendItem(field);
    form.replaceKey("/Fields", fields);
    form.replaceKey("/SigFlags", QPDFObjectHandle::newInteger(3));
    bool changed = replace(update, root, "/AcroForm", form);
    if (certify) {
        auto permissions = QPDFObjectHandle::newDictionary();
        permissions.replaceKey("/DocMDP", signature);
        root.replaceKey("/Perms", permissions);
        changed = true;
    }
    if (changed) update.put(update.document().root().getObjGen(), root.unparse());
}

void add_to_page(pdf::Update& update, QPDFObjectHandle page, QPDFObjectHandle widget) {
    auto copy = page.shallowCopy();
    auto annotations = copy_or(copy.getKey("/Annots"), QPDFObjectHandle::newArray());
    annotations.appendItem(widget);
    if (replace(update, copy, "/Annots", annotations)) update.put(page.getObjGen(), copy.unparse());
}

}  // namespace

void require_signable(pdf::Document& document) {
    auto reference = pdf::get(pdf::get(pdf::get(document.root(), "/Perms"), "/DocMDP"), "/Reference");
    for (int i = 0; reference.isArray() && i < reference.getArrayNItems(); ++i) {
        auto parameters = pdf::get(reference.getArrayItem(i), "/TransformParams");
        auto level = pdf::get(parameters, "/P");
        if (level.isInteger() && level.getIntValue() == 1)
            throw Error(ErrorKind::conflict, "El PDF está certificado de modo que no admite más firmas");
    }
}

void add_field(pdf::Update& update, QPDFObjGen signature, const FieldPlace& place) {
    auto& document = update.document();
    const auto& pages = document.pages();
    if (place.page < 0 || static_cast<std::size_t>(place.page) >= pages.size() ||
        !pages[static_cast<std::size_t>(place.page)].isIndirect())
        throw Error(ErrorKind::invalid, "El PDF no tiene la página de la firma");
    const auto page = pages[static_cast<std::size_t>(place.page)];
    const auto name = free_name(document, place.name);
    auto appearance = place.appearance;
    if (!appearance)
        appearance = update.add_stream(
            QPDFObjectHandle::parse("<< /Type /XObject /Subtype /Form /BBox [ 0 0 0 0 ] /Resources << >> >>"),
            "");
    // /F 132: printed and locked; PDF/A wants every widget printed, with an appearance.
    const auto widget =
        update.add("<< /Type /Annot /Subtype /Widget /FT /Sig /T " + pdf::text_string(name) + " /V " +
                   pdf::reference(signature) + " /Rect " + rectangle(place.rectangle) + " /F 132 /AP << /N " +
                   pdf::reference(*appearance) + " >> /P " + pdf::reference(page.getObjGen()) + " >>");
    add_to_form(update, document.qpdf().getObject(widget), place.certify,
                document.qpdf().getObject(signature));
    add_to_page(update, page, document.qpdf().getObject(widget));
}

}  // namespace evidence::signature
