#include "plugins/evidence/copying/shared.hpp"

#include "plugins/evidence/crypto/digest.hpp"
#include "plugins/evidence/pdf/qpdf.hpp"

namespace evidence::copying {
namespace {

using Object = QPDFObjectHandle;

struct Walk {
    std::set<std::string>& found;
    std::set<QPDFObjGen> seen;

    void stream(Object one, int depth) {
        if (!one.isStream() || depth > 20 || !seen.insert(one.getObjGen()).second) return;
        const auto raw = one.getRawStreamData();
        if (raw->getSize() >= 16)
            found.insert(std::string(crypto::view(
                crypto::sha256({reinterpret_cast<const char*>(raw->getBuffer()), raw->getSize()}))));
        resources(pdf::get(one, "/Resources"), depth + 1);
        stream(pdf::get(one, "/SMask"), depth + 1);
        stream(pdf::get(one, "/Mask"), depth + 1);
    }
    void resources(Object of, int depth) {
        for (const auto* kind : {"/XObject", "/Pattern"}) {
            auto all = pdf::get(of, kind);
            if (!all.isDictionary()) continue;
            for (const auto& name : all.getKeys()) stream(all.getKey(name), depth);
        }
    }
    void appearances(Object annotation) {
        auto states = pdf::get(pdf::get(annotation, "/AP"), "/N");
        if (states.isStream()) return stream(states, 0);
        if (!states.isDictionary()) return;
        for (const auto& name : states.getKeys()) stream(states.getKey(name), 0);
    }
};

}  // namespace

std::set<std::string> drawn_by(QPDFObjectHandle page) {
    std::set<std::string> found;
    Walk walk{found, {}};
    auto contents = page.getKey("/Contents");
    if (contents.isStream()) walk.stream(contents, 0);
    for (int n = 0; contents.isArray() && n < contents.getArrayNItems(); ++n)
        walk.stream(contents.getArrayItem(n), 0);
    walk.resources(QPDFPageObjectHelper(page).getAttribute("/Resources", false), 0);
    auto annotations = page.getKey("/Annots");
    for (int n = 0; annotations.isArray() && n < annotations.getArrayNItems(); ++n)
        walk.appearances(annotations.getArrayItem(n));
    return found;
}

}  // namespace evidence::copying
