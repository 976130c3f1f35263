// Fields, widgets and annotations: where a signed PDF may change, and where most attacks hide.
#pragma once

#include "plugins/evidence/validation/comparison.hpp"

#include <map>

namespace evidence::validation {

class FormChanges {
public:
    FormChanges(pdf::Document& before, pdf::Document& after, Comparison&, int certification);
    void fields();
    void form();  ///< after the pages, to which fonts shared with the form belong first
    void annotations(QPDFObjectHandle before, QPDFObjectHandle after, const std::string& page);

private:
    void field(const pdf::Field& before, const pdf::Field& after);
    void signature_field(const pdf::Field& before, const pdf::Field& after, const std::string& where);
    void filled_field(const pdf::Field& before, const pdf::Field& after, const std::string& where);
    void new_field(const pdf::Field&);
    void new_annotation(QPDFObjectHandle, QPDFObjectHandle page, const std::string& where);
    void new_signature_widget(QPDFObjectHandle, QPDFObjectHandle page, const std::string& where);

    pdf::Document &before_, &after_;
    Comparison& comparison_;
    int certification_;
    std::map<QPDFObjGen, pdf::Field> new_signatures_;  ///< by field and by widget
    std::set<QPDFObjGen> judged_;                      ///< widgets whose changes are told with their field
};

}  // namespace evidence::validation
