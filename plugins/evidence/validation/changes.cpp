#include "plugins/evidence/validation/changes.hpp"

#include "plugins/evidence/validation/comparison.hpp"
#include "plugins/evidence/validation/form_changes.hpp"

#include <algorithm>

namespace evidence::validation {
namespace {

std::string page_name(std::size_t i) { return "página " + std::to_string(i + 1); }

const char* page_code(const std::string& key) {
    if (key == "/Contents") return "page_content_changed";
    if (key == "/Resources") return "page_resources_changed";
    if (key == "/AA") return "actions_changed";
    if (key == "/Metadata" || key == "/LastModified" || key == "/PieceInfo") return "metadata_changed";
    return "page_changed";
}

void compare_page(QPDFObjectHandle before, QPDFObjectHandle after, std::size_t i, Comparison& comparison) {
    if (!before.isDictionary() || !after.isDictionary()) return;
    auto keys = before.getKeys();
    keys.merge(after.getKeys());
    for (const auto& key : keys) {
        if (key == "/Annots" || key == "/Parent") continue;
        // The order of tabulation, which some programs write when they add a field.
        if (key == "/Tabs" && !before.hasKey(key)) continue;
        const auto* code = page_code(key);
        const bool note = std::string_view(code) == "metadata_changed";
        comparison.compare(before.getKey(key), after.getKey(key),
                           {note ? Verdict::passed : Verdict::failed, code, page_name(i)});
    }
}

/// Resources, sizes and rotation may stand above the page: what counts is the page's, wherever it comes from.
QPDFObjectHandle inherited(QPDFObjectHandle page, const std::string& key) {
    for (int i = 0; i < 64 && page.isDictionary(); ++i, page = page.getKey("/Parent"))
        if (page.hasKey(key)) return page.getKey(key);
    return QPDFObjectHandle::newNull();
}

void compare_pages(pdf::Document& before, pdf::Document& after, FormChanges& form, Comparison& comparison) {
    const auto &old = before.pages(), &now = after.pages();
    for (std::size_t i = 0; i < std::min(old.size(), now.size()); ++i) {
        comparison.settle(old[i], now[i]);
        form.annotations(old[i], now[i], page_name(i));
    }
    for (std::size_t i = 0; i < std::min(old.size(), now.size()); ++i) {
        compare_page(old[i], now[i], i, comparison);
        for (const auto* key : {"/Resources", "/MediaBox", "/CropBox", "/Rotate"})
            comparison.compare(inherited(old[i], key), inherited(now[i], key),
                               {Verdict::failed, page_code(key), page_name(i)});
    }
    if (now.size() > old.size())
        comparison.tell({Verdict::failed, "pages_added", std::to_string(now.size() - old.size())});
    if (now.size() < old.size())
        comparison.tell({Verdict::failed, "pages_removed", std::to_string(old.size() - now.size())});
    comparison.compare(pdf::get(before.root(), "/Pages"), pdf::get(after.root(), "/Pages"),
                       {Verdict::failed, "pages_changed", ""});
}

Tale catalog_tale(const std::string& key) {
    if (key == "/OCProperties") return {Verdict::failed, "layers_changed", key};
    if (key == "/Names" || key == "/OpenAction" || key == "/AA" || key == "/AF")
        return {Verdict::failed, "actions_changed", key};
    if (key == "/Perms") return {Verdict::failed, "permissions_changed", key};
    if (key == "/StructTreeRoot") return {Verdict::indeterminate, "structure_changed", key};
    if (key == "/Metadata") return {Verdict::passed, "metadata_changed", key};
    return {Verdict::failed, "catalog_changed", key};
}

void compare_catalog(pdf::Document& before, pdf::Document& after, Comparison& comparison) {
    auto old = before.root(), now = after.root();
    auto keys = old.getKeys();
    keys.merge(now.getKeys());
    for (const auto& key : keys) {
        // Judged on their own, or of no effect on what is seen.
        if (key == "/AcroForm" || key == "/Pages" || key == "/DSS" || key == "/Extensions" ||
            key == "/Version")
            continue;
        comparison.compare(old.getKey(key), now.getKey(key), catalog_tale(key));
    }
    comparison.compare(before.qpdf().getTrailer().getKey("/Info"), after.qpdf().getTrailer().getKey("/Info"),
                       {Verdict::passed, "metadata_changed", "/Info"});
}

/// How many objects came and how many are others than those that were signed, by where they are in the file.
void count_objects(pdf::Document& before, pdf::Document& after, Comparison& comparison) {
    const auto place = [](const QPDFXRefEntry& e) {
        return e.getType() == 1 ? std::pair<long long, int>(e.getOffset(), -1)
                                : std::pair<long long, int>(e.getObjStreamNumber(), e.getObjStreamIndex());
    };
    const auto old = before.qpdf().getXRefTable();
    int added = 0, replaced = 0;
    for (const auto& [og, entry] : after.qpdf().getXRefTable()) {
        const auto known = old.find(og);
        if (known == old.end()) {
            ++added;
        } else if (place(known->second) != place(entry) || known->second.getType() != entry.getType()) {
            ++replaced;
        }
    }
    if (added + replaced > 0)
        comparison.tell(
            {Verdict::passed, "objects", "+" + std::to_string(added) + " ~" + std::to_string(replaced)});
}

}  // namespace

int certification_of(pdf::Document& document) {
    auto reference = pdf::get(pdf::get(pdf::get(document.root(), "/Perms"), "/DocMDP"), "/Reference");
    for (int i = 0; reference.isArray() && i < reference.getArrayNItems(); ++i) {
        auto one = reference.getArrayItem(i);
        if (pdf::name_of(pdf::get(one, "/TransformMethod")) != "/DocMDP") continue;
        auto level = pdf::get(pdf::get(one, "/TransformParams"), "/P");
        if (!level.isInteger()) return 2;  // the default
        return static_cast<int>(std::clamp<long long>(level.getIntValue(), 1, 3));
    }
    return 0;
}

std::vector<Reason> changes(pdf::Document& before, pdf::Document& after) {
    Comparison comparison;
    comparison.settle(before.root(), after.root());
    count_objects(before, after, comparison);
    // Forms and annotations first: what may change in them is settled before the pages reach it.
    FormChanges form(before, after, comparison, certification_of(before));
    form.fields();
    compare_pages(before, after, form, comparison);
    comparison.finish();
    form.form();
    compare_catalog(before, after, comparison);
    comparison.finish();
    return comparison.take();
}

}  // namespace evidence::validation
