// A verdict in words, and for programs.
#pragma once

#include "plugins/evidence/verify/verify.hpp"

namespace evidence::verify {

/// Characters that could paint over what is said (controls, changes of direction) become '?'.
std::string printable(std::string_view text);
/// A leaf's number counts from 0 in the values, which are a machine's, and from 1 in words.
std::string words(const Line& line, Language language);
std::string in_words(const Verdict& verdict, Language language);
/// One line of JSON: veredicto, codigo, huella_clave, fallos, comprobado, sin_comprobar, datos, metadatos.
/// Lists hold {id, texto, valores}; ids do not change with the language.
std::string as_json(const Verdict& verdict, Language language);

}  // namespace evidence::verify
