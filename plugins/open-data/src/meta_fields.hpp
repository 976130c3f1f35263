// The fields of a form that say what a dataset or a service is, and what they leave in its `meta`.
#pragma once

#include "fields.hpp"
#include "metadata.hpp"

namespace open_data {

/// Characters of a title or a description in one language.
inline constexpr std::size_t longest_title_of_data = 400, longest_notes_of_data = 10'000;

/// What was typed in that field, or else what there is.
std::string typed_in(const concejo::Request&, const std::string& field, std::string there);
/// One line of the form, of at most 200 bytes.
std::string given_line(const concejo::Request&, const char* field);

/// Title, description and keywords in each language of the municipality: "titulo_es", "notas_es", "palabras", "palabras_ca" …
void add_texts(const Portal&, const concejo::Request&, Fields&, const Json& meta,
               const std::string& notes_hint);
/// "sector", "licencia".
void add_sector_and_license(const Portal&, const concejo::Request&, Fields&, const Json& meta);
/// "territorio": of the municipality, where it says no other.
void add_territory(const Portal&, const concejo::Request&, Fields&, const Json& meta);
/// "organismo", where more than one publishes; "contacto", "contacto_correo".
void add_responsible(const Portal&, const concejo::Request&, Fields&, const Json& meta, Catalogue&,
                     const std::string& organization, std::string contact_label);

/// What is wrong in those fields.
void check_meta(const Portal&, const concejo::Request&, Catalogue&, const Json& meta, std::vector<Wrong>&);
/// What they say, into `meta` and `organization`; all of it was checked.
void put_meta(const Portal&, const concejo::Request&, Json& meta, std::string& organization);

/// By their labels, after the one that chooses nothing.
std::vector<Option> sorted_options(std::vector<Option> options, const std::string& none);
/// The territory that is said of it, for people; the URI where no table has it.
std::string territory_label(const std::string& uri);

}  // namespace open_data
