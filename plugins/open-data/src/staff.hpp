// What the staff's pages of the portal share.
#pragma once

#include "portal.hpp"

namespace open_data {

inline constexpr const char* staff_base = "/gestion/datos";
inline constexpr std::uint64_t largest_upload = 200u << 20;  ///< bytes; larger ones come by the command line

/// Codes of the municipality's languages, the first of them first.
std::vector<std::string> languages_of(const Portal&);
/// "Català", as its speakers call it; the code itself for others than the platform's.
std::string language_name(const std::string& code);

std::string state_text(const concejo::Call&, const Dataset&);

struct Wrong;
/// The dataset's page, with what was wrong in the form that was sent.
void show_staff_dataset(const concejo::Request&, concejo::Reply&, const std::vector<Wrong>&);
/// Of that page, what its form for the columns of a resource shows: "columns", "sheets", "seen".
void add_columns(const concejo::Request&, concejo::Transaction&, const Resource&, Json& view);
/// What of that page is about review and scheduling.
Json review_view(const concejo::Request&, const Portal&, concejo::Transaction&, const Dataset&,
                 const std::vector<Wrong>&);

/// {"rows","add_action","fields"}: who else sees or changes it; null where there is nobody to name.
Json collaborators_view(const concejo::Request&, concejo::Transaction&, const Dataset&,
                        const std::vector<Wrong>&);

void register_staff_list(concejo::Kernel&);
void register_staff_dataset(concejo::Kernel&);
void register_staff_resource(concejo::Kernel&);
void register_staff_columns(concejo::Kernel&);
void register_staff_dictionary(concejo::Kernel&);
void register_staff_fetch(concejo::Kernel&);
void register_staff_review(concejo::Kernel&);
void register_staff_metadata(concejo::Kernel&);
void register_staff_collaborators(concejo::Kernel&);

}  // namespace open_data
