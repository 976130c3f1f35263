#include "places.hpp"

#include <array>
#include <cstdint>
#include <cstdio>

namespace demo {
namespace {

struct PlaceKind {
    const char *name, *open;
};
constexpr std::array place_kinds{PlaceKind{"Fuente", "Siempre"},
                                 PlaceKind{"Parque", "De sol a sol"},
                                 PlaceKind{"Zona de juegos", "De sol a sol"},
                                 PlaceKind{"Punto limpio", "De 9:00 a 14:00"},
                                 PlaceKind{"Parada de autob\xfas", "Siempre"},
                                 PlaceKind{"Pista deportiva", "De 9:00 a 22:00"}};

struct Quarter {
    const char* name;
    int x, y;  ///< metres, ETRS89 / UTM 30N
};
constexpr std::array quarters{Quarter{"Centro", 402300, 4621800}, Quarter{"Ensanche", 403250, 4622350},
                              Quarter{"La Vega", 401500, 4621150}, Quarter{"Estaci\xf3n", 402700, 4620900}};

class Dice {
public:
    /// From 0 to `most`, always the same ones.
    std::uint32_t operator()(std::uint32_t most) {
        return seed_ = seed_ * 1664525u + 1013904223u, (seed_ >> 8) % (most + 1);
    }

private:
    std::uint32_t seed_ = 20260214;
};

/// Tenths as people write them: "402311,5".
std::string metres(int tenths) { return std::to_string(tenths / 10) + "," + std::to_string(tenths % 10); }

}  // namespace

std::string municipal_places() {
    std::string text = "Nombre;Tipo;Barrio;Horario;Superficie (m2);Inaugurado;Coordenada X;Coordenada Y\r\n";
    Dice dice;
    for (int i = 1; i <= 140; ++i) {
        const auto& kind = place_kinds[dice(place_kinds.size() - 1)];
        const auto& quarter = quarters[dice(quarters.size() - 1)];
        const auto away = [&] {
            return static_cast<int>(dice(3000) + dice(3000) + dice(3000)) - 4500;
        };  // most of them near its middle
        const int x = quarter.x * 10 + away(), y = quarter.y * 10 + away();
        char line[300];
        std::snprintf(line, sizeof line, "%s %d;%s;%s;%s;%s;%02u/%02u/%u;%s;%s\r\n", kind.name, i, kind.name,
                      quarter.name, kind.open, metres(static_cast<int>(20 + dice(400) * dice(60))).c_str(),
                      1 + dice(27), 1 + dice(11), 1986 + dice(38), i % 47 == 0 ? "" : metres(x).c_str(),
                      i % 47 == 0 ? "" : metres(y).c_str());
        text += line;
    }
    return text;
}

}  // namespace demo
