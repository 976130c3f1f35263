#include "plugins/evidence/validation/form_changes.hpp"

#include <algorithm>
#include <cmath>

namespace evidence::validation {
namespace {

bool is_signed(const pdf::Field& field) { return pdf::get(field.value, "/ByteRange").isArray(); }

/// The field itself where it is its own widget, and its widgets otherwise.
std::vector<QPDFObjectHandle> widgets(QPDFObjectHandle field) {
    std::vector<QPDFObjectHandle> all{field};
    auto kids = pdf::get(field, "/Kids");
    for (int i = 0; kids.isArray() && i < kids.getArrayNItems(); ++i) all.push_back(kids.getArrayItem(i));
    return all;
}

std::array<double, 4> rectangle(QPDFObjectHandle annotation, const char* key) {
    std::array<double, 4> corners{};
    auto list = pdf::get(annotation, key);
    for (int i = 0; list.isArray() && list.getArrayNItems() == 4 && i < 4; ++i)
        if (list.getArrayItem(i).isNumber())
            corners[static_cast<std::size_t>(i)] = list.getArrayItem(i).getNumericValue();
    return corners;
}

double area(const std::array<double, 4>& r) { return std::abs(r[2] - r[0]) * std::abs(r[3] - r[1]); }

QPDFObjectHandle media_box_holder(QPDFObjectHandle page) {
    for (int i = 0; i < 64 && page.isDictionary() && !page.hasKey("/MediaBox"); ++i)
        page = page.getKey("/Parent");
    return page;
}

/// Those that were there stay as they were; more may come.
void compare_resources(QPDFObjectHandle before, QPDFObjectHandle after, Comparison& comparison) {
    for (const auto& kind : before.isDictionary() ? before.getKeys() : std::set<std::string>()) {
        auto named = before.getKey(kind);
        for (const auto& name : named.isDictionary() ? named.getKeys() : std::set<std::string>())
            comparison.compare(named.getKey(name), pdf::get(pdf::get(after, kind), name),
                               {Verdict::failed, "form_changed", "/DR" + kind + name});
    }
}

}  // namespace

FormChanges::FormChanges(pdf::Document& before, pdf::Document& after, Comparison& comparison,
                         int certification)
    : before_(before), after_(after), comparison_(comparison), certification_(certification) {}

void FormChanges::fields() {
    std::map<std::string, pdf::Field> now;
    for (auto& field : pdf::fields_of(after_.qpdf())) now.emplace(field.name, field);
    std::set<std::string> old;
    for (const auto& field : pdf::fields_of(before_.qpdf())) {
        old.insert(field.name);
        const auto same = now.find(field.name);
        if (same == now.end()) {
            comparison_.tell(
                {Verdict::failed, field.type == "/Sig" ? "signature_changed" : "field_removed", field.name});
        } else {
            this->field(field, same->second);
        }
    }
    for (const auto& [name, field] : now)
        if (!old.contains(name)) new_field(field);
}

/// What the form says beside its fields.
void FormChanges::form() {
    auto old = pdf::get(before_.root(), "/AcroForm"), now = pdf::get(after_.root(), "/AcroForm");
    comparison_.settle(old, now);
    if (!now.isDictionary()) return;
    for (const auto& key : now.getKeys()) {
        if (key == "/Fields" || key == "/SigFlags") continue;
        auto had = pdf::get(old, key);
        // Fonts for the fields to come are added with the first signature.
        if (had.isNull() && (key == "/DR" || key == "/DA")) continue;
        if (key == "/DR") {
            compare_resources(had, now.getKey(key), comparison_);
            continue;
        }
        comparison_.compare(
            had, now.getKey(key),
            {key == "/NeedAppearances" ? Verdict::indeterminate : Verdict::failed, "form_changed", key});
    }
    for (const auto& key : old.isDictionary() ? old.getKeys() : std::set<std::string>())
        if (key != "/Fields" && !now.hasKey(key)) comparison_.tell({Verdict::failed, "form_changed", key});
}

void FormChanges::field(const pdf::Field& before, const pdf::Field& after) {
    const auto where = "campo " + before.name;
    auto old = widgets(before.field), now = widgets(after.field);
    for (std::size_t i = 0; i < std::min(old.size(), now.size()); ++i) {
        comparison_.settle(old[i], now[i]);
        judged_.insert(now[i].getObjGen());
        const std::set<std::string> free{"/V", "/AP", "/AS", "/I", "/M", "/Kids", "/P", "/Parent"};
        if (old[i].isDictionary() && now[i].isDictionary())
            comparison_.compare_keys(old[i], now[i], free, {Verdict::failed, "field_changed", where});
    }
    if (old.size() != now.size()) comparison_.tell({Verdict::failed, "field_changed", where});
    if (before.type == "/Sig" && after.type == "/Sig") {
        signature_field(before, after, where);
    } else {
        filled_field(before, after, where);
    }
}

void FormChanges::signature_field(const pdf::Field& before, const pdf::Field& after,
                                  const std::string& where) {
    const Tale tale{Verdict::failed, "signature_changed", where};
    if (is_signed(before)) {
        comparison_.compare(before.value, after.value, tale);
        comparison_.compare(pdf::get(before.field, "/AP"), pdf::get(after.field, "/AP"), tale);
    } else if (is_signed(after)) {
        new_field(after);  // an empty field that was there to be signed
    } else {
        comparison_.compare(pdf::get(before.field, "/AP"), pdf::get(after.field, "/AP"), tale);
    }
}

void FormChanges::filled_field(const pdf::Field& before, const pdf::Field& after, const std::string& where) {
    const Tale tale = certification_ >= 2   ? Tale{Verdict::passed, "form_filled_allowed", where}
                      : certification_ == 1 ? Tale{Verdict::failed, "form_filled", where}
                                            : Tale{Verdict::indeterminate, "form_filled", where};
    comparison_.compare(before.value, after.value, tale);
    const auto old = widgets(before.field), now = widgets(after.field);
    for (std::size_t i = 0; i < std::min(old.size(), now.size()); ++i)
        for (const auto* key : {"/AP", "/AS", "/I"})
            comparison_.compare(pdf::get(old[i], key), pdf::get(now[i], key), tale);
}

void FormChanges::new_field(const pdf::Field& field) {
    if (field.type != "/Sig") return comparison_.tell({Verdict::failed, "field_added", field.name});
    const bool timestamp = pdf::name_of(pdf::get(field.value, "/Type")) == "/DocTimeStamp";
    if (certification_ == 1 && is_signed(field) && !timestamp)
        comparison_.tell({Verdict::failed, "signature_not_allowed", field.name});
    for (const auto& widget : widgets(field.field)) new_signatures_.emplace(widget.getObjGen(), field);
}

void FormChanges::new_signature_widget(QPDFObjectHandle widget, QPDFObjectHandle page,
                                       const std::string& where) {
    const auto& field = new_signatures_.at(widget.getObjGen());
    const auto covered = area(rectangle(widget, "/Rect"));
    if (covered <= 0) return;
    // What nobody signed yet has no reason to show anything.
    if (!is_signed(field) && !pdf::get(widget, "/AP").isNull())
        return comparison_.tell({Verdict::failed, "annotation_added", where + ", " + field.name});
    const auto whole = area(rectangle(media_box_holder(page), "/MediaBox"));
    if (whole <= 0 || covered > whole / 4)
        return comparison_.tell({Verdict::failed, "visible_signature_large", where + ", " + field.name});
    comparison_.tell({Verdict::passed, "visible_signature_added", where + ", " + field.name});
}

void FormChanges::new_annotation(QPDFObjectHandle annotation, QPDFObjectHandle page,
                                 const std::string& where) {
    if (annotation.isIndirect() && new_signatures_.contains(annotation.getObjGen()))
        return new_signature_widget(annotation, page, where);
    const auto kind = pdf::name_of(pdf::get(annotation, "/Subtype"));
    if (certification_ == 3 && kind != "/Widget")
        return comparison_.tell({Verdict::passed, "annotation_allowed", where + ", " + kind});
    comparison_.tell({Verdict::failed, "annotation_added", where + ", " + kind});
}

void FormChanges::annotations(QPDFObjectHandle before, QPDFObjectHandle after, const std::string& where) {
    auto old = pdf::get(before, "/Annots"), now = pdf::get(after, "/Annots");
    if (old.isIndirect() && now.isIndirect()) comparison_.settle(old, now);
    std::vector<QPDFObjectHandle> left;
    for (int i = 0; now.isArray() && i < now.getArrayNItems(); ++i) left.push_back(now.getArrayItem(i));
    for (int i = 0; old.isArray() && i < old.getArrayNItems(); ++i) {
        auto one = old.getArrayItem(i);
        // Direct ones have no number: they keep their place, since programs add at the end.
        auto same = left.begin();
        if (one.isIndirect())
            same = std::find_if(left.begin(), left.end(),
                                [&](auto& other) { return other.getObjGen() == one.getObjGen(); });
        if (same == left.end()) {
            comparison_.tell({Verdict::failed, "annotation_removed", where});
            continue;
        }
        if (!judged_.contains(same->getObjGen()) || !same->isIndirect())
            comparison_.compare(one, *same, {Verdict::failed, "annotation_changed", where});
        if (one.isIndirect() && new_signatures_.contains(one.getObjGen()))
            new_signature_widget(*same, after, where);
        left.erase(same);
    }
    for (const auto& one : left) new_annotation(one, after, where);
}

}  // namespace evidence::validation
