#include "plugins/evidence/xml/document.hpp"

#include <concejo/error.hpp>

#include <libxml/c14n.h>
#include <libxml/parser.h>
#include <libxml/valid.h>

#include <algorithm>
#include <mutex>

namespace evidence::xml {
namespace {

const xmlChar* chars(const char* text) { return reinterpret_cast<const xmlChar*>(text); }
void free_chars(xmlChar* text) { xmlFree(text); }
using Chars = crypto::Owned<xmlChar, free_chars>;
std::string string(const Chars& text) { return text ? reinterpret_cast<const char*>(text.get()) : ""; }

struct Visible {
    const xmlNode *subtree, *without;
};

int visible(void* data, xmlNode* node, xmlNode* parent) {
    const auto& what = *static_cast<const Visible*>(data);
    // Attributes and namespaces belong to their element.
    const auto* at = node->type == XML_NAMESPACE_DECL || node->type == XML_ATTRIBUTE_NODE ? parent : node;
    bool inside = what.subtree == nullptr;
    for (; at; at = at->parent) {
        if (at == what.without) return 0;
        if (at == what.subtree) inside = true;
    }
    return inside ? 1 : 0;
}

template <class Use>
void each_element(xmlNode* from, const Use& use) {
    for (auto* node = from; node;) {
        if (node->type == XML_ELEMENT_NODE) use(node);
        if (node->type == XML_ELEMENT_NODE && node->children) {
            node = node->children;
            continue;
        }
        while (node && node != from && !node->next) node = node->parent;
        if (!node || node == from) return;
        node = node->next;
    }
}

}  // namespace

Document::Document(std::string_view text) {
    static std::once_flag once;
    std::call_once(once, [] { xmlInitParser(); });
    document_.reset(
        xmlReadMemory(text.data(), static_cast<int>(text.size()), nullptr, nullptr,
                      XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_HUGE));
    if (!document_ || !root()) throw concejo::Error(concejo::ErrorKind::invalid, "No es un documento XML");
    if (document_->intSubset || document_->extSubset)
        throw concejo::Error(concejo::ErrorKind::invalid,
                             "El documento XML lleva un tipo de documento (DTD)");
    register_ids(root());
}

void Document::register_ids(xmlNode* from) {
    each_element(from, [&](xmlNode* node) {
        for (const auto* name : {"Id", "ID", "id"}) {
            auto* property = xmlHasProp(node, chars(name));
            if (!property) continue;
            const Chars value(xmlNodeListGetString(get(), property->children, 1));
            if (!value) continue;
            if (xmlGetID(get(), value.get())) {
                duplicate_ = true;
            } else {
                xmlAddID(nullptr, get(), value.get(), property);
            }
        }
    });
}

xmlNode* Document::by_id(const std::string& id) const {
    auto* property = xmlGetID(get(), chars(id.c_str()));
    return property ? property->parent : nullptr;
}

std::string Document::text() const {
    xmlChar* out = nullptr;
    int size = 0;
    xmlDocDumpMemoryEnc(get(), &out, &size, "UTF-8");
    const Chars owned(out);
    if (!out) throw concejo::Error(concejo::ErrorKind::internal, "XML");
    return {reinterpret_cast<const char*>(out), static_cast<std::size_t>(size)};
}

std::string local_name(const xmlNode* node) {
    return node->name ? reinterpret_cast<const char*>(node->name) : "";
}

bool is(const xmlNode* node, const char* space, const char* name) {
    return node && node->type == XML_ELEMENT_NODE && xmlStrcmp(node->name, chars(name)) == 0 &&
           (!space || (node->ns && xmlStrcmp(node->ns->href, chars(space)) == 0));
}

std::vector<xmlNode*> find_all(xmlNode* from, const char* space, const char* name) {
    std::vector<xmlNode*> found;
    each_element(from, [&](xmlNode* node) {
        if (is(node, space, name)) found.push_back(node);
    });
    return found;
}

xmlNode* find(xmlNode* from, const char* space, const char* name) {
    const auto all = find_all(from, space, name);
    return all.empty() ? nullptr : all.front();
}

xmlNode* child(xmlNode* parent, const char* space, const char* name) {
    for (auto* node = parent ? parent->children : nullptr; node; node = node->next)
        if (is(node, space, name)) return node;
    return nullptr;
}

std::string attribute(const xmlNode* node, const char* name) {
    return node ? string(Chars(xmlGetNoNsProp(node, chars(name)))) : "";
}

std::string content(const xmlNode* node) { return node ? string(Chars(xmlNodeGetContent(node))) : ""; }

std::string without_blanks(std::string text) {
    std::erase_if(text, [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; });
    return text;
}

std::string canonical(xmlDoc* document, const xmlNode* subtree, const xmlNode* without, bool exclusive) {
    Visible what{subtree, without};
    auto* buffer = xmlAllocOutputBuffer(nullptr);
    if (!buffer) throw concejo::Error(concejo::ErrorKind::internal, "XML");
    const int done = xmlC14NExecute(document, visible, &what,
                                    exclusive ? XML_C14N_EXCLUSIVE_1_0 : XML_C14N_1_0, nullptr, 0, buffer);
    std::string text;
    if (done >= 0)
        text.assign(reinterpret_cast<const char*>(xmlOutputBufferGetContent(buffer)),
                    xmlOutputBufferGetSize(buffer));
    xmlOutputBufferClose(buffer);
    if (done < 0)
        throw concejo::Error(concejo::ErrorKind::invalid, "El documento XML no tiene forma canónica");
    return text;
}

}  // namespace evidence::xml
