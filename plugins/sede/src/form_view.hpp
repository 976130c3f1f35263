// The page of the form that publishes.
#pragma once

#include "anuncio_repository.hpp"
#include "formulario.hpp"
#include "paginas.hpp"

#include <string>
#include <vector>

namespace sede {

/// As a draft stands, with what is wrong beside each field (then status 422), edicts with the same file that are there
/// already, and what the file carries unseen ([{"text","where","detail"}]), both to be confirmed.
void show_form(const Entorno&, concejo::Reply&, const Formulario&, const std::vector<Aviso>&,
               const std::string& action, const std::string& title,
               const std::vector<Repetido>& repeated = {}, const Json& hidden = Json::array());

}  // namespace sede
