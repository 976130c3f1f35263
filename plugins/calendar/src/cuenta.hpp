// What every count needs: the days one by one, the steps told, and the way out where nobody can say.
#pragma once

#include "computo.hpp"

namespace calendar {

/// A day as a phrase takes it.
inline std::pair<std::string, Valor> date(const char* name, Dia day) {
    return {name, Valor::fecha(iso(day))};
}

/// Leaves a count; vencimiento() and presentacion() turn it into their answer.
struct Parada {
    Impedimento impedimento;
};

class Cuenta {
public:
    explicit Cuenta(DiasHabiles dias) : dias_(dias) {}

    void step(std::string articulo, std::string codigo, Frase frase) {
        pasos_.push_back({std::move(articulo), std::move(codigo), std::move(frase)});
    }
    [[noreturn]] void stop(std::string codigo, std::string articulo, Frase frase);

    /// Stops where the day's year lacks a list that could name it.
    Estado at(Dia);
    bool habil(Dia day) { return at(day).habil(); }
    /// The n-th working day after `from`.
    Dia advance(Dia from, int n);
    /// Working days after `from`, up to `to` included.
    int working_days(Dia from, Dia to);
    /// `day`, or the first working day after it, telling each day that is not (art. 30.5).
    Dia roll(Dia day);
    /// Tells the holidays that fell between, and how many Saturdays and Sundays.
    void tell_skipped(Dia from, Dia to);

    std::vector<Paso> take() { return std::move(pasos_); }

private:
    void tell_holiday(Dia, const Estado&);
    DiasHabiles dias_;
    std::vector<Paso> pasos_;
};

}  // namespace calendar
