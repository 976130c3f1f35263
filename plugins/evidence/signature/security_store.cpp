#include "plugins/evidence/signature/long_term.hpp"

#include "plugins/evidence/crypto/cms.hpp"
#include "plugins/evidence/pdf/update.hpp"

#include <set>

namespace evidence::signature {
namespace {

std::string bytes_of(QPDFObjectHandle stream) {
    const auto data = stream.getStreamData(qpdf_dl_generalized);
    return {reinterpret_cast<const char*>(data->getBuffer()), data->getSize()};
}

/// One of the store's arrays: what it has, by content, and what is added to it.
class List {
public:
    List(pdf::Update& update, QPDFObjectHandle store, std::string key)
        : update_(update), key_(std::move(key)) {
        auto old = pdf::get(store, key_);
        for (int i = 0; old.isArray() && i < old.getArrayNItems(); ++i) {
            auto one = old.getArrayItem(i);
            if (!one.isStream()) continue;
            known_.insert(bytes_of(one));
            references_ += pdf::reference(one.getObjGen()) + " ";
        }
    }
    void add(const std::string& der) {
        if (!known_.insert(der).second) return;
        references_ += pdf::reference(update_.add_stream(QPDFObjectHandle::newDictionary(), der)) + " ";
    }
    std::string entry() const {
        return references_.empty() ? std::string() : " " + key_ + " [ " + references_ + "]";
    }

private:
    pdf::Update& update_;
    std::string key_, references_;
    std::set<std::string> known_;
};

}  // namespace

std::vector<std::string> signatures_of(std::string_view file) {
    pdf::Document document(file);
    std::vector<std::string> found;
    for (const auto& field : pdf::fields_of(document.qpdf())) {
        auto contents = pdf::get(field.value, "/Contents");
        if (field.type == "/Sig" && contents.isString())
            found.emplace_back(crypto::without_padding(contents.getStringValue()));
    }
    return found;
}

std::string with_security_store(std::string file, const std::vector<Material>& materials) {
    pdf::Update update(std::move(file));
    auto root = update.document().root();
    const auto store = pdf::get(root, "/DSS");
    List certificates(update, store, "/Certs"), ocsps(update, store, "/OCSPs"), crls(update, store, "/CRLs");
    for (const auto& material : materials) {
        for (const auto& one : material.certificates) certificates.add(crypto::der(*one));
        for (const auto& one : material.revocation.ocsps) ocsps.add(one);
        for (const auto& one : material.revocation.crls) crls.add(one);
    }
    auto by_signature = pdf::get(store, "/VRI");
    const auto made =
        update.add("<< /Type /DSS" + certificates.entry() + ocsps.entry() + crls.entry() +
                   (by_signature.isNull() ? std::string() : " /VRI " + by_signature.unparse()) + " >>");
    auto copy = root.shallowCopy();
    copy.replaceKey("/DSS", update.document().qpdf().getObject(made));
    update.put(root.getObjGen(), copy.unparse());
    return update.finish();
}

}  // namespace evidence::signature
