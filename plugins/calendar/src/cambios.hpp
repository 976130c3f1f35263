// What changes a term that has been stated: urgency (art. 33), suspension (22), more time (23 and 32).
#pragma once

#include "cuenta.hpp"

namespace calendar {

/// Half of the term, except for applications and appeals. An odd number of days or hours is rounded up, against nobody; an
/// odd number of months stops the count, for the law does not say what half a month is.
Plazo urgent(const Plazo&, Objeto, Cuenta&);

/// A term while it runs.
class Corriente {
public:
    Corriente(Dia desde, const Plazo& plazo, Cuenta& cuenta);
    /// In the order of their dates. Stops where one comes after the term's end, exceeds its limit or never ended.
    void apply(std::vector<Suspension>, const std::vector<Ampliacion>&);
    /// The last day, before art. 30.5 looks at it.
    Dia nominal();

private:
    void suspend(const Suspension&);
    void extend(const Ampliacion&);
    bool within_limit(const Ampliacion&);
    void add(const Plazo&);
    /// The day on which the term ends as things are, working or next working, without telling.
    Dia end();

    Dia desde_;
    Plazo plazo_;
    Cuenta& cuenta_;
    int meses_ = 0, naturales_ = 0, habiles_ = 0;
    std::optional<Dia> suspended_until_;
    struct Usado {
        long long meses = 0, naturales = 0, habiles = 0;
    } usado_[2];  ///< of art. 32, of art. 23
};

}  // namespace calendar
