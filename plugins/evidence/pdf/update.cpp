#include "plugins/evidence/pdf/update.hpp"

#include <concejo/error.hpp>

#include <algorithm>
#include <cstdio>
#include <set>

namespace evidence::pdf {
namespace {

using concejo::Error;
using concejo::ErrorKind;

[[noreturn]] void invalid(const char* text) { throw Error(ErrorKind::invalid, text); }

/// What the last startxref says. Throws where the file does not end as a PDF does.
long long last_xref(const std::string& bytes) {
    const auto at = bytes.rfind("startxref");
    if (at == std::string::npos || bytes.size() - at > 1024) invalid("El PDF no acaba como debe");
    auto i = bytes.find_first_not_of(" \r\n\t", at + 9);
    long long offset = 0;
    bool digits = false;
    for (; i < bytes.size() && bytes[i] >= '0' && bytes[i] <= '9'; ++i, digits = true) {
        offset = offset * 10 + (bytes[i] - '0');
        if (offset > static_cast<long long>(bytes.size())) break;
    }
    if (!digits || offset <= 0 || offset >= static_cast<long long>(at)) invalid("El PDF no acaba como debe");
    return offset;
}

std::string stream_body(QPDFObjectHandle dictionary, const std::string& data) {
    auto copy = dictionary.shallowCopy();
    copy.replaceKey("/Length", QPDFObjectHandle::newInteger(static_cast<long long>(data.size())));
    return copy.unparse() + "\nstream\n" + data + "\nendstream";
}

/// Numbers of the indirect objects that `object` names, itself left out.
void collect(QPDFObjectHandle object, std::vector<QPDFObjectHandle>& found, int depth = 0) {
    if (depth > 100) invalid("El PDF anida demasiado");
    const auto see = [&](QPDFObjectHandle child) {
        if (child.isIndirect()) {
            found.push_back(child);
        } else {
            collect(child, found, depth + 1);
        }
    };
    if (object.isStream()) object = object.getDict();
    if (object.isArray())
        for (int i = 0; i < object.getArrayNItems(); ++i) see(object.getArrayItem(i));
    if (object.isDictionary())
        for (const auto& key : object.getKeys()) see(object.getKey(key));
}

}  // namespace

std::string text_string(const std::string& utf8) {
    return QPDFObjectHandle::newUnicodeString(utf8).unparse();
}

Update::Update(std::string original) : original_(std::move(original)) {
    if (!original_.starts_with("%PDF-")) invalid("El PDF no empieza por su cabecera");
    document_ = std::make_unique<Document>(original_);
    if (document_->damaged()) invalid("La estructura del PDF está dañada");
    previous_ = last_xref(original_);
    xref_stream_ = original_.compare(static_cast<std::size_t>(previous_), 4, "xref") != 0;
    auto& qpdf = document_->qpdf();
    next_ = qpdf.getTrailer().getKey("/Size").getIntValueAsInt();
    for (const auto& [og, entry] : qpdf.getXRefTable()) first_new_ = std::max(first_new_, og.getObj() + 1);
    next_ = std::max(next_, first_new_);
    // Object numbers past 8,388,607 are beyond ISO 32000-1's own limits.
    if (next_ <= 0 || next_ > 8'000'000) invalid("La estructura del PDF está dañada");
}

QPDFObjGen Update::reserve() {
    const QPDFObjGen og(next_++, 0);
    // libqpdf drops a dictionary's entry whose value is an object that it does not know.
    document_->qpdf().replaceObject(og, QPDFObjectHandle::newDictionary());
    return og;
}
void Update::put(QPDFObjGen og, std::string body) { bodies_[og] = std::move(body); }
void Update::put_stream(QPDFObjGen og, QPDFObjectHandle dictionary, const std::string& data) {
    put(og, stream_body(dictionary, data));
}

QPDFObjGen Update::add(std::string body) {
    const auto og = reserve();
    put(og, std::move(body));
    return og;
}

QPDFObjGen Update::add_stream(QPDFObjectHandle dictionary, const std::string& data) {
    return add(stream_body(dictionary, data));
}

QPDFObjGen Update::add_reachable(QPDFObjectHandle object) {
    std::vector<QPDFObjectHandle> pending{object};
    std::set<QPDFObjGen> seen;
    while (!pending.empty()) {
        auto one = pending.back();
        pending.pop_back();
        if (one.getObjectID() < first_new_ || !seen.insert(one.getObjGen()).second) continue;
        next_ = std::max(next_, one.getObjectID() + 1);
        if (one.isStream()) {
            const auto data = one.getRawStreamData();
            put_stream(one.getObjGen(), one.getDict(),
                       {reinterpret_cast<const char*>(data->getBuffer()), data->getSize()});
        } else {
            put(one.getObjGen(), one.unparseResolved());
        }
        collect(one, pending);
    }
    return object.getObjGen();
}

std::string Update::trailer() const {
    auto old = document_->qpdf().getTrailer();
    std::string text = "/Size " + std::to_string(next_) + " /Root " + old.getKey("/Root").unparse() +
                       " /Prev " + std::to_string(previous_);
    for (const char* key : {"/Info", "/ID"})
        if (old.hasKey(key)) text += std::string(" ") + key + " " + old.getKey(key).unparse();
    return text;
}

std::string Update::table(std::size_t) const {
    std::string text = "xref\n";
    for (const auto& [og, offset] : offsets_) {
        char entry[64];
        std::snprintf(entry, sizeof entry, "%d 1\n%010zu %05d n \n", og.getObj(), offset, og.getGen());
        text += entry;
    }
    return text + "trailer\n<< " + trailer() + " >>\n";
}

std::string Update::stream(std::size_t at) {
    const auto own = reserve();
    offsets_[own] = at;
    std::string index, data;
    for (const auto& [og, offset] : offsets_) {
        index += std::to_string(og.getObj()) + " 1 ";
        data += '\1';
        for (int shift = 24; shift >= 0; shift -= 8) data += static_cast<char>(offset >> shift & 255);
        data += static_cast<char>(og.getGen() >> 8 & 255);
        data += static_cast<char>(og.getGen() & 255);
    }
    return std::to_string(own.getObj()) + " 0 obj\n<< /Type /XRef " + trailer() + " /Index [ " + index +
           "] /W [ 1 4 2 ] /Length " + std::to_string(data.size()) + " >>\nstream\n" + data +
           "\nendstream\nendobj\n";
}

std::string Update::finish() {
    std::string out = original_;
    if (out.back() != '\n' && out.back() != '\r') out += '\n';
    for (const auto& [og, body] : bodies_) {
        offsets_[og] = out.size();
        out +=
            std::to_string(og.getObj()) + " " + std::to_string(og.getGen()) + " obj\n" + body + "\nendobj\n";
    }
    const auto at = out.size();
    out += xref_stream_ ? stream(at) : table(at);
    return out + "startxref\n" + std::to_string(at) + "\n%%EOF\n";
}

}  // namespace evidence::pdf
