#include "mqa.hpp"

#include "describer.hpp"
#include "text.hpp"

#include <concejo/text.hpp>

#include <algorithm>

namespace open_data::dcat {
namespace {

using concejo::N_;

struct Asked {
    Dimension dimension;
    const char* metric;
    int most;
    const char* why;
    const char* remedy;
};

namespace check {
enum : std::size_t {
    keyword,
    theme,
    spatial,
    temporal,
    access_answers,
    download,
    download_answers,
    format,
    media,
    from_vocabulary,
    non_proprietary,
    machine_readable,
    compliance,
    license,
    license_known,
    access_rights,
    access_rights_known,
    contact,
    publisher,
    rights,
    byte_size,
    issued,
    modified
};
}  // namespace check

using D = Dimension;
// clang-format off
constexpr Asked asked[QualityTally::metrics] = {
    {D::findability, "dcat:keyword", 30, N_("Las palabras clave ayudan a encontrar los datos."), N_("Escriba palabras clave.")},
    {D::findability, "dcat:theme", 30, N_("El tema permite buscar por categorías."), N_("Elija un sector.")},
    {D::findability, "dct:spatial", 20, N_("El territorio permite buscar por lugar."), N_("Elija el territorio de los datos.")},
    {D::findability, "dct:temporal", 20, N_("El periodo permite buscar por fechas."), N_("Ponga el primer día que cubren los datos.")},
    {D::accessibility, "dcat:accessURL 200", 50, N_("La página de los datos debe abrirse."), N_("Revise las direcciones de acceso que no responden.")},
    {D::accessibility, "dcat:downloadURL", 20, N_("Se debe poder descargar el archivo directamente."), N_("Suba el archivo de los datos.")},
    {D::accessibility, "dcat:downloadURL 200", 30, N_("El archivo debe descargarse."), N_("Revise las direcciones de descarga que no responden.")},
    {D::interoperability, "dct:format", 20, N_("Los programas necesitan saber el formato."), N_("Elija el formato del archivo.")},
    {D::interoperability, "dcat:mediaType", 10, N_("El tipo de medio dice a los programas cómo leer el archivo."), N_("Publique el archivo en un formato con tipo registrado en IANA.")},
    {D::interoperability, "dct:format/dcat:mediaType vocabulary", 10, N_("El formato y el tipo deben ser de las listas europea y de IANA."), N_("Elija un formato de la lista.")},
    {D::interoperability, "dct:format non-proprietary", 20, N_("Un formato abierto se lee sin programas de pago."), N_("Publique también en CSV, JSON u ODS.")},
    {D::interoperability, "dct:format machine-readable", 20, N_("Los programas deben poder leer los datos."), N_("Publique también en CSV o JSON.")},
    {D::interoperability, "DCAT-AP compliance", 30, N_("Los metadatos deben cumplir DCAT-AP."), N_("Corrija los errores de la lista de problemas.")},
    {D::reusability, "dct:license", 20, N_("Sin licencia no se sabe si los datos se pueden reutilizar."), N_("Elija una licencia.")},
    {D::reusability, "dct:license vocabulary", 10, N_("Una licencia de la lista europea se entiende en cualquier país."), N_("Elija una licencia de la lista, por ejemplo CC BY 4.0.")},
    {D::reusability, "dct:accessRights", 10, N_("Debe decirse si el acceso es público."), N_("Elija el derecho de acceso.")},
    {D::reusability, "dct:accessRights vocabulary", 5, N_("El derecho de acceso debe ser de la lista europea."), N_("Elija el derecho de acceso de la lista.")},
    {D::reusability, "dcat:contactPoint", 20, N_("Quien reutiliza los datos necesita a quién preguntar."), N_("Ponga un correo o un formulario de contacto.")},
    {D::reusability, "dct:publisher", 10, N_("Debe saberse quién publica los datos."), N_("Pida a quien administra la plataforma que ponga el código DIR3 del municipio.")},
    {D::contextuality, "dct:rights", 5, N_("Los derechos completan la licencia."), N_("Elija el derecho de acceso.")},
    {D::contextuality, "dcat:byteSize", 5, N_("El tamaño permite decidir si descargar el archivo."), N_("Suba el archivo en lugar de enlazarlo: del que está en otro servidor no se sabe el tamaño.")},
    {D::contextuality, "dct:issued", 5, N_("La fecha de publicación sitúa los datos."), N_("Ponga cuándo se publicaron.")},
    {D::contextuality, "dct:modified", 5, N_("La fecha de modificación dice si están al día."), N_("Ponga cuándo cambiaron por última vez.")},
};
// clang-format on

/// What a distribution has of the five that depend on its format.
struct Interoperable {
    bool format, media, known_media, open, readable;
    explicit Interoperable(const Distribution& distribution) {
        const auto* type = find_file_type(distribution.format);
        const auto name = media_type_of(distribution);
        const auto* known = find_media_type(name);
        format = type != nullptr;
        media = !name.empty() && (!known || known->registered);
        known_media = known && known->registered;
        open = type && type->non_proprietary;
        readable = type && type->machine_readable;
    }
    int points() const {
        return 20 * format + 10 * media + 5 * format + 5 * known_media + 20 * open + 20 * readable;
    }
};

bool has_keyword(const Keywords& keywords) {
    for (const auto& [language, words] : keywords) {
        for (const auto& word : words) {
            if (!clean_text(word).empty()) return true;
        }
    }
    return false;
}

}  // namespace

void QualityTally::count(std::size_t metric, bool complies, std::size_t times) {
    population_[metric] += times;
    complying_[metric] += complies ? times : 0;
}

void QualityTally::add(const Dataset& dataset, bool compliant) {
    const auto known = [](const auto& codes, auto find) {
        return std::any_of(codes.begin(), codes.end(), find);
    };
    const auto& who = dataset.contact ? *dataset.contact : catalog_.contact;
    const bool right = find_access_right(dataset.access_right) != nullptr;
    count(check::keyword, has_keyword(dataset.keywords));
    count(check::theme, known(dataset.sectors, find_sector));
    count(check::spatial, known(dataset.spatial, find_territory));
    count(check::temporal, dataset.temporal && (dataset.temporal->start || dataset.temporal->end));
    count(check::compliance, compliant);
    count(check::access_rights, right);
    count(check::access_rights_known, right);
    count(check::contact, !who.email.empty() || !who.page.empty());
    count(check::publisher,
          !publisher_uri(dataset.publisher ? *dataset.publisher : catalog_.publisher).empty());
    count(check::issued, dataset.issued.has_value());
    count(check::modified, dataset.modified.has_value());
    for (const auto& distribution : dataset.distributions) add_distribution(dataset, distribution);
    add_best_distribution(dataset);
}

void QualityTally::add_distribution(const Dataset& dataset, const Distribution& distribution) {
    const auto answers = [&](const std::string& url) {
        return is_web_url(url) && answers_ && answers_(url).value_or(false);
    };
    const bool in_list = find_license(distribution.license) != nullptr;
    count(check::access_answers, answers(access_url(distribution, dataset)));
    count(check::download, is_web_url(distribution.download_url));
    count(check::download_answers, answers(distribution.download_url));
    count(check::license, in_list || is_web_url(distribution.license));
    count(check::license_known, in_list);
    count(check::rights, find_access_right(dataset.access_right) != nullptr);
    count(check::byte_size, distribution.bytes.has_value());
}

void QualityTally::add_best_distribution(const Dataset& dataset) {
    Interoperable best{Distribution{}};
    for (const auto& distribution : dataset.distributions) {
        const Interoperable other(distribution);
        if (other.points() > best.points()) best = other;
    }
    count(check::format, best.format);
    count(check::media, best.media);
    count(check::from_vocabulary, best.format);
    count(check::from_vocabulary, best.known_media);
    count(check::non_proprietary, best.open);
    count(check::machine_readable, best.readable);
}

Score QualityTally::score() const {
    Score total{{}, 0, Rating::bad};
    for (std::size_t i = 0; i < metrics; ++i) {
        const auto share =
            population_[i] ? static_cast<double>(complying_[i]) / static_cast<double>(population_[i]) : 0.0;
        const auto& [dimension, metric, most, why, remedy] = asked[i];
        total.metrics.push_back(
            {dimension, metric, share * most, most, complying_[i], population_[i], why, remedy});
        total.points += share * most;
    }
    total.rating = rating(total.points);
    return total;
}

Score score(const Dataset& dataset, const Catalog& catalog, bool compliant, const Answers& answers) {
    QualityTally tally(catalog, answers);
    tally.add(dataset, compliant);
    return tally.score();
}

Rating rating(double points) {
    if (points > 350) return Rating::excellent;
    if (points > 220) return Rating::good;
    return points > 120 ? Rating::sufficient : Rating::bad;
}

}  // namespace open_data::dcat
