// Lo que se ve: la página de todos y la de gestión.
#pragma once

#include <concejo/plugin.hpp>

namespace es_miayto_esqueleto {

inline constexpr const char* may_publish = "es.miayto.esqueleto.publicar";  ///< permiso

/// Marca un texto que se traduce más tarde, donde ya se sabe en qué idioma.
constexpr const char* N_(const char* msgid) { return msgid; }

/// GET /esqueleto
void show_notas(const concejo::Request&, concejo::Reply&);
/// GET /gestion/esqueleto
void show_staff(const concejo::Request&, concejo::Reply&);
/// POST /gestion/esqueleto: guarda la nota, o vuelve a enseñar el formulario con lo que falta.
void add_nota(const concejo::Request&, concejo::Reply&);

}  // namespace es_miayto_esqueleto
