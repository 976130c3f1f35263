#include "harvested.hpp"

#include "plugins/open-data/dcat/text.hpp"
#include "plugins/open-data/dcat/vocabulary.hpp"
#include "source.hpp"

namespace open_data {
namespace {

/// In the EU's table of formats, of files whose format it does not have.
constexpr const char* any_format = "bin";
/// What the portal says of its own files, where the source does not say for how long it means to have them.
constexpr const char* usual_availability = "AVAILABLE";

dcat::Distribution distribution_there(const Dataset& dataset, const Resource& resource,
                                      dcat::Distribution base) {
    const auto& origin = resource.meta["origin"];
    base.uri = origin.string_or("uri", "");
    if (base.uri.empty()) base.uri = dataset.meta["origin"].string_or("uri", "") + "#" + resource.id;
    base.access_url = origin.string_or("access_url", ""),
    base.download_url = origin.string_or("download_url", "");
    if (base.access_url.empty()) base.access_url = dataset.meta["origin"].string_or("page", "");
    if (base.access_url.empty()) base.access_url = resource.url;
    if (const auto license = origin.string_or("license", ""); !license.empty()) base.license = license;
    const auto availability = origin.string_or("availability", "");
    base.availability = dcat::find_availability(availability) ? availability : usual_availability;
    base.sha256 = origin.string_or("sha256", "");
    base.issued = instant_of(origin.string_or("issued", "")),
    base.modified = instant_of(origin.string_or("modified", ""));
    if (base.issued && base.modified && *base.modified < *base.issued) base.issued.reset();
    base.format = dcat::find_file_type(resource.format) ? dcat::to_lower(resource.format) : any_format;
    base.media_type = resource.media_type;
    if (resource.bytes) base.bytes = static_cast<std::uint64_t>(*resource.bytes);
    return base;
}

}  // namespace

void need_own(const Dataset& dataset) {
    if (is_changed_there(dataset))
        throw concejo::Error(concejo::ErrorKind::conflict,
                             N_("Este conjunto se recoge de otro catálogo: su descripción y sus archivos se "
                                "cambian allí."));
}

void describe_as_there(const Dataset& dataset, dcat::Dataset& d) {
    const auto& origin = dataset.meta["origin"];
    if (const auto uri = origin.string_or("uri", ""); dcat::is_web_url(uri)) d.uri = uri;
    if (const auto identifier = origin.string_or("identifier", ""); !identifier.empty())
        d.identifier = identifier;
    const auto issued = instant_of(origin.string_or("issued", "")),
               modified = instant_of(origin.string_or("modified", ""));
    d.modified = modified ? modified : d.modified;
    d.issued = issued ? issued : d.issued;
    if (d.issued && d.modified && *d.modified < *d.issued) d.issued = d.modified;
    const auto& publisher = origin["publisher"];
    if (const auto code = publisher.string_or("dir3", ""); !code.empty())
        d.publisher = dcat::Agent{code, texts_of(publisher["name"])};
    if (const auto& contact = origin["contact"];
        contact.is_object() &&
        (!contact.string_or("email", "").empty() || !contact.string_or("page", "").empty()))
        d.contact = dcat::Contact{{},
                                  texts_of(contact["name"]),
                                  contact.string_or("email", ""),
                                  contact.string_or("telephone", ""),
                                  contact.string_or("page", "")};
    if (d.contact && !d.contact->name.contains("es"))
        d.contact->name = d.publisher ? d.publisher->name : dcat::Texts{};
    if (d.contact && !d.contact->name.contains("es")) d.contact.reset();
    if (const auto page = origin.string_or("page", ""); dcat::is_web_url(page)) d.landing_page = page;
    if (d.contact && d.contact->page.empty()) d.contact->page = d.landing_page;
    if (const auto& languages = origin["languages"]; languages.is_array())
        for (const auto& one : languages.as_array())
            if (const auto* known = dcat::find_language(one.as_string()); known && known->tag != "es")
                d.languages.emplace_back(known->tag);
    std::vector<dcat::Distribution> all;
    for (const auto& resource : dataset.resources) {
        dcat::Distribution base;
        base.title = texts_of(resource.meta["name"]),
        base.description = texts_of(resource.meta["description"]);
        base.description.try_emplace("es", text_in(resource.meta["name"], "es") + ", de «" +
                                               text_in(dataset.meta["title"], "es") + "».");
        base.title.try_emplace(
            "es", resource.format.empty() ? text_in(dataset.meta["title"], "es") : resource.format);
        base.license = dataset.meta.string_or("license", "");
        all.push_back(distribution_there(dataset, resource, std::move(base)));
    }
    d.distributions = std::move(all);
    d.served_by.clear();
}

Json origin_view(const Portal& portal, const Dataset& dataset) {
    if (!is_harvested(dataset)) return {};
    const auto& origin = dataset.meta["origin"];
    const auto name = origin.string_or("source", "");
    const auto source = source_called(portal.settings, name);
    return Json::object({{"title", source ? source->title : name}, {"href", origin.string_or("page", "")}});
}

}  // namespace open_data
