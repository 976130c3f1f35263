// What sectors, frequencies, licences and categories of high value are called: the vocabularies have Spanish
// and English, the other languages are ours.
#include "metadata.hpp"

#include <algorithm>
#include <iterator>

namespace open_data {
namespace {

// clang-format off
constexpr const char* translated[] = {
    N_("Ciencia y tecnología"),
    N_("Comercio"),
    N_("Cultura y ocio"),
    N_("Demografía"),
    N_("Deporte"),
    N_("Economía"),
    N_("Educación"),
    N_("Empleo"),
    N_("Energía"),
    N_("Hacienda"),
    N_("Industria"),
    N_("Legislación y justicia"),
    N_("Medio ambiente"),
    N_("Medio Rural"),
    N_("Salud"),
    N_("Sector público"),
    N_("Seguridad"),
    N_("Sociedad y bienestar"),
    N_("Transporte"),
    N_("Turismo"),
    N_("Urbanismo e infraestructuras"),
    N_("Vivienda"),
    N_("Continuo"),
    N_("Cada hora"),
    N_("Dos veces al día"),
    N_("Diario"),
    N_("Tres veces a la semana"),
    N_("Dos veces a la semana"),
    N_("Semanal"),
    N_("Cada dos semanas"),
    N_("Tres veces al mes"),
    N_("Dos veces al mes"),
    N_("Mensual"),
    N_("Bimestral"),
    N_("Trimestral"),
    N_("Tres veces al año"),
    N_("Semestral"),
    N_("Anual"),
    N_("Bienal"),
    N_("Trienal"),
    N_("Cada cuatro años"),
    N_("Cada cinco años"),
    N_("Cada diez años"),
    N_("Irregular"),
    N_("Cuando es necesario"),
    N_("No planificada"),
    N_("Nunca"),
    N_("Desconocida"),
    N_("Otra"),
    N_("Geoespaciales"),
    N_("Observación de la Tierra y medio ambiente"),
    N_("Meteorológicos"),
    N_("Estadística"),
    N_("Sociedades y propiedad de sociedades"),
    N_("Movilidad"),
    N_("Creative Commons CC0 1.0 Universal"),
    N_("Creative Commons Reconocimiento 4.0 Internacional"),
    N_("Creative Commons Reconocimiento 3.0"),
    N_("Creative Commons Reconocimiento-CompartirIgual 4.0 Internacional"),
    N_("Creative Commons Reconocimiento-CompartirIgual 3.0"),
    N_("Creative Commons Reconocimiento-SinObraDerivada 4.0 Internacional"),
    N_("Creative Commons Reconocimiento-NoComercial 4.0 Internacional"),
    N_("Marca de dominio público 1.0 de Creative Commons"),
    N_("Licencia de dedicación al dominio público de Open Data Commons (PDDL)"),
    N_("Licencia de atribución de Open Data Commons (ODC-By)"),
    N_("Licencia abierta de bases de datos de Open Data Commons (ODbL)")};
// clang-format on

}  // namespace

bool has_translations(std::string_view label) {
    return std::find(std::begin(translated), std::end(translated), label) != std::end(translated);
}

std::string label_of(const Portal& portal, const dcat::Term& term) {
    if (portal.language == "en" && !term.en.empty()) return std::string(term.en);
    std::string spanish(term.es);
    return has_translations(spanish) ? portal.call.tr(spanish) : spanish;
}

}  // namespace open_data
