#include "plugins/evidence/inspection/finder.hpp"

#include <algorithm>
#include <set>

namespace evidence::inspection {
namespace {

constexpr std::size_t most = 200, longest = 200;

/// Shortened between characters.
std::string cut(std::string text) {
    if (text.size() <= longest) return text;
    std::size_t end = longest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    return text.substr(0, end) + "…";
}

std::size_t count(std::string_view text, std::string_view what) {
    std::size_t found = 0;
    for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what, at + what.size()))
        ++found;
    return found;
}

std::string script(QPDFObjectHandle code) {
    if (code.isString()) return code.getUTF8Value();
    if (!code.isStream()) return {};
    const auto data = code.getStreamData(qpdf_dl_generalized);
    return {reinterpret_cast<const char*>(data->getBuffer()), std::min(data->getSize(), 2 * longest)};
}

std::string file_name(QPDFObjectHandle specification) {
    const auto unicode = pdf::text_of(pdf::get(specification, "/UF"));
    return unicode.empty() ? pdf::text_of(pdf::get(specification, "/F")) : unicode;
}

}  // namespace

void Finder::add(const std::string& code, const std::string& where, std::string detail) {
    if (found_.size() < most) found_.push_back({code, where, cut(std::move(detail))});
}

void Finder::file() {
    if (document_.damaged()) add("damaged", "", "");
    // A linearized file has two cross-references in its first version.
    auto revisions = count(document_.bytes(), "startxref");
    if (revisions > 0 && document_.qpdf().isLinearized()) --revisions;
    if (revisions > 1) add("earlier_revisions", "", std::to_string(revisions - 1));
    if (const auto unused = unused_objects()) add("unused_objects", "", std::to_string(unused));
}

/// Objects that nothing reaches from the trailer; the containers of others are no content.
std::size_t Finder::unused_objects() {
    std::set<QPDFObjGen> reached;
    std::vector<QPDFObjectHandle> pending{document_.qpdf().getTrailer()};
    const auto see = [&](QPDFObjectHandle child) {
        if (child.isIndirect() && !reached.insert(child.getObjGen()).second) return;
        pending.push_back(child);
    };
    while (!pending.empty()) {
        auto one = pending.back();
        pending.pop_back();
        if (one.isStream()) one = one.getDict();
        if (one.isArray())
            for (int i = 0; i < one.getArrayNItems(); ++i) see(one.getArrayItem(i));
        if (one.isDictionary())
            for (const auto& key : one.getKeys()) see(one.getKey(key));
    }
    std::size_t unused = 0;
    for (const auto& [og, entry] : document_.qpdf().getXRefTable()) {
        if (entry.getType() == 0 || reached.contains(og)) continue;
        auto object = document_.qpdf().getObject(og);
        const auto type = pdf::name_of(pdf::get(object, "/Type"));
        if (!object.isNull() && !object.isInteger() && type != "/XRef" && type != "/ObjStm" &&
            !pdf::get(object, "/Linearized").isNumber() && !pdf::get(object, "/S").isInteger())
            ++unused;
    }
    return unused;
}

void Finder::metadata() {
    auto info = document_.qpdf().getTrailer().getKey("/Info");
    for (const auto& key : info.isDictionary() ? info.getKeys() : std::set<std::string>())
        if (const auto value = pdf::text_of(info.getKey(key));
            !value.empty() && key != "/CreationDate" && key != "/ModDate")
            add("metadata", key.substr(1), value);
    if (pdf::get(document_.root(), "/Metadata").isStream()) add("xmp_metadata", "", "");
    if (!pdf::get(document_.root(), "/PieceInfo").isNull()) add("private_data", "", "");
}

void Finder::action(QPDFObjectHandle one, const std::string& where, int depth) {
    if (depth > 50 || !one.isDictionary()) return;
    const auto kind = pdf::name_of(one.getKey("/S"));
    if (kind == "/JavaScript") {
        add("javascript", where, script(one.getKey("/JS")));
    } else if (kind == "/Launch" || kind == "/SubmitForm" || kind == "/ImportData" || kind == "/GoToR" ||
               kind == "/GoToE") {
        add("action", where, kind.substr(1));
    }
    auto next = one.getKey("/Next");
    for (int i = 0; next.isArray() && i < next.getArrayNItems(); ++i)
        action(next.getArrayItem(i), where, depth + 1);
    action(next, where, depth + 1);
}

void Finder::actions(QPDFObjectHandle holder, const std::string& where) {
    action(pdf::get(holder, "/A"), where);
    action(pdf::get(holder, "/OpenAction"), where);
    auto additional = pdf::get(holder, "/AA");
    for (const auto& key : additional.isDictionary() ? additional.getKeys() : std::set<std::string>())
        action(additional.getKey(key), where);
}

void Finder::names(QPDFObjectHandle tree, const std::string& kind, int depth) {
    if (depth > 32 || !tree.isDictionary() || found_.size() >= most) return;
    auto pairs = tree.getKey("/Names");
    for (int i = 0; pairs.isArray() && i + 1 < pairs.getArrayNItems(); i += 2) {
        const auto value = pairs.getArrayItem(i + 1);
        if (kind == "/JavaScript") {
            action(value, pdf::text_of(pairs.getArrayItem(i)));
        } else {
            add("attachment", "", file_name(value));
        }
    }
    auto kids = tree.getKey("/Kids");
    for (int i = 0; kids.isArray() && i < std::min(kids.getArrayNItems(), 1000); ++i)
        names(kids.getArrayItem(i), kind, depth + 1);
}

void Finder::layers() {
    auto properties = pdf::get(document_.root(), "/OCProperties");
    auto normal = pdf::get(properties, "/D");
    const bool all_off = pdf::name_of(pdf::get(normal, "/BaseState")) == "/OFF";
    std::set<QPDFObjGen> on;
    auto shown = pdf::get(normal, "/ON");
    for (int i = 0; shown.isArray() && i < shown.getArrayNItems(); ++i)
        on.insert(shown.getArrayItem(i).getObjGen());
    auto list = all_off ? pdf::get(properties, "/OCGs") : pdf::get(normal, "/OFF");
    for (int i = 0; list.isArray() && i < list.getArrayNItems(); ++i)
        if (auto layer = list.getArrayItem(i); !all_off || !on.contains(layer.getObjGen()))
            add("hidden_layer", "", pdf::text_of(pdf::get(layer, "/Name")));
}

void Finder::catalog() {
    auto root = document_.root();
    layers();
    auto trees = pdf::get(root, "/Names");
    names(pdf::get(trees, "/EmbeddedFiles"), "/EmbeddedFiles");
    names(pdf::get(trees, "/JavaScript"), "/JavaScript");
    actions(root, "");
}

void Finder::annotation(QPDFObjectHandle one, const std::string& where) {
    const auto kind = pdf::name_of(pdf::get(one, "/Subtype"));
    auto flags = pdf::get(one, "/F");
    // Invisible, Hidden, NoView.
    const bool hidden = flags.isInteger() && (flags.getIntValue() & (1 | 2 | 32)) != 0;
    const auto said = pdf::text_of(pdf::get(one, "/Contents"));
    if (kind == "/FileAttachment") {
        add("attachment", where, file_name(pdf::get(one, "/FS")));
    } else if (kind != "/Widget" && kind != "/Link" && kind != "/Popup") {
        auto detail = pdf::text_of(pdf::get(one, "/T"));
        if (!said.empty()) detail += (detail.empty() ? "" : ": ") + said;
        add(hidden ? "hidden_annotation" : "comment", where, detail);
    } else if (hidden && kind != "/Widget") {
        add("hidden_annotation", where, said);
    }
    actions(one, where);
}

void Finder::pages() {
    const auto& all = document_.pages();
    bool thumbnails = false, private_data = false;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto where = "página " + std::to_string(i + 1);
        auto annotations = pdf::get(all[i], "/Annots");
        for (int j = 0; annotations.isArray() && j < annotations.getArrayNItems() && found_.size() < most;
             ++j)
            annotation(annotations.getArrayItem(j), where);
        actions(all[i], where);
        thumbnails |= !pdf::get(all[i], "/Thumb").isNull();
        private_data |= !pdf::get(all[i], "/PieceInfo").isNull();
        auto crop = pdf::get(all[i], "/CropBox"), media = pdf::get(all[i], "/MediaBox");
        if (crop.isArray() && media.isArray() && crop.unparseResolved() != media.unparseResolved())
            add("outside_page", where, "");
    }
    if (thumbnails) add("thumbnail", "", "");
    if (private_data) add("private_data", "", "");
}

void Finder::fields() {
    for (const auto& field : pdf::fields_of(document_.qpdf())) {
        if (field.type == "/Sig") continue;
        auto value = field.value;
        const auto shown = value.isString() ? value.getUTF8Value()
                           : value.isName() ? value.getName().substr(1)
                                            : std::string();
        auto flags = pdf::get(field.field, "/F");
        if (flags.isInteger() && (flags.getIntValue() & (1 | 2 | 32)) != 0) {
            add("hidden_field", field.name, shown);
        } else if (!shown.empty() && shown != "Off") {
            add("form_value", field.name, shown);
        }
    }
}

}  // namespace evidence::inspection
