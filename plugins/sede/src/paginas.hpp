// Each group of pages registers its own routes.
#pragma once

#include <concejo/plugin.hpp>

namespace sede {

void register_home(
    concejo::Kernel&);  ///< home page of the municipality, its block of the board, search, site map
void register_board(concejo::Kernel&);  ///< board, archive, announcement, files, permanent address, Atom
void register_api(concejo::Kernel&);    ///< JSON, OpenAPI and its reference page
void register_legal(concejo::Kernel&);  ///< pages that the law wants linked from every page
void register_staff(concejo::Kernel&);  ///< lists and actions of the staff
void register_form(concejo::Kernel&);   ///< new announcement, edition, correction
void register_articulo_11(concejo::Kernel&);  ///< minimum contents and services, and concejo sede check
void register_old_uploads(concejo::Kernel&);  ///< a job that gives back what was uploaded for nothing
void register_commands(concejo::Kernel&);     ///< concejo sede publish|withdraw|list|seed

/// Staff asked for an announcement that is not there.
[[noreturn]] inline void missing(const concejo::Call& call) {
    throw concejo::Error(concejo::ErrorKind::not_found, call.tr("No hay ningún anuncio con esa dirección."));
}

constexpr const char* may_edit = "sede.anuncios.editar";
constexpr const char* may_publish = "sede.anuncios.publicar";

}  // namespace sede
