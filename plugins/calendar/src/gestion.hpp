// What staff do about incidents; each use case checks, writes, tells the audit and the other plugins, in the caller's transaction.
#pragma once

#include "entorno.hpp"

namespace calendar {

/// The value of a form's field.
using Campo = std::function<std::string(const char* name)>;
/// The incident's number, or what is wrong with the form.
using Hecho = concejo::Result<std::int64_t, std::vector<Aviso>>;

class GestionIncidencias {
public:
    GestionIncidencias(const Entorno& entorno, concejo::Transaction& tx)
        : entorno_(entorno), tx_(tx), incidencias_(tx) {}

    /// clase, sistema, descripcion, inicio_dia, inicio_hora
    Hecho open(const Campo&);
    /// fin_dia, fin_hora
    Hecho resolve(const Incidencia&, const Campo&);
    /// desde, hasta, nuevo, acuerdo
    Hecho extend(const Incidencia&, const Campo&);
    /// paso (the extension), anular_texto
    Hecho annul(const Incidencia&, const Campo&);
    /// rectificar_texto
    Hecho rectify(const Incidencia&, const Campo&);

private:
    std::optional<Instante> past_instant(const Campo&, const char* day, const char* hour,
                                         std::vector<Aviso>&);
    std::string needed(const Campo&, const char* name, std::size_t limit, const char* msgid,
                       std::vector<Aviso>&);
    Hecho add(const Incidencia&, Seguimiento, const char* event = nullptr);
    Quien quien() const;

    const Entorno& entorno_;
    concejo::Transaction& tx_;
    IncidenciaRepository incidencias_;
};

}  // namespace calendar
