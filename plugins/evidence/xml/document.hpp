// An XML document in memory (libxml2) with what signatures need of it: identifiers and canonical forms.
#pragma once

#include "plugins/evidence/crypto/openssl.hpp"

#include <libxml/tree.h>

#include <vector>

namespace evidence::xml {

inline constexpr const char* ds = "http://www.w3.org/2000/09/xmldsig#";
inline constexpr const char* xades = "http://uri.etsi.org/01903/v1.3.2#";
inline constexpr const char* xades141 = "http://uri.etsi.org/01903/v1.4.1#";

/// Nothing is fetched, and a document type is refused: entities and default attributes would change what is
/// signed.
class Document {
public:
    /// Throws invalid where it is no XML or has a document type.
    explicit Document(std::string_view text);
    xmlDoc* get() const { return document_.get(); }
    xmlNode* root() const { return xmlDocGetRootElement(get()); }
    /// Two elements have the same Id: what a reference means depends on who reads.
    bool duplicate_ids() const { return duplicate_; }
    xmlNode* by_id(const std::string& id) const;  ///< null: none
    void register_ids(xmlNode* from);             ///< of elements added afterwards
    std::string text() const;                     ///< UTF-8

private:
    crypto::Owned<xmlDoc, xmlFreeDoc> document_;
    bool duplicate_ = false;
};

std::string local_name(const xmlNode*);
bool is(const xmlNode*, const char* space, const char* name);
/// In document order, `from` itself included; null or nothing: none.
xmlNode* find(xmlNode* from, const char* space, const char* name);
std::vector<xmlNode*> find_all(xmlNode* from, const char* space, const char* name);
xmlNode* child(xmlNode* parent, const char* space, const char* name);
std::string attribute(const xmlNode*, const char* name);
std::string content(const xmlNode*);           ///< of its text
std::string without_blanks(std::string text);  ///< for base64

/// Canonical form (C14N 1.0 or exclusive, without comments) of `subtree`, or of the whole document where it
/// is null, leaving out what is under `without` where it is not null.
std::string canonical(xmlDoc*, const xmlNode* subtree, const xmlNode* without, bool exclusive);

}  // namespace evidence::xml
