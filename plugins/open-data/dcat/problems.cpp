#include "problems.hpp"

#include "describer.hpp"
#include "problem_list.hpp"

namespace open_data::dcat {
namespace {

using concejo::N_;

void check_uri(ProblemList& list, const std::string& where, const std::string& uri) {
    if (uri.empty())
        list.error(where, N_("Falta el identificador web."), N_("Dele una dirección propia que no cambie."));
    list.address(where, uri);
}

void check_description(ProblemList& list, const Texts& description) {
    list.text("/description", description, N_("Falta la descripción."));
    const auto spanish = description.find("es");
    if (spanish == description.end()) return;
    const auto length = length_in_characters(clean_text(spanish->second));
    if (length == 0 || length >= description_characters) return;
    list.warning(
        "/description",
        N_("La descripción es corta: {cuantos} de los {minimo} caracteres que se piden como mínimo."),
        N_("Cuente qué contienen los datos, de dónde salen y cada cuánto se actualizan."),
        {{"cuantos", std::to_string(length)}, {"minimo", std::to_string(description_characters)}});
}

void check_subjects(ProblemList& list, const Keywords& keywords, const std::vector<std::string>& sectors) {
    bool sector = false;
    for (std::size_t i = 0; i < sectors.size(); ++i) {
        const bool known = find_sector(sectors[i]) != nullptr;
        sector = sector || known;
        list.code(under("/sectors", i), sectors[i], known);
    }
    if (!sector)
        list.error("/sectors", N_("Falta el sector."),
                   N_("Elija al menos uno de los veintidós sectores de la Norma Técnica."));
    bool keyword = false;
    for (const auto& [language, words] : keywords) {
        for (const auto& word : words)
            keyword = keyword || (language_tag(language) == "es" && !clean_text(word).empty());
    }
    if (!keyword)
        list.warning("/keywords", N_("No hay palabras clave en español."),
                     N_("Escriba algunas palabras con las que alguien buscaría estos datos."));
}

void check_spatial(ProblemList& list, const std::vector<std::string>& spatial) {
    if (spatial.empty())
        list.warning("/spatial", N_("No se dice de qué territorio son los datos."),
                     N_("Elija la provincia, o la comunidad si es de una sola provincia."));
    std::size_t index = 0;
    for (const auto& uri : spatial) {
        const auto* territory = find_territory(uri);
        list.code(under("/spatial", index++), uri, territory != nullptr);
        if (!territory || territory->level != Level::autonomy) continue;
        for (const auto& other : spatial) {
            const auto* province = find_territory(other);
            if (province && province->level == Level::province && province->autonomy == territory->ine)
                list.error("/spatial", N_("Están {comunidad} y su provincia {provincia}."),
                           N_("Deje solo una de las dos."),
                           {{"comunidad", std::string(territory->label)},
                            {"provincia", std::string(province->label)}});
        }
    }
}

void check_temporal(ProblemList& list, const std::optional<Period>& period) {
    if (!period || (!period->start && !period->end)) {
        list.warning("/temporal", N_("No se dice a qué tiempo se refieren los datos."),
                     N_("Ponga el primer día que cubren y, si lo hay, el último."));
        return;
    }
    const bool real = (!period->start || period->start->ok()) && (!period->end || period->end->ok());
    if (!real) {
        list.error("/temporal", N_("Una de las fechas no existe en el calendario."), N_("Corrija el día."));
    } else if (period->start && period->end && *period->end < *period->start) {
        list.error("/temporal", N_("El periodo acaba ({fin}) antes de empezar ({inicio})."),
                   N_("Corrija una de las dos fechas."),
                   {{"fin", iso(*period->end)}, {"inicio", iso(*period->start)}});
    }
}

void check_codes(ProblemList& list, const Dataset& dataset) {
    if (dataset.frequency.empty())
        list.warning("/frequency", N_("No se dice cada cuánto se actualizan los datos."),
                     N_("Elija una frecuencia."));
    list.code("/frequency", dataset.frequency, find_frequency(dataset.frequency));
    if (dataset.access_right.empty())
        list.warning("/access_right", N_("No se dice si el acceso es público."),
                     N_("Elija «público» si cualquiera puede descargarlos."));
    list.code("/access_right", dataset.access_right, find_access_right(dataset.access_right));
    std::size_t index = 0;
    for (const auto& code : dataset.hvd_categories)
        list.code(under("/hvd_categories", index++), code, find_hvd_category(code));
    index = 0;
    for (const auto& tag : dataset.languages)
        list.code(under("/languages", index++), tag, find_language(tag));
    index = 0;
    for (const auto& law : dataset.legislation) list.address(under("/legislation", index++), law);
    index = 0;
    for (const auto& url : dataset.conforms_to) list.address(under("/conforms_to", index++), url);
}

void check_contact(ProblemList& list, const Contact& contact) {
    if (clean_text(contact.email).empty() && !is_web_url(contact.page)) {
        list.error("/contact", N_("Falta a quién preguntar por los datos."),
                   N_("Ponga un correo o la dirección de un formulario."));
        return;
    }
    list.address("/contact/page", contact.page);
    list.text("/contact/name", contact.name, N_("Falta el nombre de quien atiende."));
    if (contact.telephone.empty())
        list.warning("/contact/telephone", N_("El contacto no tiene teléfono."),
                     N_("Ponga el de la oficina que atiende, con el prefijo +34."));
}

void check_high_value(ProblemList& list, const Dataset& dataset) {
    if (!dataset.hvd_categories.empty() && dataset.served_by.empty())
        list.warning("/served_by", N_("Los datos de alto valor deben darse también por un servicio (API)."),
                     N_("Diga qué servicio los da."));
}

/// Of data that are not public the size is mandatory (convention 26). Nobody can say that of a file that is yet to be made.
void check_size(ProblemList& list, const Dataset& dataset, const Distribution& distribution,
                const std::string& at) {
    if (distribution.bytes) return;
    const auto* right = find_access_right(dataset.access_right);
    const bool closed = right && (right->code() == "RESTRICTED" || right->code() == "NON_PUBLIC");
    const char* what = N_("No se dice cuánto ocupa el archivo.");
    if (distribution.made_here && !closed) return;
    const char* remedy = distribution.made_here
                             ? N_("Espere a que el portal lo prepare, o descárguelo una vez.")
                             : N_("Súbalo en lugar de enlazarlo: del que está en otro servidor no se sabe.");
    closed ? list.error(under(at, "bytes"), what, remedy) : list.warning(under(at, "bytes"), what, remedy);
}

void check_distribution(ProblemList& list, const Dataset& dataset, const Distribution& distribution,
                        const std::string& at) {
    check_uri(list, under(at, "uri"), distribution.uri);
    if (!is_web_url(access_url(distribution, dataset)))
        list.error(under(at, "access_url"), N_("Falta dónde se consiguen los datos."),
                   N_("Ponga la dirección de la página o del archivo."));
    list.address(under(at, "access_url"), distribution.access_url);
    list.address(under(at, "download_url"), distribution.download_url);
    list.address(under(at, "described_by"), distribution.described_by);
    list.license(under(at, "license"), distribution.license);
    const auto media_type = media_type_of(distribution);
    if (distribution.format.empty() && media_type.empty())
        list.error(under(at, "format"), N_("Falta el formato."), N_("Elija el formato del archivo."));
    list.code(under(at, "format"), distribution.format, find_file_type(distribution.format));
    list.code(under(at, "availability"), distribution.availability,
              find_availability(distribution.availability));
    list.dates(at, distribution.issued, distribution.modified);
    if (clean_text(distribution.description.count("es") ? distribution.description.at("es") : "").empty())
        list.warning(under(at, "description"), N_("El archivo no tiene descripción en español."),
                     N_("Diga qué hay en él y cómo se lee."));
    check_size(list, dataset, distribution, at);
}

}  // namespace

std::vector<Problem> find_problems(const Dataset& dataset, const Catalog& catalog, Instant now) {
    ProblemList list(now);
    check_uri(list, "/uri", dataset.uri);
    list.text("/title", dataset.title, N_("Falta el título."));
    check_description(list, dataset.description);
    check_subjects(list, dataset.keywords, dataset.sectors);
    check_spatial(list, dataset.spatial);
    check_temporal(list, dataset.temporal);
    check_codes(list, dataset);
    check_high_value(list, dataset);
    list.dates("", dataset.issued, dataset.modified);
    list.address("/landing_page", dataset.landing_page);
    list.publisher("/publisher", dataset.publisher.value_or(catalog.publisher));
    check_contact(list, dataset.contact.value_or(catalog.contact));
    if (dataset.distributions.empty())
        list.error("/distributions", N_("No hay ningún archivo ni servicio con los datos."),
                   N_("Añada al menos uno."));
    std::size_t index = 0;
    for (const auto& distribution : dataset.distributions)
        check_distribution(list, dataset, distribution, under("/distributions", index++));
    return list.take();
}

std::vector<Problem> find_problems(const Catalog& catalog, Instant now) {
    ProblemList list(now);
    check_uri(list, "/uri", catalog.uri);
    list.text("/title", catalog.title, N_("Falta el título."));
    list.text("/description", catalog.description, N_("Falta la descripción."));
    list.publisher("/publisher", catalog.publisher);
    if (catalog.homepage.empty())
        list.error("/homepage", N_("Falta la portada del catálogo."), N_("Ponga su dirección."));
    list.address("/homepage", catalog.homepage);
    if (!catalog.issued)
        list.error("/issued", N_("Falta la fecha de creación del catálogo."),
                   N_("Ponga desde cuándo existe."));
    if (!catalog.modified)
        list.error("/modified", N_("Falta la fecha de actualización del catálogo."),
                   N_("Ponga cuándo cambió por última vez."));
    list.dates("", catalog.issued, catalog.modified);
    list.license("/license", catalog.license);
    check_spatial(list, catalog.spatial);
    check_contact(list, catalog.contact);
    return list.take();
}

std::vector<Problem> find_problems(const DataService& service, std::size_t datasets, const Catalog& catalog) {
    ProblemList list({});
    check_uri(list, "/uri", service.uri);
    list.text("/title", service.title, N_("Falta el título."));
    list.text("/description", service.description, N_("Falta la descripción."));
    if (service.endpoint_url.empty())
        list.error("/endpoint_url", N_("Falta la dirección del servicio."),
                   N_("Ponga la que usan los programas, entera."));
    list.address("/endpoint_url", service.endpoint_url);
    if (service.endpoint_description.empty())
        list.warning("/endpoint_description",
                     N_("No se dice dónde está la descripción técnica del servicio."),
                     N_("Ponga la dirección de sus capacidades o de su OpenAPI."));
    list.address("/endpoint_description", service.endpoint_description);
    list.address("/page", service.page);
    check_subjects(list, service.keywords, service.sectors);
    list.license("/license", service.license);
    list.code("/access_right", service.access_right, find_access_right(service.access_right));
    check_spatial(list, service.spatial);
    list.publisher("/publisher", service.publisher.value_or(catalog.publisher));
    check_contact(list, service.contact.value_or(catalog.contact));
    if (datasets == 0)
        list.warning("/datasets", N_("No se dice qué datos da el servicio."),
                     N_("Elija los conjuntos del catálogo que se consultan con él."));
    return list.take();
}

}  // namespace open_data::dcat
