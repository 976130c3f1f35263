#include "projection.hpp"

#include <concejo/text.hpp>

#include <cmath>
#include <complex>
#include <regex>
#include <string>

namespace open_data {
namespace {

constexpr double pi = 3.14159265358979323846, equatorial_radius = 6'378'137, flattening = 1 / 298.257222101,
                 scale_on_meridian = 0.9996, false_easting = 500'000;

/// Krüger's series to the sixth power (Karney, Transverse Mercator with an accuracy of a few nanometers, 14 and 36).
struct Kruger {
    static constexpr double n = flattening / (2 - flattening), n2 = n * n, n3 = n2 * n, n4 = n3 * n,
                            n5 = n4 * n, n6 = n5 * n;
    static constexpr double radius = equatorial_radius / (1 + n) * (1 + n2 / 4 + n4 / 64 + n6 / 256);
    static constexpr std::array<double, 6> back{
        n / 2 - 2 * n2 / 3 + 37 * n3 / 96 - n4 / 360 - 81 * n5 / 512 + 96'199 * n6 / 604'800,
        n2 / 48 + n3 / 15 - 437 * n4 / 1'440 + 46 * n5 / 105 - 1'118'711 * n6 / 3'870'720,
        17 * n3 / 480 - 37 * n4 / 840 - 209 * n5 / 4'480 + 5'569 * n6 / 90'720,
        4'397 * n4 / 161'280 - 11 * n5 / 504 - 830'251 * n6 / 7'257'600,
        4'583 * n5 / 161'280 - 108'847 * n6 / 3'991'680,
        20'648'693 * n6 / 638'668'800};
};

/// The tangent of the latitude whose conformal latitude has that tangent (Karney, 19 to 21).
double tangent_of_latitude(double conformal) {
    const double squared = flattening * (2 - flattening), eccentricity = std::sqrt(squared);
    double tangent = conformal / (1 - squared);
    for (int i = 0; i < 5; ++i) {
        const double secant = std::hypot(1, tangent),
                     sigma = std::sinh(eccentricity * std::atanh(eccentricity * tangent / secant)),
                     reached = tangent * std::hypot(1, sigma) - sigma * secant;
        tangent += (conformal - reached) / std::hypot(1, reached) * (1 + (1 - squared) * tangent * tangent) /
                   ((1 - squared) * secant);
    }
    return tangent;
}

double to_a_centimetre(double degrees) { return std::round(degrees * 1e7) / 1e7; }

}  // namespace

using concejo::N_;

const std::array<ReferenceSystem, 5> reference_systems{{
    {"EPSG:25830", N_("ETRS89, UTM huso 30: casi toda la península (EPSG:25830)"), -3},
    {"EPSG:25829", N_("ETRS89, UTM huso 29: Galicia y el oeste (EPSG:25829)"), -9},
    {"EPSG:25831", N_("ETRS89, UTM huso 31: Cataluña y Baleares (EPSG:25831)"), 3},
    {"EPSG:4083", N_("REGCAN95, UTM huso 28: Canarias (EPSG:4083)"), -15},
    {"EPSG:32628", N_("WGS 84, UTM huso 28: Canarias (EPSG:32628)"), -15},
}};

const ReferenceSystem* reference_system(std::string_view code) {
    for (const auto& one : reference_systems)
        if (one.code == code) return &one;
    return nullptr;
}

const ReferenceSystem* reference_system_said(std::string_view beginning) {
    static const std::regex said(
        R"re("crs"\s*:\s*\{[^{}]*\{\s*"name"\s*:\s*"[^"]*EPSG:(?:[0-9.]*:)?([0-9]{4,6})")re");
    std::match_results<std::string_view::const_iterator> found;
    if (!std::regex_search(beginning.begin(), beginning.end(), found, said)) return nullptr;
    return reference_system("EPSG:" + found[1].str());
}

Degrees degrees_of(const ReferenceSystem& system, double easting, double northing) {
    const double unit = scale_on_meridian * Kruger::radius;
    const std::complex<double> metres(northing / unit, (easting - false_easting) / unit);
    auto sphere = metres;
    for (std::size_t i = 0; i < Kruger::back.size(); ++i)
        sphere -= Kruger::back[i] * std::sin(2.0 * static_cast<double>(i + 1) * metres);
    const double sinh = std::sinh(sphere.imag()), cos = std::cos(sphere.real());
    const double longitude = std::atan2(sinh, cos),
                 latitude = std::atan(tangent_of_latitude(std::sin(sphere.real()) / std::hypot(sinh, cos)));
    return {to_a_centimetre(system.central_meridian + longitude * 180 / pi),
            to_a_centimetre(latitude * 180 / pi)};
}

}  // namespace open_data
