// What every page, command and use case of the portal needs to know of the call it runs in.
#pragma once

#include "catalogue.hpp"

#include <concejo/plugin.hpp>
#include <concejo/text.hpp>

namespace open_data {

using concejo::N_;

inline constexpr const char* may_edit = "open-data.edit";
inline constexpr const char* may_publish = "open-data.publish";
inline constexpr const char* may_write = "open-data:write";              ///< a token's scope
inline constexpr const char* may_collaborate = "open-data:collaborate";  ///< where it is a collaborator

struct Portal {
    explicit Portal(const concejo::Call& call);        ///< in the municipality's language
    explicit Portal(const concejo::Request& request);  ///< in the page's

    const concejo::Call& call;
    Json settings, municipality;
    std::string language;

    std::string text(const Json& texts) const { return text_in(texts, language); }
    /// Sees what is not published: staff who edit, tokens that write, the command line.
    bool sees_drafts() const;
    /// What everybody sees, or who sees drafts, or its collaborators.
    bool sees(Catalogue&, const Dataset&) const;
    /// "system:cli", "staff:ana", "token:…".
    std::string by() const;

    std::string title(const Dataset&) const;
    std::string title(const Resource&) const;
    /// "1,2 MB" in the reader's language.
    std::string size(std::int64_t bytes) const;

    std::string url(const Dataset&, bool absolute = false) const;
    /// The addresses of CKAN: /dataset/ID/resource/ID/download/FILE and /datastore/dump/ID?format=….
    std::string file_url(const Resource&, bool absolute = false) const;
    std::string dump_url(const Resource&, std::string_view format, bool absolute = false) const;
    /// The same rows for people, without their numbers: /datos/filas/ID/NAME.csv.
    std::string rows_url(const Resource&, std::string_view format, bool absolute = false) const;
    std::string home() const {
        return municipality.string_or("url", "");
    }  ///< https://datos.example, without a last "/"

    /// The municipality as the organisation that publishes: made the first time that it is needed.
    Organization own_organization(Catalogue&) const;
};

/// The dataset, where whoever asks may see it. Throws Error{not_found} else.
Dataset need_dataset(const Portal&, Catalogue&, std::string_view name_or_id);
/// The same for a resource of one of them; throws Gone (gone.hpp) where it was published and withdrawn.
std::pair<Dataset, Resource> need_resource(const Portal&, Catalogue&, std::string_view id);

/// "ana" of "staff:ana"; whatever else did it as it is.
std::string person_of(const std::string& by);

Json breadcrumb(const std::vector<std::pair<std::string, std::string>>& steps);

void register_catalogue(concejo::Kernel&);
void register_dataset(concejo::Kernel&);
void register_profiles(concejo::Kernel&);
void register_table(concejo::Kernel&);
void register_charts(concejo::Kernel&);
void register_maps(concejo::Kernel&);
void register_quality(concejo::Kernel&);
void register_downloads(concejo::Kernel&);
void register_descriptors(concejo::Kernel&);
/// CSVW of the resource in the address.
void give_table_description(const concejo::Request&, concejo::Reply&);
void register_metadata(concejo::Kernel&);
void register_feeds(concejo::Kernel&);
void register_openapi(concejo::Kernel&);
void register_staff(concejo::Kernel&);
void register_commands(concejo::Kernel&);
void register_ckan(concejo::Kernel&);
void register_organization_images(concejo::Kernel&);
void register_ckan_addresses(concejo::Kernel&);

}  // namespace open_data
