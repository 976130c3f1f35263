// An incremental update (ISO 32000-1 §7.5.6): objects added after the last byte, so that earlier signatures
// stay true. The cross-reference is of the file's own kind, a table or a stream: readers may refuse a
// mixture.
#pragma once

#include "plugins/evidence/pdf/document.hpp"

#include <map>

namespace evidence::pdf {

class Update {
public:
    /// Throws invalid where `original` cannot be continued byte for byte: no PDF, encrypted, damaged
    /// structure, or bytes before its header.
    explicit Update(std::string original);
    Update(const Update&) = delete;

    Document& document() { return *document_; }

    QPDFObjGen reserve();                    ///< the number of a new object
    void put(QPDFObjGen, std::string body);  ///< the body of a new or replaced object
    void put_stream(QPDFObjGen, QPDFObjectHandle dictionary, const std::string& data);
    QPDFObjGen add(std::string body);
    QPDFObjGen add_stream(QPDFObjectHandle dictionary, const std::string& data);
    /// Adds what `object` (a foreign file's, copied into `document`) reaches, and gives its number. Before
    /// any `reserve`: the copy has taken numbers of the reader's choice.
    QPDFObjGen add_reachable(QPDFObjectHandle object);

    /// The whole file. Once.
    std::string finish();
    /// Where an object that was put begins in the finished file.
    std::size_t offset(QPDFObjGen og) const { return offsets_.at(og); }

private:
    std::string table(std::size_t at) const;
    std::string stream(std::size_t at);
    std::string trailer() const;

    std::string original_;
    std::unique_ptr<Document> document_;
    bool xref_stream_ = false;
    long long previous_ = 0;
    int next_ = 0, first_new_ = 0;
    std::map<QPDFObjGen, std::string> bodies_;
    std::map<QPDFObjGen, std::size_t> offsets_;
};

inline std::string reference(QPDFObjGen og) {
    return std::to_string(og.getObj()) + " " + std::to_string(og.getGen()) + " R";
}
/// A text string: PDFDocEncoding where it is ASCII, UTF-16BE otherwise.
std::string text_string(const std::string& utf8);

}  // namespace evidence::pdf
