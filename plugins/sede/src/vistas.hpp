// View models that several pages share. Every name a template prints is always present.
#pragma once

#include "anuncio_repository.hpp"
#include "entorno.hpp"

#include <functional>
#include <initializer_list>

namespace sede {

using concejo::Json;

/// {"text","tone"} of what the announcement is now.
Json tag_of(const Entorno&, Situacion);

/// Entries of a list by dates: {"day","month","href","label","lang","tags","notes","excerpt"}.
Json list_items(const Entorno&, const std::vector<Anuncio>&,
                const std::vector<std::pair<std::string, std::string>>& highlights = {});

/// Everything the announcement's page shows. `preview`: for staff, files through staff addresses.
Json ficha(const Entorno&, AnuncioRepository&, const Anuncio&, bool preview = false);

/// [{"file","text","where","detail"}] of what those PDFs carry and do not show (ENS, mp.info.5), but for the metadata that nearly all have. Not while a transaction
/// is open.
Json hidden_data(const Entorno&, const std::vector<Archivo>&);

/// {"heading","items"} for components/error-summary, null where nothing is wrong. `first`: the field of what is about none.
Json errors_of(const Entorno&, const std::vector<Aviso>&, const char* first);

/// [{"label","href"}] ending in the page itself.
Json breadcrumb(std::initializer_list<std::pair<std::string, std::string>> steps);

/// The value of a query parameter, or nothing.
using Parametro = std::function<std::optional<std::string>(std::string_view)>;
/// tipo, organo, q, desde, hasta, estado, despues, antes. What cannot be read is ignored.
Filtro read_filter(Ambito, const Parametro&, int limite);
/// "?tipo=edicto&q=…" of the filter, with `changes` on top (an empty value removes); "" where nothing is left.
std::string query_text(const Filtro&,
                       std::initializer_list<std::pair<std::string_view, std::string>> changes = {});
std::string encode(std::string_view text);

/// The form over a list: what was typed, also where it is no date, and what is wrong with it (or null).
struct Busqueda {
    Json form;    ///< {"action","q","tipo","organo","dates":[{"id","label","value","error"}]}
    Json errors;  ///< as components/error-summary takes it
};
Busqueda search_form(const Entorno&, const Filtro&, const Parametro&, const std::string& path);

/// The next instant at which time alone changes the pages: an exposure, or a notice of the municipality.
std::optional<Instante> next_change(const Entorno&, AnuncioRepository&);

}  // namespace sede
