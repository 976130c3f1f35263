// Article 11 of RD 203/2021, letter by letter: what there is, where it is seen and what is missing.
#pragma once

#include "legal.hpp"

namespace sede {

struct Letra {
    std::string apartado;  ///< "11.1.a"
    std::string asunto;    ///< in the reader's language
    std::vector<Row> rows;
    std::vector<std::string> paragraphs;
    std::string falta;  ///< empty: nothing; else what to do
};

std::vector<Letra> articulo_11(const Entorno&);

}  // namespace sede
