// The looking of hidden_data.hpp, one member for each place of a PDF.
#pragma once

#include "plugins/evidence/inspection/hidden_data.hpp"
#include "plugins/evidence/pdf/document.hpp"

namespace evidence::inspection {

class Finder {
public:
    explicit Finder(pdf::Document& document) : document_(document) {}
    void file();  ///< revisions, unused objects
    void metadata();
    void catalog();  ///< layers, attachments, scripts, actions
    void pages();    ///< annotations, actions, private data
    void fields();
    void add(const std::string& code, const std::string& where, std::string detail);
    std::vector<Finding> take() { return std::move(found_); }

private:
    void annotation(QPDFObjectHandle, const std::string& where);
    void action(QPDFObjectHandle, const std::string& where, int depth = 0);
    void actions(QPDFObjectHandle holder, const std::string& where);
    void names(QPDFObjectHandle tree, const std::string& kind, int depth = 0);
    void layers();
    std::size_t unused_objects();

    pdf::Document& document_;
    std::vector<Finding> found_;
};

}  // namespace evidence::inspection
