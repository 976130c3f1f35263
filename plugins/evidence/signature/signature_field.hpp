// The form field and the widget that a PDF signature needs to be seen by readers.
#pragma once

#include "plugins/evidence/pdf/update.hpp"

#include <array>

namespace evidence::signature {

struct FieldPlace {
    std::string name;                      ///< empty: the first of Firma1, Firma2 … that is free
    int page = 0;                          ///< from 0
    std::array<double, 4> rectangle{};     ///< all 0: invisible
    std::optional<QPDFObjGen> appearance;  ///< a form XObject; an empty one is made where there is none
    bool certify = false;                  ///< the catalog names the signature in /Perms
};

/// Throws conflict where the document is certified against any change.
void require_signable(pdf::Document&);

void add_field(pdf::Update&, QPDFObjGen signature, const FieldPlace&);

}  // namespace evidence::signature
