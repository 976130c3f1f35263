// Una nota, y dónde se guardan.
#pragma once

#include <concejo/db.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace es_miayto_esqueleto {

struct Nota {
    std::int64_t id = 0;
    std::string texto;
    std::int64_t escrita = 0;  ///< segundos desde 1970
};

/// Todo el SQL del complemento. El esquema es el del municipio, así que ninguna sentencia dice de quién son
/// las filas.
class NotaRepository {
public:
    explicit NotaRepository(concejo::Transaction& tx) : tx_(tx) {}

    std::int64_t add(const std::string& texto);
    /// Las más recientes primero.
    std::vector<Nota> latest(int count);
    /// Borra las de hace más de esos días; dice cuántas.
    std::int64_t remove_older_than(std::int64_t days);

private:
    concejo::Transaction& tx_;
};

}  // namespace es_miayto_esqueleto
