// Copies with the code and its QR at the foot of each page, sealed inside (PAdES): what may be printed and
// still be checked. One for each language, made when it is first asked for; and what else is made of a document and kept.
#pragma once

#include "documents.hpp"
#include "office.hpp"

#include <concejo/call.hpp>

namespace evidence {

constexpr std::uint64_t largest_code_copy = 16ull << 20;
bool has_code_copy(const Documento&);
constexpr const char* as_eni = "eni";  ///< in place of a language: the document's ENI

class CodeCopies {
public:
    explicit CodeCopies(concejo::Transaction& tx) : tx_(tx) {}

    /// SHA-256 of its blob.
    std::optional<std::string> find(const Csv&, std::string_view language);
    /// Of which document it is a copy, and in which language.
    std::optional<std::pair<Csv, std::string>> find_by_content(std::string_view sha256);
    /// False where there is one already.
    bool insert(const Csv&, std::string_view language, std::string_view sha256);
    /// Takes all of a document's away; gives what its blobs were.
    std::vector<std::string> remove(const Csv&);

private:
    concejo::Transaction& tx_;
};

/// Unless somebody kept one meanwhile. In a transaction of its own.
void keep_copy(const concejo::Call&, const Office&, const Documento&, std::string_view language,
               const std::string& bytes, const char* media_type);

/// The PDF, in the call's language; kept where it got its timestamp. Throws invalid for what has no such
/// copy, conflict where its pages cannot be written on. Call it outside a transaction.
std::string make_code_copy(const concejo::Call&, const Documento&, std::string_view language);

}  // namespace evidence
