// The tables of incidents, always in the caller's transaction.
#pragma once

#include "incidencia.hpp"

#include <concejo/db.hpp>

namespace calendar {

class IncidenciaRepository {
public:
    explicit IncidenciaRepository(concejo::Transaction& tx) : tx_(tx) {}

    /// Newest first, with what followed; `after`: ids below it, 0 for the first page.
    std::vector<Incidencia> page(std::int64_t after, int limit);
    std::optional<Incidencia> find(std::int64_t id);
    std::int64_t add(const Incidencia&);
    /// Error{conflict} for a second end, or a second annulment of the same extension.
    void add(std::int64_t incidencia, const Seguimiento&);
    /// Every extension that holds, in the order in which they were published.
    std::vector<Prorroga> prorrogas();

private:
    void follow(std::vector<Incidencia>&);
    concejo::Transaction& tx_;
};

}  // namespace calendar
