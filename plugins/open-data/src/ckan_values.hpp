// What clients write of a dataset, a resource or an organisation, checked and put where the catalogue has it.
#pragma once

#include "ckan_access.hpp"

namespace open_data::ckan {

/// replace: what is not said is emptied (X_update); merge: it stays (X_patch).
enum class Change { create, replace, merge };

/// Throws CKAN's Validation Error with every field that is wrong. What CKAN has no word for (sectors, coverage …) stays.
void apply_package(Ask&, Dataset&, const Json& values, Change);
/// Its resources as the list says: known ones changed, new ones added, the others deleted.
void apply_resources(Ask&, const Dataset&, const Json& list, Change);
void apply_resource(Ask&, Resource&, const Json& values, Change);
void apply_organization(Ask&, Organization&, const Json& values, Change);

/// The id that a client brings with what it creates, so that a catalogue that moves here keeps its own; empty: none. `taken`
/// is thrown where something of that table has it.
std::string brought_id(Ask&, const Json& values, const char* table, std::string_view taken);

/// What the resource offers from now on: a table is loaded at once, or by a job where it is long; other files are kept.
void take_file(Ask&, const Resource&, const concejo::Upload&);
/// Its picture, as image_upload, clear_upload or image_url leave it. `before`: the image_url that it had.
void apply_image(Ask&, Organization&, const std::string& before);

/// A page will link to it: nothing that a browser would run. Addresses without a scheme are let be, as CKAN does.
bool is_link(std::string_view address);

/// The audit's entry, and what is cached of the catalogue goes.
void note_change(Ask&, const char* action, const std::string& object);

}  // namespace open_data::ckan
